import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { eventually } from "../../support/eventually.ts";
import { ccs, configFile } from "./extension.ts";
import { test } from "./tests.ts";

const uri = () => vscode.Uri.file(configFile());
const problems = () => vscode.languages.getDiagnostics(uri()).filter(({ source }) => source === "CCS");

/** config.yaml in an editor, with a group and with a value in it that is none. */
async function openBroken(): Promise<{ document: vscode.TextDocument; line: number; whole: string }> {
  const whole = readFileSync(configFile(), "utf8");
  writeFileSync(configFile(), whole.replace('continuity_mode: "deeper"', 'continuity_mode: "deep"'));
  const document = await vscode.workspace.openTextDocument(uri());
  await vscode.window.showTextDocument(document);
  await reload(document, '"deep"');
  return {
    document,
    line: document
      .getText()
      .split("\n")
      .findIndex((text) => text.includes('"deep"')),
    whole,
  };
}

/** Has the editor read a document anew, until it holds what was written. */
async function reload(document: vscode.TextDocument, words: string): Promise<void> {
  await eventually("the text on disk", async () => {
    await vscode.commands.executeCommand("workbench.action.files.revert");
    return !document.isDirty && document.getText().includes(words);
  });
}

test("a config.yaml without problems has no diagnostics", async () => {
  ccs("auth", "create", "work", "--no-login", "--context-group", "team-alpha", "--deeper-continuity");
  ccs("auth", "create", "home", "--no-login");
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri()));
  assert.deepEqual(problems(), []);
});

test("what config.yaml says wrong is marked at its line and column, and a quick fix writes what is allowed", async () => {
  const { document, line, whole } = await openBroken();
  const [problem] = await eventually("a problem", problems, (found) => found.length === 1);
  assert.ok(problem !== undefined);
  assert.deepEqual([problem.range.start.line, problem.range.start.character], [line, document.lineAt(line).text.indexOf('"deep"')]);
  assert.match(problem.message, /allowed: "standard" or "deeper"/);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", uri(), problem.range);
  const fix = actions.find(({ title }) => title.includes("deeper"));
  assert.ok(fix?.edit !== undefined, `offered: ${actions.map(({ title }) => title).join(", ")}`);
  assert.equal(await vscode.workspace.applyEdit(fix.edit), true);
  await eventually("no problem", () => problems().length === 0);
  assert.match(document.getText(), /continuity_mode: "?deeper"?/);
  writeFileSync(configFile(), whole);
  await reload(document, '"deeper"');
});

test("it completes keys and values, and says what a key means", async () => {
  const document = await vscode.workspace.openTextDocument(uri());
  const line = document
    .getText()
    .split("\n")
    .findIndex((text) => text.includes("context_mode"));
  const text = document.lineAt(line).text;
  const at = new vscode.Position(line, text.indexOf(":") + 2);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", uri(), at);
  const offered = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
  assert.ok(offered.includes("isolated") && offered.includes("shared"), offered.join(", "));
  const key = new vscode.Position(line, text.indexOf("context_mode") + 2);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri(), key);
  const said = hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === "string" ? part : part.value))).join("\n");
  assert.match(said.replaceAll("&nbsp;", " "), /Whose history/);
});

test("another file of that name is left alone", async () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder !== undefined);
  const other = vscode.Uri.joinPath(folder, "config.yaml");
  await vscode.workspace.fs.writeFile(other, Buffer.from("accounts:\n  work:\n    context_mode: nonsense\n"));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(other));
  await vscode.commands.executeCommand("vscode.executeHoverProvider", other, new vscode.Position(2, 6));
  assert.deepEqual(vscode.languages.getDiagnostics(other), []);
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
});
