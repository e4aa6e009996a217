import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { flagsOf, positionalsOf } from "../../cli/arguments/flags.ts";
import { ROOT } from "../../cli/commands/index.ts";
import type { Family, Leaf } from "../../cli/commands/types.ts";
import { manPage } from "../../cli/render/man.ts";
import manifest from "../../package.json" with { type: "json" };

const FILE = join(import.meta.dir, "../../docs/ccs.1");
const page = readFileSync(FILE, "utf8");

function leaves(family: Family, typed: readonly string[] = ["ccs"]): (readonly [readonly string[], Leaf])[] {
  return Object.entries(family.commands).flatMap(([word, found]) =>
    "commands" in found ? leaves(found, [...typed, word]) : [[[...typed, word], found] as const],
  );
}

/** The page as a person reads it. */
function read(): string {
  const env = { ...process.env, MANWIDTH: "500", LC_ALL: "C.UTF-8", MANROFFOPT: "", GROFF_NO_SGR: "1", MAN_KEEP_FORMATTING: "" };
  const done = spawnSync("man", ["--warnings", "--local-file", "--nh", "--nj", "-P", "cat", FILE], { encoding: "utf8", env });
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: "" });
  return done.stdout.replace(/.\u0008/g, "");
}

describe("the manual page", () => {
  test("is what the commands say today; after a change of one, run scripts/man.ts", async () => {
    expect(page).toBe(await manPage(manifest.version));
  });

  test("is plain ASCII, and every line that begins with a dot is a macro of man(7)", () => {
    expect(page).toMatch(/^[\n -~]*$/);
    for (const line of page.split("\n")) if (/^[.']/.test(line)) expect(line).toMatch(/^\.(?:\\"|TH|SH|SS|TP|PP|BR?|br|EX|EE)(?: |$)/);
  });

  // A machine need not have man; then the two tests above are what is looked at.
  test.skipIf(Bun.which("man") === null)("is read by man without a warning, with every command, argument and flag in it", async () => {
    // Headings of commands are indented by three, and nothing else is.
    const sections = read().split(/^ {3}(?=ccs )/m);
    for (const [typed, leaf] of leaves(ROOT)) {
      const { args, examples } = await leaf.load();
      const section = sections.find((text) => new RegExp(`^${typed.join(" ")}(?: [<[]|\n)`).test(text)) ?? "";
      expect([typed, section !== ""]).toEqual([typed, true]);
      for (const { typed } of flagsOf(args)) expect(section).toContain(typed);
      for (const { name } of positionalsOf(args)) expect(section).toContain(`<${name}>`);
      for (const example of examples) expect(section.replace(/ +/g, " ")).toContain(example.replace(/ +/g, " "));
    }
  });

  // lexgrog comes with man-db; a machine need not have it.
  test.skipIf(Bun.which("lexgrog") === null)("is found by what it is about", () => {
    const done = spawnSync("lexgrog", [FILE], { encoding: "utf8" });
    expect(done.stdout).toContain("ccs - several Claude Code logins, and one history where you choose it");
  });
});
