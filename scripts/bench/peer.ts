import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peerScript } from "../../test/real-client/support/client.ts";
import { run, type World } from "./world.ts";

/** `@kaitranntt/ccs` from npm, in a home of its own with accounts it made itself. */
export interface Peer {
  readonly world: World;
  launch(account: string): void;
  list(): void;
  doctor(): void;
  instance(account: string): string;
  group(name: string): string;
  /** Says in its config that an account is shared; it merges when the account is launched. */
  share(account: string, group: string): void;
}

/** A client that signs in at once, as its `auth` command expects. */
const CLIENT = `#!/bin/sh
mkdir -p "$CLAUDE_CONFIG_DIR"
printf '{"claudeAiOauth":{"accessToken":"x","refreshToken":"y","expiresAt":1}}' > "$CLAUDE_CONFIG_DIR/.credentials.json"
exit 0
`;

export function makePeer(world: World, accounts: readonly string[]): Peer {
  const script = peerScript();
  const home = join(world.root, "peer");
  const bin = join(world.root, "peer-bin");
  mkdirSync(home);
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), CLIENT, { mode: 0o755 });
  const quick = join(world.root, "peer-quick");
  mkdirSync(quick);
  symlinkSync("/bin/true", join(quick, "claude"));
  const env = (path: string) => ({ HOME: home, CCS_DIR: "", PATH: `${path}:${process.env["PATH"]}` });
  const call = (path: string, ...args: string[]) => run(world, "node", [script, ...args], env(path));
  const peerDir = join(home, ".ccs");
  for (const account of accounts) call(bin, "auth", "create", account);
  return {
    world,
    launch: (account) => void call(quick, account, "-p", "hi"),
    list: () => void call(quick, "auth", "list"),
    doctor: () => {
      try {
        call(quick, "doctor");
      } catch {
        // it reports findings of its own by its exit code
      }
    },
    instance: (account) => join(peerDir, "instances", account),
    group: (name) => join(peerDir, "shared/context-groups", name),
    share(account, group) {
      const file = join(peerDir, "config.yaml");
      const text = readFileSync(file, "utf8");
      const lines = text.split("\n");
      const at = lines.indexOf(`  ${account}:`);
      if (at < 0) throw new Error(`the peer's config has no account ${account}`);
      const end = lines.findIndex((l, i) => i > at && !l.startsWith("    "));
      const body = lines.slice(at + 1, end).filter((l) => !/^ {4}(context_|continuity_)/.test(l));
      lines.splice(at + 1, end - at - 1, ...body, "    context_mode: shared", `    context_group: ${group}`);
      writeFileSync(file, lines.join("\n"));
    },
  };
}
