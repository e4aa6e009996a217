import { afterAll, describe, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { campaign, type Density, type Result } from "./support/campaign.ts";
import { table } from "./support/report.ts";
import * as transitions from "./support/transitions.ts";

/**
 * The compiled program under a tracer that interferes with one call of it at a time. What is left, and what one
 * `doctor --fix` makes of it, is looked at from outside.
 */
const MANY: Density = { kills: 1, failures: 2 };
const KILLS: Density = { kills: 2, failures: 12 };
const FEW: Density = { kills: 7, failures: 20 };

const CAMPAIGNS: readonly (readonly [does: string, transition: transitions.Transition, density: Density, above?: string])[] = [
  ["joining a group, standard", transitions.JOIN_STANDARD, KILLS],
  ["joining a group, deeper", transitions.JOIN_DEEPER, KILLS],
  ["joining a group while a client of the account runs", transitions.JOIN_RUNNING, KILLS],
  ["going from standard to deeper", transitions.DEEPEN, MANY],
  ["going from deeper to standard", transitions.STANDARD, KILLS],
  ["leaving a group", transitions.LEAVE, KILLS],
  ["going from one group to another", transitions.SWITCH, KILLS],
  ["undoing a join", transitions.UNDO, FEW],
  ["renaming an account", transitions.RENAME, MANY],
  ["removing an account", transitions.REMOVE, MANY],
  ["removing an account that shares a history", transitions.REMOVE_SHARED, FEW],
  ["bringing an account back", transitions.RESTORE, MANY],
  ["making an account in a group", transitions.CREATE, MANY],
  ["importing the history there is", transitions.IMPORT, KILLS],
  ["making an account like another, in a group", transitions.LIKE, FEW],
  ["choosing between two files of a group", transitions.RESOLVE, MANY],
  ["mending with doctor --fix", transitions.DOCTOR, KILLS],
  ["joining a group on the disk temporary files are on", transitions.JOIN_STANDARD, FEW, tmpdir()],
];

describe("interrupted at any call", () => {
  const results: Result[] = [];

  for (const [does, transition, density, above] of CAMPAIGNS) {
    test(`${does} loses nothing, and one doctor --fix brings it to where it would have come`, async () => {
      const result = await campaign(transition, density, above);
      results.push({ ...result, transition: does });
      expect(result.failures).toEqual([]);
    });
  }

  afterAll(() => {
    if (results.length > 0) console.log(`\n${table(results)}`);
  });
});
