import { flagsOf, positionalsOf } from "../arguments/flags.ts";
import type { CommandModule, Family } from "../commands/types.ts";
import type { Paint } from "./style.ts";
import { hanging, widthOfText, wrap } from "./wrap.ts";

const INDENT = "  ";
/** Wider than this, a usage is hard to read. */
const WIDEST = 100;

/** How a command is used. citty's own rendering colours pipes too and knows no examples. */
export function commandUsage(typed: string, description: string, module: CommandModule, paint: Paint, width: number | null): string {
  const flags = flagsOf(module.args);
  const positionals = positionalsOf(module.args);
  const words = positionals.map(({ name, required }) => (required ? `<${name}>` : `[<${name}>]`));
  const rows = [
    ...positionals.map(({ name, description }) => [`<${name}>`, description] as const),
    ...flags.map(({ typed, value, description }) => [value === null ? typed : `${typed} <${value}>`, description] as const),
    ["-h, --help", "show this"] as const,
  ];
  return [
    `${sentence(description)}\n`,
    section("Usage", `${INDENT}${[typed, ...words, flags.length > 0 ? "[flags]" : ""].join(" ").trim()}\n`, paint),
    section("Arguments and flags", columns(rows, paint, width), paint),
    ...(module.notes ?? []).map((note) => `${wrap(note, Math.min(width ?? WIDEST, WIDEST)).join("\n")}\n`),
    section("Examples", exampleLines(module.examples), paint),
  ].join("\n");
}

/** The commands of a family. */
export function familyUsage(typed: string, family: Family, paint: Paint, width: number | null): string {
  const isRoot = typed === "ccs";
  const rows = Object.entries(family.commands).map(([name, { description }]) => [name, description] as const);
  const uses = isRoot ? [`ccs <account> [anything]   start Claude Code as that account`, `ccs <command>`] : [`${typed} <command>`];
  const flags = isRoot ? [["--version", "the version of ccs"] as const] : [];
  return [
    `${sentence(family.description)}\n`,
    section("Usage", uses.map((use) => `${INDENT}${use}\n`).join(""), paint),
    section("Commands", columns(rows, paint, width), paint),
    section("Flags", columns([...flags, ["-h, --help", "show this; also after a command"]], paint, width), paint),
    section("Examples", exampleLines(family.examples), paint),
  ].join("\n");
}

function section(title: string, body: string, paint: Paint): string {
  return `${paint.bold(title)}\n${body}`;
}

function exampleLines(examples: readonly string[]): string {
  return examples.map((example) => `${INDENT}${example}\n`).join("");
}

function columns(rows: readonly (readonly [string, string])[], paint: Paint, width: number | null): string {
  const first = Math.max(...rows.map(([name]) => widthOfText(name)));
  return rows
    .map(([name, description]) => {
      const space = " ".repeat(first - widthOfText(name));
      const text = hanging(`${INDENT}${name}${space}  `, description, Math.min(width ?? WIDEST, WIDEST));
      return `${text.replace(name, paint.cyan(name))}\n`;
    })
    .join("");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
