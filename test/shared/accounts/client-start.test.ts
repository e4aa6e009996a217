import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientStart, createAccount, groupOf, type Home, homeOf, instanceOf } from "../../../shared/index.ts";
import { thrownBy } from "../../support/thrown.ts";

let base: string;
let home: Home;
let client: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ccs-start-"));
  home = homeOf({ CCS_DIR: join(base, "ccs") }, base, base);
  client = join(base, "claude");
  writeFileSync(client, "#!/bin/sh\n");
  chmodSync(client, 0o755);
  createAccount(home, "work", { mode: "shared", group: "team", continuity: "standard" }, new Date());
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe("what starts a client in a terminal of its own", () => {
  test("is the client, its account, and what would make it somebody else", () => {
    const env = { CCS_CLAUDE_PATH: client, ANTHROPIC_API_KEY: "key", OTHER: "stays" };
    expect(clientStart(home, "work", env)).toEqual({
      client,
      set: { CLAUDE_CONFIG_DIR: instanceOf(home, "work"), CCS_ACCOUNT: "work" },
      unset: ["ANTHROPIC_API_KEY"],
    });
  });

  test("comes after what needs no choice is mended", () => {
    const link = join(instanceOf(home, "work"), "projects");
    unlinkSync(link);
    clientStart(home, "work", { CCS_CLAUDE_PATH: client });
    expect(readlinkSync(link)).toBe(join(groupOf(home, "team"), "projects"));
  });

  test("is refused where a launch would be, and where there is no client or no account", () => {
    expect(thrownBy(() => clientStart(home, "spare", { CCS_CLAUDE_PATH: client })).code).toBe("not-found");
    expect(thrownBy(() => clientStart(home, "work", { PATH: base.slice(0, 1) })).code).toBe("client-not-found");
    const link = join(instanceOf(home, "work"), "projects");
    unlinkSync(link);
    mkdirSync(join(base, "elsewhere"));
    symlinkSync(join(base, "elsewhere"), link);
    expect(thrownBy(() => clientStart(home, "work", { CCS_CLAUDE_PATH: client })).code).toBe("refused");
    expect(readlinkSync(link)).toBe(join(base, "elsewhere"));
  });
});
