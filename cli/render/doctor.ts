import type { CheckResult } from "../../shared/index.ts";
import { resultPaint } from "./health.ts";
import type { Paint } from "./style.ts";
import { count, listed } from "./words.ts";
import { hanging, plain } from "./wrap.ts";

/** One line a check, grouped by what it is about; under a problem where it is and what mends it. */
export function checkLines(checks: readonly CheckResult[], paint: Paint, width: number | null): string {
  const names = Math.max(0, ...checks.map((check) => check.name.length));
  const blocks = grouped(checks).map(({ subject, about, group }) => {
    const lines = group.flatMap((check) => {
      const label = check.result.padEnd(7);
      const first = `  ${label}  ${check.name.padEnd(names)}  `;
      const line = hanging(first, plain(check.message), width).replace(label, resultPaint(check.result, paint)(label));
      return [line, ...below(check, " ".repeat(first.length), paint, width)];
    });
    return `${paint.bold(subject ?? "ccs")}${about === "group" ? " (group)" : ""}\n${lines.join("\n")}\n`;
  });
  return blocks.join("\n");
}

/** What it all amounts to, in one line. */
export function checkSummary(checks: readonly CheckResult[], paint: Paint): string {
  const count_ = (result: CheckResult["result"]) => checks.filter((check) => check.result === result).length;
  const errors = count_("error");
  const warnings = count_("warning");
  if (errors + warnings === 0) return `${paint.green("No problems.")}\n`;
  const found = [errors > 0 ? paint.red(count(errors, "error")) : "", warnings > 0 ? paint.yellow(count(warnings, "warning")) : ""];
  const problems = checks.filter((check) => check.result === "error" || check.result === "warning");
  const fixes = problems.filter((check) => check.fix !== null && check.fix.describes.length > 0).length;
  const mends =
    fixes === 0 ? "" : ` ${paint.cyan("ccs doctor --fix")} mends ${fixes === errors + warnings ? "all of them" : `${fixes} of them`}.`;
  return `${listed(found.filter((words) => words !== ""))}.${mends}\n`;
}

function below(check: CheckResult, indent: string, paint: Paint, width: number | null): string[] {
  if (check.result === "ok" || check.result === "skipped") return [];
  const mend = (command: string) =>
    hanging(indent, plain(command), width)
      .split("\n")
      .map((line) => `${indent}${paint.cyan(line.slice(indent.length))}`);
  const where = check.where !== null && !check.message.includes(check.where) ? [`${indent}at ${plain(check.where)}`] : [];
  return [...where, ...(check.fix === null ? [] : mend(check.fix.command))];
}

/** In the order they came, those of one subject together. */
function grouped(checks: readonly CheckResult[]): Subject[] {
  const groups = new Map<string, Subject>();
  for (const check of checks) {
    const key = JSON.stringify([check.about, check.subject]);
    const subject = groups.get(key);
    if (subject === undefined) groups.set(key, { subject: check.subject, about: check.about, group: [check] });
    else subject.group.push(check);
  }
  return [...groups.values()];
}

interface Subject extends Pick<CheckResult, "subject" | "about"> {
  readonly group: CheckResult[];
}
