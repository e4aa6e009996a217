import { join } from "node:path";
import { ARTIFACTS, groupArtifact } from "../artifacts.ts";
import { list, real } from "../context/disk.ts";
import { groupOf, type Home } from "../paths.ts";

/**
 * What leads into a directory by a link somebody made, and would lead nowhere without it: a group that has its history there,
 * or the instance of another account.
 * @param there its real path
 * @returns `the group team`; null where nothing does
 */
export function whatLeadsInto(home: Home, there: string): string | null {
  const leads = (path: string) => `${real(path)}/`.startsWith(`${there}/`);
  for (const { name } of list(home.groups) ?? []) {
    const places = [groupOf(home, name), ...ARTIFACTS.map((artifact) => groupArtifact(home, name, artifact))];
    if (places.some(leads)) return `the group ${name}`;
  }
  const instance = (list(home.instances) ?? []).find(({ name, kind }) => kind === "link" && leads(join(home.instances, name)));
  return instance === undefined ? null : `the instance of ${instance.name}`;
}
