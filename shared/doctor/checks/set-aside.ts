import { INDEX } from "../../context/apply.ts";
import { look } from "../../context/disk.ts";
import { type Budget, eachHeld } from "../../context/held.ts";
import { displayPath, formatBytes } from "../../context/index.ts";
import { homeFor, remerge } from "../../context/remerge.ts";
import type { SetAside } from "../../context/set-aside.ts";
import { dropHeld, hollowIn, isWithin } from "../drop.ts";
import { type Check, count, type Finding, finding, type Mending, remedyOf } from "../finding.ts";
import type { World } from "../world.ts";

/** What is set aside, what of it the groups hold by now, and what was written into since. */
export const setAside: Check = {
  name: "set-aside",
  mends: ["grown", "set-aside"],
  run(world) {
    if (world.busy) return [finding("skipped", "another ccs is at work: what is set aside may be its")];
    const budget: Budget = { bytes: 16 << 20, files: 1000 };
    const entries = world.setAside;
    const held = { names: 0, bytes: 0 };
    const grown: SetAside[] = [];
    for (const entry of entries) {
      if (!isWithin(world.areas, entry)) continue;
      const before = held.names;
      eachHeld(world.home, entry, budget, ({ bytes }) => {
        held.names += 1;
        held.bytes += bytes;
      });
      if (held.names === before && hasGrown(entry)) grown.push(entry);
    }
    const found = grown.map((entry) => grownFinding(world, entry));
    return [...found, summary(world, held)];
  },
};

function hasGrown({ path, size, sizeNow }: SetAside): boolean {
  return sizeNow > size && look(path)?.kind === "file";
}

/** It was written into after it had been compared: new input for the planner. */
function grownFinding(world: World, entry: SetAside): Finding {
  const { home } = world;
  const message = `${displayPath(entry.path)} was written into after it had been set aside`;
  const account = world.usable ? homeFor(home, world.config, world.areas, entry) : null;
  if (account === null) {
    return finding("info", `${message}, and the account it came with is not there to take it back; it is kept`, {
      where: entry.path,
      command: `Look at it, and move it where you want it: ${displayPath(entry.path)}`,
    });
  }
  return finding("warning", message, {
    account,
    where: entry.path,
    mending: {
      stage: "grown",
      describes: [`${displayPath(entry.path)} is merged again, into ${displayPath(entry.beside)}.`],
      apply: (onProgress) => remerge(home, entry, onProgress),
    },
  });
}

function summary(world: World, held: { readonly names: number; readonly bytes: number }): Finding {
  const { home, setAside: entries } = world;
  const hollow = hollowIn(world.areas, entries);
  const emptied = hollow.changes.length;
  const directories = hollow.directories.length;
  if (entries.length === 0 && emptied + directories === 0) return finding("ok", "nothing is set aside");
  const bytes = entries.reduce((sum, entry) => sum + entry.sizeNow, 0);
  const kept = `${count(entries.length, "entry is", "entries are")} set aside (${formatBytes(bytes)})`;
  const dropped = `${count(held.names, "entry", "entries")} in set-aside (${formatBytes(held.bytes)}) ${held.names === 1 ? "is" : "are"} dropped`;
  const records = `${count(emptied, "record")} of changes with nothing left in set-aside ${emptied === 1 ? "is" : "are"} removed.`;
  const empty = `${count(directories, "empty directory", "empty directories")} in set-aside ${directories === 1 ? "is" : "are"} removed.`;
  const describes = [
    ...(held.names > 0 ? [`${dropped}: the same bytes stand where they belong.`] : []),
    ...(emptied > 0 ? [records] : []),
    ...(directories > 0 ? [empty] : []),
  ];
  const mending: Mending | null =
    describes.length === 0 ? null : { stage: "set-aside", describes, apply: (onProgress) => dropHeld(home, onProgress) };
  const command = `What differs stays until you have looked at it: ${displayPath(home.setAside)}/*/${INDEX} says why each is there`;
  return finding("info", kept, { where: home.setAside, ...remedyOf(mending, command) });
}
