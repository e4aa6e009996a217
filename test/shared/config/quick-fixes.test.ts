import { describe, expect, test } from "bun:test";
import { parseConfig, quickFixes } from "../../../shared/index.ts";

/** The text after each fix that is offered for its first problem. */
function mended(text: string): string[] {
  const config = parseConfig("config.yaml", text);
  const [problem] = config.problems;
  if (problem === undefined) throw new Error("there is no problem");
  const lines = text.split("\n");
  return quickFixes(config, problem).map((fix) => {
    const line = lines[problem.line - 1] ?? "";
    const from = problem.col - 1;
    return lines.with(problem.line - 1, line.slice(0, from) + fix.text + line.slice(from + fix.length)).join("\n");
  });
}

const account = (keys: string) => `accounts:\n  work:\n    context_mode: shared\n    context_group: team\n${keys}`;

describe("a problem of config.yaml is mended by", () => {
  test("the word that was meant, the likeliest first, in the quotes that stood there", () => {
    expect(mended(account("    continuity_mode: deep # soon\n"))[0]).toBe(account("    continuity_mode: deeper # soon\n"));
    expect(mended(account('    continuity_mode: "standrad"\n'))[0]).toBe(account('    continuity_mode: "standard"\n'));
    expect(mended("accounts:\n  work:\n    context_mode: 'Shred'\n")[0]).toBe("accounts:\n  work:\n    context_mode: 'shared'\n");
  });

  test("the name of an account there is", () => {
    const text = (name: string) => `accounts:\n  work: {}\n  spare: {}\ndefault: ${name}\n`;
    expect(mended(text("wrok"))).toEqual([text("work"), text("spare")]);
  });

  test("what then is no problem any more", () => {
    const texts = [
      account("    continuity_mode: deep\n"),
      "accounts:\n  work: {}\ndefault: wrok\n",
      "accounts:\n  work: {}\ndirectories:\n  /api: wrok\n",
    ];
    for (const text of texts) {
      const [first] = mended(text);
      expect(parseConfig("config.yaml", first ?? text).problems).toEqual([]);
    }
  });

  test("a person, where it is not a matter of one word", () => {
    for (const text of ["accounts:\n  work:\n    context_mode: shared\n", "accounts:\n  doctor: {}\n", "accounts: [\n"])
      expect(mended(text)).toEqual([]);
  });
});
