import { join } from "node:path";
import type { Area } from "../../context/areas.ts";
import { applyClearing, freeName } from "../../context/clearing.ts";
import { list, look } from "../../context/disk.ts";
import { withLock } from "../../context/lock.ts";
import { begunMoves } from "../../context/moves.ts";
import type { Operation } from "../../context/types.ts";
import { CcsError } from "../../errors.ts";
import type { Home } from "../../paths.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import { readEachIntent, type World } from "../world.ts";
import { isProbe } from "./leftovers.ts";

/** Nothing lies in staging that no unfinished change asks for. */
export const staging: Check = {
  name: "staging",
  mends: ["staging"],
  run(world) {
    if (world.busy) return [finding("skipped", "another ccs is at work: what lies in staging is its")];
    return orOk(
      unclaimed(world.home, world.areas).map((found) => unclaimedFinding(world, found)),
      "staging is clear",
    );
  },
};

interface Unclaimed {
  readonly area: Area;
  readonly path: string;
  /** The change it was staged for, as its name says. */
  readonly change: string;
}

/**
 * What lies in staging without an intent. Staging is listed before the intents are read, and looked at once more after:
 * a change removes what it staged before it removes its intent.
 */
function unclaimed(home: Home, areas: readonly Area[]): Unclaimed[] {
  const staged = areas.flatMap((area) =>
    (list(area.staging) ?? []).flatMap(({ name, kind }) =>
      isProbe(name) && kind !== "directory" ? [] : [{ area, path: join(area.staging, name), change: name }],
    ),
  );
  if (staged.length === 0) return [];
  const intents = [...readEachIntent(home).values()];
  // An intent that cannot be read may claim any of it.
  if (intents.some((intent) => intent instanceof CcsError)) return [];
  const claimed = new Set(intents.flatMap((intent) => (intent instanceof CcsError ? [] : [intent.id])));
  for (const { move } of begunMoves(home)) {
    if (move instanceof CcsError) return [];
    if (move.do === "making" && move.aside !== null) claimed.add(move.aside);
  }
  return staged.filter(({ change, path }) => !claimed.has(change) && look(path) !== null);
}

function unclaimedFinding({ home, areas }: World, { path, change }: Unclaimed): Finding {
  return finding("warning", `${change} lies in staging, and no unfinished change asks for it`, {
    where: path,
    mending: {
      stage: "staging",
      describes: [holdsNothing(path) ? `${path} is empty and is removed.` : `${path} is kept in set-aside.`],
      apply() {
        withLock(home, "clearing staging", () => {
          const still = unclaimed(home, areas).find((u) => u.path === path);
          if (still !== undefined) applyClearing(home, change, clearing(still));
        });
      },
    },
  });
}

/** Everything in it goes to set-aside as it is; where it holds nothing, its directories are removed. */
function clearing({ area, path, change }: Unclaimed): Operation[] {
  if (holdsNothing(path)) return directoriesUnder(path).map((directory) => ({ do: "remove-directory", path: directory }));
  const to = freeName(join(area.setAside, change, "staging"));
  return [{ do: "set-aside", from: path, to, size: look(path)?.size ?? 0, why: "in-the-way", beside: path }];
}

function holdsNothing(path: string): boolean {
  return look(path)?.kind === "directory" && (list(path) ?? []).every((e) => e.kind === "directory" && holdsNothing(join(path, e.name)));
}

/** The deepest first. */
function directoriesUnder(path: string): string[] {
  return [...(list(path) ?? []).flatMap((e) => directoriesUnder(join(path, e.name))), path];
}
