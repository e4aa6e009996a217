import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands, extension } from "./extension.ts";
import { test } from "./tests.ts";

const STAY = [
  "Edit History Sync",
  "Run Doctor",
  "Create Account",
  "Open Terminal As",
  "Set as Default",
  "Refresh",
  "Undo Last Change",
  "Log In",
  "Reveal Directory",
  "Copy Directory",
];

test("the commands have the names people know, under CCS", () => {
  const titles = commands().map(({ category, title }) => `${category}: ${title}`);
  for (const title of STAY) assert.ok(titles.includes(`CCS: ${title}`), `${title} is missing`);
  assert.deepEqual(
    commands().filter(({ category }) => category !== "CCS"),
    [],
  );
});

test("once it is active, each command it names can be run, and it has no other one under its name", async () => {
  await extension().activate();
  const known = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith("ccs."));
  const views = known.filter((command) => command.startsWith("ccs.accounts."));
  assert.deepEqual(
    known.filter((command) => !views.includes(command)).sort(),
    commands()
      .map(({ command }) => command)
      .sort(),
  );
});

test("it runs where the files are, and in a folder that is not trusted", () => {
  const { extensionKind, capabilities, engines } = extension().packageJSON;
  assert.deepEqual(extensionKind, ["workspace"]);
  assert.equal(capabilities.untrustedWorkspaces.supported, true);
  assert.equal(engines.vscode, "^1.100.0");
});

test("it runs on Node, without Bun", () => {
  assert.equal("Bun" in globalThis, false);
  assert.equal(process.versions["bun"], undefined);
});
