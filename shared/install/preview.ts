import { delimiter, dirname, join } from "node:path";
import { follow, look, mayWrite, read, readText, real } from "../context/disk.ts";
import { asArgument } from "../context/names.ts";
import type { Blocker } from "../context/types.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import {
  type Around,
  BASH_COMPLETION,
  bashStartups,
  isLoginShell,
  type Places,
  placesOf,
  SHELLS,
  type Shell,
  startupLine,
} from "./places.ts";
import { type InstallRecord, readInstallRecord, standsAt } from "./record.ts";

export type { Around } from "./places.ts";

/** What there is to install. */
export interface Goods {
  /** The running program: an absolute path. */
  readonly program: string;
  readonly completions: Readonly<Record<Shell, string>>;
  readonly manPage: string;
}

/** A file that is written, or a line that is added to a file of the person's. */
export type Step =
  | { readonly do: "write"; readonly what: string; readonly path: string; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly do: "add-line"; readonly what: string; readonly file: string; readonly line: string };

/** What is left to the person, and why. */
export interface Left {
  readonly message: string;
  readonly hint: string;
}

export interface InstallPreview {
  readonly steps: readonly Step[];
  /** What is done, in the order it is done; empty where all of it stands already. */
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
  readonly left: readonly Left[];
  /** Where the program is, or will be. */
  readonly program: string;
}

/** What installing comes to. Reads only. @throws CcsError refused where the record of an earlier one makes no sense */
export function previewInstall(home: Home, goods: Goods, around: Around): InstallPreview {
  const record = readInstallRecord(home);
  const places = placesOf(around);
  const shells = SHELLS.filter((shell) => onPath(shell, around) !== null);
  const left: Left[] = [];
  const steps: Step[] = [];
  const blockers: Blocker[] = [];

  const program = read(goods.program);
  const stands = place(record, places.program, program);
  const closed = stands === "write" ? obstacle(places.program) : null;
  if (closed !== null) blockers.push({ code: "refused", ...closed });
  else if (stands === "write") steps.push({ do: "write", what: "the program", path: places.program, bytes: program, mode: 0o755 });
  if (stands === "theirs" && real(places.program) !== real(goods.program)) blockers.push(inTheWay(places.program));
  const files = [
    ...shells.map((shell) => ({ what: `completions for ${shell}`, path: places.completions[shell], text: goods.completions[shell] })),
    ...(around.platform === "win32" ? [] : [{ what: "the manual page", path: places.man, text: goods.manPage }]),
  ];
  for (const { what, path, text } of files) {
    const bytes = new TextEncoder().encode(text);
    const found = place(record, path, bytes);
    const closed = found === "write" ? obstacle(path) : null;
    if (closed !== null) left.push({ message: `${path} is not written: ${closed.message}`, hint: closed.hint });
    else if (found === "write") steps.push({ do: "write", what, path, bytes, mode: 0o644 });
    if (found === "theirs") left.push({ message: `${path} is not of ccs, and stays as it is`, hint: `Move it away, then: ccs install` });
  }
  for (const shell of shells) {
    const added = startup(shell, places, around);
    if (added === null) continue;
    if ("do" in added) steps.push(added);
    else left.push(added);
  }
  left.push(...pathNotes(places, around));
  return { steps, sentences: steps.map(sentenceOf), blockers, left, program: places.program };
}

function sentenceOf(step: Step): string {
  return step.do === "write" ? `${step.path} is written: ${step.what}.` : `A line is added to ${step.file}: ${step.what}.`;
}

function place(record: InstallRecord, path: string, bytes: Uint8Array): "write" | "done" | "theirs" {
  const stands = standsAt(record, path);
  if (stands === "free") return "write";
  const same = look(path)?.kind === "file" && Buffer.compare(read(path), bytes) === 0;
  // The same content that we did not put there is as good; it is no more ours to take away.
  if (same) return "done";
  return stands === "ours" ? "write" : "theirs";
}

