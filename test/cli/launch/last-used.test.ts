import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { inPlace, isDue } from "../../../cli/launch/last-used.ts";
import { homeOf, type LaunchConfig, readLaunch, replaceLastUsed } from "../../../shared/launch.ts";

const root = mkdtempSync(join(tmpdir(), "ccs-last-used-"));
afterAll(() => rmSync(root, { recursive: true }));
const home = homeOf({ CCS_DIR: root }, "/nowhere", "/");
mkdirSync(home.state, { recursive: true });

const NOW = Date.parse("2026-11-22T18:50:00.000Z");
const LAST = "2026-11-22T10:00:00.000Z";
const NEXT = "2026-11-22T18:50:00.000Z";

describe("whether last_used is written anew", () => {
  test("not within a minute, and again after it", () => {
    expect(isDue("2026-11-22T18:49:00.001Z", NOW)).toBe(false);
    expect(isDue("2026-11-22T18:49:00.000Z", NOW)).toBe(true);
  });

  test("a time that is missing, is no time, or lies far in the future is replaced", () => {
    for (const last of [null, "", "yesterday", "2027-01-01T00:00:00.000Z"]) expect(isDue(last, NOW)).toBe(true);
    expect(isDue("2026-11-22T18:50:30.000Z", NOW)).toBe(false);
  });
});

describe("another time in place of the last", () => {
  test("its line keeps its indentation and quotes, and nothing else changes", () => {
    for (const line of [`    last_used: "${LAST}"`, `  last_used: '${LAST}'  `, `  last_used: ${LAST}`, `    last_used: "${LAST}"\r`]) {
      const text = `accounts:\n  work:\n${line}\n# end`;
      expect(replaceLastUsed(text, LAST, NEXT)).toBe(text.replace(LAST, NEXT));
    }
    expect(replaceLastUsed(`  last_used: ${LAST}`, LAST, NEXT)).toBe(`  last_used: ${NEXT}`);
  });

  test("where there is any doubt it is left to the editor of config.yaml", () => {
    for (const text of [
      `  last_used: "${LAST}"\n# ${LAST}`,
      `  work: {last_used: "${LAST}"}`,
      `  last_used: &then "${LAST}"`,
      `  last_used: "${LAST}" # today`,
      `  # last_used: "${LAST}"`,
      `  not_last_used: "${LAST}"`,
      `  last_used: "${LAST}'`,
      `last_used: "${LAST}"`,
      `  last_used: null`,
      `  a: "${LAST.replace("-", "\\x2d")}"\n  last_used: "${LAST}"`,
      `  a: &here\n    last_used: "${LAST}"\n  b: *here`,
    ]) {
      expect(replaceLastUsed(text, LAST, NEXT)).toBeNull();
    }
    expect(replaceLastUsed("  last_used: yesterday", "yesterday", "yesterdax")).toBeNull();
    expect(replaceLastUsed(`  last_used: ${LAST}`, LAST, `+${NEXT}`)).toBeNull();
  });
});

async function parsed(text: string): Promise<LaunchConfig> {
  writeFileSync(home.config, text);
  return readLaunch(home.config);
}

function told(config: LaunchConfig) {
  return { default: config.default, accounts: config.names.map((name) => [name, config.account(name)]) };
}

function account(config: LaunchConfig, name: string) {
  const found = config.account(name);
  if (found === undefined) throw new Error(`${name} cannot be read`);
  return { name, ...found, wentBack: false };
}

describe("the config with another time of one account", () => {
  test("an account that is an alias of it would change with it, so the editor does it", async () => {
    const config = await parsed(`accounts:\n  work: &work\n    last_used: "${LAST}"\n  spare: *work\n`);
    expect(config.account("spare")?.lastUsed).toBe(LAST);
    expect(inPlace(config, account(config, "work"), NEXT)).toBeNull();
  });

  test("an account without a time has none to replace", async () => {
    const config = await parsed("accounts:\n  work:\n    last_used: null\n");
    expect(inPlace(config, account(config, "work"), NEXT)).toBeNull();
  });

  test("whatever the config looks like, it is what the parser reads from the new text", async () => {
    const time = fc.constantFrom(LAST, "2026-11-22T10:00:00.001Z", "2025-01-01T00:00:00.000Z");
    const lastUsed = fc.oneof(
      { weight: 8, arbitrary: time.map((t) => `"${t}"`) },
      time.map((t) => `'${t}'`),
      time,
      time.map((t) => `"${t.replace("-", "\\x2d")}" # ${t}`),
      time.map((t) => `"${t.replace("-", "\\x2d")}"`),
      time.map((t) => `&b "${t}"`),
      fc.constant("*b"),
      time.map((t) => `&a "${t}"`),
      time.map((t) => `|\n      last_used: ${t}`),
      fc.constant("null"),
      fc.constant("*a"),
    );
    const noise = fc.constantFrom(
      "",
      "",
      "",
      "# last_used: 2025-01-01T00:00:00.000Z",
      `note: "${LAST}"`,
      `note: |\n      last_used: ${LAST}`,
    );
    const block = fc.tuple(noise, lastUsed, noise).map(([before, value, after]) =>
      [before.replace("note", "before"), `last_used: ${value}`, after.replace("note", "after")]
        .filter((line) => line !== "")
        .map((line) => `    ${line}\n`)
        .join(""),
    );
    let replaced = 0;
    await fc.assert(
      fc.asyncProperty(block, block, fc.constantFrom("", "default: work\n"), async (work, spare, rest) => {
        const text = `${rest}accounts:\n  work:\n${work}  spare:\n${spare}`;
        let config: LaunchConfig;
        let before: ReturnType<typeof account>;
        try {
          config = await parsed(text);
          before = account(config, "work");
          told(config);
        } catch {
          return; // What cannot be read is not launched.
        }
        const edited = inPlace(config, before, NEXT);
        if (edited === null) return;
        replaced += 1;
        expect(told(await parsed(edited.text))).toEqual(told(edited));
        expect(edited.account("work")?.lastUsed).toBe(NEXT);
        expect(edited.account("spare")).toEqual(config.account("spare"));
      }),
      { numRuns: 400 },
    );
    expect(replaced).toBeGreaterThan(20);
  });
});
