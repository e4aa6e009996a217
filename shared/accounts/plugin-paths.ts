import { join } from "node:path";
import { withPathsMoved } from "../claude/plugin-paths.ts";
import { editFile, list, look, readText } from "../context/disk.ts";
import { CcsError } from "../errors.ts";

/** A file of the client's plugins, as it is and as it has to be. */
interface Moving {
  readonly path: string;
  readonly text: string;
  readonly next: string;
}

/**
 * Files in which the client has written down where its plugins lie, of an instance that has another place. Links are a person's.
 * Reads only.
 * @param instance where it is now
 * @param from where it was
 * @param to where it is to be
 */
export function pluginPaths(instance: string, from: string, to: string): Moving[] {
  const plugins = join(instance, "plugins");
  if (look(plugins)?.kind !== "directory") return [];
  return (list(plugins) ?? []).flatMap(({ name, kind }) => {
    const path = join(plugins, name);
    const text = kind === "file" && name.endsWith(".json") ? textIn(path) : null;
    const next = text === null ? null : withPathsMoved(text, [from], to);
    return text === null || next === null || next === text ? [] : [{ path, text, next }];
  });
}

function textIn(path: string): string | null {
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof CcsError) return null; // no text, or not ours to read: as little ours to edit
    throw error;
  }
}

/** Writes into them where the plugins lie now. Doing it twice is doing it once. Under the lock. */
export function movePluginPaths(instance: string, from: string): void {
  for (const { path, text, next } of pluginPaths(instance, from, instance)) editFile(path, text, next, look(path)?.mode ?? 0o600);
}
