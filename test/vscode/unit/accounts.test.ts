import { describe, expect, test } from "bun:test";
import { badgeOf, childrenOf, itemOf, moment, nextTurn, rootsOf, tooltipOf } from "../../../extension/accounts/model.ts";
import type { Row } from "../../../extension/engine/calls.ts";
import { DAY, NOW, report, row, shared, snapshot } from "./support/rows.ts";

const item = (of: Row) => itemOf({ kind: "account", row: of });

describe("a row", () => {
  test("is a name, and in its description whose history the account sees", () => {
    expect(item(row(report("work")))).toMatchObject({ label: "work", description: "isolated" });
    expect(item(row(report("work", { policy: shared("team-alpha") })))).toMatchObject({ description: "shared (team-alpha)" });
    expect(item(row(report("work", { policy: shared("team-alpha", "deeper") })))).toMatchObject({
      description: "shared (team-alpha), deeper",
    });
  });

  test("has an icon of its own for each way an account stands", () => {
    const ways = [
      row(report("in")),
      row(report("out", {}, { loggedIn: false })),
      row(report("ending", {}, { loginEnds: NOW + DAY })),
      row(report("limited", { limitedUntil: NOW + DAY })),
      row(report("broken", { health: "error" })),
    ];
    expect(new Set(ways.map((way) => item(way).icon)).size).toBe(ways.length);
  });

  test("bears the mark of the default account, to the eye and to the ear", () => {
    const marked = item(row(report("work", { isDefault: true })));
    expect(marked.marked).toBe(true);
    expect(marked.spoken).toBe("work, the default account, isolated, signed in");
    expect(item(row(report("work"))).marked).toBe(false);
  });

  test("tells the menus what it is, so that the default account is not offered to become it", () => {
    expect(item(row(report("work", { isDefault: true, policy: shared("team") }))).context).toBe("account default shared signed-in");
    expect(item(row(report("work", { policy: null }))).context).toBe("account invalid signed-in");
  });

  test("keeps its identity however the account stands, so that a selection stays", () => {
    expect(item(row(report("work"))).id).toBe(item(row(report("work", { isDefault: true, health: "error" }))).id);
  });

  test("says to a screen reader that a client runs", () => {
    expect(item(row(report("work", { running: 2 }))).spoken).toEndWith("running now");
  });
});

describe("below a row", () => {
  const group = [
    { account: "work", continuity: "standard" },
    { account: "spare", continuity: "deeper" },
  ] as const;

  test("stand the other members of its group, with what they share", () => {
    const work = row(report("work", { policy: shared("team") }), group);
    expect(item(work).opens).toBe(true);
    const [child, ...more] = childrenOf({ kind: "account", row: work });
    expect(more).toEqual([]);
    expect(child).toEqual({ kind: "member", of: "work", account: "spare", continuity: "deeper" });
    expect(child && itemOf(child)).toMatchObject({ label: "spare", description: "deeper", opens: false });
  });

  test("is nothing where it is isolated, or alone in its group", () => {
    expect(item(row(report("home"))).opens).toBe(false);
    expect(item(row(report("work", { policy: shared("team") }), group.slice(0, 1))).opens).toBe(false);
  });

  test("has a row of its own under each of the others", () => {
    const ids = ["work", "spare"].flatMap((name) =>
      childrenOf({ kind: "account", row: row(report(name), group) }).map((child) => itemOf(child).id),
    );
    expect(new Set(ids).size).toBe(2);
  });
});

describe("what config.yaml says wrong", () => {
  const problems = [{ line: 7, col: 22, message: 'continuity_mode is "deep"; allowed: "standard" or "deeper"' }];

  test("stands before the accounts, with its line, and counts in the badge", () => {
    const seen = snapshot([row(report("work", { policy: null, health: "error" }))], problems);
    const [problem, account] = rootsOf(seen);
    expect(problem && itemOf(problem)).toMatchObject({ label: "config.yaml:7:22", description: problems[0]?.message, context: "problem" });
    expect(account?.kind).toBe("account");
    expect(badgeOf(seen)?.value).toBe(2);
  });
});

