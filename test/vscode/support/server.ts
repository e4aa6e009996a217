import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Editor, ensureEditor } from "../../../scripts/setup/editor.mjs";

/** The half of an editor that runs where the files are: it serves the workbench and hosts the extensions. */
export interface Server {
  /** Where the workbench is served, without a slash at the end. */
  readonly url: string;
  /** Host and port, as `vscode-remote:` addresses name it. */
  readonly authority: string;
  /** Everything it wrote so far. */
  log(): string;
  /** Ends it, with the extension hosts it started. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly editor: Editor;
  /** A directory of its own: settings, extensions and sockets lie in it. */
  readonly directory: string;
  /** The whole environment of the server and of the extensions; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Settings beside those that keep it quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets a page hand over an extension under development, and the tests to run in it. */
  readonly development?: boolean;
  /** Whether folders are trusted only when a person has said so; otherwise all are. */
  readonly distrusts?: boolean;
}

/** No page of welcome, no assistant, no calls to anybody, and a terminal whose text can be read. */
const QUIET = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "terminal.integrated.gpuAcceleration": "off",
  "update.mode": "none",
  "window.menuBarVisibility": "classic",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.settings.enableNaturalLanguageSearch": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** How long it may take until it listens, in milliseconds: against hanging, not a measure. */
const LISTENING = 60_000;

export async function startServer(options: ServerOptions): Promise<Server> {
  const { node, entry } = ensureEditor(options.editor);
  const { directory } = options;
  writeSettings(directory, options.settings ?? {});
  writeFileSync(join(directory, "server.yaml"), "");
  const development = options.development === true && options.editor === "newest" ? ["--vscode-option", "enable-smoke-test-driver"] : [];
  const trust = options.distrusts === true ? [] : ["--disable-workspace-trust"];
  const child = Bun.spawn(
    [
      ...[
        node,
        entry,
        ...placesIn(directory),
        "--auth",
        "none",
        "--bind-addr",
        "127.0.0.1:0",
        "--session-socket",
        join(directory, "socket"),
      ],
      ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", ...trust, ...development],
    ],
    { cwd: directory, env: environment(options.env), stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  let written = "";
  const follow = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) written += decoder.decode(chunk, { stream: true });
  };
  void follow(child.stdout);
  void follow(child.stderr);
  const stop = async () => {
    child.kill();
    await child.exited;
  };
  const deadline = Date.now() + LISTENING;
  for (;;) {
    const url = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(written)?.[1];
    if (url !== undefined) return { url, authority: new URL(url).host, log: () => written, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the editor did not start:\n${written}`);
    }
    await Bun.sleep(20);
  }
}

/** Installs a packaged extension as a person does, for servers with the same directory. */
export async function installExtension(options: Pick<ServerOptions, "editor" | "directory" | "env">, vsix: string): Promise<void> {
  const { node, entry } = ensureEditor(options.editor);
  writeFileSync(join(options.directory, "server.yaml"), "");
  const child = Bun.spawn([node, entry, ...placesIn(options.directory), "--install-extension", vsix], {
    cwd: options.directory,
    env: environment(options.env),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0 || !stdout.includes("successfully installed"))
    throw new Error(`${vsix} was not installed (exit ${code}):\n${stdout}${stderr}`);
}

/** Changes the settings of a person who has that directory; an editor that runs takes them over. */
export function writeSettings(directory: string, settings: Readonly<Record<string, unknown>>): void {
  mkdirSync(join(directory, "data", "User"), { recursive: true });
  writeFileSync(join(directory, "data", "User", "settings.json"), JSON.stringify({ ...QUIET, ...settings }, null, 2));
}

const placesIn = (directory: string): string[] => [
  ...["--config", join(directory, "server.yaml"), "--user-data-dir", join(directory, "data")],
  ...["--extensions-dir", join(directory, "extensions")],
];

/** Without a gallery of its own it would look for extensions elsewhere. */
const environment = (env: Readonly<Record<string, string>>) => ({ ...env, EXTENSIONS_GALLERY: "{}" });
