import { type FSWatcher, watch } from "node:fs";
import { follow } from "../context/disk.ts";
import { CcsError, reasonOf } from "../errors.ts";
import type { Home } from "../paths.ts";
import { watchedDirectories } from "./watched.ts";

/** Milliseconds of quiet after which a change is told, and the most a change waits where there is no quiet. */
const SETTLE = 100;
const AT_MOST = 500;

export interface Following {
  /** Ends it; nothing is told after that. */
  close(): void;
}

/**
 * Tells of changes of everything a face shows: accounts, logins, policies, groups, clients that run. Nothing is polled: the
 * system says when something happens in a directory, and where nothing happens this costs nothing. Keeps no process alive.
 * @param changed something has changed; called some 0.1 s after it has settled, and every 0.5 s while it goes on. What is
 *   read in it is never older than what it was called for
 * @param trouble what cannot be followed, and why; told once. The rest is followed all the same
 */
export function followHome(home: Home, changed: () => void, trouble: (error: CcsError) => void = () => undefined): Following {
  const watched = new Map<string, Watched>();
  let settling: NodeJS.Timeout | undefined;
  let first: number | null = null;
  let told = false;
  let closed = false;

  const refuse = (path: string, error: unknown) => {
    if (told) return;
    told = true;
    trouble(cannotFollow(path, error));
  };
  const stir = () => {
    if (closed) return;
    const now = Date.now();
    first ??= now;
    clearTimeout(settling);
    settling = setTimeout(tell, Math.max(0, Math.min(SETTLE, first + AT_MOST - now)));
    settling.unref();
  };
  const tell = () => {
    first = null;
    // Before it is told, so that nothing happens between what is read then and what is watched from now on.
    arm();
    changed();
  };
  const arm = () => {
    const wanted = placesOf(home, refuse);
    for (const [path, { watcher, place }] of watched) {
      // A watch stays with its directory, also where another one has taken its name.
      if (wanted.get(path) === place) continue;
      watcher.close();
      watched.delete(path);
    }
    for (const [path, place] of wanted) {
      if (watched.has(path)) continue;
      try {
        const watcher = watch(path, { persistent: false }, stir);
        watcher.on("error", stir);
        watched.set(path, { watcher, place });
      } catch (error) {
        if (follow(path) !== null) refuse(path, error);
      }
    }
  };

  arm();
  return {
    close() {
      closed = true;
      clearTimeout(settling);
      for (const { watcher } of watched.values()) watcher.close();
      watched.clear();
    },
  };
}

interface Watched {
  readonly watcher: FSWatcher;
  /** Which directory it is, whatever its name. */
  readonly place: string;
}

function placesOf(home: Home, refuse: (path: string, error: unknown) => void): Map<string, string> {
  try {
    return new Map(
      watchedDirectories(home).flatMap((path) => {
        const facts = follow(path);
        return facts === null ? [] : [[path, `${facts.dev} ${facts.ino}`] as const];
      }),
    );
  } catch (error) {
    if (!(error instanceof CcsError)) throw error;
    refuse(home.root, error);
    return new Map();
  }
}

function cannotFollow(path: string, error: unknown): CcsError {
  return new CcsError("failed", `changes of ${path} cannot be followed: ${reasonOf(error)}`, {
    where: path,
    untouched: "What is shown stays as it was when it was last looked at.",
    hint: "Refresh to look again; on Linux, a higher fs.inotify.max_user_watches makes room for more.",
    cause: error,
  });
}
