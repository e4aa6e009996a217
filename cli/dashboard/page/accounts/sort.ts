import type { AccountRow } from "../../api/schemas.ts";

export const COLUMNS = {
  name: "Account",
  context: "Context",
  login: "Logged in",
  until: "Until",
  used: "Last used",
  health: "Health",
} as const;
export type Column = keyof typeof COLUMNS;

export interface Order {
  readonly column: Column;
  readonly down: boolean;
}

const HEALTH = ["error", "warning", "info", "ok"];

/** What a column is sorted by. */
function keyOf(row: AccountRow, column: Column): string | number {
  switch (column) {
    case "name":
      return row.name.toLowerCase();
    case "context":
      return row.context;
    case "login":
      return (row.login.loggedIn ? (row.login.email ?? "") : "\uffff").toLowerCase();
    case "until":
      return row.login.loggedIn ? (row.login.ends ?? Number.MAX_SAFE_INTEGER) : 0;
    case "used":
      // The last one first.
      return row.running > 0 ? Number.NEGATIVE_INFINITY : -(Date.parse(row.lastUsed ?? "") || 0);
    case "health":
      // Where nothing is wrong, but something is to be done, after what is wrong.
      return HEALTH.indexOf(row.health) - (row.standing.attention ? 0.5 : 0);
  }
}

/** The rows that hold every word, in order; null: in that of config.yaml. */
export function shownRows(rows: readonly AccountRow[], search: string, order: Order | null): readonly AccountRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    const { name, context, login, standing, isDefault } = row;
    const text = [name, context, login.email, login.organization, login.plan, standing.words, row.health, isDefault ? "default" : ""]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (order === null) return found;
  const sign = order.down ? -1 : 1;
  return found
    .map((row) => ({ row, key: keyOf(row, order.column) }))
    .sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -sign : sign))
    .map(({ row }) => row);
}
