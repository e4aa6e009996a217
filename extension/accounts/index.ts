import * as vscode from "vscode";
import { trying } from "../ask/say.ts";
import type { Extension } from "../context.ts";
import type { Snapshot } from "../engine/calls.ts";
import { EngineError } from "../engine/refusal.ts";
import { badgeOf, childrenOf, itemOf, type Line, type Node, nextTurn, rootsOf, tooltipOf } from "./model.ts";

const VIEW = "ccs.accounts";
/** Stands for the default account: what bears it gets the mark. */
const DEFAULT = vscode.Uri.from({ scheme: "ccs-account", path: "/default" });
/** The longest a timer may wait; setTimeout counts in 31 bits. */
const LONGEST = 2 ** 31 - 1;

/** The tree of accounts, and what is known of them: it looks while it is visible, and whenever somebody asks. */
export class Accounts implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #extension: Omit<Extension, "accounts">;
  readonly #drawn = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #disposables: vscode.Disposable[] = [];
  readonly #looked = new vscode.EventEmitter<Snapshot>();
  readonly onDidChangeTreeData = this.#drawn.event;
  readonly onLook = this.#looked.event;
  snapshot: Snapshot | null = null;
  #roots: Node[] = [];
  #shown = "";
  #following: vscode.Disposable | null = null;
  #looking: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #turn: NodeJS.Timeout | undefined;

  constructor(extension: Omit<Extension, "accounts">) {
    this.#extension = extension;
    this.#view = vscode.window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#disposables.push(
      this.#view,
      this.#drawn,
      this.#looked,
      this.#view.onDidChangeVisibility(({ visible }) => this.#attend(visible)),
      extension.onChange(() => {
        if (this.#view.visible) void this.refresh();
      }),
    );
    this.#attend(this.#view.visible);
  }

  dispose(): void {
    clearTimeout(this.#turn);
    this.#following?.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** A view nobody looks at follows nothing. */
  #attend(visible: boolean): void {
    if (visible) {
      this.#following ??= this.#extension.follow();
      void this.refresh();
      return;
    }
    clearTimeout(this.#turn);
    this.#following?.dispose();
    this.#following = null;
  }

  /** Looks at all accounts. One look at a time: who asks during one gets the next. */
  refresh(): Promise<void> {
    if (this.#next !== null) return this.#next;
    const next = this.#looking
      .catch(() => undefined) // Who asked for it was told.
      .then(() => {
        this.#next = null;
        this.#looking = next;
        return this.#look();
      });
    this.#next = next;
    return next;
  }

  async #look(): Promise<void> {
    try {
      this.snapshot = await this.#extension.engine.ask("snapshot");
      this.#roots = rootsOf(this.snapshot);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.snapshot = null;
      this.#roots = [{ kind: "failure", refusal: error.refusal }];
    }
    const badge = this.snapshot === null ? null : badgeOf(this.snapshot);
    this.#view.badge = badge ?? undefined;
    this.#await(this.snapshot);
    await vscode.commands.executeCommand("setContext", "ccs.empty", this.#roots.length === 0);
    await vscode.commands.executeCommand("setContext", "ccs.loaded", true);
    // Rows that say the same are left standing: drawn anew, one would get away from under a click.
    const shown = JSON.stringify(this.#roots);
    if (shown !== this.#shown) this.#drawn.fire(undefined);
    this.#shown = shown;
    if (this.snapshot !== null) this.#looked.fire(this.snapshot);
  }

  /** A limit that passes and a login that ends change rows without a change on disk. */
  #await(snapshot: Snapshot | null): void {
    clearTimeout(this.#turn);
    const turn = snapshot === null ? null : nextTurn(snapshot);
    if (turn === null || !this.#view.visible) return;
    this.#turn = setTimeout(() => void this.refresh(), Math.min(Math.max(turn - Date.now(), 0) + 1000, LONGEST));
  }

  async busy<T>(work: () => Promise<T>): Promise<T> {
    return vscode.window.withProgress({ location: { viewId: VIEW } }, work);
  }

  getChildren(node?: Node): Node[] {
    return node === undefined ? this.#roots : childrenOf(node);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { id, label, description, icon, color, context, opens, marked, spoken } = itemOf(node);
    const state = opens ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const item = new vscode.TreeItem(label, state);
    item.id = id;
    item.description = description;
    item.iconPath = color === null ? new vscode.ThemeIcon(icon) : new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
    item.contextValue = context;
    if (marked) item.resourceUri = DEFAULT;
    item.accessibilityInformation = { label: spoken, role: "treeitem" };
    if (node.kind === "problem") {
      item.tooltip = node.message;
      item.command = { command: "ccs.openConfig", title: "Open config.yaml", arguments: [node] };
    }
    if (node.kind === "failure")
      item.tooltip = [node.refusal.message, node.refusal.where, node.refusal.hint].filter((line) => line).join("\n");
    return item;
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind !== "account") return item;
    const { name } = node.row.report;
    const details = await this.#extension.engine.ask("details", name).catch(() => ({ group: null }));
    item.tooltip = tooltip(name, tooltipOf(node.row, details, machine(), Date.now()));
    return item;
  }
}

/** Every name and path as text: one that looks like markup is shown as it is, and what looks like an address leads nowhere. */
function tooltip(name: string, lines: readonly Line[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${plain(name)}**\n\n`);
  for (const [title, words] of lines) text.appendMarkdown(`${title}: ${plain(words)}  \n`);
  return text;
}

/** What the editor's own escaping leaves is made no link of: an e-mail address, `https://...`, `www....`. */
function plain(text: string): string {
  const escaped = new vscode.MarkdownString().appendText(text).value;
  return escaped
    .replaceAll("@", "&#64;")
    .replaceAll("://", "&#58;//")
    .replace(/www\\?\./gi, (www) => `${www.slice(0, 3)}&#46;`);
}

/** Which machine it is, where that is not the one the person sits at. */
function machine(): string | null {
  const { remoteName } = vscode.env;
  return remoteName === undefined ? null : `remote (${remoteName})`;
}

export function registerAccounts(extension: Extension, accounts: Accounts): void {
  extension.own(
    accounts,
    vscode.window.registerFileDecorationProvider({
      provideFileDecoration: ({ scheme }) => (scheme === DEFAULT.scheme ? { badge: "★", tooltip: "the default account" } : undefined),
    }),
    vscode.commands.registerCommand("ccs.refresh", () => trying(() => accounts.refresh())),
    vscode.commands.registerCommand("ccs.openConfig", (at?: Node) => trying(() => openConfig(accounts, at))),
  );
}

async function openConfig(accounts: Accounts, at?: Node): Promise<void> {
  if (accounts.snapshot === null) await accounts.refresh();
  const file = at?.kind === "problem" ? at.file : accounts.snapshot?.config;
  if (file === undefined) return;
  const position = at?.kind === "problem" ? new vscode.Position(at.line - 1, at.col - 1) : new vscode.Position(0, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position) });
}
