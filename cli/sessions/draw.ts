import { formatBytes, type SessionReport } from "../../shared/index.ts";
import { aboutOf, cut, historyOf, openIn, projectOf } from "../render/sessions.ts";
import type { Paint } from "../render/style.ts";
import { ago, stamp } from "../render/time.ts";
import { count, listed } from "../render/words.ts";
import { plain, widthOfText, wrap } from "../render/wrap.ts";

/** The room there is, and how it is painted. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The person's home directory. */
  readonly home: string;
}

/** What the list of sessions shows. */
export interface ListView {
  readonly typed: string;
  readonly found: readonly SessionReport[];
  readonly all: number;
  readonly chosen: number;
  /** Why nothing happened; null as a rule. */
  readonly notice: string | null;
}

/** Lines that are not sessions: the search, a rule, three of details, the keys. */
const AROUND = 6;
/** Below so many lines, details go. */
const LEAST = 10;
const WHEN = 11;

/** How many sessions are seen at once. */
export function listHeight(rows: number): number {
  return Math.max(1, rows < LEAST ? rows - 2 : rows - AROUND);
}

/** The list of sessions, a line each, with the chosen one in full below it. */
export function listLines(view: ListView, room: Room): string[] {
  const { columns, rows, paint } = room;
  const height = listHeight(rows);
  const first = Math.max(0, Math.min(view.chosen - (height >> 1), view.found.length - height));
  const counted = `${view.found.length} of ${view.all}`;
  const label = "Sessions: ";
  const typed = cutStart(view.typed, columns - label.length - counted.length - 4);
  const space = " ".repeat(Math.max(1, columns - label.length - widthOfText(typed) - counted.length - 2));
  const shown = view.found.slice(first, first + height);
  const owners = Math.min(12, Math.max(1, ...shown.map((session) => (session.owner ?? "-").length)));
  const lines = shown.map((session, at) => rowOf(session, first + at === view.chosen, owners, room));
  if (shown.length === 0) lines.push(paint.dim("  Nothing fits. Backspace takes a letter away."));
  while (lines.length < height) lines.push("");
  const chosen = view.found[view.chosen];
  const details = rows < LEAST ? [] : [paint.dim("─".repeat(columns - 1)), ...detailsOf(chosen, room)];
  const keys =
    view.notice === null ? paint.dim(cut("↑ ↓ choose   Enter go on with it   Esc leave", columns - 1)) : paint.yellow(view.notice);
  return [`${paint.bold(label)}${typed}▏${space}${paint.dim(counted)}`, ...lines, ...details, keys].slice(0, rows);
}

function rowOf(session: SessionReport, chosen: boolean, owners: number, { columns, paint, now, home }: Room): string {
  const isOpen = session.open.length > 0;
  const when = cut(isOpen ? "open now" : ago(session.last, now), WHEN).padEnd(WHEN);
  const owner = padded(cut(session.owner ?? "-", owners), owners);
  const projects = Math.max(8, Math.min(32, Math.floor(columns / 4)));
  const project = padded(cutStart(projectOf(session, home), projects), projects);
  const about = cut(aboutOf(session), columns - WHEN - owners - projects - 6);
  const text = `${isOpen ? paint.yellow(when) : when} ${owner} ${paint.cyan(project)} ${chosen ? paint.bold(about) : about}`;
  return `${chosen ? paint.bold("❯ ") : "  "}${text}`;
}

function detailsOf(session: SessionReport | undefined, { columns, paint, home }: Room): string[] {
  if (session === undefined) return ["", "", ""];
  const { owner, turns, size, last, open } = session;
  const made = owner === null ? "whose it is is not known" : `${owner} made it`;
  const sees = session.accounts.length === 0 ? "no account sees it" : `seen by ${listed(session.accounts)}`;
  const where = session.group === null ? "" : `in ${historyOf(session)}; `;
  const width = columns - 1;
  const state = open.length === 0 ? `Last gone on with ${stamp(Date.parse(last))}` : `${openIn(session)}: a client that runs now has it`;
  return [
    cutStart(projectOf(session, home), width),
    cut(`${where}${made}; ${sees}. ${count(turns, "turn")}, ${formatBytes(size)}`, width),
    open.length === 0 ? paint.dim(cut(state, width)) : paint.yellow(cut(state, width)),
  ];
}

/** One of several, under a question. */
export function choiceLines(
  asked: readonly string[],
  choices: readonly string[],
  chosen: number,
  { columns, rows, paint }: Room,
): string[] {
  const question = asked.flatMap((line) => wrap(line, columns - 1));
  const shown = choices.map((choice, at) =>
    at === chosen ? paint.bold(cut(`❯ ${choice}`, columns - 1)) : cut(`  ${choice}`, columns - 1),
  );
  return [...question, "", ...shown, "", paint.dim(cut("↑ ↓ choose   Enter go on   Esc back", columns - 1))].slice(0, rows);
}

/** A question that is answered by `y`, or not. */
export function questionLines(asked: readonly string[], { columns, rows, paint }: Room): string[] {
  const question = asked.flatMap((line) => wrap(plain(line), columns - 1));
  return [...question, "", `${paint.bold("y")} yes   ${paint.bold("n")} no, back to the list`].slice(0, rows);
}

function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOfText(text)));
}

/** The end of a text, on so many columns at most. */
function cutStart(text: string, columns: number): string {
  if (widthOfText(text) <= columns) return text;
  const segments = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  let width = 1;
  let from = segments.length;
  while (from > 0 && width + widthOfText(segments[from - 1] ?? "") <= columns) width += widthOfText(segments[--from] ?? "");
  return `…${segments.slice(from).join("")}`;
}
