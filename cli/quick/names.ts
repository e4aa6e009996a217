import { readdirSync } from "node:fs";
import { CcsError, checkAccountName, describePolicy, type Home, isErrno, type LaunchConfig, normaliseGroup } from "../../shared/launch.ts";
import type { Candidate, Names } from "../completions/candidates.ts";
import { readAndRemember } from "../launch/remembered.ts";

/** The accounts and groups there are, where a shell can take them as they are; none where config.yaml cannot be read, which is for a command to say. */
export async function namesIn(home: Home): Promise<Names> {
  try {
    const config = await readAndRemember(home);
    const accounts = config.names.filter((name) => checkAccountName(name).ok);
    const described = await Promise.all(accounts.map((name) => account(config, name)));
    const members = described.flatMap(({ group }) => (group === null ? [] : [group]));
    const groups = [...new Set([...members, ...directories(home.groups)])].sort();
    return { accounts: described, groups: groups.map((word) => ({ word, description: "a context group" })) };
  } catch (error) {
    if (error instanceof CcsError) return { accounts: [], groups: [] };
    throw error;
  }
}

async function account(config: LaunchConfig, name: string): Promise<Candidate & { readonly group: string | null }> {
  const policy = policyOf(config, name);
  return {
    word: name,
    description: policy === null ? "an account" : `an account, ${await describePolicy(policy)}`,
    group: policy?.mode === "shared" ? policy.group : null,
  };
}

function policyOf(config: LaunchConfig, name: string) {
  try {
    return config.account(name)?.policy ?? null;
  } catch (error) {
    if (error instanceof CcsError) return null; // The name can still be typed, and the command says what is wrong.
    throw error;
  }
}

function directories(path: string): string[] {
  try {
    return readdirSync(path).filter((name) => {
      const group = normaliseGroup(name);
      return group.ok && group.name === name;
    });
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}
