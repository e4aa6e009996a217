import { readFileSync, writeFileSync } from "node:fs";
import { type ContextPolicy, type Home, isErrno, type LaunchConfig } from "../../shared/launch.ts";
import { VERSION } from "../version.ts";

/**
 * What the parser made of config.yaml, kept for launches that find the same text: parsing ten accounts takes longer than
 * all the rest of a launch. It is written with `last_used`, under the lock, and may be missing, old, torn or unreadable at
 * any time: then the parser is asked. The text itself is not kept, as a person may have secrets in it.
 */
interface Remembered {
  readonly of: string;
  readonly default: string | null;
  readonly accounts: readonly [name: string, policy: ContextPolicy, lastUsed: string | null][];
}

/** A text as this version of the program reads it. Bun's own SHA-256: loading node:crypto takes 2 ms. */
function fingerprint(text: string): string {
  return new Bun.CryptoHasher("sha256").update(`${VERSION}\n${text}`).digest("base64");
}

/** @returns what the parser made of this text, or `null` where that is not known */
export function recall(home: Home, text: string): LaunchConfig | null {
  let known: Remembered;
  try {
    known = JSON.parse(readFileSync(home.launch, "utf8")) as Remembered;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error)) return null;
    throw error;
  }
  if (known?.of !== fingerprint(text)) return null;
  return {
    text,
    exists: true,
    default: known.default,
    names: known.accounts.map(([name]) => name),
    account(name) {
      const found = known.accounts.find(([known]) => known === name);
      return found && { policy: found[1], lastUsed: found[2] };
    },
  };
}

/**
 * Keeps what was read for the launches to come. Only what can be told without an error is kept: errors are always the
 * parser's own. To be called under the lock.
 */
export function remember(home: Home, config: LaunchConfig): void {
  const known = knownOf(config);
  if (known !== null) writeFileSync(home.launch, JSON.stringify(known), { mode: 0o600 });
}

function knownOf(config: LaunchConfig): Remembered | null {
  try {
    const accounts: [string, ContextPolicy, string | null][] = [];
    for (const name of config.names) {
      const account = config.account(name);
      if (account === undefined) return null;
      accounts.push([name, account.policy, account.lastUsed]);
    }
    return { of: fingerprint(config.text), default: config.default, accounts };
  } catch {
    return null; // What is wrong is said by the launch that needs it.
  }
}
