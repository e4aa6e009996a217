import { afterEach, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Asking, CALLS, type Done, homeHere } from "../../../extension/engine/calls.ts";
import { thrownBy } from "../../support/thrown.ts";

const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
});

/** An engine of a person who has nothing yet. */
function engine(): Asking & { readonly root: string } {
  const root = mkdtempSync(join(process.env["CCS_TEST_TMP"] ?? tmpdir(), "ccs-engine-"));
  made.push(root);
  const env = { HOME: root, PATH: "/usr/bin:/bin" };
  const proposals = new Map<string, Parameters<Asking["keep"]>[0]>();
  return {
    root,
    env,
    home: homeHere(env),
    onProgress: () => undefined,
    keep(apply) {
      const token = String(proposals.size);
      proposals.set(token, apply);
      return token;
    },
    kept: (token): ((onProgress: Asking["onProgress"]) => Done) | undefined => proposals.get(token),
  };
}

test("CCS_DIR of the host's environment is obeyed as the program does", () => {
  expect(homeHere({ HOME: "/home/person" }).root).toBe("/home/person/.ccs");
  expect(homeHere({ HOME: "/home/person", CCS_DIR: "/elsewhere" }).root).toBe("/elsewhere");
});

test("where nothing was made yet there are no rows, and looking makes nothing", () => {
  const asking = engine();
  expect(CALLS.snapshot(asking)).toMatchObject({ rows: [], problems: [] });
  expect(existsSync(asking.home.root)).toBe(false);
});

test("all rows of a group hold one list of its members, so that five hundred of them are sent once", () => {
  const asking = engine();
  CALLS.createAccount(asking, "work", { mode: "shared", group: "team", continuity: "standard" });
  CALLS.createAccount(asking, "spare", { mode: "shared", group: "team", continuity: "deeper" });
  CALLS.createAccount(asking, "home", { mode: "isolated" });
  const [work, spare, home] = structuredClone(CALLS.snapshot(asking)).rows;
  expect(work?.group).toEqual([
    { account: "work", continuity: "standard" },
    { account: "spare", continuity: "deeper" },
  ]);
  expect(spare?.group).toBe(work?.group as never);
  expect(home?.group).toEqual([]);
});

test("a broken config.yaml is told with its place, and nothing is written over it", () => {
  const asking = engine();
  CALLS.createAccount(asking, "work", { mode: "shared", group: "team", continuity: "deeper" });
  const broken = readFileSync(asking.home.config, "utf8").replace("deeper", "deep");
  writeFileSync(asking.home.config, broken);
  const [problem, ...more] = CALLS.snapshot(asking).problems;
  expect(more).toEqual([]);
  expect(broken.split("\n")[(problem?.line ?? 0) - 1]).toContain("deep");
  expect(thrownBy(() => CALLS.setDefault(asking, "work"))).toMatchObject({ code: "config-invalid" });
  expect(readFileSync(asking.home.config, "utf8")).toBe(broken);
});

test("the text of an unsaved config.yaml is checked as it stands in the editor, with what mends it", () => {
  const [problem] = CALLS.checkConfig(engine(), "accounts:\n  work:\n    context_mode: shred\n");
  expect(problem).toMatchObject({ line: 3, col: 19 });
  expect(problem?.fixes[0]).toEqual({ title: 'Change to "shared"', length: 5, text: "shared" });
});

test("what was proposed is done once it is applied, and not before", () => {
  const asking = engine();
  CALLS.createAccount(asking, "work", { mode: "isolated" });
  expect(CALLS.lastChanged(asking)).toBeNull();
  const to = { mode: "shared", group: "team", continuity: "standard" } as const;
  const seen = CALLS.proposeChange(asking, { account: "work", to, take: "mine", takeSessions: [], copySettings: false });
  expect(CALLS.snapshot(asking).rows[0]?.report.context).toBe("isolated");
  expect(CALLS.apply(asking, seen.token ?? "")).toEqual({ said: "work is shared (team).", account: "work", back: "undo" });
  expect(CALLS.snapshot(asking).rows[0]?.report.context).toBe("shared (team)");
  expect(CALLS.apply(asking, "long forgotten")).toBeNull();
  expect(CALLS.lastChanged(asking)).toBe("work");
});

test("~/.claude is imported by a plan, and stays as it is", () => {
  const asking = engine();
  expect(thrownBy(() => CALLS.importChoices(asking, null))).toMatchObject({ code: "not-found" });
  const project = join(asking.root, ".claude", "projects", "-home-person-task");
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "6f1d2f3a-0000-4000-8000-000000000001.jsonl"), "{}\n");
  expect(CALLS.importChoices(asking, null)).toMatchObject({ from: join(asking.root, ".claude"), secrets: [] });
  const seen = CALLS.proposeImport(asking, { directory: null, name: "work", withSecrets: false });
  expect(seen.sentences.join(" ")).toContain("No login is copied");
  expect(CALLS.apply(asking, seen.token ?? "")?.account).toBe("work");
  expect(CALLS.snapshot(asking).rows[0]?.report).toMatchObject({ name: "work", context: "isolated" });
  expect(existsSync(project)).toBe(true);
});

test("the doctor mends what was shown, and nothing else", () => {
  const asking = engine();
  CALLS.createAccount(asking, "work", { mode: "isolated" });
  chmodSync(asking.home.config, 0o644);
  const found = CALLS.doctor(asking).checks.filter(({ fix }) => fix !== null && fix.describes.length > 0);
  expect(found.length).toBeGreaterThan(0);
  const seen = CALLS.proposeFix(asking, [found[0]?.id ?? ""]);
  expect(seen.sentences).toEqual([...(found[0]?.fix?.describes ?? [])]);
  rmSync(join(asking.home.root, "instances", "work"), { recursive: true });
  expect(CALLS.apply(asking, seen.token ?? "")).toMatchObject({ back: null });
  expect(CALLS.proposeFix(asking, [found[0]?.id ?? ""])).toMatchObject({ token: null, sentences: [] });
});
