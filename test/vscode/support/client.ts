import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { realClient } from "../../real-client/support/client.ts";

/**
 * Writes a client that is the real one, but for its login: that takes no browser and no server, and leaves what a real
 * one does, for a person named after the account.
 * @param trusted the directory it does not ask about
 * @returns its path, for `CCS_CLAUDE_PATH`
 */
export function makeClient(directory: string, trusted: string): string {
  const path = join(directory, "client");
  const login = [process.execPath, join(import.meta.dir, "log-in.ts"), trusted].map(quoted).join(" ");
  const script = `#!/bin/sh\nif [ "$*" = "auth login" ]; then exec ${login}; fi\nexec ${quoted(realClient())} "$@"\n`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
