import { formatBytes, type SessionReport } from "../../shared/index.ts";
import type { Paint } from "./style.ts";
import { type Cell, table } from "./table.ts";
import { ago, stamp } from "./time.ts";
import { plain, widthOfText } from "./wrap.ts";

const TITLES = ["When", "Owner", "History", "Turns", "Size", "Project", "Session", "First prompt"];
/** Columns of a first prompt in a table. */
const PROMPT = 80;

/** `ccs sessions`, where there is nobody to choose. */
export function sessionTable(sessions: readonly SessionReport[], now: number, home: string, paint: Paint, width: number | null): string {
  const titles = TITLES.map((text) => ({ text, paint: paint.bold }));
  const rows = sessions.map((session): Cell[] => [
    session.open.length > 0 ? { text: openIn(session), paint: paint.yellow } : { text: when(session, now, width !== null) },
    { text: session.owner ?? "-" },
    { text: historyOf(session) },
    { text: String(session.turns) },
    { text: formatBytes(session.size) },
    { text: projectOf(session, home) },
    { text: session.id },
    { text: cut(aboutOf(session), PROMPT) },
  ]);
  return table(titles, rows, width);
}

/** `open (spare)`. */
export function openIn({ open }: SessionReport): string {
  return `open (${[...new Set(open.map((client) => client.account))].join(", ")})`;
}

/** How long ago for a person; a moment that can be sorted for a pipe. */
function when({ last }: SessionReport, now: number, person: boolean): string {
  return person ? ago(last, now) : stamp(Date.parse(last));
}

/** The group, or whose history it is. */
export function historyOf({ group, accounts }: SessionReport): string {
  return group ?? accounts.join(", ");
}

/** The name it was given, else its first prompt. */
export function aboutOf({ title, prompt }: SessionReport): string {
  return plain(title ?? prompt ?? "-");
}

/** The project, with `~` for the home directory. @param home absolute */
export function projectOf({ project }: SessionReport, home: string): string {
  if (project === null) return "-";
  const inHome = home !== "/" && (project === home || project.startsWith(`${home}/`));
  return plain(inHome ? `~${project.slice(home.length)}` : project);
}

/** A text on so many columns at most, with `…` where something was cut off its end. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return "";
  // Nothing is wider than two columns.
  if (text.length * 2 <= columns || widthOfText(text) <= columns) return text;
  let shown = "";
  let width = 1;
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, columns * 8))) {
    width += widthOfText(segment);
    if (width > columns) break;
    shown += segment;
  }
  return `${shown}…`;
}
