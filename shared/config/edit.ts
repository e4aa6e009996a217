import { isMap } from "yaml";
import { CcsError } from "../errors.ts";
import { shown } from "../policy/shown.ts";
import { CannotSplice, type Change, waysTo } from "./change.ts";
import { type ConfigDocument, keyOffset, pairsOf, parseYaml, rootMap } from "./document.ts";
import { type Model, sameModel, Values } from "./model.ts";
import { problemLine } from "./problem.ts";
import { applySplices } from "./splice.ts";

/** A wanted change of config.yaml. */
export type ConfigEdit =
  /** Writes keys of an account that is there; null takes a key out. Keys that are not named stay. */
  | { readonly set: "account"; readonly account: string; readonly keys: Readonly<Record<string, string | null>> }
  /** Adds an account; null is written as `null`. */
  | { readonly set: "new-account"; readonly account: string; readonly keys: Readonly<Record<string, string | null>> }
  | { readonly set: "remove-account"; readonly account: string }
  /** Gives an account another name: its key alone is written anew. */
  | { readonly set: "rename-account"; readonly account: string; readonly to: string }
  /** null takes the key out. */
  | { readonly set: "default"; readonly account: string | null }
  /** The account of a directory, by the key it has there; null takes the key out. */
  | { readonly set: "directory"; readonly directory: string; readonly account: string | null };

/**
 * The text with the edits made. Only the keys named change; every byte outside them stays. A removed key takes its line along with the
 * comment on it; a removed account takes its lines and the comments indented like them. After every step the new text is parsed again
 * and has to mean exactly what was wanted.
 * @throws CcsError `config-invalid` where the text is not YAML; `not-found` and `exists` for accounts; `refused` where the text is written
 *   in a way that only a person can change
 */
export function editConfig(text: string, edits: readonly ConfigEdit[]): string {
  const values = new Values();
  let doc = parseYaml(text, { tokens: true });
  const [broken] = doc.syntax;
  if (broken) {
    throw new CcsError("config-invalid", `config.yaml cannot be edited: ${problemLine(broken)}`, {
      where: `config.yaml:${broken.line}:${broken.col}`,
      untouched: "config.yaml was left as it was",
      hint: "correct that line and run the command again",
    });
  }
  let model = values.model(doc);
  for (const edit of edits) {
    for (const change of changesOf(edit, model)) {
      const wanted = expected(model, change, values);
      if (typeof wanted === "string") throw byHand(doc, edit, wanted, 0);
      doc = make(doc, change, edit, wanted, values);
      model = wanted;
    }
  }
  return doc.text;
}

/** An edit as single steps, what is written before what is taken out: a map is then not emptied on the way. */
function changesOf(edit: ConfigEdit, model: Model): Change[] {
  if (edit.set === "default") return [{ do: "default", account: edit.account }];
  if (edit.set === "directory") return [{ do: "rule", directory: edit.directory, account: edit.account }];
  const there = model.accounts.some(([name]) => name === edit.account);
  const { account } = edit;
  if (edit.set === "new-account") {
    if (there) {
      throw new CcsError("exists", `config.yaml has an account ${shown(account)} already`, {
        untouched: "config.yaml was left as it was",
        hint: "choose another name",
      });
    }
    return [{ do: "add", account, entries: Object.entries(edit.keys).map(([key, value]) => ({ key, value })) }];
  }
  if (!there) {
    throw new CcsError("not-found", `config.yaml has no account ${shown(account)}`, {
      untouched: "config.yaml was left as it was",
      hint: "see the accounts there are with: ccs auth list",
    });
  }
  if (edit.set === "remove-account") return [{ do: "remove", account }];
  if (edit.set === "rename-account") return [{ do: "rename", account, to: edit.to }];
  const keys = Object.entries(edit.keys);
  return [
    ...keys.flatMap(([key, value]): Change[] => (value === null ? [] : [{ do: "write", account, key, value }])),
    ...keys.flatMap(([key, value]): Change[] => (value === null ? [{ do: "take out", account, key }] : [])),
  ];
}

/** Makes one change and proves it. */
function make(doc: ConfigDocument, change: Change, edit: ConfigEdit, wanted: Model, values: Values): ConfigDocument {
  try {
    for (const way of waysTo(doc, change)) {
      const next = parseYaml(applySplices(doc.text, way), { tokens: true });
      if (next.syntax.length === 0 && sameModel(values.model(next), wanted)) return next;
    }
  } catch (error) {
    if (error instanceof CannotSplice) throw byHand(doc, edit, error.message, error.offset);
    throw error;
  }
  throw byHand(doc, edit, "what is written there is used elsewhere too, or is written in an unusual way", 0);
}

