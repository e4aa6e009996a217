import { look } from "../../context/disk.ts";
import { displayPath, formatBytes } from "../../context/index.ts";
import { homeFor, remerge } from "../../context/remerge.ts";
import type { SetAside } from "../../context/set-aside.ts";
import { dropHeld, emptiedChanges, isWithin } from "../drop.ts";
import { type Check, count, type Finding, finding } from "../finding.ts";
import { type Budget, eachHeld } from "../held.ts";
import type { World } from "../world.ts";

/** What is set aside, what of it the groups hold by now, and what was written into since. */
export const setAside: Check = {
  name: "set-aside",
  mends: ["grown", "set-aside"],
  run(world) {
    if (world.busy) return [finding("skipped", "another ccs is at work: what is set aside may be its")];
    const budget: Budget = { bytes: 16 << 20, files: 1000 };
    const entries = world.setAside;
    const held = { files: 0, bytes: 0 };
    const grown: SetAside[] = [];
    for (const entry of entries) {
      if (!isWithin(world.home, entry)) continue;
      const before = held.files;
      eachHeld(world.home, entry, budget, ({ kind, bytes }) => {
        held.files += kind === "directory" ? 0 : 1;
        held.bytes += bytes;
      });
      if (held.files === before && hasGrown(entry)) grown.push(entry);
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
  const account = world.usable ? homeFor(home, world.config, entry) : null;
  if (account === null) {
    return finding("info", `${message}, and the account it came with is not there to take it back; it is kept`, { where: entry.path });
  }
  return finding("warning", message, {
    subject: account,
    where: entry.path,
    mending: {
      stage: "grown",
      describes: [`${displayPath(entry.path)} is merged again, into ${displayPath(entry.beside)}.`],
      apply: (onProgress) => remerge(home, entry, onProgress),
    },
  });
}

function summary(world: World, held: { readonly files: number; readonly bytes: number }): Finding {
  const { home, setAside: entries } = world;
  const emptied = emptiedChanges(home).length;
  if (entries.length === 0 && emptied === 0) return finding("ok", "nothing is set aside");
  const bytes = entries.reduce((sum, entry) => sum + entry.sizeNow, 0);
  const message = `${count(entries.length, "file is", "files are")} set aside (${formatBytes(bytes)})`;
  const describes = [
    ...(held.files > 0
      ? [
          `${count(held.files, "file")} in set-aside (${formatBytes(held.bytes)}) ${held.files === 1 ? "is" : "are"} dropped: the same bytes stand in the group.`,
        ]
      : []),
    ...(emptied > 0
      ? [`${count(emptied, "record")} of changes with nothing left in set-aside ${emptied === 1 ? "is" : "are"} removed.`]
      : []),
  ];
  const mending = describes.length === 0 ? null : { stage: "set-aside" as const, describes, apply: () => dropHeld(home) };
  return finding("info", message, { where: home.setAside, mending });
}
