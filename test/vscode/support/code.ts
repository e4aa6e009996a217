import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openBrowser } from "../../support/browser.ts";
import { startServer } from "./server.ts";

/**
 * Runs the tests at `--extensionTestsPath` in an extension host that has the extension at `--extensionDevelopmentPath`,
 * and exits with what they exit with. Takes all arguments `code` is given for that, and heeds those that mean something
 * in a browser.
 */
const { values, positionals } = parseArgs({ args: process.argv.slice(2), strict: false, allowPositionals: true });
const given = (name: string): string => {
  const value = values[name];
  if (typeof value !== "string") throw new Error(`--${name}=<path> is missing`);
  return value;
};

const directory = mkdtempSync(join(tmpdir(), "ccs-code-"));
const folder = positionals[0] ?? join(directory, "folder");
mkdirSync(folder, { recursive: true });
const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
const server = await startServer({ editor: "newest", directory, env, development: true });
const browser = await openBrowser();
try {
  const remote = (path: string) => `vscode-remote://${server.authority}${path}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(given("extensionDevelopmentPath"))],
    ["extensionTestsPath", remote(given("extensionTestsPath"))],
  ]);
  const page = await browser.page();
  const ended = Promise.withResolvers<number>();
  page.on("crash", () => ended.reject(new Error("the page crashed")));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ended.reject(new Error(`ended by ${signal}`)));
  await page.exposeFunction("codeAutomationExit", (code: number) => ended.resolve(code));
  await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => console.log(...args));
  await page.goto(`${server.url}/?${new URLSearchParams({ folder, payload })}`);
  process.exitCode = await ended.promise;
} finally {
  await browser.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
