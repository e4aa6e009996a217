import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { groupArtifact, sharedArtifacts } from "../artifacts.ts";
import { editConfig, readConfig, requireValid } from "../config/index.ts";
import { editFile, list, look, makeDirectory, removeEmptyDirectory, setMode } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import { accountId, forgetAccountId, forgetKeyChange } from "../context/records.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type ContextPolicy, checkAccountName } from "../policy/index.ts";
import { applyCreation } from "./locked.ts";
import type { CreatedAccount } from "./types.ts";

/**
 * Makes an account: its entry in config.yaml, its instance (0700), its links.
 * @throws CcsError usage or exists for the name, config-invalid, busy; nothing is changed then
 */
export function createAccount(home: Home, name: string, policy: ContextPolicy, now: Date): CreatedAccount {
  const config = readConfig(home);
  requireValid(config);
  const checked = checkAccountName(name);
  if (!checked.ok) throw new CcsError("usage", checked.message, { untouched: "Nothing was changed." });
  const free = checkAccountName(name, config.accounts.keys());
  if (!free.ok)
    throw new CcsError("exists", free.message, { where: config.file, untouched: "Nothing was changed.", hint: "ccs auth list" });
  const instance = instanceOf(home, name);
  const wasThere = look(instance);
  if ((list(instance) ?? []).length > 0) {
    throw new CcsError(
      "exists",
      `there is a directory of the name "${name}" already, left by an account that is no longer in config.yaml`,
      {
        where: instance,
        untouched: "Nothing was changed.",
        hint: "Choose another name, or move the directory away first.",
      },
    );
  }
  const configWasThere = config.exists;
  const made = missingDirectories(home, policy);
  applyCreation(home, name, policy, now);
  if (wasThere !== null) setMode(instance, 0o700);
  return {
    name,
    instance,
    undo() {
      withLock(home, `undoing the creation of ${name}`, () => {
        const current = readConfig(home);
        if (current.accounts.has(name)) {
          const next = editConfig(current.text, [{ set: "remove-account", account: name }]);
          editFile(home.config, current.text, next, 0o600);
        }
        // The instance was missing or empty before; rm does not follow the links in it.
        rmSync(instance, { recursive: true, force: true });
        if (wasThere !== null) makeDirectory(instance, wasThere.mode);
        for (const directory of made) removeEmptyDirectory(directory);
        const id = accountId(home, name);
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