function inTheWay(path: string): Blocker {
  return {
    code: "refused",
    message: `${path} is there already, and ccs did not install it`,
    where: path,
    hint: `Move it away: mv ${asArgument(path)} ${asArgument(`${path}.old`)}; where another package made it, remove that first`,
  };
}

/** What keeps a file from being written at a free path: no directory where one has to be, or one that is closed to us. */
function obstacle(path: string): { message: string; where: string; hint: string } | null {
  let above = dirname(path);
  while (look(above) === null) above = dirname(above);
  if (follow(above)?.kind !== "directory") {
    return { message: `${above} is no directory`, where: above, hint: "Move it away, then: ccs install" };
  }
  if (mayWrite(above)) return null;
  return { message: `${above} cannot be written to`, where: above, hint: "Make it yours to write, then: ccs install" };
}

/** What makes a shell find its completions; null where it does so already, or by itself. */
function startup(shell: Shell, places: Places, around: Around): Step | Left | null {
  const file = places.startup[shell];
  if (file === null || (shell === "bash" && bashLooks(places.completions.bash, around))) return null;
  const line = startupLine(shell, places.completions[shell]);
  if (line.includes("\n"))
    return { message: `${shell} cannot be told of a path with a line break in it`, hint: `ccs completions ${shell}` };
  if (look(file) === null && !isLoginShell(shell, around.env)) {
    return { message: `${shell} has no ${file}, so its completions are not put to use`, hint: "Once there is one: ccs install" };
  }
  const text = contentOf(file);
  if (text instanceof CcsError) return { message: `No line is added to ${file}: ${text.message}`, hint: `Add to it: ${line}` };
  if (text?.split(/\r?\n/).includes(line)) return null;
  const closed = closedBy(file);
  if (closed !== null) return { message: `No line is added to ${file}: ${closed}`, hint: `Add to it: ${line}` };
  return { do: "add-line", what: `it loads the completions for ${shell}`, file, line };
}

/** A person's file as text; why it is none; null where there is none. */
function contentOf(file: string): string | null | CcsError {
  try {
    return readText(file);
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
}

/** Why a line is not for us to add to a person's file; null where it is. A link is followed: dotfile managers make them. */
function closedBy(file: string): string | null {
  const facts = follow(file);
  if (facts === null) return look(file) === null ? (obstacle(file)?.message ?? null) : "it is a link that leads nowhere";
  if (facts.kind !== "file") return "it is no file";
  const path = real(file) ?? file;
  return (facts.mode & 0o200) !== 0 && mayWrite(path) && mayWrite(dirname(path)) ? null : "it is read-only";
}

/** Whether an interactive bash finds completions where they lie. */
function bashLooks(completions: string, { home }: Around): boolean {
  // The package takes its directories from a list without quotes, and finds none whose name a shell would split or expand.
  if (/[\s*?[\]\\]/.test(completions)) return false;
  if (BASH_COMPLETION.every((path) => follow(path) === null)) return false;
  return bashStartups(home).some(({ file, loads }) => {
    const text = contentOf(file);
    return typeof text === "string" && loads.test(text);
  });
}

function pathNotes(places: Places, around: Around): Left[] {
  const found = onPath(around.platform === "win32" ? "ccs.exe" : "ccs", around);
  const searched = (around.env["PATH"] ?? "").split(delimiter);
  if (!searched.includes(places.bin)) {
    const hint =
      around.platform === "win32" ? `Add ${places.bin} to PATH` : `Add to your shell's startup file: export PATH="$HOME/.local/bin:$PATH"`;
    return [{ message: `${places.bin} is not on PATH`, hint }];
  }
  if (found === null || real(found) === real(places.program) || found === places.program) return [];
  return [
    {
      message: `${found} comes first on PATH`,
      hint: `Remove it, or put ${places.bin} before it`,
    },
  ];
}

/** The first program of a name on PATH. */
function onPath(name: string, { env }: Around): string | null {
  for (const directory of (env["PATH"] ?? "").split(delimiter)) {
    const path = join(directory, name);
    const facts = directory === "" ? null : follow(path);
    if (facts?.kind === "file" && (facts.mode & 0o111) !== 0) return path;
  }
  return null;
}
