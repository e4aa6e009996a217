import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as vscode from "vscode";

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}

/** The extension under test. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.all.filter((each) => each.packageJSON.contributes?.viewsContainers?.activitybar?.[0]?.title === "CCS");
  const [ours] = found;
  if (ours === undefined) throw new Error("the extension is not in this editor");
  return ours;
}

/** What it contributes to the palette. */
export function commands(): readonly Command[] {
  return extension().packageJSON.contributes.commands as Command[];
}

/** Runs a command by its title. */
export async function run(title: string, ...args: unknown[]): Promise<unknown> {
  const found = commands().find((each) => each.title === title);
  if (found === undefined) throw new Error(`there is no command "${title}"`);
  return vscode.commands.executeCommand(found.command, ...args);
}

/** Runs the compiled `ccs`, as somebody in a terminal does meanwhile. */
export function ccs(...args: readonly string[]): string {
  const binary = process.env["CCS_TEST_BINARY"];
  if (binary === undefined) throw new Error("CCS_TEST_BINARY names no program");
  return execFileSync(binary, [...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export const ccsDir = (): string => process.env["CCS_DIR"] ?? "";
export const configFile = (): string => join(ccsDir(), "config.yaml");
