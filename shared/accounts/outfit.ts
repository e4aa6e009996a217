import { Buffer } from "node:buffer";
import { basename, dirname, isAbsolute, join } from "node:path";
import { applyEdits, modify } from "jsonc-parser";
import { type Belonging, belongingsAmong, carriedState, isUnmissed, PLUGIN_DATA } from "../claude/index.ts";
import { type JsonObject, objectOf, parseObject } from "../claude/json.ts";
import { movedPath, withPathsMoved } from "../claude/plugin-paths.ts";
import { loginsInSettings, type MaybeSecret, secretsInSettings, secretsInState, withoutSecrets } from "../claude/secrets.ts";
import { type Facts, follow, list, look, mayRead, read, readText, real } from "../context/disk.ts";
import { displayPath } from "../context/names.ts";
import { type Copy, planCopy } from "../context/plan/copy.ts";
import { Steps } from "../context/plan/steps.ts";
import { accountId, readSettingsRules } from "../context/records.ts";
import { DEFAULT_RETENTION, editSettings, readSettings } from "../context/settings.ts";
import type { Blocker, Operation } from "../context/types.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type Origin, overlap } from "./origin.ts";
import { editStatusLine, isOurStatusLine } from "./status-line.ts";

/** What is wanted of a directory for a new account. */
export interface Wanted {
  readonly account: string;
  /** Its conversations too, or only how the client is set up. */
  readonly history: boolean;
  /** Whether values that may be secrets go along. */
  readonly withSecrets: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where it is gathered; no client reaches it. */
  readonly to: string;
}

/** A file that is written anew, since it is not what it was. */
export interface Made {
  /** Below the instance. */
  readonly name: string;
  /** What it comes from; null where that is nothing. */
  readonly from: string | null;
  readonly text: string;
  readonly mode: number;
  /** Those of the file it comes from; null where there was none. */
  readonly times: Facts | null;
}

/** One entry that goes along. */
export interface Part {
  readonly name: string;
  readonly files: number;
  /** Bytes. */
  readonly bytes: number;
}

/** What a new account gets from a directory, as data. */
export interface Outfit {
  readonly operations: readonly Operation[];
  readonly made: readonly Made[];
  readonly parts: readonly Part[];
  /** Values that may be secrets, by what names them. */
  readonly secrets: readonly string[];
  /** Values that are a login: copied for nobody. */
  readonly logins: readonly string[];
  /** What stays, and why, as sentences. */
  readonly left: readonly string[];
  /** Settings that name files of the directory, which do not go along. */
  readonly uses: readonly string[];
  /** Names of MCP servers that go along. */
  readonly servers: readonly string[];
  /** Directories of which trust and MCP servers go along. */
  readonly projects: number;
  /** Days: what it was, and what it becomes; null where it stays. */
  readonly retention: { readonly from: number; readonly to: number; readonly oldest: number } | null;
  readonly blockers: readonly Blocker[];
}

const DAY = 86_400_000;
/** Days that imported history is kept at least: a client would delete what is older than it is told to keep. */
const KEPT = 365;
/** What a client deletes of when it is older than that. */
const SWEPT = ["projects", "file-history", "todos", "tasks", "session-env", "shell-snapshots", "plans"];
const SETTINGS = "settings.json";
const LOCAL = "settings.local.json";
const PLUGINS = "plugins";
const STATE = ".claude.json";

/** An outfit while it is being gathered. */
interface Packing {
  readonly home: Home;
  readonly origin: Origin;
  readonly wanted: Wanted;
  readonly copy: Copy;
  readonly made: Made[];
  readonly parts: Part[];
  readonly secrets: string[];
  readonly logins: string[];
  readonly left: string[];
  readonly blockers: Blocker[];
}

