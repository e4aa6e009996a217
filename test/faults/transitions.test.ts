import { afterAll, describe, expect, test } from "bun:test";
import { campaign, type Density, type Result } from "./support/campaign.ts";
import { table } from "./support/report.ts";
import * as transitions from "./support/transitions.ts";

/**
 * The compiled program under a tracer that interferes with one call of it at a time. What is left, and what one
 * `doctor --fix` makes of it, is looked at from outside.
 */
const EVERY: Density = { failures: 1 };
const SOME: Density = { failures: 5 };

const CAMPAIGNS: readonly (readonly [does: string, transition: transitions.Transition, density: Density])[] = [
  ["joining a group, standard", transitions.JOIN_STANDARD, EVERY],
  ["joining a group, deeper", transitions.JOIN_DEEPER, SOME],
  ["joining a group while a client of the account runs", transitions.JOIN_RUNNING, SOME],
  ["going from standard to deeper", transitions.DEEPEN, EVERY],
  ["going from deeper to standard", transitions.STANDARD, SOME],
  ["leaving a group", transitions.LEAVE, SOME],
  ["going from one group to another", transitions.SWITCH, SOME],
  ["making an account in a group", transitions.CREATE, EVERY],
  ["mending with doctor --fix", transitions.DOCTOR, SOME],
];

describe("interrupted at any call", () => {
  const results: Result[] = [];

  for (const [does, transition, density] of CAMPAIGNS) {
    test(`${does} loses nothing, and one doctor --fix brings it to where it would have come`, async () => {
      const result = await campaign(transition, density);
      results.push(result);
      expect(result.failures).toEqual([]);
    });
  }

  afterAll(() => {
    if (results.length > 0) console.log(`\n${table(results)}`);
  });
});
