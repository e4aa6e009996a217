import type { Member, Row, Snapshot } from "../engine/calls.ts";
import type { Refusal } from "../engine/refusal.ts";

/** What the tree is made of. */
export type Node =
  | { readonly kind: "account"; readonly row: Row }
  | ({ readonly kind: "member"; readonly of: string } & Member)
  | { readonly kind: "problem"; readonly message: string; readonly file: string; readonly line: number; readonly col: number }
  | { readonly kind: "failure"; readonly refusal: Refusal };

/** A row, without the editor's own types. */
export interface Item {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** A codicon, and the name of a theme colour. */
  readonly icon: string;
  readonly color: string | null;
  /** Whether it bears the mark of the default account. */
  readonly marked: boolean;
  /** State for the menus, in words: `account default shared`. */
  readonly context: string;
  readonly opens: boolean;
  /** What a screen reader says. */
  readonly spoken: string;
}

export function rootsOf(snapshot: Snapshot): Node[] {
  const problems = snapshot.problems.map(
    ({ message, line, col }): Node => ({ kind: "problem", message, file: snapshot.config, line, col }),
  );
  return [...problems, ...snapshot.rows.map((row): Node => ({ kind: "account", row }))];
}

export function childrenOf(node: Node): Node[] {
  if (node.kind !== "account") return [];
  const of = node.row.report.name;
  return node.row.group.flatMap((member): Node[] => (member.account === of ? [] : [{ kind: "member", of, ...member }]));
}

const ICONS: Readonly<Record<Row["standing"]["state"], readonly [icon: string, color: string | null]>> = {
  "signed-in": ["pass", "testing.iconPassed"],
  "signed-out": ["circle-slash", "list.warningForeground"],
  ending: ["clock", "list.warningForeground"],
  limited: ["watch", "charts.yellow"],
  "needs-doctor": ["error", "list.errorForeground"],
};

export function itemOf(node: Node): Item {
  switch (node.kind) {
    case "account":
      return accountItem(node.row);
    case "member":
      return {
        id: `member ${node.of} ${node.account}`,
        label: node.account,
        description: node.continuity === "deeper" ? "deeper" : "",
        icon: "account",
        color: null,
        context: "member",
        opens: false,
        marked: false,
        spoken: `${node.account}, in the same group as ${node.of}`,
      };
    case "problem":
      return {
        id: `problem ${node.line}:${node.col} ${node.message}`,
        label: `config.yaml:${node.line}:${node.col}`,
        description: node.message,
        icon: "error",
        color: "list.errorForeground",
        context: "problem",
        opens: false,
        marked: false,
        spoken: `config.yaml, line ${node.line}: ${node.message}`,
      };
    case "failure":
      return {
        id: "failure",
        label: node.refusal.message,
        description: node.refusal.hint ?? "",
        icon: "error",
        color: "list.errorForeground",
        context: "failure",
        opens: false,
        marked: false,
        spoken: `${node.refusal.message}. ${node.refusal.hint ?? ""}`,
      };
  }
}

function accountItem({ report, standing, group }: Row): Item {
  const { name, context, isDefault, policy, running } = report;
  const [icon, color] = ICONS[standing.state];
  const states = ["account", ...(isDefault ? ["default"] : []), policy?.mode ?? "invalid", standing.state];
  return {
    id: `account ${name}`,
    label: name,
    description: context,
    icon,
    color,
    context: states.join(" "),
    opens: group.length > 1,
    marked: isDefault,
    spoken: [name, ...(isDefault ? ["the default account"] : []), context, standing.words, ...(running > 0 ? ["running now"] : [])].join(
      ", ",
    ),
  };
}

/** How many accounts a person has something to do about, and in words; null where there is none. */
export function badgeOf({ rows, problems }: Snapshot): { readonly value: number; readonly tooltip: string } | null {
  const value = rows.filter(({ standing }) => standing.attention).length + problems.length;
  if (value === 0) return null;
  return { value, tooltip: value === 1 ? "1 needs attention" : `${value} need attention` };
}

/** A line of a tooltip: what it is, and what it says. */
export type Line = readonly [title: string, text: string];

/** What a tooltip of an account needs beyond its row. */
export interface Details {
  readonly group: { readonly name: string; readonly members: number; readonly sessions: number } | null;
}

/**
 * What the tooltip of an account says.
 * @param machine where the extension runs, where that is not the person's own; null otherwise
 */
export function tooltipOf({ report, standing }: Row, { group }: Details, machine: string | null, now: number): Line[] {
  const { identity, lastUsed, instance, running, context, problems } = report;
  const who = [identity.email, identity.organization].filter((word) => word !== null).join(", ");
  const until = standing.until === null ? "" : ` until ${moment(standing.until, now)}`;
  return [
    ["State", `${standing.words}${until}`],
    ...(identity.loggedIn && who !== "" ? [["Login", who] as Line] : []),
    ...(identity.plan === null ? [] : [["Plan", identity.plan] as Line]),
    ["History", context],
    ...(group === null
      ? []
      : [["Group", `${group.name}: ${count(group.members, "account")}, ${count(group.sessions, "session")}`] as Line]),
    ["Last used", `${ago(lastUsed, now)}${running > 0 ? `; ${count(running, "client")} running now` : ""}`],
    ["Directory", instance],
    ...(machine === null ? [] : [["Machine", machine] as Line]),
    ...problems.map(({ message, fix }): Line => ["Problem", fix === null ? message : `${message} (${fix})`]),
  ];
}

/** The earliest time at which rows say something else without anything on disk having changed; null where there is none. */
export function nextTurn({ rows, now }: Snapshot): number | null {
  const times = rows.flatMap(({ standing }) => (standing.until !== null && standing.until > now ? [standing.until] : []));
  return times.length === 0 ? null : Math.min(...times);
}

export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}

/** A time for people: the hour today, else the day. @param time, now milliseconds since the epoch */
export function moment(time: number, now: number): string {
  const at = new Date(time);
  const hour = at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
  return at.toDateString() === new Date(now).toDateString() ? hour : at.toISOString().slice(0, 10);
}

const MINUTE = 60_000;

function ago(iso: string | null, now: number): string {
  const then = iso === null ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(then)) return "never";
  const minutes = Math.max(0, Math.round((now - then) / MINUTE));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${count(minutes, "minute")} ago`;
  if (minutes < 48 * 60) return `${count(Math.round(minutes / 60), "hour")} ago`;
  return `${count(Math.round(minutes / 60 / 24), "day")} ago`;
}
