import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { native } from "./bytes.ts";

/** What an entry of a tree may be given beside its content. */
export interface Look {
  /** Permission bits. */
  readonly mode?: number;
  /** Microseconds since the epoch; without it every entry gets a time of its own, years ago. */
  readonly at?: number;
}

const FIRST = Date.parse("2023-04-05T06:07:08Z") * 1000;

/** Writes a tree, entry by entry. Paths as in bytes.ts. Directories get their modes and times at the end. */
export class Tree {
  readonly root: string;
  readonly #directories = new Map<string, Look>();
  readonly #leaveOut: (path: string) => boolean;
  #made = 0;

  /** @param leaveOut paths that are not written though they are asked for */
  constructor(root: string, leaveOut: (path: string) => boolean = () => false) {
    this.root = root;
    this.#leaveOut = leaveOut;
    fs.mkdirSync(root, { recursive: true, mode: 0o700 });
  }

  file(path: string, content: string | Buffer, look: Look = {}): void {
    if (this.#leaveOut(path)) return;
    this.#above(path);
    fs.writeFileSync(native(this.root, path), content, { flag: "wx" });
    fs.chmodSync(native(this.root, path), look.mode ?? 0o600);
    setTime(this.root, path, this.#time(look));
  }

  directory(path: string, look: Look = {}): void {
    if (this.#leaveOut(path)) return;
    this.#above(path);
    fs.mkdirSync(native(this.root, path), { recursive: true });
    this.#directories.set(path, { at: this.#time(look), ...look });
  }

  link(path: string, target: string, look: Look = {}): void {
    if (this.#leaveOut(path)) return;
    this.#above(path);
    fs.symlinkSync(Buffer.from(target, "latin1"), native(this.root, path));
    setLinkTime(this.root, path, this.#time(look));
  }

  fifo(path: string, look: Look = {}): void {
    if (this.#leaveOut(path)) return;
    this.#above(path);
    // Node makes no FIFOs, and an argument of a program is text: made under a plain name first.
    const made = spawnSync("mkfifo", [`${this.root}.fifo`]);
    if (made.status !== 0) throw new Error(`mkfifo: ${made.stderr}`);
    fs.renameSync(`${this.root}.fifo`, native(this.root, path));
    fs.chmodSync(native(this.root, path), look.mode ?? 0o600);
    setTime(this.root, path, this.#time(look));
  }

  /** Gives the directories made so far their modes and times. */
  close(): void {
    const deepestFirst = [...this.#directories].sort(([a], [b]) => b.split("/").length - a.split("/").length);
    for (const [path, look] of deepestFirst) {
      fs.chmodSync(native(this.root, path), look.mode ?? 0o700);
      setTime(this.root, path, look.at ?? FIRST);
    }
    this.#directories.clear();
  }

  #above(path: string): void {
    const above = path.split("/").slice(0, -1);
    for (let n = 1; n <= above.length; n++) {
      const directory = above.slice(0, n).join("/");
      if (this.#directories.has(directory) || fs.existsSync(native(this.root, directory))) continue;
      fs.mkdirSync(native(this.root, directory), { mode: 0o700 });
      this.#directories.set(directory, { at: this.#time({}) });
    }
  }

  /** Times with a part below the second that a rounding to milliseconds would change. */
  #time(look: Look): number {
    this.#made += 1;
    return look.at ?? FIRST + this.#made * 61_000_007 + 123;
  }
}

/** utimes(2) takes seconds as a floating-point number here: half a microsecond more keeps it from rounding down. */
function seconds(at: number): number {
  return (at + 0.5) / 1e6;
}

export function setTime(root: string, path: string, at: number): void {
  fs.utimesSync(native(root, path), seconds(at), seconds(at));
}

export function setLinkTime(root: string, path: string, at: number): void {
  fs.lutimesSync(native(root, path), seconds(at), seconds(at));
}
