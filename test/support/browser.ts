import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BrowserContextOptions, chromium, type Browser as Engine, type Page } from "playwright-core";

/** A browser with a new profile, for which no name but this machine's leads anywhere. It remembers what its pages asked for and said. */
export interface Browser {
  /** A page that has cookies and storage of its own, 1280 by 800 unless told otherwise. */
  page(options?: BrowserContextOptions): Promise<Page>;
  /** Every address a page, a frame or a worker asked for so far, web sockets included. */
  readonly asked: readonly string[];
  /** Those of them that are not this machine's, but for what a page's own service worker answered in place of a network. */
  strangers(): readonly string[];
  /** Everything that was written to a console, `type: text`; what was thrown and caught by nobody comes as `uncaught: text`. */
  readonly said: readonly string[];
  /** What was said about a content security policy that something ran into. */
  violations(): readonly string[];
  /** Takes a picture of what a page shows. @param name without ending; may hold directories. @returns where it lies */
  picture(page: Page, name: string): Promise<string>;
  close(): Promise<void>;
}

/** Git-ignored; one picture a name, a new one in place of the last. */
export const PICTURES = join(import.meta.dir, "../../.cache/pictures");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** How long a start may take, in milliseconds, before it counts as one that hangs. */
const START = 45_000;

/** Starts Debian's chromium without a window. A start that hangs, which happens now and then, is tried once more. */
export async function openBrowser(): Promise<Browser> {
  const engine = await start().catch(() => start());
  const asked: string[] = [];
  const answeredByPage = new Set<string>();
  const said: string[] = [];
  return {
    asked,
    said,
    async page(options = {}) {
      const context = await engine.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      context.on("request", (request) => asked.push(request.url()));
      context.on("response", (response) => {
        if (response.fromServiceWorker()) answeredByPage.add(response.url());
      });
      context.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
      context.on("weberror", (thrown) => said.push(`uncaught: ${thrown.error().message}`));
      context.on("page", (page) => page.on("websocket", (socket) => asked.push(socket.url())));
      return context.newPage();
    },
    strangers: () => asked.filter((address) => !isOurs(address) && !answeredByPage.has(address)),
    violations: () => said.filter((line) => /content security policy/i.test(line)),
    async picture(page, name) {
      const path = join(PICTURES, `${name}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await page.screenshot({ path, animations: "disabled", caret: "hide" });
      return path;
    },
    close: () => engine.close(),
  };
}

function start(): Promise<Engine> {
  const executablePath = Bun.which("chromium");
  if (executablePath === null) throw new Error("chromium is not installed: the Debian packages this project needs are listed in .ci/run");
  return chromium.launch({ executablePath, args: FLAGS, timeout: START });
}

/** Whether an address leads to this machine, or nowhere: a page's own data needs no network. */
function isOurs(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return !/^(?:https?|wss?):$/.test(protocol) || hostname === "127.0.0.1";
}
