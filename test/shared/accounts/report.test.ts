import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { listAccounts } from "../../../shared/index.ts";
import { NOW, Stand } from "../doctor/scratch.ts";

test("what cannot be seen of one account is that account's problem, and the others are shown as ever", () => {
  const stand = new Stand();
  stand.account("work");
  stand.account("home");
  mkdirSync(stand.at("work"), { recursive: true });
  symlinkSync("sessions", stand.at("work", "sessions"));
  const [work, home] = listAccounts(stand.home, NOW);
  expect(work).toMatchObject({ health: "error", running: 0 });
  expect(work?.problems.map((p) => p.message).join()).toContain(join("work", "sessions"));
  expect(home).toMatchObject({ health: "ok", problems: [] });
});
