import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { readConfig, requireValid } from "../config/index.ts";
import { firstThere, follow, list, look, real } from "../context/disk.ts";
import { requireSettled } from "../context/moves.ts";
import { accountId } from "../context/records.ts";
import type { Blocker } from "../context/types.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf, intentOf } from "../paths.ts";
import { checkAccountName } from "../policy/index.ts";
import { requireAccount } from "./find.ts";
import { whatLeadsInto } from "./led-into.ts";
import type { MovePreview } from "./move.ts";
import { clientInTheWay } from "./moving.ts";
import { pluginPaths } from "./plugin-paths.ts";

/**
 * What giving an account another name comes to. Reads only.
 * @param platform where the login lies is told by it
 * @throws CcsError not-found, usage or exists for the names, config-invalid
 */
export function previewRename(home: Home, account: string, to: string, platform: NodeJS.Platform = process.platform): MovePreview {
  const config = readConfig(home);
  requireValid(config);
  const { name } = requireAccount(config, account);
  const untouched = "Nothing was changed.";
  if (name === to) throw new CcsError("usage", `${name} is its name already`, { untouched });
  const checked = checkAccountName(to);
  if (!checked.ok) throw new CcsError("usage", checked.message, { untouched });
  const free = checkAccountName(
    to,
    [...config.accounts.keys()].filter((other) => other !== name),
  );
  if (!free.ok) throw new CcsError("exists", free.message, { where: config.file, untouched, hint: "ccs auth list" });
  requireSettled(home, config, name);
  requireSettled(home, config, to);
  const blockers = [...placeBlockers(home, name), ...targetBlockers(home, name, to), ...[clientInTheWay(home, name)]];
  const isDefault = config.default === name;
  const sentences = [
    `${name} becomes ${to}, in config.yaml and in every command; what it is and what it sees stays as it is.`,
    `Its instance moves: ${instanceOf(home, name)} becomes ${instanceOf(home, to)}.`,
    ...(isDefault ? [`\`ccs\` alone starts ${to} from now on.`] : []),
    ...pluginSentence(instanceOf(home, name), instanceOf(home, to)),
    ...(platform === "darwin"
      ? [`The Keychain keeps its login under the directory's name: log in again after it, with ccs auth login ${to}.`]
      : []),
  ];
  return {
    home,
    move: {
      version: 1,
      do: "rename",
      account: name,
      accountId: accountId(home, name) ?? randomUUID(),
      began: new Date().toISOString(),
      configWritten: false,
      to,
      aside: null,
      take: "mine",
      keepLogin: true,
      entry: { keys: {}, others: [], text: "" },
      policy: null,
    },
    sentences,
    blockers: blockers.filter((b) => b !== null),
    leaving: null,
    digest: JSON.stringify([name, to, sentences]),
    again: () => previewRename(home, account, to, platform),
  };
}

function pluginSentence(from: string, to: string): string[] {
  const files = pluginPaths(from, from, to).map(({ path }) => basename(path));
  return files.length === 0 ? [] : [`Its plugins move with it: the paths in ${files.join(" and ")} are written anew.`];
}

/**
 * An instance that cannot be moved: a link is a person's, and a filesystem of its own does not move.
 * @param above the directory it would be moved into
 */
export function placeBlockers(home: Home, account: string, above: string = home.instances): Blocker[] {
  const path = instanceOf(home, account);
  const facts = look(path);
  if (facts === null) return [];
  if (facts.kind !== "directory") {
    const message = `the instance of ${account} is ${facts.kind === "link" ? "a link somebody made" : "no directory"}; ccs does not move it`;
    return [{ code: "refused", message, where: path, hint: "Put the directory itself in its place, then run the command again." }];
  }
  if (facts.dev !== follow(home.instances)?.dev) return [elsewhere(account, path)];
  const led = whatLeadsInto(home, real(path) ?? path);
  if (led === null) return acrossBlockers(account, path, above);
  const message = `${led} leads into the instance of ${account}, and would lead nowhere once that is moved`;
  return [{ code: "refused", message, where: path, hint: "Give it a directory of its own, then run the command again." }];
}

/** A directory is renamed, never copied: that ends at the edge of its filesystem. */
export function acrossBlockers(account: string, path: string, above: string): Blocker[] {
  return look(path)?.dev === follow(firstThere(above))?.dev ? [] : [elsewhere(account, path)];
}

function elsewhere(account: string, path: string): Blocker {
  return {
    code: "refused",
    message: `the instance of ${account} lies on a filesystem of its own; ccs does not move it`,
    where: path,
    hint: "Put it on the filesystem of the others, then run the command again.",
  };
}

/** What stands where an instance has to go; an empty directory is as good as none. What an account of that name left unfinished is not its. */
export function targetBlockers(home: Home, account: string, to: string): Blocker[] {
  if (look(intentOf(home, to)) !== null) {
    const message = `a change of an account "${to}" was begun and not finished`;
    return [{ code: "busy", message, where: intentOf(home, to), hint: "Choose another name, or: ccs doctor --fix" }];
  }
  const path = instanceOf(home, to);
  const facts = look(path);
  const own = look(instanceOf(home, account));
  // Where case does not count, another spelling leads to the very same directory.
  if (facts === null || (facts.ino === own?.ino && facts.dev === own.dev)) return [];
  if (facts.kind === "directory" && (list(path) ?? []).length === 0) return [];
  return [
    {
      code: "refused",
      message: `there is something of the name "${to}" already, left by an account that is no longer in config.yaml`,
      where: path,
      hint: "Choose another name, or move it away first.",
    },
  ];
}
