import { readFileSync } from "node:fs";

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
/** 127.0.0.1 as these tables write it, in both. */
const LOOPBACK = ["0100007F", "0000000000000000FFFF00000100007F"];

/**
 * Whether the other end of a connection on this machine is another person's, as the kernel tells (Linux; the superuser
 * counts as nobody else, and where nothing is known it is not).
 * @param port of the other end
 * @param own the server's port
 * @param uid whose server it is
 */
export function isStranger(port: number, own: number, uid: number, tables: readonly string[] = TABLES.map(readTable)): boolean {
  const [theirs, ours] = [port, own].map((number) =>
    LOOPBACK.map((address) => `${address}:${number.toString(16).toUpperCase().padStart(4, "0")}`),
  );
  for (const line of tables.flatMap((table) => table.split("\n"))) {
    const [, local = "", remote = "", , , , , owner = ""] = line.trim().split(/\s+/);
    if (!theirs?.includes(local) || !ours?.includes(remote)) continue;
    return Number(owner) !== uid && Number(owner) !== 0;
  }
  return false;
}

function readTable(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // not Linux
  }
}
