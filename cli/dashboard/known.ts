import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Home, isErrno } from "../../shared/index.ts";
import { answeringProof, askingProof, equal, secret } from "./access.ts";

/** Milliseconds a server that runs has for a link. */
const PATIENCE = 3000;

/** Where a server runs, for another `ccs config` of the same person. */
interface Known {
  readonly pid: number;
  readonly port: number;
  readonly key: string;
}

/** A server that runs already. */
export interface Running {
  readonly pid: number;
  readonly port: number;
  /** A fresh link to it. */
  readonly url: string;
}

/**
 * Says where this server runs, to whoever may read the person's own files. Where modes keep nobody out, as on FAT, or where
 * nothing can be written, it is not said: another `ccs config` then starts a server of its own.
 * @returns takes it back
 */
export function makeKnown(home: Home, known: Known): () => void {
  try {
    write(home, known);
  } catch (error) {
    if (!isErrno(error)) throw error; // A directory that cannot be written to can still be looked at.
  }
  return () => {
    try {
      if (readKnown(home)?.key === known.key) unlinkSync(home.dashboard);
    } catch (error) {
      if (!isErrno(error)) throw error; // It names a server that is gone: nobody answers there with the proof.
    }
  };
}

function write(home: Home, known: Known): void {
  mkdirSync(dirname(home.dashboard), { recursive: true, mode: 0o700 });
  const fresh = `${home.dashboard}.${randomUUID()}`;
  try {
    // Empty first: what modes do here is known before there is something to read.
    writeFileSync(fresh, "", { mode: 0o600, flag: "wx" });
    if (process.platform !== "win32" && (statSync(fresh).mode & 0o077) !== 0) return;
    writeFileSync(fresh, JSON.stringify({ version: 1, ...known }));
    renameSync(fresh, home.dashboard);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** A link to the server that runs, from the server itself; null where none does. */
export async function runningServer(home: Home): Promise<Running | null> {
  const known = readKnown(home);
  if (known === null) return null;
  const { pid, port, key } = known;
  const nonce = secret();
  const address = `http://127.0.0.1:${port}`;
  try {
    const response = await fetch(`${address}/api/link`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: address },
      body: JSON.stringify({ nonce, proof: askingProof(key, nonce) }),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const { token, proof } = (await response.json()) as { token?: unknown; proof?: unknown };
    if (typeof token !== "string" || typeof proof !== "string") return null;
    // Somebody else may sit on the port by now; they do not know the key.
    if (!equal(proof, answeringProof(key, nonce, token))) return null;
    return { pid, port, url: `${address}/#token=${token}` };
  } catch {
    return null; // Nobody is there, or nobody of ours.
  }
}

function readKnown(home: Home): Known | null {
  try {
    const { pid, port, key } = JSON.parse(readFileSync(home.dashboard, "utf8")) as Partial<Known>;
    return Number.isSafeInteger(pid) && Number.isSafeInteger(port) && typeof key === "string" ? ({ pid, port, key } as Known) : null;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error)) return null;
    throw error;
  }
}
