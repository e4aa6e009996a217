import { expect, test } from "bun:test";
import { accountOfChange, newChangeId } from "../../../shared/context/change-id.ts";

test("the name of a change tells its account, whatever characters that has; other names tell none", () => {
  const now = new Date("2026-03-01T12:00:00.000Z");
  for (const account of ["work", "a-b.c_d", "20260301T120000Z-work-abcd", "0-0"])
    expect(accountOfChange(newChangeId(account, now))).toBe(account);
  for (const name of ["stray", "20260301-work-abcd", "20260301T1200Z-work"]) expect(accountOfChange(name)).toBeNull();
});
