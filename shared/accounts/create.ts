import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { groupArtifact, sharedArtifacts } from "../artifacts.ts";
import { editConfig, readConfig, requireValid } from "../config/index.ts";
import { editFile, look, makeDirectory, removeEmptyDirectory, setMode } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import { accountId, forgetAccountId, forgetKeyChange } from "../context/records.ts";
import { type Home, instanceOf } from "../paths.ts";
import type { ContextPolicy } from "../policy/index.ts";
import type { LikePreview } from "./like.ts";
import { applyCreation } from "./locked.ts";
import { make, requireFreeName } from "./making.ts";
import type { CreatedAccount } from "./types.ts";
import { requireUnused } from "./unused.ts";

/**
 * Makes an account: its entry in config.yaml, its instance (0700), its links.
 * @param like what it gets from another, as a person was shown it; null: a bare one
 * @throws CcsError usage or exists for the name, config-invalid, busy; stale where the model is another by now. Nothing is changed then
 */
export function createAccount(home: Home, name: string, policy: ContextPolicy, now: Date, like: LikePreview | null = null): CreatedAccount {
  const config = readConfig(home);
  requireValid(config);
  requireFreeName(home, config, name);
  const instance = instanceOf(home, name);
  const wasThere = look(instance);
  const configWasThere = config.exists;
  const made = missingDirectories(home, policy);
  if (like === null) applyCreation(home, name, policy, now);
  else make(like.making, { approved: true });
  if (wasThere !== null) setMode(instance, 0o700);
  const id = accountId(home, name);
  return {
    name,
    instance,
    undo() {
      withLock(home, `undoing the creation of ${name}`, () => {
        requireUnused(home, name, id);
        const current = readConfig(home);
        if (current.accounts.has(name)) {
          const next = editConfig(current.text, [{ set: "remove-account", account: name }]);
          editFile(home.config, current.text, next, 0o600);
        }
        // The instance was missing or empty before, what is in it is made or copied; rm does not follow the links in it.
        rmSync(instance, { recursive: true, force: true });
        if (wasThere !== null) makeDirectory(instance, wasThere.mode);
        for (const directory of made) removeEmptyDirectory(directory);
        forgetAccountId(home, name);
        if (id !== null) forgetKeyChange(home, id);
        if (!configWasThere && readConfig(home).accounts.size === 0 && config.text === "") rmSync(home.config, { force: true });
      });
    },
  };
}

/** The group's directories the creation will make, innermost first. */
function missingDirectories(home: Home, policy: ContextPolicy): string[] {
  if (policy.mode === "isolated") return [];
  const missing = new Set<string>();
  for (const artifact of sharedArtifacts(policy)) {
    for (let path = groupArtifact(home, policy.group, artifact); look(path) === null && path !== home.root; path = dirname(path))
      missing.add(path);
  }
  return [...missing].sort((a, b) => b.length - a.length);
}
