import { expect, test } from "bun:test";
import { copyFileSync, unlinkSync } from "node:fs";
import { ENDS_SOON } from "../../../shared/index.ts";
import { healthy, NOW, type Stand } from "./scratch.ts";

function endsAt(stand: Stand, account: string, refreshTokenExpiresAt: number): void {
  stand.put(stand.at(account, ".credentials.json"), {
    claudeAiOauth: { accessToken: "t", refreshToken: `r-${account}`, refreshTokenExpiresAt, scopes: ["user:inference"] },
  });
}

test("of every account it is said who is logged in, and until when", () => {
  const stand = healthy();
  expect(stand.said("login").map((c) => [c.result, c.subject, c.message])).toEqual([
    ["ok", "work", "work@example.test is logged in until 2026-03-13"],
    ["ok", "spare", "spare@example.test is logged in until 2026-03-13"],
  ]);
});

test("an account nobody is logged in with is a warning with the command", () => {
  const stand = healthy();
  unlinkSync(stand.at("work", ".credentials.json"));
  expect(stand.said("login")).toMatchObject([
    { result: "warning", subject: "work", message: "nobody is logged in", fix: { describes: [], command: "ccs auth login work" } },
    { result: "ok", subject: "spare" },
  ]);
});

test("a login that has ended, and one that cannot be read, are warnings", () => {
  const stand = healthy();
  endsAt(stand, "work", NOW - 1);
  stand.put(stand.at("spare", ".credentials.json"), "{ torn");
  const said = stand.said("login");
  expect(said.map((c) => [c.result, c.subject])).toEqual([
    ["warning", "work"],
    ["warning", "spare"],
  ]);
  expect(said[0]?.message).toBe("the login has ended, on 2026-03-01");
  expect(said[1]?.message).toContain(".credentials.json");
});

test("a login that ends within three days is a warning, one that ends later is none", () => {
  const stand = healthy();
  endsAt(stand, "work", NOW + ENDS_SOON);
  endsAt(stand, "spare", NOW + ENDS_SOON + 1);
  expect(stand.said("login")).toMatchObject([
    {
      result: "warning",
      subject: "work",
      message: "the login ends soon, on 2026-03-04: log in again before it does",
      fix: { describes: [], command: "ccs auth login work" },
    },
    { result: "ok", subject: "spare" },
  ]);
});

test("of more than two accounts with one identity it makes a list", () => {
  const stand = healthy();
  stand.account("third");
  for (const name of ["spare", "third"]) stand.login(name, "work");
  expect(stand.said("login").map((c) => c.message)).toContainEqual(expect.stringContaining("work, spare and third are logged in as one"));
});

test("two accounts with one identity are a warning that names both", () => {
  const stand = healthy();
  stand.login("spare", "work");
  const said = stand.said("login").filter((c) => c.result !== "ok");
  expect(said).toMatchObject([{ result: "warning", subject: null, fix: { command: "ccs auth login spare" } }]);
  expect(said[0]?.message).toContain("work and spare are logged in as one and the same (work@example.test)");
});

test("a copied refresh token is an error, said once, and the token is in no word of it", () => {
  const stand = healthy();
  copyFileSync(stand.at("work", ".credentials.json"), stand.at("spare", ".credentials.json"));
  const others = () => stand.said("login").filter((c) => c.result !== "ok");
  expect(others()).toMatchObject([
    { result: "error", where: stand.at("spare", ".credentials.json"), fix: { describes: [], command: "ccs auth login spare" } },
  ]);
  expect(others()[0]?.message).toStartWith("work and spare hold copies of one login: ");
  copyFileSync(stand.at("work", ".claude.json"), stand.at("spare", ".claude.json"));
  expect(others().map((c) => c.result)).toEqual(["error"]);
  expect(JSON.stringify(stand.check())).not.toContain("refresh-work");
});
