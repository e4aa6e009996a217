import { spawn } from "node:child_process";
import { hostname, userInfo } from "node:os";

/** How a page is shown to the person, as their surroundings have it. */
export type Showing =
  | { readonly by: "browser"; readonly command: readonly string[] }
  /** Over SSH, the person's browser is on another machine. */
  | { readonly by: "forwarding"; readonly line: string }
  | { readonly by: "nothing" };

/** @param platform this machine's @param found whether a program is on PATH */
export function showingOf(
  url: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  found: (program: string) => boolean = (program) => Bun.which(program) !== null,
): Showing {
  if (env["SSH_CONNECTION"]) {
    const { port } = new URL(url);
    return { by: "forwarding", line: `ssh -L ${port}:127.0.0.1:${port} ${userInfo().username}@${hostname()}` };
  }
  if (platform === "darwin") return { by: "browser", command: ["open", url] };
  // `start` takes its first quoted word for a title.
  if (platform === "win32") return { by: "browser", command: ["cmd", "/c", "start", '""', url] };
  // Without a screen, xdg-open would start a browser in this very terminal.
  const screen = env["DISPLAY"] || env["WAYLAND_DISPLAY"] || env["BROWSER"];
  return screen && found("xdg-open") ? { by: "browser", command: ["xdg-open", url] } : { by: "nothing" };
}

/** Starts a browser on its own: neither its end nor what it says is ours. @returns whether it could be started, as far as it says soon */
export function startBrowser([program = "", ...args]: readonly string[]): Promise<boolean> {
  return new Promise((told) => {
    const child = spawn(program, args, { detached: true, stdio: "ignore", windowsVerbatimArguments: true });
    child.once("error", () => told(false));
    child.once("exit", (code) => told(code === 0));
    child.once("spawn", () => setTimeout(() => told(true), 3000).unref());
    child.unref();
  });
}
