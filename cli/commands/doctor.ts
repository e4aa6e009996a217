import { type ArgsDef, defineCommand } from "citty";
import { CcsError, type CheckResult, type FixOptions, fixDoctor, fixSentences, type Home, runDoctor } from "../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../arguments/common.ts";
import { home } from "../home.ts";
import { err, out } from "../output.ts";
import { canAsk, cancelled, confirm } from "../prompt/ask.ts";
import { checkLines, checkSummary } from "../render/doctor.ts";
import { json } from "../render/json.ts";
import { sentenceLines } from "../render/plan.ts";
import { progressLine, saying } from "../render/progress.ts";
import { paintFor, widthOf } from "../render/style.ts";

export const args = {
  fix: { type: "boolean", description: "mend what can be mended: says what it will do, and asks" },
  yes: { ...YES_FLAG, description: "with --fix: do it without asking" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs doctor", "ccs doctor --fix", "ccs doctor --fix --yes"];

export const notes = [
  "Exits with 1 where it finds an error. What it mends, it mends as a plan: nothing is lost, and nothing is overwritten.",
];

export const command = defineCommand({
  meta: { name: "doctor" },
  args,
  async run({ args }) {
    if (args.yes && !args.fix) throw new CcsError("usage", "--yes is about --fix", { hint: "Try: ccs doctor --fix --yes" });
    const there = home();
    const { checks } = saying("Looking", () => runDoctor(there, { env: process.env, now: Date.now() }));
    const fixes = fixSentences(checks);
    if (!args.fix || fixes.length === 0) return report(checks, [], args.json === true);
    if (!args.yes) {
      err(`${checkLines(checks, paintFor(2), widthOf(2))}\n${paintFor(2).bold("What is mended")}\n${sentenceLines(fixes, widthOf(2))}`);
      if (args.json || !canAsk()) throw unasked();
      if (!(await confirm("Mend it?"))) throw cancelled();
    }
    const { fixed, left } = mend(there, args.yes ? {} : { approved: fixes });
    return report(left, fixed, args.json === true);
  },
});

/** @returns the exit code */
function report(checks: readonly CheckResult[], fixed: readonly string[], asJson: boolean): number {
  const paint = paintFor(1);
  const width = widthOf(1);
  if (asJson) {
    out(json({ fixed, checks }));
  } else {
    const shown = fixed.length > 0 ? checks.filter((check) => check.result === "warning" || check.result === "error") : checks;
    const done = fixed.length > 0 ? `${paint.bold("Mended")}\n${sentenceLines(fixed, width)}\n` : "";
    const lines = shown.length > 0 ? `${checkLines(shown, paint, width)}\n` : "";
    out(`${done}${lines}${checkSummary(checks, paint)}`);
  }
  return checks.some((check) => check.result === "error") ? 1 : 0;
}

function mend(there: Home, approved: Pick<FixOptions, "approved">) {
  const line = progressLine("Mending");
  try {
    return fixDoctor(there, { env: process.env, now: Date.now(), onProgress: line.report, ...approved });
  } finally {
    line.clear();
  }
}

function unasked(): CcsError {
  return new CcsError("usage", "there is no terminal to ask on whether to mend this", {
    untouched: "Nothing was changed.",
    hint: "Mend it unseen: ccs doctor --fix --yes",
  });
}
