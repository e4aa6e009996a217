import type { Home } from "../paths.ts";
import type { Area } from "./areas.ts";
import { follow, look } from "./disk.ts";
import { displayPath } from "./names.ts";

/** Something that stands where a directory has to be. */
export interface Misplaced {
  readonly where: string;
  /** A sentence without a full stop. */
  readonly message: string;
  readonly hint: string;
}

/** What of the directories ccs keeps for itself is something else. @param areas those whose staging and set-aside are needed */
export function misplacedRooms(home: Home, areas: readonly Area[]): Misplaced[] {
  const rooms = [home.state, home.intents, home.records, home.instances, ...areas.flatMap((area) => [area.staging, area.setAside])];
  return [...new Set(rooms)].flatMap((path) => misplaced(path) ?? []);
}

/** What is wrong with what stands where a directory has to be; null where that is one, or nothing. */
export function misplaced(path: string): Misplaced | null {
  if (follow(path)?.kind === "directory" || look(path) === null) return null;
  return {
    where: path,
    message: `what stands at ${displayPath(path)} is not a directory`,
    hint: `Move it out of the way, then run the command again: mv ${path} ${path}.mine`,
  };
}