/** What a directory holds for a new account. Reads only. */
export function planOutfit(home: Home, origin: Origin, wanted: Wanted): Outfit {
  const cannot: string[] = [];
  const refused: string[] = [];
  const copy: Copy = {
    steps: new Steps(),
    aside: (path) => path,
    cannot: (path) => cannot.push(path),
    refused: (path) => refused.push(path),
  };
  const p: Packing = { home, origin, wanted, copy, made: [], parts: [], secrets: [], logins: [], left: [], blockers: [] };
  const names = (list(origin.directory) ?? []).map(({ name }) => name);
  const rows = belongingsAmong(names).filter((row) => isWanted(wanted, row));
  copy.steps.main.push({ do: "make-directory", path: wanted.to, mode: 0o700 });
  for (const row of rows) pack(p, row);
  const retention = wanted.history ? raiseRetention(p) : null;
  const state = packState(p);
  if (cannot.length > 0) p.left.push(`Pipes and sockets cannot be copied: ${listed(cannot.map(displayPath))}.`);
  if (refused.length > 0) p.left.push(`Not yours to read, and so not copied: ${listed(refused.map(displayPath))}.`);
  const others = wanted.history ? names.filter((name) => !rows.some((row) => row.name === name) && !isUnmissed(name)) : [];
  if (others.length > 0) p.left.push(`Not known to ccs, and so not copied: ${listed(others.map(displayPath))}.`);
  const { made, parts, secrets, logins, left, blockers } = p;
  const projects = Object.keys(objectOf(state.projects) ?? {}).length;
  return {
    operations: copy.steps.operations(),
    made,
    parts,
    secrets,
    logins,
    left,
    uses: p.made.filter(({ name, text }) => (name === SETTINGS || name === LOCAL) && uses(origin, text)).map(({ name }) => name),
    servers: serversOf(state),
    projects,
    retention,
    blockers,
  };
}

function isWanted({ history }: Wanted, { kind, name }: Belonging): boolean {
  return history || (kind === "settings" && name !== LOCAL);
}

function pack(p: Packing, row: Belonging): void {
  const { main, summary } = p.copy.steps;
  const before = { steps: main.length, bytes: summary.bytesCopied, made: p.made.length };
  if (row.name === SETTINGS || row.name === LOCAL) packSettings(p, row.name);
  else packEntry(p, row);
  const copied = main.slice(before.steps);
  const written = p.made.slice(before.made);
  if (copied.length + written.length === 0) return;
  const bytes = written.reduce((sum, { text }) => sum + Buffer.byteLength(text), summary.bytesCopied - before.bytes);
  p.parts.push({ name: row.name, files: copied.filter((o) => o.do === "copy-file").length + written.length, bytes });
}

// ---- Files and directories ----

