import * as vscode from "vscode";
import type { Extension } from "../context.ts";
import type { CheckedProblem, Snapshot } from "../engine/calls.ts";
import { descriptionAt, suggestionsAt, type Words } from "./model.ts";

const SOURCE = "CCS";

/** What config.yaml says that cannot be followed, at its place; what could be written there; what each key means. */
export function registerConfig(extension: Extension): void {
  const config = new ConfigFile(extension);
  const selector: vscode.DocumentSelector = { pattern: "**/*.{yaml,yml}", scheme: "file" };
  extension.own(
    config,
    vscode.languages.registerCodeActionsProvider(selector, config, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    vscode.languages.registerCompletionItemProvider(selector, config, " ", ":"),
    vscode.languages.registerHoverProvider(selector, config),
  );
}

class ConfigFile implements vscode.CodeActionProvider, vscode.CompletionItemProvider, vscode.HoverProvider, vscode.Disposable {
  readonly #extension: Extension;
  readonly #problems = vscode.languages.createDiagnosticCollection("ccs");
  readonly #found = new Map<string, readonly CheckedProblem[]>();
  readonly #disposables: vscode.Disposable[];
  /** The one path config.yaml has, and the one its links lead to; asked for when a document might be it. */
  #file: Promise<{ readonly file: string; readonly real: string }> | null = null;

  constructor(extension: Extension) {
    this.#extension = extension;
    const check = (document: vscode.TextDocument) => void this.#check(document);
    this.#disposables = [
      this.#problems,
      vscode.workspace.onDidOpenTextDocument(check),
      vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#problems.delete(uri);
        this.#found.delete(uri.toString());
      }),
    ];
    extension.accounts.onLook((seen) => this.#show(seen), undefined, this.#disposables);
    for (const document of vscode.workspace.textDocuments) check(document);
  }

  /** What is wrong with the file on disk, where no editor has it open: then its own text decides. */
  #show({ config, problems }: Snapshot): void {
    const uri = vscode.Uri.file(config);
    if (this.#found.has(uri.toString())) return;
    this.#problems.set(
      uri,
      problems.map(({ line, col, message }) => {
        const start = new vscode.Position(line - 1, col - 1);
        return diagnosticOf(new vscode.Range(start, start), message);
      }),
    );
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #isOurs({ uri }: vscode.TextDocument): Promise<boolean> {
    if (uri.scheme !== "file" || !/\.ya?ml$/i.test(uri.path)) return false;
    this.#file ??= this.#extension.engine.ask("configFile");
    const { file, real } = await this.#file;
    return [file, real].some((path) => vscode.Uri.file(path).fsPath === uri.fsPath);
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    if (!(await this.#isOurs(document))) return;
    const { version } = document;
    const found = await this.#extension.engine.ask("checkConfig", document.getText());
    // A later keystroke is checked by itself.
    if (document.version !== version || document.isClosed) return;
    this.#found.set(document.uri.toString(), found);
    this.#problems.set(
      document.uri,
      found.map((problem) => diagnosticOf(rangeOf(document, problem), problem.message)),
    );
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const found = this.#found.get(document.uri.toString()) ?? [];
    return found.flatMap((problem) => {
      const where = rangeOf(document, problem);
      if (where.intersection(range) === undefined) return [];
      const diagnostics = (this.#problems.get(document.uri) ?? []).filter((diagnostic) => diagnostic.range.isEqual(where));
      return problem.fixes.map(({ title, length, text }, n) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        action.edit.replace(document.uri, new vscode.Range(where.start, where.start.translate(0, length)), text);
        action.diagnostics = [...diagnostics];
        action.isPreferred = n === 0;
        return action;
      });
    });
  }

  async provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
    if (!(await this.#isOurs(document))) return [];
    const found = suggestionsAt(document.getText(), position.line, position.character, await this.#words());
    return found.map(({ text, is, description }) => {
      const item = new vscode.CompletionItem(text, is === "key" ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value);
      item.documentation = description;
      if (is === "key") item.insertText = `${text}: `;
      // Right behind the colon YAML wants a space.
      else if (document.lineAt(position).text.slice(0, position.character).endsWith(":")) item.insertText = ` ${text}`;
      return item;
    });
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | null> {
    if (!(await this.#isOurs(document))) return null;
    const found = descriptionAt(document.getText(), position.line, position.character, await this.#words());
    if (found === null) return null;
    return new vscode.Hover(
      new vscode.MarkdownString().appendMarkdown("**").appendText(found.key).appendMarkdown("**\n\n").appendText(found.description),
    );
  }

  #words(): Promise<Words> {
    return this.#extension.engine.ask("configWords");
  }
}

function diagnosticOf(range: vscode.Range, message: string): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
  diagnostic.source = SOURCE;
  return diagnostic;
}

/** From where a problem is to the end of what is written there, as an editor underlines it. */
function rangeOf(document: vscode.TextDocument, { line, col }: CheckedProblem): vscode.Range {
  const start = document.validatePosition(new vscode.Position(line - 1, col - 1));
  const word = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#]+)/.exec(document.lineAt(start.line).text.slice(start.character))?.[0];
  return new vscode.Range(start, start.translate(0, word?.length ?? 0));
}
