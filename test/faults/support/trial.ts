import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { native } from "./bytes.ts";
import { type Call, spot } from "./calls.ts";
import { judgeEdited } from "./edited.ts";
import { differences, normalise, stateOf } from "./normal.ts";
import { ccs, environment, mend } from "./program.ts";
import { isDoctor, leftovers, lost, type Reference } from "./reference.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";
import { copyOf } from "./template.ts";
import { type Fault, type Traced, trace } from "./tracer.ts";

/** How one run with a fault in it ended. */
export interface Outcome {
  /** What the tree came to, after the recovery: an uninterrupted run's, that of no run at all, or something else. */
  readonly came: "done" | "never" | "neither";
  readonly wrong: readonly string[];
  /** Whether the recovery was spared: the same state had been recovered from before. */
  readonly known: boolean;
}

/** States that were recovered from, and what they came to. */
export type Recovered = Map<string, "done" | "never">;

/**
 * How many calls of its name sooner or later a call is looked for, try after try: the runtime makes a few of its own before
 * the program's first, now on this thread and now on another.
 */
const SHIFTS = [0, 0, 1, -1, 2, -2, 0, 1, -1];

/**
 * One run with one fault in it, on a fresh copy; a look at what is left; then one `doctor --fix`, and another look.
 * @param place one letter or digit, for a run beside others
 * @param recovered what is known already; null to recover from every state
 */
export async function tryFault(
  reference: Reference,
  call: Call,
  fault: Fault,
  place: string,
  recovered: Recovered | null,
): Promise<Outcome> {
  const { template, transition } = reference;
  let missed = "";
  for (const shift of SHIFTS) {
    const nth = call.nth + shift;
    if (nth < 1) continue;
    const root = copyOf(template, place);
    const log = join(template.base, place, "log");
    const ran = await trace(ccs(...transition.words), environment(root), root, log, { name: call.name, nth, fault });
    const hit = whereItHit(ran, fault, nth);
    if (hit !== null && spot(hit) === spot(call)) {
      if (fault === "TORN") tear(hit, root);
      return judge(reference, ran, fault, root, recovered);
    }
    missed = hit === null ? `it did not happen (exit ${ran.code} ${ran.signal ?? ""}): ${ran.stderr}` : `it happened at ${spot(hit)}`;
  }
  return { came: "neither", wrong: [`the harness failed: ${missed}`], known: false };
}

function whereItHit(ran: Traced, fault: Fault, nth: number): Call | null {
  if (fault === "KILL" || fault === "TORN") return ran.signal === "SIGKILL" ? ran.log.killedIn : null;
  const main = ran.log.calls[0]?.thread;
  return ran.log.calls.find((call) => call.injected && call.thread === main && call.nth === nth) ?? null;
}

/** A kill in the middle of a write: of what the killed call was about to write, the first half is there. */
function tear(call: Call, root: string): void {
  const path = (call.paths[0] as string).slice("<CCS>/".length);
  const text = /^write\([^"]*"((?:\\x[0-9a-f]{2})*)"/.exec(call.line)?.[1] ?? "";
  const bytes = Buffer.from(text.replaceAll("\\x", ""), "hex");
  appendFileSync(native(root, path), bytes.subarray(0, Math.floor(bytes.length / 2)));
}

async function judge(reference: Reference, ran: Traced, fault: Fault, root: string, recovered: Recovered | null): Promise<Outcome> {
  const { template, transition } = reference;
  const after = snapshot(root);
  const wrong = [...lost(template, transition, after, isDoctor(transition)), ...judgeEdited(reference, after)].map(
    (what) => `right after: ${what}`,
  );
  if (fault === "EIO" || fault === "ENOSPC") wrong.push(...judgeMessage(reference, ran, fault, after));
  const state = stateOf(after, template.origin);
  const before = wrong.length === 0 ? recovered?.get(state) : undefined;
  if (before !== undefined) return { came: before, wrong, known: true };

  const said = await mend(root);
  const mended = snapshot(root);
  if (said.broken !== null) wrong.push(`doctor --fix: ${said.broken}`);
  wrong.push(...said.unmended.map((what) => `doctor --fix left what it could mend: ${what}`));
  wrong.push(...[...lost(template, transition, mended, true), ...leftovers(mended)].map((what) => `after doctor --fix: ${what}`));
  const normal = normalise(mended, template.origin);
  const asDone = differences(reference.mended, normal, (path) => path === "state/lock");
  const asNever = differences(reference.never, normal, isOurs);
  const came = asDone.length === 0 ? "done" : asNever.length === 0 ? "never" : "neither";
  if (came === "neither") {
    const closer = asDone.length <= asNever.length ? asDone : asNever;
    wrong.push(...closer.map((what) => `not as after an uninterrupted run: ${what}`));
    return { came, wrong, known: false };
  }
  const wanted = came === "done" ? reference.said : reference.neverSaid;
  if (String(wanted.left) !== String(said.left)) {
    wrong.push(`doctor finds: ${said.left.join("; ")}\n      after an uninterrupted run: ${wanted.left.join("; ")}`);
  }
  if (wrong.length === 0) recovered?.set(state, came);
  return { came, wrong, known: false };
}

/** Bookkeeping of a change that never began may stay, and the directory in which something was set aside until it was dropped. */
function isOurs(path: string): boolean {
  return /^(?:state|staging)(?:\/|$)|^set-aside$/.test(path);
}

/** A run that met a failing call says so, once, and exits with something else than 0; or it did all it was asked for. */
function judgeMessage(reference: Reference, ran: Traced, fault: "EIO" | "ENOSPC", after: Snapshot): string[] {
  if (ran.code === 0) {
    const short = differences(reference.done, normalise(after, reference.template.origin), () => false, 4);
    return [...short, ...leftovers(after)].map((what) => `exit 0, but: ${what}`);
  }
  // What doctor could not mend is part of its report.
  const doctor = isDoctor(reference.transition);
  const text = (doctor ? ran.stdout : ran.stderr).trim();
  const names = fault === "EIO" ? /\bEIO\b|i\/o error/i : /\bENOSPC\b|no space left/i;
  const lines = text.split("\n").filter((line) => names.test(line)).length;
  const wrong: string[] = [];
  if (ran.code === null) wrong.push(`it died of ${ran.signal}`);
  if (doctor ? lines === 0 : lines !== 1) wrong.push(`${lines} lines of the message say that it was ${fault}: ${text}`);
  if (/bug of ccs/.test(text)) wrong.push(`the message calls it a bug: ${text}`);
  if (!doctor && ran.stdout !== "") wrong.push(`on stdout: ${ran.stdout.trim()}`);
  return wrong;
}

/** The last log of a place, for a person. */
export function lastLog(reference: Reference, place: string): string {
  return readFileSync(join(reference.template.base, place, "log"), "latin1");
}
