import { withoutNow } from "./normal.ts";
import { placed, type Reference } from "./reference.ts";
import type { Seen, Snapshot } from "./snapshot.ts";

/**
 * A file that a person writes and the program edits is at any moment what it was or what the edit makes of it, with its
 * mode: nothing in between, nothing torn.
 */
export function judgeEdited(reference: Reference, now: Snapshot): string[] {
  const { origin } = reference.template;
  const at = (tree: Snapshot) => placed(reference.transition, tree);
  const [before, after] = [at(reference.template.before), at(reference.after)];
  const textOf = (file: Seen | undefined) => (file === undefined ? null : withoutNow(file.bytes.toString("latin1"), origin));
  const edited = [...before.keys(), ...after.keys()].filter(
    (path) => path === "config.yaml" || /^instances\/[^/]+\/(?:settings|plugins\/[^/]+)\.json$/.test(path),
  );
  return [...new Set(edited)].flatMap((path) => {
    const versions = [before, ...(reference.via === null ? [] : [at(reference.via)]), after].map((tree) => tree.get(path));
    const found = at(now).get(path);
    if (versions.some((version) => textOf(version) === textOf(found) && version?.mode === found?.mode)) return [];
    return [`${path} is neither what it was nor what it becomes: mode ${found?.mode.toString(8)}, ${textOf(found)}`];
  });
}
