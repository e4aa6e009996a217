import { ARTIFACTS, groupArtifact } from "../artifacts.ts";
import { list, real } from "../context/disk.ts";
import { groupOf, type Home } from "../paths.ts";

/** A group that has its history in a directory, by a link somebody made; null where none has. @param there its real path */
export function groupLedInto(home: Home, there: string): string | null {
  for (const { name } of list(home.groups) ?? []) {
    for (const place of [groupOf(home, name), ...ARTIFACTS.map((artifact) => groupArtifact(home, name, artifact))]) {
      const led = real(place);
      if (led !== null && `${led}/`.startsWith(`${there}/`)) return name;
    }
  }
  return null;
}
