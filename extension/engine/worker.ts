/**
 * The engine's thread. Shared's use cases are synchronous, and a plan for a large group takes a while: the editor's own thread
 * stays free, and loads none of it to start.
 */
import { randomUUID } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { CcsError, type Following, followHome, isErrno } from "../../shared/index.ts";
import { type Asking, CALLS, type Done, homeHere } from "./calls.ts";
import type { Asked, Question, Said } from "./protocol.ts";
import type { Refusal } from "./refusal.ts";

/** Proposals a person may still say yes to. */
const KEPT = 8;

const home = homeHere(process.env);
const proposals = new Map<string, Parameters<Asking["keep"]>[0]>();
let following: Following | null = null;

parentPort?.on("message", (asked: Asked) => {
  if ("follow" in asked) follow(asked.follow);
  else answer(asked);
});

function say(said: Said): void {
  parentPort?.postMessage(said);
}

function follow(wanted: boolean): void {
  if (!wanted) {
    following?.close();
    following = null;
    return;
  }
  following ??= followHome(
    home,
    () => say({ changed: true }),
    (error) => say({ trouble: refusalOf(error) }),
  );
}

function answer({ id, call, args }: Question): void {
  const asking: Asking = {
    home,
    env: process.env,
    onProgress: (progress) => say({ id, progress }),
    keep(apply) {
      const token = randomUUID();
      proposals.set(token, apply);
      for (const [old] of [...proposals].slice(0, -KEPT)) proposals.delete(old);
      return token;
    },
    kept(token): ((onProgress: Asking["onProgress"]) => Done) | undefined {
      const apply = proposals.get(token);
      proposals.delete(token);
      return apply;
    },
  };
  try {
    const run = CALLS[call] as unknown as (asking: Asking, ...args: readonly unknown[]) => unknown;
    say({ id, answer: run(asking, ...args) });
  } catch (error) {
    say({ id, refusal: refusalOf(error) });
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof CcsError) {
    const { code, message, where = null, untouched = null, hint = null } = error;
    return { code, message, where, untouched, hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  const where = isErrno(error) ? (error.path ?? null) : null;
  return { code: "failed", message, where, untouched: null, hint: null };
}
