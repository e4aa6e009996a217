import { expect, test } from "bun:test";
import { join } from "node:path";
import { INSTALL_CLIENT, runDoctor } from "../../../shared/index.ts";
import { healthy, NOW, Stand } from "./scratch.ts";

function client(stand: Stand, env: NodeJS.ProcessEnv) {
  return runDoctor(stand.home, { env, now: NOW }).checks.filter((c) => c.name === "client");
}

test("the client is told with its version", () => {
  const stand = new Stand();
  expect(client(stand, stand.env)).toMatchObject([{ result: "ok", message: `Claude Code 2.1.330, ${stand.env.CCS_CLAUDE_PATH}` }]);
});

test("no client is an error with the line that installs it", () => {
  const stand = new Stand();
  expect(client(stand, { PATH: join(stand.root, "nothing") })).toMatchObject([
    { result: "error", fix: { describes: [], command: INSTALL_CLIENT } },
  ]);
});

test("a CCS_CLAUDE_PATH that names nothing is what is blamed", () => {
  const stand = new Stand();
  const [said] = client(stand, { CCS_CLAUDE_PATH: join(stand.root, "gone") });
  expect(said?.result).toBe("error");
  expect(said?.message).toContain("CCS_CLAUDE_PATH");
});

test("where files do not tell the version the client is asked, and one that does not answer is a warning", () => {
  const stand = new Stand();
  const talks = stand.put("a/claude", "#!/bin/sh\necho '2.2.0 (Claude Code)'\n", 0o755);
  const silent = stand.put("b/claude", "#!/bin/sh\nexit 1\n", 0o755);
  expect(client(stand, { CCS_CLAUDE_PATH: talks })).toMatchObject([{ result: "ok", message: `Claude Code 2.2.0, ${talks}` }]);
  expect(client(stand, { CCS_CLAUDE_PATH: silent })).toMatchObject([{ result: "warning", where: silent }]);
});

test("a client that misses links is a warning where accounts share, and fine where none does", () => {
  for (const [version, result] of [
    ["2.1.145", "warning"],
    ["2.1.99", "warning"],
    ["2.1.146", "ok"],
    ["2.2.0", "ok"],
    ["10.0.0", "ok"],
  ] as const) {
    const stand = healthy();
    const claude = stand.put(`versions/${version}`, "#!/bin/sh\n", 0o755);
    const said = client(stand, { CCS_CLAUDE_PATH: claude });
    expect(said.map((c) => [version, c.result])).toEqual([[version, result]]);
    if (result === "warning") expect(said[0]).toMatchObject({ where: claude, fix: { command: INSTALL_CLIENT } });
  }
  const alone = new Stand();
  alone.account("work");
  expect(client(alone, { CCS_CLAUDE_PATH: alone.put("versions/2.1.100", "#!/bin/sh\n", 0o755) }).map((c) => c.result)).toEqual(["ok"]);
});
