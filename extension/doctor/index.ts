import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { CheckResult } from "../../shared/index.ts";
import { propose, sayDone } from "../ask/propose.ts";
import { refusalText, sayError } from "../ask/say.ts";
import type { Extension } from "../context.ts";
import { EngineError } from "../engine/refusal.ts";
import { doctorHtml } from "./html.ts";
import { failureOf, placeOf, reportText, type Shown, shownOf, type Wish, wishOf } from "./model.ts";

export function registerDoctor(extension: Extension): void {
  let panel: Doctor | null = null;
  extension.own(
    vscode.commands.registerCommand("ccs.runDoctor", () => {
      panel ??= new Doctor(extension, () => {
        panel = null;
      });
      panel.show();
    }),
    { dispose: () => panel?.close() },
  );
}

/** The one panel of the doctor. It looks while it is visible, and again whenever something has changed. */
class Doctor {
  readonly #extension: Extension;
  readonly #panel: vscode.WebviewPanel;
  #following: vscode.Disposable | null = null;
  #checks: readonly CheckResult[] = [];
  #config = "";

  constructor(extension: Extension, gone: () => void) {
    this.#extension = extension;
    this.#panel = vscode.window.createWebviewPanel("ccs.doctor", "CCS Doctor", vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [],
    });
    this.#panel.iconPath = vscode.Uri.joinPath(extension.uri, "media", "icon.png");
    const { webview } = this.#panel;
    const shipped = (...names: string[]) => readFileSync(vscode.Uri.joinPath(extension.uri, ...names).fsPath, "utf8");
    const heard = webview.onDidReceiveMessage((message: unknown) => {
      const wish = wishOf(message);
      if (wish !== null) void this.#grant(wish).catch(sayError);
    });
    const changed = extension.onChange(() => {
      if (this.#panel.visible) void this.#look();
    });
    this.#panel.onDidChangeViewState(() => this.#attend());
    this.#panel.onDidDispose(() => {
      for (const disposable of [heard, changed, this.#following]) disposable?.dispose();
      gone();
    });
    webview.html = doctorHtml({
      script: shipped("page", "doctor.js"),
      style: shipped("media", "doctor.css"),
      nonce: randomBytes(16).toString("hex"),
    });
    this.#attend();
  }

  show(): void {
    this.#panel.reveal();
    void this.#look();
  }

  close(): void {
    this.#panel.dispose();
  }

  #attend(): void {
    if (this.#panel.visible) {
      this.#following ??= this.#extension.follow();
      return;
    }
    this.#following?.dispose();
    this.#following = null;
  }

  /** What goes wrong is said in the panel: nobody may have asked for this look. */
  async #look(): Promise<void> {
    const shown = await this.#run().catch((error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      return failureOf(refusalText(error.refusal));
    });
    await this.#panel.webview.postMessage(shown);
  }

  async #run(): Promise<Shown> {
    const { checks, config } = await this.#extension.engine.ask("doctor");
    this.#checks = checks;
    this.#config = config;
    return shownOf(checks);
  }

  async #grant(wish: Wish): Promise<void> {
    switch (wish.do) {
      case "ready":
      case "refresh":
        return this.#look();
      case "copy":
        await vscode.env.clipboard.writeText(reportText(this.#checks));
        vscode.window.setStatusBarMessage("The doctor's report is in the clipboard, without e-mail addresses and tokens", 4000);
        return;
      case "fix":
        return this.#fix([wish.id]);
      case "fix-all":
        return this.#fix(null);
      case "open":
        return this.#open(wish.where);
    }
  }

  /** @param ids null: everything that needs no choice */
  async #fix(ids: readonly string[] | null): Promise<void> {
    const done = await propose(this.#extension, {
      account: this.#checks.find(({ id, about }) => about === "account" && ids?.[0] === id)?.subject ?? "ccs",
      title: "CCS Doctor",
      verb: "Fix",
      look: () => this.#extension.engine.ask("proposeFix", ids),
      nothing: "There is nothing to fix any more.",
      back: false,
    });
    await this.#look();
    if (done !== null && done !== "back") await sayDone(done);
  }

  /** Only what a check named is opened: the page cannot ask for any other file. */
  async #open(where: string): Promise<void> {
    const place = this.#checks.some((check) => check.where === where) ? placeOf(where, this.#config) : null;
    if (place === null) return;
    const uri = vscode.Uri.file(place.path);
    const { type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) !== 0) {
      await vscode.commands.executeCommand("revealInExplorer", uri);
      return;
    }
    const position = new vscode.Position(place.line, place.character);
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) });
  }
}
