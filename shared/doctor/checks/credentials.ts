import { join } from "node:path";
import { follow, list, look } from "../../context/disk.ts";
import { displayPath } from "../../context/index.ts";
import { type Home, instanceOf } from "../../paths.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import { modeRemedy, openToOthers } from "../mending.ts";
import type { World } from "../world.ts";

/** Logins are readable by their owner alone, and none lies where accounts share files. */
export const credentials: Check = {
  name: "credentials",
  mends: ["modes"],
  run(world) {
    const found = [...world.accounts.flatMap(({ name }) => ownFindings(world, name)), ...astray(world.home)];
    return orOk(found, "logins are readable by you alone, and none lies under shared/");
  },
};

function ownFindings(world: World, account: string): Finding[] {
  const path = join(instanceOf(world.home, account), ".credentials.json");
  const facts = look(path);
  const about = { account, where: path };
  if (facts?.kind === "link") {
    return [
      finding("warning", ".credentials.json is a link: the login is not this account's alone", {
        ...about,
        command: `ccs auth login ${account}`,
      }),
    ];
  }
  if (facts?.kind !== "file" || !openToOthers(facts.mode)) return [];
  return [finding("error", ".credentials.json can be read by others", { ...about, ...modeRemedy(world, path, 0o600) })];
}

/** What only ever belongs into an instance, by name: tokens, identity, and the keys of running clients. */
function isCredential(name: string): boolean {
  return [".credentials.json", ".claude.json"].includes(name.toLowerCase()) || name.toLowerCase().endsWith(".key");
}

/** Names only, and not in the directories of single projects and sessions: they hold tens of thousands. */
function astray(home: Home): Finding[] {
  const groups = (list(home.groups) ?? [])
    .filter((e) => !e.name.startsWith(".") && e.kind !== "file")
    .map((e) => join(home.groups, e.name));
  const above = (list(home.shared) ?? []).filter((e) => e.kind === "directory").map((e) => join(home.shared, e.name));
  const directories = [home.shared, ...above, ...groups.flatMap((group) => [group, join(group, "projects"), join(group, "continuity")])];
  return directories.flatMap((directory) =>
    namesIn(directory)
      .filter(isCredential)
      .map((name) => {
        const path = join(directory, name);
        const message = `${displayPath(name)} looks like a login, and accounts share what lies there; if others may have read it, log in anew`;
        return finding("error", message, { where: path, command: `mv -n ${displayPath(path)} ${displayPath(home.root)}/` });
      }),
  );
}

function namesIn(directory: string): string[] {
  return follow(directory)?.kind === "directory" ? (list(directory) ?? []).map((e) => e.name) : [];
}