function packEntry(p: Packing, { name, kind }: Belonging): void {
  const { origin, wanted, copy } = p;
  const path = join(origin.directory, name);
  const to = join(wanted.to, name);
  const isLink = look(path)?.kind === "link";
  const led = isLink ? real(path) : path;
  // A link to settings that are kept elsewhere leads there still; a history, and what a client installs into, is the account's own.
  if (isLink && kind === "settings" && name !== PLUGINS && (led === null || !isBelow(led, origin.directory))) {
    planCopy(copy, path, path, to, true);
    return keepLeading(p, { name, from: path, to }, copy.steps.main.length - 1);
  }
  if (led === null) return void p.left.push(`${name} is a link that leads nowhere, and is not copied.`);
  const root = real(p.home.root);
  if (isLink && kind === "history" && root !== null && overlap(led, root)) {
    return void p.left.push(`${name} is a link to ${displayPath(led)}, which ccs keeps already, and is not copied.`);
  }
  const first = copy.steps.main.length;
  if (name === PLUGINS) packPlugins(p, led, to);
  else planCopy(copy, led, led, to, true);
  if (kind === "settings") keepLeading(p, { name, from: led, to }, first);
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** Plugins are installed under paths that the client has written down: those are written anew. */
function packPlugins(p: Packing, from: string, to: string): void {
  const { main } = p.copy.steps;
  const facts = look(from);
  if (facts?.kind !== "directory" || !mayRead(facts)) return planCopy(p.copy, from, from, to, true);
  main.push({ do: "make-directory", path: to, mode: facts.mode | 0o700 });
  for (const { name, kind } of list(from) ?? []) {
    if (name === PLUGIN_DATA && (list(join(from, name)) ?? []).length > 0) {
      p.secrets.push(`${PLUGINS}/${name}`);
      if (!p.wanted.withSecrets) continue;
    }
    if (kind === "file" && name.endsWith(".json") && packPaths(p, join(from, name), `${PLUGINS}/${name}`)) continue;
    planCopy(p.copy, join(from, name), join(from, name), join(to, name), true);
  }
  main.push({ do: "set-times", path: to, times: facts, mode: facts.mode });
}

/** @returns whether the file names the directory it came from, and is written anew */
function packPaths(p: Packing, path: string, name: string): boolean {
  const facts = look(path);
  if (facts === null || !mayRead(facts)) return false;
  const bytes = read(path);
  const text = bytes.toString("utf8");
  const moved = withPathsMoved(text, spelledIn(p), instanceOf(p.home, p.wanted.account));
  if (moved === text || !Buffer.from(text, "utf8").equals(bytes)) return false;
  p.made.push({ name, from: path, text: moved, mode: facts.mode, times: facts });
  return true;
}

/** How the directory may be written; where its plugins really lie elsewhere, that one too. */
function spelledIn({ origin }: Packing): string[] {
  const plugins = real(join(origin.directory, PLUGINS));
  return plugins !== null && basename(plugins) === PLUGINS ? [...new Set([...origin.spelled, dirname(plugins)])] : [...origin.spelled];
}

/** An entry: where it lies, and where it is gathered. */
interface Place {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Links among settings lead where they led: one that leads out of the directory by a relative path gets the whole one, one that
 * names the directory it came from names the new one. Links within what is copied stay as they are.
 * @param first of the operations that copy it
 */
function keepLeading(p: Packing, part: Place, first: number): void {
  const { main } = p.copy.steps;
  for (let at = Math.max(first, 0); at < main.length; at++) {
    const o = main[at];
    if (o?.do === "make-link") main[at] = { ...o, target: leading(p, part, part.from + o.path.slice(part.to.length), o.target) };
  }
}

function leading({ origin, wanted, home }: Packing, part: Place, link: string, target: string): string {
  const led = isAbsolute(target) ? target : join(dirname(link), target);
  const own = join(instanceOf(home, wanted.account), part.name);
  if (isBelow(led, part.from)) return isAbsolute(target) ? own + led.slice(part.from.length) : target;
  const above = origin.spelled.find((directory) => isBelow(led, directory));
  if (above === undefined) return led;
  const [entry = ""] = led.slice(above.length + 1).split("/");
  if (!belongingsAmong([entry]).some((row) => isWanted(wanted, row))) return led;
  return isAbsolute(target) ? (movedPath(led, [above], instanceOf(home, wanted.account)) ?? led) : target;
}

// ---- Settings ----

/** settings.json as the new account's own: a real file where it was a link, without what ccs had put there for another account. */
function packSettings(p: Packing, name: string): void {
  const path = join(p.origin.directory, name);
  const read = readStrictly(p, path);
  if (read === null) return;
  const { account } = p.origin;
  const logins = loginsInSettings(read.value);
  const secrets = secretsInSettings(read.value);
  p.logins.push(...logins.map(({ says }) => `${says} in ${name}`));
  p.secrets.push(...secrets.map(({ says }) => `${says} in ${name}`));
  let text = without(read.text, [...logins, ...(p.wanted.withSecrets ? [] : secrets)]);
  const id = account === null ? null : accountId(p.home, account);
  if (id !== null && name === SETTINGS) {
    text = editSettings(text, { add: [], remove: readSettingsRules(p.home, id), retention: null });
    if (isOurStatusLine(text)) text = editStatusLine(text, null);
  }
  const facts = follow(path);
  p.made.push({ name, from: path, text, mode: (facts?.mode ?? 0o600) & 0o777, times: facts });
}

/** A client reads nothing of a file with a comment in it: whoever copied it would believe that something is set. */
function readStrictly(p: Packing, path: string): { readonly text: string; readonly value: JsonObject } | null {
  const refuse = (message: string): null => {
    const hint = "Mend it, then run the command again.";
    p.blockers.push({ code: "refused", message, where: path, hint });
    return null;
  };
  try {
    const text = readText(path);
    if (text === null) return null;
    const body = text.replace(/^\uFEFF/, "");
    if (body.trim() === "") return { text: "{}\n", value: {} };
    readSettings(path, body); // says line and column of what it stumbles over
    const value = parseObject(body);
    if (value === null) return refuse(`${path} is not strict JSON: Claude Code reads nothing of it`);
    return { text: body, value };
  } catch (error) {
    if (error instanceof CcsError) return refuse(error.message);
    throw error;
  }
}

/** Whether settings name something in the directory they came from: hooks, a status line. */
function uses({ directory, spelled }: Origin, text: string): boolean {
  const short = `~/${basename(directory)}`;
  return [...spelled, short].some((path) => text.includes(`${path}/`));
}

function without(text: string, secrets: readonly MaybeSecret[]): string {
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2 } };
  // The last first, so that an element taken out moves none that is still to go.
  return [...secrets].reverse().reduce((all, { path }) => applyEdits(all, modify(all, [...path], undefined, options)), text);
}

