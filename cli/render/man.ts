import { flagsOf, positionalsOf } from "../arguments/flags.ts";
import { ROOT } from "../commands/index.ts";
import type { CommandModule, Family, Leaf } from "../commands/types.ts";

/** What no command says of itself. */
const LAUNCHING = [
  ["ccs \\fIaccount\\fR [\\fIanything\\fR]", "Starts Claude Code as that account. Everything after the name goes to it untouched."],
  [
    "ccs [\\fI-flags\\fR ...]",
    "Starts the account of the folder (see \\fBccs use\\fR), else the default account, else Claude Code as it is. An argument that begins with a dash goes to it, with the rest.",
  ],
  [
    "ccs - [\\fIanything\\fR]",
    "Starts the account used before the last one, as the times of the last launches have it; they are noted once a minute.",
  ],
] as const;

const EXITS = [
  ["0", "Done."],
  ["1", "Problems were found, or something failed or was refused."],
  ["2", "Given wrong, or config.yaml is not valid."],
  ["75", "Busy: another ccs is at it, or a client runs that must not be disturbed. Try again."],
  ["127", "Claude Code was not found."],
  ["130", "Cancelled."],
] as const;

const VARIABLES = [
  ["CCS_DIR", "Where everything is kept, in place of ~/.ccs."],
  ["CCS_CLAUDE_PATH", "The client, where it is not the first claude on PATH."],
  ["CCS_KEEP_AUTH_ENV", "With 1, variables that make the client somebody else are left in its environment."],
  ["CCS_DEBUG", "With 1, an error shows where in ccs it happened."],
  ["NO_COLOR, FORCE_COLOR", "Never, or always, colour."],
] as const;

const FILES = [
  [
    "~/.ccs/config.yaml",
    "Accounts, the default one, and the accounts of directories. It may be edited by hand; comments and other tools' sections stay.",
  ],
  ["~/.ccs/instances/<account>/", "What the account's client is given as CLAUDE_CONFIG_DIR."],
  ["~/.ccs/shared/context-groups/<group>/", "The history of a context group."],
  ["~/.ccs/set-aside/", "What had to give way when histories were merged."],
] as const;

/**
 * The manual page, in the macros of man(7), from the commands themselves.
 * @param version of this program
 */
export async function manPage(version: string): Promise<string> {
  const commands = await Promise.all(leavesOf(ROOT, ["ccs"]).map(([typed, leaf]) => commandSection(typed, leaf)));
  return [
    `.\\" Made from the commands; to change it, change them.`,
    `.TH CCS 1 "" "ccs ${escaped(version)}" "User Commands"`,
    ".SH NAME",
    `ccs \\- ${escaped(lowered(ROOT.description))}`,
    ".SH SYNOPSIS",
    ...LAUNCHING.flatMap(([usage]) => [`.B ${usage.replaceAll("-", "\\-")}`, ".br"]),
    ".B ccs \\fIcommand\\fR [\\fIarguments\\fR]",
    ".SH DESCRIPTION",
    line("Every login of Claude Code is an account with a configuration directory of its own, so that logins never mix."),
    line("Every account has a context policy: isolated, or shared with a context group, whose members see one history."),
    ".PP",
    ...LAUNCHING.flatMap(([usage, meaning]) => [".TP", `.B ${usage.replaceAll("-", "\\-")}`, meaning.replaceAll("-", "\\-")]),
    ".SH COMMANDS",
    ...commands,
    ".SH EXIT STATUS",
    "Where a client was started, its own. Else:",
    ...entries(EXITS),
    ".SH ENVIRONMENT",
    ...entries(VARIABLES),
    ".SH FILES",
    ...entries(FILES),
    ".SH EXAMPLES",
    ...examples(ROOT.examples),
    ".SH SEE ALSO",
    ".BR claude (1)",
    "",
  ].join("\n");
}

function leavesOf(family: Family, typed: readonly string[]): (readonly [string, Leaf])[] {
  return Object.entries(family.commands).flatMap(([word, found]) =>
    "commands" in found ? leavesOf(found, [...typed, word]) : [[[...typed, word].join(" "), found] as const],
  );
}

async function commandSection(typed: string, leaf: Leaf): Promise<string> {
  const module: CommandModule = await leaf.load();
  const flags = flagsOf(module.args);
  const positionals = positionalsOf(module.args);
  const words = positionals.map(({ name, required }) => (required ? `<${name}>` : `[<${name}>]`));
  return [
    `.SS "${escaped([typed, ...words, ...(flags.length > 0 ? ["[flags]"] : [])].join(" "))}"`,
    line(sentence(leaf.description)),
    ...entries([
      ...positionals.map(({ name, description }) => [`<${name}>`, sentence(description)] as const),
      ...flags.map(({ typed, value, description }) => [value === null ? typed : `${typed} <${value}>`, sentence(description)] as const),
    ]),
    ...(module.notes ?? []).flatMap((note) => [".PP", line(note)]),
    ".PP",
    ...examples(module.examples),
  ].join("\n");
}

function entries(rows: readonly (readonly [string, string])[]): string[] {
  return rows.flatMap(([term, meaning]) => [".TP", `.B ${escaped(term)}`, line(meaning)]);
}

function examples(lines: readonly string[]): string[] {
  return [".EX", ...lines.map(line), ".EE"];
}

/** A line of text: one that began with a dot or a quote would be a macro. */
function line(text: string): string {
  return `${/^[.']/.test(text) ? "\\&" : ""}${escaped(text)}`;
}

/** Text as it is: to roff a backslash begins an escape, and some signs are typographic ones. */
function escaped(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    "\\": "\\e",
    "-": "\\-",
    "'": "\\(aq",
    "`": "\\(ga",
    "^": "\\(ha",
    "~": "\\(ti",
    '"': "\\(dq",
  };
  return text.replace(/[\\\-'`^~"]/g, (sign) => signs[sign] as string);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** As the list of manual pages has it: no capital, no full stop. */
function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
