import { join } from "node:path";
import { strayNames } from "../../accounts/adopt.ts";
import { importing } from "../../accounts/import.ts";
import { follow, list } from "../../context/disk.ts";
import { displayPath } from "../../context/index.ts";
import { CcsError } from "../../errors.ts";
import { instanceOf } from "../../paths.ts";
import { checkAccountName } from "../../policy/index.ts";
import { type Check, type Finding, finding, MEND_CONFIG_FIRST, orOk, remedyOf } from "../finding.ts";
import { mendingOf, modeRemedy, openToOthers } from "../mending.ts";
import type { World } from "../world.ts";

/** Every account has its directory, every directory its account. */
export const instances: Check = {
  name: "instances",
  mends: ["modes", "links"],
  run(world) {
    const found = world.accounts.flatMap((account) => instanceFindings(world, account.name));
    return orOk([...found, ...orphans(world)], "every account has its instance");
  },
};

function instanceFindings(world: World, account: string): Finding[] {
  const path = instanceOf(world.home, account);
  const facts = world.instance(account);
  const about = { account, where: path };
  if (facts === null) return [missing(world, account, path)];
  if (facts.kind !== "directory" && follow(path)?.kind !== "directory") {
    return [
      finding("error", "what stands where the instance belongs is not a directory", { ...about, command: `mv ${path} ${path}.mine` }),
    ];
  }
  if (facts.kind !== "directory" || !openToOthers(facts.mode)) return [];
  return [finding("warning", "others can look into the instance", { ...about, ...modeRemedy(world, path, 0o700) })];
}

function missing(world: World, account: string, path: string): Finding {
  const about = { account, where: path };
  if (!world.usable) return finding("error", "the instance is missing", { ...about, command: MEND_CONFIG_FIRST });
  // Finishing what was begun makes it.
  if (world.intents.has(account)) return finding("error", "the instance is missing", { ...about, command: "ccs doctor --fix" });
  const mending = mendingOf(world, account, "links");
  const why = mending instanceof CcsError ? `; ${mending.message}` : "";
  return finding("error", `the instance is missing${why}`, { ...about, ...remedyOf(mending) });
}

/** Directories that are no account's. Names that begin with a dot belong to other tools. */
function orphans(world: World): Finding[] {
  if (!world.usable) return [];
  const { home, config } = world;
  return (list(home.instances) ?? [])
    .filter(({ name, kind }) => kind === "directory" && !name.startsWith(".") && !config.accounts.has(name))
    .map(({ name }) => {
      const command = accountFrom(world, name);
      return finding("info", `the instance ${displayPath(name)} is no account's; it is left alone`, {
        where: join(home.instances, name),
        command,
      });
    });
}

/** The command that makes an account of a directory that is none's. */
function accountFrom({ home, config }: World, name: string): string {
  if (strayNames(home, config).includes(name)) return importing(home, name);
  const isName = checkAccountName(name, config.accounts.keys()).ok;
  return isName
    ? `ccs auth create ${name}`
    : `Give it a name that an account can have, then: ccs auth import ${displayPath(home.instances)}/<name>`;
}