/** Days that history is kept rise above the age of what is copied: a client deletes what is older, minutes after its first prompt. */
function raiseRetention(p: Packing): Outfit["retention"] {
  const oldest = Math.floor((p.wanted.now - oldestIn(p)) / DAY);
  const at = p.made.findIndex(({ name }) => name === SETTINGS);
  const there = p.made[at];
  if (p.blockers.length > 0) return null;
  const { retention: from, retentionInvalid } = readSettings(SETTINGS, there?.text ?? null);
  if (!retentionInvalid && from > oldest) return null;
  const to = Math.max(oldest, DEFAULT_RETENTION) + KEPT;
  const text = editSettings(there?.text ?? null, { add: [], remove: [], retention: to });
  if (there !== undefined) p.made[at] = { ...there, text };
  else p.made.push({ name: SETTINGS, from: null, text, mode: 0o600, times: null });
  return { from, to, oldest };
}

/** When the oldest of what a client sweeps was written, in milliseconds since the epoch; the future where there is none. */
function oldestIn({ copy, wanted }: Packing): number {
  let oldest = wanted.now + DAY;
  for (const o of copy.steps.main) {
    if (o.do !== "copy-file") continue;
    const inside = o.to.slice(wanted.to.length + 1).split("/");
    if (!SWEPT.includes(inside[0] ?? "") || inside.includes("memory")) continue;
    const facts = look(o.from);
    if (facts !== null) oldest = Math.min(oldest, Number(facts.mtime / 1_000_000n));
  }
  return oldest;
}

// ---- .claude.json ----

function packState(p: Packing): JsonObject {
  const { origin, wanted } = p;
  if (origin.state === null) return {};
  let text: string | null;
  try {
    text = readText(origin.state);
  } catch (error) {
    if (!(error instanceof CcsError)) throw error;
    text = "";
  }
  const value = text === null ? null : parseObject(text.replace(/^\uFEFF/, ""));
  if (value === null) {
    p.left.push(`${displayPath(origin.state)} cannot be read, so no MCP servers come along.`);
    return {};
  }
  const carried = carriedState(value);
  const secrets = secretsInState(carried);
  p.secrets.push(...secrets.map(({ says }) => says));
  const state = wanted.withSecrets ? carried : withoutSecrets(carried, secrets);
  if (Object.keys(state).length > 0)
    p.made.push({ name: STATE, from: origin.state, text: `${JSON.stringify(state, null, 2)}\n`, mode: 0o600, times: null });
  return state;
}

function serversOf(state: JsonObject): string[] {
  const everywhere = Object.keys(objectOf(state.mcpServers) ?? {});
  const here = Object.values(objectOf(state.projects) ?? {}).flatMap((project) =>
    Object.keys(objectOf(objectOf(project)?.mcpServers) ?? {}),
  );
  return [...new Set([...everywhere, ...here])];
}

/** `a, b, c and 12 more`. */
export function listed(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
