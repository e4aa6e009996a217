/** System calls that change something on a disk. A `?` in front: not every machine has it. */
export const CHANGING = [
  "rename",
  "renameat",
  "renameat2",
  "link",
  "linkat",
  "symlink",
  "symlinkat",
  "mkdir",
  "mkdirat",
  "rmdir",
  "unlink",
  "unlinkat",
  "open",
  "openat",
  "openat2",
  "creat",
  "mknod",
  "mknodat",
  "write",
  "pwrite64",
  "writev",
  "pwritev",
  "pwritev2",
  "copy_file_range",
  "sendfile",
  "splice",
  "ioctl",
  "truncate",
  "ftruncate",
  "fallocate",
  "chmod",
  "fchmod",
  "fchmodat",
  "fchmodat2",
  "chown",
  "fchown",
  "lchown",
  "fchownat",
  "utime",
  "utimes",
  "futimesat",
  "utimensat",
  "setxattr",
  "lsetxattr",
  "fsetxattr",
  "fsync",
  "fdatasync",
  "sync_file_range",
  "syncfs",
  "io_uring_enter",
] as const;

/** One call a traced program made. */
export interface Call {
  readonly name: string;
  /** How many of that name the thread had made, this one counted. */
  readonly nth: number;
  /** The paths in it, the tree's own as `<CCS>`. */
  readonly paths: readonly string[];
  /** The whole line, without the thread. */
  readonly line: string;
  readonly thread: string;
  /** Whether the tracer made it fail. */
  readonly injected: boolean;
}

/** What a log says, in order. */
export interface Log {
  readonly calls: readonly Call[];
  /** Whether the main thread was killed, and in which call of it. */
  readonly killedIn: Call | null;
}

/** Reads the log of `strace -f -y -s 0 -o`. @param root the tree's own path */
export function readLog(text: string, root: string): Log {
  const calls: Call[] = [];
  const made = new Map<string, number>();
  const open = new Map<string, Call>();
  let main = "";
  let killedIn: Call | null = null;
  for (const raw of text.split("\n")) {
    const [, thread = "", line = ""] = /^(\d+)\s+(.*)$/s.exec(raw) ?? [];
    if (thread === "") continue;
    main ||= thread;
    if (line.startsWith("+++ killed") && thread === main) killedIn = open.get(thread) ?? null;
    if (line.startsWith("<... ") && !line.endsWith(" = ?")) open.delete(thread);
    const name = /^([a-z0-9_]+)\(/.exec(line)?.[1];
    if (name === undefined) continue;
    const nth = (made.get(`${thread} ${name}`) ?? 0) + 1;
    made.set(`${thread} ${name}`, nth);
    const call: Call = {
      name,
      nth,
      paths: pathsIn(line, root),
      line: line.replaceAll(root, "<CCS>"),
      thread,
      injected: line.includes("(INJECTED)"),
    };
    calls.push(call);
    if (line.includes("<unfinished ...>") || line.endsWith(" = ?") || !line.includes(" = ")) open.set(thread, call);
    else open.delete(thread);
  }
  return { calls, killedIn };
}

/** Paths in the tree among the arguments, not in what the call returned. As in bytes.ts, the tree's own as `<CCS>`. */
function pathsIn(line: string, root: string): string[] {
  // What is written may look like a path, too.
  const end = /^p?write/.test(line) ? line.indexOf(",") : line.lastIndexOf(")") + 1;
  const given = line.slice(0, end) || line;
  const found = given.matchAll(/"((?:[^"\\]|\\.)*)"|\d<((?:[^>\\]|\\.)*)>/g);
  return [...found].flatMap((match) => {
    const path = unescaped(match[1] ?? match[2] ?? "");
    return path === root || path.startsWith(`${root}/`) ? [`<CCS>${path.slice(root.length)}`] : [];
  });
}

const LETTERS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f" };

/** What the tracer printed with C's escapes, as bytes. */
function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))/g, (_, hex?: string, octal?: string, letter = "") =>
    hex !== undefined
      ? String.fromCharCode(Number.parseInt(hex, 16))
      : octal !== undefined
        ? String.fromCharCode(Number.parseInt(octal, 8))
        : (LETTERS[letter] ?? letter),
  );
}

/** Whether a call may change something in the tree. */
export function changes(call: Call): boolean {
  if (call.paths.length === 0) return false;
  if (call.name === "open" || call.name === "openat") return /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(call.line);
  if (call.name === "ioctl") return call.line.includes("FICLONE");
  return true;
}

/** A call without what chance or the clock put into its paths. */
export function spot(call: Call): string {
  const paths = call.paths.map((path) =>
    path
      .replace(/(lock\.(?:new|clear)\.)\d+\./g, "$1<process>.")
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
      .replace(/\d{8}T\d{6,9}Z-([A-Za-z0-9._]+)-[0-9a-f]{4}/g, "<change of $1>")
      .replace(/\d{8}T\d{6,9}Z(?=\.resolve\.)/g, "<date>")
      .replace(/\.\d{8}T\d{6,9}Z(?![-\d])/g, ".<date>"),
  );
  return `${call.name} ${paths.join(" ")}`;
}
