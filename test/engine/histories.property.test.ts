import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as fc from "fast-check";
import * as ccs from "../../shared/index.ts";
import { ACCOUNTS, firstTurn, Hands, type Name, type Step, steps } from "./support/arbitrary.ts";
import { differences, type Held, held, lost, snapshot } from "./support/snapshot.ts";
import { names, text, World } from "./support/world.ts";

/** More with CCS_TEST_RUNS, for a longer search. */
const RUNS = Number(process.env["CCS_TEST_RUNS"] ?? 25);

/** The conversations that lie in an account's own directory, by their first turn. */
function conversations(world: World, account: string): Set<string> {
  const found = new Set<string>();
  const projects = world.own(account);
  if (!fs.existsSync(projects) || fs.lstatSync(projects).isSymbolicLink()) return found;
  for (const project of names(projects)) {
    const directory = world.own(account, project);
    if (!fs.lstatSync(directory).isDirectory()) continue;
    for (const name of names(directory)) {
      const path = world.own(account, project, name);
      if (!/^[0-9a-f-]{36}\.jsonl$/.test(name) || !fs.lstatSync(path).isFile()) continue;
      const first = firstTurn(text(path));
      if (first !== null) found.add(first);
    }
  }
  return found;
}

/** Runs a history and checks after every change what never bends. */
class Run {
  readonly world: World;
  readonly #hands: Hands;
  /** Conversations each account ever had in a directory of its own before it joined something. */
  readonly #brought = new Map<Name, Set<string>>(ACCOUNTS.map((name) => [name, new Set<string>()]));
  /** Whether an account took along something that was not its own because it was told to. */
  readonly #tookMore = new Set<Name>();

  /** What there was in the middle of the last change, after somebody had done something. */
  #during: Held | null = null;

  constructor(world: World) {
    this.world = world;
    world.accounts(...ACCOUNTS);
    this.#hands = new Hands(world);
  }

  step(step: Step): void {
    if (step.kind === "deed") return this.#hands.perform(step.account, step.deed);
    for (const first of conversations(this.world, step.account)) this.#brought.get(step.account)?.add(first);
    const before = held(snapshot(this.world.root));
    const done = this.#change(step);
    const after = held(snapshot(this.world.root));
    expect(lost(before, after)).toEqual([]);
    if (this.#during !== null) expect(lost(this.#during, after)).toEqual([]);
    if (!done) return;
    if (step.take !== "mine") this.#tookMore.add(step.account);
    expect(this.world.policy(step.account)).toEqual(step.to);
    const again = this.world.preview(step.account, step.to);
    expect(again.plan.operations).toEqual([]);
    expect(again.sentences).toEqual([]);
    if (step.to.mode === "isolated") this.#nothingOfOthers(step.account);
  }

  #change(step: Extract<Step, { kind: "change" }>): boolean {
    const asked = { take: step.take };
    this.#during = null;
    const still = snapshot(this.world.root);
    this.world.preview(step.account, step.to, asked);
    expect(differences(still, snapshot(this.world.root))).toEqual([]);
    for (;;) {
      try {
        return !this.world.interrupt(step.account, step.to, step.breakAfter ?? Number.POSITIVE_INFINITY, asked, (operations) => {
          const { meanwhile } = step;
          if (operations !== meanwhile?.after) return;
          this.#hands.perform(meanwhile.account, meanwhile.deed, true);
          this.#during = held(snapshot(this.world.root));
        });
      } catch (error) {
        // An unfinished change was finished first, and what was shown was made before that.
        if (!(error instanceof ccs.CcsError) || error.code !== "stale") throw error;
      }
    }
  }

  #nothingOfOthers(account: Name): void {
    if (this.#tookMore.has(account)) return;
    const foreign = [...conversations(this.world, account)].filter(
      (first) => !first.startsWith(`${account}-`) && !this.#brought.get(account)?.has(first),
    );
    expect(foreign).toEqual([]);
  }

  end(): void {
    const before = held(snapshot(this.world.root));
    for (const account of ACCOUNTS) this.world.mend(account);
    expect(lost(before, held(snapshot(this.world.root)))).toEqual([]);
    expect(this.world.unfinished()).toEqual([]);
    const still = snapshot(this.world.root);
    for (const account of ACCOUNTS) this.world.mend(account);
    expect(differences(still, snapshot(this.world.root), ["ccs/state"])).toEqual([]);
    for (const account of ACCOUNTS) {
      expect(ccs.showAccount(this.world.home, account, 0).problems.filter((p) => p.health === "error")).toEqual([]);
    }
    expect(names(this.world.home.staging)).toEqual([]);
  }
}

export function holds(history: readonly Step[]): void {
  using world = new World();
  const run = new Run(world);
  for (const step of history) run.step(step);
  run.end();
}

describe("random trees and policy histories of three accounts and two groups", () => {
  test("nothing is ever gone, a look changes nothing, an applied plan leaves nothing to do, no session leaves with the wrong account", () => {
    void fc.assert(fc.property(steps(false), holds), { numRuns: RUNS, includeErrorInReport: true });
  });

  test("the same where changes are broken off in the middle and work goes on in between and during them", () => {
    void fc.assert(fc.property(steps(true), holds), { numRuns: RUNS, includeErrorInReport: true });
  });
});
