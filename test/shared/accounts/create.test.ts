import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CcsError, createAccount, homeOf, setDefault } from "../../../shared/index.ts";
import { NOW, Stand } from "../doctor/scratch.ts";

test("a config.yaml that is made has a version, a number, without which the npm package reads none of it; one that is there gets none", () => {
  const stand = new Stand();
  stand.account("work");
  expect(typeof parse(readFileSync(stand.home.config, "utf8")).version).toBe("number");
  const mine = new Stand();
  mine.put(mine.home.config, "# mine\naccounts: {}\n");
  mine.account("work");
  expect(parse(readFileSync(mine.home.config, "utf8"))).not.toHaveProperty("version");
});

// Needs the superuser: it takes on another user here.
test.skipIf(process.geteuid?.() !== 0)("where CCS_DIR cannot be written, it says so with the path, and what to do", () => {
  const stand = new Stand();
  chmodSync(stand.root, 0o755);
  const home = homeOf({ CCS_DIR: join(stand.root, "locked", "ccs") }, stand.root, stand.root);
  mkdirSync(join(stand.root, "locked"), { mode: 0o755 });
  let thrown: unknown;
  process.seteuid?.(65_534);
  try {
    createAccount(home, "work", { mode: "isolated" }, new Date(NOW));
  } catch (error) {
    thrown = error;
  } finally {
    process.seteuid?.(0);
  }
  expect(thrown).toBeInstanceOf(CcsError);
  const { code, message, where, untouched, hint } = thrown as CcsError;
  expect({ code, where, untouched }).toEqual({ code: "failed", where: home.root, untouched: "Nothing was changed." });
  expect(message).toContain("permission denied (EACCES)");
  expect(hint).toContain("run the command again");
});

test("a config.yaml somebody else replaced by a directory is an error in words for whoever wants to change it", () => {
  const stand = new Stand();
  stand.put(join(stand.home.config, "x"), "mine");
  expect(() => setDefault(stand.home, null)).toThrow(CcsError);
});
