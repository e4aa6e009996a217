// A client as far as its transcript goes: bun appender.ts <transcript> <session> <name> <first parent> <stop file>
// For every line it makes the directories that are missing, opens the file by path, appends, closes. Ends when the stop file is
// there, and prints how many lines it wrote.
import { closeSync, constants, existsSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const [transcript, session, name, first, stop] = process.argv.slice(2) as [string, string, string, string, string];

/** @returns whether it was written; not where the directory was moved away between the two calls */
function append(line: string): boolean {
  mkdirSync(dirname(transcript), { recursive: true });
  let fd: number;
  try {
    fd = openSync(transcript, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  try {
    if (writeSync(fd, line) !== Buffer.byteLength(line)) throw new Error("a line was cut");
  } finally {
    closeSync(fd);
  }
  return true;
}

let written = 0;
let parent = first;
const pause = new Int32Array(new SharedArrayBuffer(4));
while (!existsSync(stop)) {
  const uuid = `${name}-${written + 1}`;
  const line = `${JSON.stringify({ type: "user", uuid, parentUuid: parent, sessionId: session, message: "x".repeat(written % 300) })}\n`;
  if (append(line)) {
    written += 1;
    parent = uuid;
  }
  Atomics.wait(pause, 0, 0, 1);
}
process.stdout.write(`${written}\n`);
