import { basename, join } from "node:path";
import { type Area, allAreas } from "../../context/areas.ts";
import { EDITING, list, look, readText, removeEmptyDirectory, removeOurs } from "../../context/disk.ts";
import { judge, parseHolder, withLock } from "../../context/lock.ts";
import { isErrno } from "../../errors.ts";
import { instanceOf } from "../../paths.ts";
import { type Check, count, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** How long a claim to the lock may be without its holder's name before whoever made it counts as gone. */
const UNNAMED_MS = 60_000;

/** What is to become `launch.json`, with the id of the process that writes it. */
const LAUNCH = /^launch\.json\.(\d+)$/;

/** Files of our own bookkeeping that a kill left behind: nothing reads them again. */
export const leftovers: Check = {
  name: "leftovers",
  mends: ["leftovers"],
  run(world) {
    if (world.busy) return [finding("skipped", "another ccs is at work: what looks left over may be its")];
    const files = leftFiles(world, world.areas);
    const claims = leftClaims(world);
    const all = [...files, ...claims];
    if (all.length === 0) return orOk([], "nothing was left behind");
    const message = `${count(all.length, "working file")} of ccs ${all.length === 1 ? "was" : "were"} left behind by a process that was ended`;
    return [
      finding("info", message, {
        where: all[0] ?? null,
        mending: {
          stage: "leftovers",
          describes: [`${count(all.length, "working file")} of ccs ${all.length === 1 ? "is" : "are"} removed.`],
          apply: () => withLock(world.home, "removing what was left behind", () => remove(world)),
        },
      }),
    ];
  },
};

/** Under the lock nobody else's edit is under way. */
function remove(world: World): void {
  for (const path of leftFiles(world, allAreas(world.home))) removeOurs(path);
  for (const path of leftClaims(world)) {
    removeOurs(join(path, "holder"));
    removeEmptyDirectory(path);
  }
}

/** What an edit puts beside a file before it takes its name, and what is tried out in staging: always empty. */
function leftFiles(world: World, areas: readonly Area[]): string[] {
  const { home } = world;
  const named = [home.config, ...world.accounts.map((a) => join(instanceOf(home, a.name), "settings.json"))].map((p) => p + EDITING);
  const found = named.filter((path) => look(path)?.kind === "file");
  const records = ["settings", "changes", "removed"].map((name) => join(home.records, name));
  for (const directory of [home.intents, home.records, ...records]) {
    for (const { name, kind } of list(directory) ?? []) if (kind === "file" && name.endsWith(EDITING)) found.push(join(directory, name));
  }
  // Written without the lock by commands that only read: one whose process lives may still get its name.
  for (const { name, kind } of list(home.state) ?? []) {
    const pid = LAUNCH.exec(name)?.[1];
    if (kind === "file" && pid !== undefined && !isAlive(Number(pid))) found.push(join(home.state, name));
  }
  for (const { staging } of areas) {
    for (const { name, kind } of list(staging) ?? []) {
      const path = join(staging, name);
      if (isProbe(name) && (kind === "link" || (kind === "file" && look(path)?.size === 0))) found.push(path);
    }
  }
  return found;
}

/** A name that was tried out to see what links a filesystem has. */
export function isProbe(name: string): boolean {
  return /^probe-[0-9a-f-]{36}(?:\.2)?$/.test(name);
}

/** Claims to the lock that dead processes made and never gave back. */
function leftClaims({ home, now }: World): string[] {
  return (list(home.state) ?? [])
    .filter(({ name, kind }) => kind === "directory" && /^lock\.(?:new|clear)\./.test(name))
    .map(({ name }) => join(home.state, name))
    .filter((path) => isDead(path, now));
}

function isDead(claim: string, now: number): boolean {
  const text = readText(join(claim, "holder"));
  const holder = text === null ? null : parseHolder(text);
  if (holder !== null) return judge(holder) === "dead";
  // Without its holder's name there is the process id in its own.
  const pid = /^lock\.new\.(\d+)\./.exec(basename(claim))?.[1];
  if (pid !== undefined && !isAlive(Number(pid))) return true;
  const facts = look(claim);
  return facts !== null && now - Number(facts.mtime / 1_000_000n) > UNNAMED_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrno(error, "ESRCH");
  }
}
