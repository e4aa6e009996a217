import { randomUUID } from "node:crypto";

/** A name for a change: what it stages and sets aside lies in directories of this name. */
export function newChangeId(account: string, now: Date): string {
  return `${now.toISOString().replace(/[-:.]/g, "")}-${account}-${randomUUID().slice(0, 4)}`;
}

/** The account a change was made for, or null where a name is none that `newChangeId` gives. */
export function accountOfChange(id: string): string | null {
  return /^\d{8}T\d+Z-(.+)-[0-9a-f]+$/.exec(id)?.[1] ?? null;
}