test("what cannot be read at all is one row that says so, and what mends it", () => {
  const refusal = { code: "failed", message: "config.yaml cannot be read", where: "/ccs/config.yaml", untouched: null, hint: "Mend it" };
  expect(itemOf({ kind: "failure", refusal })).toMatchObject({ label: "config.yaml cannot be read", description: "Mend it", opens: false });
});

describe("the badge", () => {
  test("counts the accounts a person has something to do about, and a limit is none", () => {
    const rows = [
      row(report("in")),
      row(report("limited", { limitedUntil: NOW + DAY })),
      row(report("out", {}, { loggedIn: false })),
      row(report("ending", {}, { loginEnds: NOW + 2 * DAY })),
    ];
    expect(badgeOf(snapshot(rows))).toEqual({ value: 2, tooltip: "2 need attention" });
    expect(badgeOf(snapshot(rows.slice(0, 3)))?.tooltip).toBe("1 needs attention");
  });

  test("goes away where nothing does", () => {
    expect(badgeOf(snapshot([row(report("in"))]))).toBeNull();
    expect(badgeOf(snapshot([]))).toBeNull();
  });
});

describe("the tooltip", () => {
  const group = { name: "team", members: 2, sessions: 41 };

  test("tells who is logged in, the plan, when it was used, its directory, its group and the machine", () => {
    const lastUsed = new Date(NOW - 3 * 60_000).toISOString();
    const work = row(
      report("work", { policy: shared("team"), lastUsed, running: 1 }, { organization: "Example", plan: "max", loginEnds: NOW + 9 * DAY }),
    );
    expect(tooltipOf(work, { group }, "remote (wsl)", NOW)).toEqual([
      ["State", "signed in until 2026-03-10"],
      ["Login", "work@example.invalid, Example"],
      ["Plan", "max"],
      ["History", "shared (team)"],
      ["Group", "team: 2 accounts, 41 sessions"],
      ["Last used", "3 minutes ago; 1 client running now"],
      ["Directory", "/ccs/instances/work"],
      ["Machine", "remote (wsl)"],
    ]);
  });

  test("tells no login of an account that is signed out, and no machine where it is the person's own", () => {
    const titles = tooltipOf(row(report("work", {}, { loggedIn: false })), { group: null }, null, NOW).map(([title]) => title);
    expect(titles).toEqual(["State", "History", "Last used", "Directory"]);
  });

  test("tells each problem, with what mends it", () => {
    const problems = [{ health: "error" as const, message: "projects leads nowhere", fix: "ccs doctor --fix" }];
    const lines = tooltipOf(row(report("work", { health: "error", problems })), { group: null }, null, NOW);
    expect(lines.at(-1)).toEqual(["Problem", "projects leads nowhere (ccs doctor --fix)"]);
  });

  test("counts one as one", () => {
    const lines = tooltipOf(row(report("work")), { group: { name: "team", members: 1, sessions: 1 } }, null, NOW);
    expect(lines).toContainEqual(["Group", "team: 1 account, 1 session"]);
  });
});

test("a time today is told by its hour, another by its day", () => {
  expect(moment(NOW + 60_000, NOW)).toMatch(/^\d\d:\d\d$/);
  expect(moment(NOW + 5 * DAY, NOW)).toBe("2026-03-06");
});

describe("rows change by themselves", () => {
  test("when the next limit passes or the next login ends", () => {
    const rows = [
      row(report("a", { limitedUntil: NOW + 2 * DAY })),
      row(report("b", {}, { loginEnds: NOW + DAY })),
      row(report("c", { limitedUntil: NOW - 1 })),
    ];
    expect(nextTurn(snapshot(rows))).toBe(NOW + DAY);
  });

  test("never where nothing has an end", () => {
    expect(nextTurn(snapshot([row(report("a"))]))).toBeNull();
  });
});
