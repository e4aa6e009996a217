import { dirname, join } from "node:path";
import { ARTIFACTS, type Artifact, groupArtifact, sharedArtifacts } from "../artifacts.ts";
import { type Config, readConfig, requireValid } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type Area, allAreas } from "./areas.ts";
import { finishIntent } from "./change.ts";
import { accountOfChange } from "./change-id.ts";
import { look, makeDirectories, putAway } from "./disk.ts";
import { writeIntent } from "./intents.ts";
import { withLock } from "./lock.ts";
import { requireSettled } from "./moves.ts";
import { stagingOf } from "./plan/slots.ts";
import { mendIntent } from "./preview.ts";
import { ensureAccountId, nameNow } from "./records.ts";
import { type SetAside, timeOf } from "./set-aside.ts";
import type { Progress } from "./types.ts";

interface Place {
  readonly area: Area;
  readonly artifact: Artifact;
  /** Names from the artifact's root. */
  readonly relative: string;
}

/** Where in an artifact something stood before it was set aside; null where that was in none. */
function placeOf(areas: readonly Area[], { path, change, beside }: SetAside): Place | null {
  for (const area of areas) {
    const root = `${join(area.setAside, change)}/`;
    if (!path.startsWith(root)) continue;
    const [name, ...rest] = path.slice(root.length).split("/");
    const artifact = ARTIFACTS.find((a) => a.name === name);
    if (artifact === undefined || rest.length === 0) return null;
    const relative = rest.join("/");
    // A name that was taken in set-aside got a number behind it.
    return { area, artifact, relative: relative.endsWith(`/${beside.split("/").at(-1)}`) ? relative : relative.replace(/~\d+$/, "") };
  }
  return null;
}

/**
 * The account something set aside can be merged again for: the one it came with, and only where it goes back to what it
 * was set aside from. With another account it would leave the group as something that account brought.
 */
export function homeFor(home: Home, config: Config, areas: readonly Area[], setAside: SetAside): string | null {
  const came = accountOfChange(setAside.change);
  const account = came === null ? null : nameNow(home, came, timeOf(setAside.change));
  const policy = account === null ? null : config.accounts.get(account)?.policy;
  const place = placeOf(areas, setAside);
  if (account === null || !policy || place === null) return null;
  const own = join(instanceOf(home, account), place.artifact.name);
  const shared = policy.mode === "shared" && sharedArtifacts(policy).includes(place.artifact);
  const root = shared ? groupArtifact(home, policy.group, place.artifact) : own;
  return [root, own].some((above) => setAside.beside.startsWith(`${above}/`)) ? account : null;
}

/**
 * Merges a set-aside file again that was written into since it was compared: under an intent, it goes back into staging as
 * an arriving tree, and the change is finished. Killed half way, it is finished like any other.
 * @throws CcsError refused where its account is not there to take it back
 */
export function remerge(home: Home, setAside: SetAside, onProgress?: (progress: Progress) => void): void {
  withLock(home, "merging again what was written into since", () => {
    const config = readConfig(home);
    requireValid(config);
    const areas = allAreas(home);
    const account = homeFor(home, config, areas, setAside);
    const place = placeOf(areas, setAside);
    const policy = account === null ? null : config.accounts.get(account)?.policy;
    if (account === null || place === null || !policy) {
      throw new CcsError("refused", "the account it came with is not there to take it back", {
        where: setAside.path,
        untouched: "It was left where it is.",
        hint: `Look at it, and at what stands in the group: ${setAside.beside}`,
      });
    }
    requireSettled(home, config, account);
    finishIntent(home, account);
    if (look(setAside.path) === null) return;
    const intent = mendIntent(home, config, account, policy);
    ensureAccountId(home, account, intent.accountId);
    writeIntent(home, intent);
    // As something the group held: a tree that arrives would count as the memory the account brought.
    const staged = join(stagingOf(place.area, intent.id), `${place.artifact.name}.give.0`, place.relative);
    makeDirectories(dirname(staged));
    putAway(setAside.path, staged);
    finishIntent(home, account, onProgress);
  });
}
