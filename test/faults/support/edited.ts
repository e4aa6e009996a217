import type { Reference } from "./reference.ts";
import type { Seen, Snapshot } from "./snapshot.ts";

/**
 * A file that a person writes and the program edits is at any moment what it was or what the edit makes of it, with its
 * mode: nothing in between, nothing torn.
 */
export function judgeEdited(reference: Reference, now: Snapshot): string[] {
  const { before } = reference.template;
  const edited = [...before.keys(), ...reference.after.keys()].filter(
    (path) => path === "config.yaml" || /^instances\/[^/]+\/settings\.json$/.test(path),
  );
  return [...new Set(edited)].flatMap((path) => {
    const versions = [before.get(path), reference.after.get(path)];
    const found = now.get(path);
    if (versions.some((version) => textOf(version) === textOf(found) && version?.mode === found?.mode)) return [];
    return [`${path} is neither what it was nor what it becomes: mode ${found?.mode.toString(8)}, ${textOf(found)}`];
  });
}

/** Without the moment an account was made, which is the run's own. */
function textOf(file: Seen | undefined): string | null {
  return file === undefined
    ? null
    : file.bytes.toString("latin1").replace(/created: "?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d*[1-9]\d*Z"?/g, "created: now");
}
