import { Buffer } from "node:buffer";
import { sessionOf } from "./transcripts.ts";

const LONGEST_NAME = 255;

/**
 * The name an arriving entry gets beside another of its name: `notes.md` from account `work` is `notes.from-work.md`.
 * @param nth 1 for the first such name, counted on while it is taken
 * @param inProject whether it lies directly in a project directory, where the client takes every `.jsonl` for a session
 * @returns null where it has to be set aside instead: too long, or it would look like a session
 */
export function conflictName(name: string, account: string, nth: number, inProject: boolean): string | null {
  const dot = name.lastIndexOf(".");
  const cut = dot > 0 ? dot : name.length;
  const made = `${name.slice(0, cut)}.from-${account}${nth > 1 ? `-${nth}` : ""}${name.slice(cut)}`;
  if (Buffer.byteLength(made, "utf8") > LONGEST_NAME) return null;
  if (inProject && (made.endsWith(".jsonl") || sessionOf(name) !== null)) return null;
  return made;
}
