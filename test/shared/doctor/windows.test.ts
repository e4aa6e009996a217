import { expect, test } from "bun:test";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { INSTALL_CLIENT } from "../../../shared/index.ts";
import { healthy, type Stand } from "./scratch.ts";

// No machine with Windows is at hand: what tells it is given, the files are real.

const WSL = "Linux version 6.6.87.2-microsoft-standard-WSL2";

function onWindows(stand: Stand): string {
  const windowsUsers = join(stand.root, "mnt", "c", "Users");
  mkdirSync(join(windowsUsers, "Public"), { recursive: true });
  stand.surroundings = { ...stand.surroundings, platform: "linux", kernel: () => WSL, windowsUsers };
  return windowsUsers;
}

test("on any other system there is nothing to say", () => {
  const stand = healthy();
  onWindows(stand);
  stand.surroundings = { ...stand.surroundings, kernel: () => "Linux version 6.12.0-amd64" };
  expect(stand.said("windows")).toEqual([]);
});

test("Linux on Windows is told by its kernel or its variable, and is fine as long as it keeps to itself", () => {
  const stand = healthy();
  onWindows(stand);
  expect(stand.said("windows").map((c) => c.result)).toEqual(["ok"]);
  stand.surroundings = { ...stand.surroundings, kernel: () => "" };
  stand.env = { ...stand.env, WSL_DISTRO_NAME: "Debian" };
  expect(stand.said("windows").map((c) => c.result)).toEqual(["ok"]);
});

test("accounts of ccs on Windows are told by the way, with the command that shows them", () => {
  const stand = healthy();
  const root = join(onWindows(stand), "me", ".ccs");
  stand.put(join(root, "config.yaml"), "");
  expect(stand.said("windows")).toMatchObject([
    { result: "info", where: root, fix: { describes: [], command: `CCS_DIR=${root} ccs auth list` } },
  ]);
});

test("those this ccs uses itself are no others", () => {
  const stand = healthy();
  const users = onWindows(stand);
  mkdirSync(join(users, "me"));
  symlinkSync(stand.home.root, join(users, "me", ".ccs"));
  expect(stand.said("windows").map((c) => c.result)).toEqual(["ok"]);
});

test("a client of Windows is an error: it is not told of the instance", () => {
  const stand = healthy();
  const users = onWindows(stand);
  const claude = stand.put(join(users, "me", "AppData", "claude"), "#!/bin/sh\n", 0o755);
  stand.env = { CCS_CLAUDE_PATH: claude };
  expect(stand.said("windows")).toMatchObject([{ result: "error", where: claude, fix: { command: INSTALL_CLIENT } }]);
});

test("what is kept on a disk of Windows is a warning", () => {
  const stand = healthy();
  const users = onWindows(stand);
  const home = join(users, "me", ".ccs");
  mkdirSync(join(users, "me"));
  renameSync(stand.home.root, home);
  symlinkSync(home, stand.home.root);
  expect(stand.said("windows")).toMatchObject([{ result: "warning", where: stand.home.root }]);
});

test("on Windows itself, a HOME that is not the home of Windows is a warning, unless CCS_DIR says where things are", () => {
  const stand = healthy();
  stand.surroundings = { ...stand.surroundings, platform: "win32" };
  const said = (env: NodeJS.ProcessEnv) => {
    stand.env = { ...env, CCS_CLAUDE_PATH: stand.env.CCS_CLAUDE_PATH };
    return stand.said("windows").map((c) => c.result);
  };
  expect(said({ USERPROFILE: "C:\\Users\\me" })).toEqual(["ok"]);
  expect(said({ HOME: "c:/users/ME/", USERPROFILE: "C:\\Users\\me" })).toEqual(["ok"]);
  expect(said({ HOME: "D:\\home", USERPROFILE: "C:\\Users\\me" })).toEqual(["warning"]);
  expect(said({ HOME: "D:\\home", USERPROFILE: "C:\\Users\\me", CCS_DIR: "D:\\ccs" })).toEqual(["ok"]);
});
