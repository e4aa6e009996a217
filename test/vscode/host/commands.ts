import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { eventually } from "../../support/eventually.ts";
import { ccs, ccsDir, run } from "./extension.ts";
import { test } from "./tests.ts";

const doctors = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("ccs.doctor"));

test("Run Doctor opens one panel, and reveals it when it is asked for again", async () => {
  await run("Run Doctor");
  await eventually("a panel", () => doctors().length === 1);
  await run("Run Doctor");
  assert.equal(doctors().length, 1);
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  await eventually("no panel", () => doctors().length === 0);
});

test("Open Terminal As gives a terminal the account's directory, and takes away what would make it somebody else", async () => {
  process.env["ANTHROPIC_API_KEY"] = "of-somebody-else";
  const before = vscode.window.terminals.length;
  await run("Open Terminal As", "work");
  await eventually("a terminal", () => vscode.window.terminals.length > before);
  const terminal = vscode.window.terminals.at(-1);
  assert.ok(terminal !== undefined);
  const { env, shellPath } = terminal.creationOptions as vscode.TerminalOptions;
  assert.equal(env?.["CLAUDE_CONFIG_DIR"], join(ccsDir(), "instances", "work"));
  assert.equal(env?.["CCS_ACCOUNT"], "work");
  assert.equal(shellPath, process.env["CCS_CLAUDE_PATH"]);
  terminal.dispose();
});

test("Set as Default and Copy Directory do what they say when they are given an account", async () => {
  await run("Set as Default", "home");
  assert.match(ccs("auth", "default"), /home/);
  await run("Copy Directory", "home");
  assert.equal(await vscode.env.clipboard.readText(), join(ccsDir(), "instances", "home"));
});
