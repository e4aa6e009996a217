import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type ContextPolicy, type Home, homeOf, instanceOf, intentOf, linkProblem, surelyReady } from "../../../shared/launch.ts";

const root = mkdtempSync(join(tmpdir(), "ccs-ready-"));
afterAll(() => rmSync(root, { recursive: true }));

const ISOLATED: ContextPolicy = { mode: "isolated" };
const STANDARD: ContextPolicy = { mode: "shared", group: "team", continuity: "standard" };
const DEEPER: ContextPolicy = { mode: "shared", group: "team", continuity: "deeper" };
const DEEPER_ONLY = ["session-env", "file-history", "shell-snapshots", "todos", "tasks"];
const ALL = ["projects", ...DEEPER_ONLY];

let home: Home;
let made = 0;
beforeEach(() => {
  made += 1;
  home = homeOf({ CCS_DIR: join(root, String(made)) }, "/nowhere", "/");
  mkdirSync(instanceOf(home, "work"), { recursive: true });
});

const at = (name: string) => join(instanceOf(home, "work"), name);
const target = (name: string, group = "team") => join(home.groups, group, name === "projects" ? name : `continuity/${name}`);

function link(...names: string[]): void {
  for (const name of names) {
    mkdirSync(target(name), { recursive: true });
    symlinkSync(target(name), at(name));
  }
}

describe("an account that is surely ready", () => {
  test("is one whose links are ours and lead to directories", () => {
    link(...ALL);
    expect(surelyReady(home, "work", DEEPER)).toBe(true);
    expect(surelyReady(home, "work", STANDARD)).toBe(false);
    expect(surelyReady(home, "work", ISOLATED)).toBe(false);
    for (const name of DEEPER_ONLY) unlinkSync(at(name));
    expect(surelyReady(home, "work", STANDARD)).toBe(true);
    expect(surelyReady(home, "work", DEEPER)).toBe(false);
  });

  test("is an isolated one with directories of its own, or none yet", () => {
    expect(surelyReady(home, "work", ISOLATED)).toBe(true);
    for (const name of ALL) mkdirSync(at(name));
    expect(surelyReady(home, "work", ISOLATED)).toBe(true);
  });

  test("has an instance", () => {
    rmdirSync(instanceOf(home, "work"));
    expect(surelyReady(home, "work", ISOLATED)).toBe(false);
    writeFileSync(instanceOf(home, "work"), "");
    expect(surelyReady(home, "work", ISOLATED)).toBe(false);
  });

  test("is none while any change is unfinished, its own or another's", () => {
    for (const account of ["work", "spare"]) {
      mkdirSync(home.intents, { recursive: true });
      expect(surelyReady(home, "work", ISOLATED)).toBe(true);
      writeFileSync(intentOf(home, account), "{}");
      expect(surelyReady(home, "work", ISOLATED)).toBe(false);
      unlinkSync(intentOf(home, account));
    }
  });

  test("has no link that leads nowhere, to a file, or to another group", () => {
    link(...ALL);
    rmSync(target("projects"), { recursive: true });
    expect(surelyReady(home, "work", DEEPER)).toBe(false);
    writeFileSync(target("projects"), "");
    expect(surelyReady(home, "work", DEEPER)).toBe(false);
    unlinkSync(target("projects"));
    mkdirSync(target("projects"));
    expect(surelyReady(home, "work", DEEPER)).toBe(true);
    expect(surelyReady(home, "work", { ...DEEPER, group: "other" } as ContextPolicy)).toBe(false);
  });
});

test("whatever stands in an instance: where an account is surely ready, a closer look finds nothing wrong", async () => {
  const wrong = fc.constantFrom("absent", "directory", "file", "dangling", "elsewhere", "other-group", "relative");
  const things = fc.oneof({ weight: 6, arbitrary: fc.constant("right") }, wrong);
  const policies = fc.constantFrom(ISOLATED, STANDARD, DEEPER);
  let ready = 0;
  await fc.assert(
    fc.asyncProperty(policies, fc.array(things, { minLength: 6, maxLength: 6 }), async (policy, kinds) => {
      rmSync(home.root, { recursive: true });
      mkdirSync(instanceOf(home, "work"), { recursive: true });
      mkdirSync(join(home.root, "elsewhere"));
      ALL.forEach((name, i) => {
        const shared = policy.mode === "shared" && (name === "projects" || policy.continuity === "deeper");
        const kind = kinds[i] === "right" ? (shared ? "link" : "directory") : kinds[i];
        if (kind === "link") link(name);
        if (kind === "directory") mkdirSync(at(name));
        if (kind === "file") writeFileSync(at(name), "");
        if (kind === "dangling") symlinkSync(target(name), at(name));
        if (kind === "elsewhere") symlinkSync(join(home.root, "elsewhere"), at(name));
        if (kind === "other-group") {
          mkdirSync(target(name, "other"), { recursive: true });
          symlinkSync(target(name, "other"), at(name));
        }
        if (kind === "relative") symlinkSync(`../../shared/context-groups/team/${name}`, at(name));
      });
      if (!surelyReady(home, "work", policy)) return;
      ready += 1;
      expect(await linkProblem(home, "work", policy)).toBeNull();
    }),
    { numRuns: 150 },
  );
  expect(ready).toBeGreaterThan(5);
});
