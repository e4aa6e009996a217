import { fstatSync, readSync } from "node:fs";
import { basename, dirname } from "node:path";
import { CcsError, describePolicy, type Home, realDirectory } from "../../shared/launch.ts";
import { isErrno } from "../errno.ts";
import { home } from "../launch/home.ts";
import { readAndRemember } from "../launch/remembered.ts";
import { out } from "../output.ts";
import { limitWords } from "./limits.ts";
import { visible } from "./visible.ts";

/** Bytes of what the client hands over; it was seen to be some two thousand. */
const MOST = 1 << 20;

/** The client runs it after every message, with a pipe. Whether anything else is a terminal, node:tty takes 2 ms to tell. */
export async function quick(args: readonly string[]): Promise<number | null> {
  return args.length > 0 || fstatSync(0).isCharacterDevice() ? null : statusLine();
}

/** Prints one line for the place below the client's prompt. Whatever is wrong, there is a line. @returns the exit code */
export async function statusLine(): Promise<number> {
  const payload = parsed(input());
  const place = await home();
  const account = accountOf(place);
  const words = account === null ? ["no account"] : [account, await contextOf(place, account)];
  out(`${[...words, ...limitWords(payload, Date.now())].map(visible).join(" \u00b7 ")}\n`);
  return 0;
}

/** Whose client this is: it hands on what the launcher gave it. A directory says more than a name that was left behind. */
function accountOf(place: Home): string | null {
  const directory = process.env["CLAUDE_CONFIG_DIR"];
  if (!directory) return null;
  const above = dirname(directory);
  return above === place.instances || realDirectory(above) === realDirectory(place.instances) ? basename(directory) : null;
}

async function contextOf(place: Home, account: string): Promise<string> {
  try {
    const found = (await readAndRemember(place)).account(account);
    return found === undefined ? "not in config.yaml" : await describePolicy(found.policy);
  } catch (error) {
    if (error instanceof CcsError) return "config.yaml is not valid (ccs doctor)";
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Another version's payload, or none: the account is known without it.
  }
}

function input(): string {
  const chunks: Buffer[] = [];
  for (let size = 0; size < MOST; ) {
    const chunk = Buffer.alloc(1 << 16);
    const got = readSome(chunk);
    if (got === 0) break;
    size += got;
    chunks.push(chunk.subarray(0, got));
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** @returns bytes read; 0 at the end, or where there is no input */
function readSome(into: Buffer): number {
  for (;;) {
    try {
      return readSync(0, into);
    } catch (error) {
      if (!isErrno(error, "EAGAIN")) return 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
