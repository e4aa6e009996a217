import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Call, changes } from "./calls.ts";
import { whatIsGone } from "./gone.ts";
import { lawless } from "./laws.ts";
import { differences, type Normal, normalise } from "./normal.ts";
import { ccs, environment, type Mended, mend, must } from "./program.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";
import { copyOf, freeze, placeForTrees, rootIn, type Template } from "./template.ts";
import { trace } from "./tracer.ts";
import type { Step, Transition } from "./transitions.ts";

/** What an uninterrupted run makes of a tree, and what no run at all does. */
export interface Reference {
  readonly template: Template;
  readonly transition: Step;
  /** Every mutating call of the run, in order. */
  readonly calls: readonly Call[];
  /** Right after the run. */
  readonly after: Snapshot;
  readonly done: Normal;
  /** After the change it makes on its way, where there is one. */
  readonly via: Snapshot | null;
  /** After the run and `doctor --fix`. */
  readonly mended: Normal;
  readonly said: Mended;
  /** After `doctor --fix` alone. */
  readonly never: Normal;
  readonly neverSaid: Mended;
}

/**
 * Makes the tree a transition begins with and runs it once, uninterrupted.
 * @throws where that run breaks a rule or loses something by itself
 */
export async function prepare(transition: Transition, above?: string): Promise<Reference> {
  const base = placeForTrees(above);
  await transition.begin(rootIn(base, "t"));
  return refer(freeze(base), transition);
}

/** The same for a tree that is there. */
export async function refer(template: Template, transition: Step): Promise<Reference> {
  const { before, origin, base } = template;
  const root = copyOf(template, "r");
  const unlike = differences(normalise(before, origin), normalise(snapshot(root), origin), () => false);
  if (unlike.length > 0) throw new Error(`a copy of the tree differs from it:\n  ${unlike.join("\n  ")}`);

  const ran = await trace(ccs(...transition.words), environment(root), root, join(base, "r", "log"));
  if (ran.code !== 0) throw new Error(`${transition.name}: exit ${ran.code}: ${ran.stderr}${ran.stdout}`);
  const main = ran.log.calls[0]?.thread;
  const calls = ran.log.calls.filter(changes);
  const elsewhere = calls.filter((call) => call.thread !== main).map((call) => `not on the main thread: ${call.line}`);
  const after = snapshot(root);
  const said = await mend(root);
  const mended = snapshot(root);
  const wrong = [
    ...elsewhere,
    ...lawless(calls),
    ...lost(template, transition, after, isDoctor(transition)),
    ...leftovers(after),
    ...lost(template, transition, mended, true).map((what) => `after doctor --fix: ${what}`),
    ...leftovers(mended).map((what) => `after doctor --fix: ${what}`),
    ...(said.broken === null ? [] : [`doctor --fix: ${said.broken}`]),
  ];
  if (wrong.length > 0) throw new Error(`${transition.name}, uninterrupted:\n  ${wrong.join("\n  ")}`);

  const via = transition.via === undefined ? null : await half(template, transition.via);
  const other = copyOf(template, "r");
  const neverSaid = await mend(other);
  const never = normalise(snapshot(other), origin);
  return {
    template,
    transition,
    calls,
    after,
    via,
    done: normalise(after, origin),
    mended: normalise(mended, origin),
    said,
    never,
    neverSaid,
  };
}

/** The tree after another run than the one that is tested. */
async function half(template: Template, words: readonly string[]): Promise<Snapshot> {
  const root = copyOf(template, "r");
  await must(root, ...words);
  return snapshot(root);
}

/** Takes the trees away, unless `CCS_FAULTS_KEEP=1` says that somebody wants to look at them. */
export function dispose({ template }: Reference): void {
  if (process.env["CCS_FAULTS_KEEP"] !== "1") rmSync(template.base, { recursive: true, force: true });
}

/** `doctor --fix` may drop what it finds twice; nothing else may. */
export function isDoctor(transition: Step): boolean {
  return transition.words[0] === "doctor";
}

/** What is gone, and what changed where nothing may. */
export function lost(template: Template, transition: Step, after: Snapshot, dropped: boolean): string[] {
  const { untouched, loses } = transition;
  const before = new Map([...placed(transition, template.before)].filter(([path]) => loses?.test(path) !== true));
  const gone = whatIsGone(before, placed(transition, after), { dropped });
  if (untouched === undefined) return gone;
  for (const [path, was] of template.before) {
    if (!path.startsWith(`${untouched}/`)) continue;
    const now = after.get(path);
    const same =
      now?.kind === was.kind && now.mode === was.mode && now.mtime === was.mtime && now.hash === was.hash && now.target === was.target;
    if (!same) gone.push(`${path}: changed, and nothing under ${untouched} may`);
  }
  return gone;
}

/** A tree with what was moved in its old place. */
export function placed({ moved }: Step, tree: Snapshot): Snapshot {
  if (moved === undefined) return tree;
  return new Map(
    [...tree].map(([path, seen]) => [tree.has(path.replace(moved.to, moved.from)) ? path : path.replace(moved.to, moved.from), seen]),
  );
}

/** What no run may leave behind. An empty directory where the lock was is as good as none: the next one takes its place. */
export function leftovers(tree: Snapshot): string[] {
  const left = /^staging\/|^state\/intents\/|^state\/lock|\.partial(?:\/|$)|\.ccs-new$|\/probe-/;
  return [...tree.keys()].filter((path) => left.test(path) && path !== "state/lock").map((path) => `left behind: ${path}`);
}