/** What the text has to mean after a change; a reason where it cannot be said. */
function expected(model: Model, change: Change, values: Values): Model | string {
  if (change.do === "rule") return withRule(model, change.directory, change.account, values);
  if (model.strange !== null) return "accounts is not a map";
  if (change.do === "default") return { ...model, default: change.account === null ? null : values.of(change.account) };
  const { accounts } = model;
  if (change.do === "add") {
    const keys = change.entries.map(({ key, value }) => [key, values.of(value)] as const);
    return { ...model, accounts: [...accounts, [change.account, keys]] };
  }
  const found = accounts.filter(([name]) => name === change.account);
  if (found.length > 1) return `there is more than one account ${shown(change.account)}`;
  if (change.do === "rename") {
    const free = !accounts.some(([name]) => name === change.to);
    if (!free) return `there is an account ${shown(change.to)} already`;
    return { ...model, accounts: accounts.map(([name, keys]) => [name === change.account ? change.to : name, keys] as const) };
  }
  if (change.do === "remove") return { ...model, accounts: accounts.filter(([name]) => name !== change.account) };
  const keys = found[0]?.[1];
  if (keys === undefined || typeof keys === "number") return `the account ${shown(change.account)} is not a map`;
  if (keys.filter(([key]) => key === change.key).length > 1) return `${change.key} is written more than once`;
  const rest = keys.filter(([key]) => key !== change.key);
  const now = change.do === "write" ? [...rest, [change.key, values.of(change.value)] as const] : rest;
  return { ...model, accounts: accounts.map((entry) => (entry[0] === change.account ? ([change.account, now] as const) : entry)) };
}

function withRule(model: Model, directory: string, account: string | null, values: Values): Model | string {
  const { directories } = model;
  if (typeof directories === "number") return "directories is not a map";
  if (directories.filter(([key]) => key === directory).length > 1) return `${shown(directory)} is written more than once`;
  if (account === null) return { ...model, directories: directories.filter(([key]) => key !== directory) };
  const now = [directory, values.of(account)] as const;
  const there = directories.some(([key]) => key === directory);
  return { ...model, directories: there ? directories.map((rule) => (rule[0] === directory ? now : rule)) : [...directories, now] };
}

function byHand(doc: ConfigDocument, edit: ConfigEdit, reason: string, offset: number): CcsError {
  const { line, col } = doc.position(offset === 0 ? subjectOffset(doc, edit) : offset);
  const subject =
    edit.set === "default"
      ? "default"
      : edit.set === "directory"
        ? `the directory ${shown(edit.directory)}`
        : `the account ${shown(edit.account)}`;
  return new CcsError("refused", `config.yaml cannot be edited in place for ${subject}: ${reason}`, {
    where: `config.yaml:${line}:${col}`,
    untouched: "config.yaml was left as it was",
    hint: `edit it by hand: ${instruction(edit)}`,
  });
}

/** Where the entry stands that an edit is about; the beginning where there is none. */
function subjectOffset(doc: ConfigDocument, edit: ConfigEdit): number {
  const root = rootMap(doc);
  const [name, key] =
    edit.set === "default" ? ["default"] : edit.set === "directory" ? ["directories", edit.directory] : ["accounts", edit.account];
  const section = pairsOf(doc, root, name)[0];
  if (section === undefined) return 0;
  const entry = key !== undefined && isMap(section.value) ? pairsOf(doc, section.value, key)[0] : undefined;
  return keyOffset(entry ?? section);
}

/** What a person has to write for an edit. */
function instruction(edit: ConfigEdit): string {
  if (edit.set === "default") return edit.account === null ? "take out default" : `write default: ${shown(edit.account)}`;
  if (edit.set === "directory") {
    const key = shown(edit.directory);
    return edit.account === null ? `under directories, take out ${key}` : `under directories, write ${key}: ${shown(edit.account)}`;
  }
  if (edit.set === "rename-account") return `write ${edit.to} in the place of ${edit.account} under accounts`;
  if (edit.set === "remove-account") return `take out accounts.${edit.account}`;
  const writes = Object.entries(edit.keys).filter(([, value]) => value !== null || edit.set === "new-account");
  const takes = Object.entries(edit.keys).filter(([, value]) => value === null && edit.set !== "new-account");
  const parts = [
    ...(writes.length > 0 ? [`write ${writes.map(([key, value]) => `${key}: ${value === null ? "null" : shown(value)}`).join(", ")}`] : []),
    ...(takes.length > 0 ? [`take out ${takes.map(([key]) => key).join(", ")}`] : []),
  ];
  return `under accounts.${edit.account}, ${parts.join(" and ") || "write {}"}`;
}
