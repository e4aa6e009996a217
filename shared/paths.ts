import { dirname, isAbsolute, join } from "node:path";

/** Every path `ccs` uses, made from one root. Nothing else in the project joins a path under it. */
export interface Home {
  /** `~/.ccs`, or `CCS_DIR`. Absolute. */
  readonly root: string;
  readonly config: string;
  readonly instances: string;
  readonly shared: string;
  readonly groups: string;
  /** Lock, intents and records: ours alone. */
  readonly state: string;
  /** What the last launch made of config.yaml, for the next. */
  readonly launch: string;
  readonly lock: string;
  readonly intents: string;
  /** What `ccs install` put outside of this directory. */
  readonly installed: string;
  /** Where a dashboard runs, and the key to it. */
  readonly dashboard: string;
  readonly records: string;
  /** What is on its way. Out of every client's reach. */
  readonly staging: string;
  /** What had to give way and is kept. */
  readonly setAside: string;
  /** Instances of accounts that were removed, each under a dated name. */
  readonly removed: string;
}

/**
 * @param env `CCS_DIR` (absolute, or relative to the working directory) replaces `~/.ccs`
 * @param userHome the person's home directory
 * @param cwd the working directory a relative `CCS_DIR` is taken from
 */
export function homeOf(env: { readonly [name: string]: string | undefined }, userHome: string, cwd: string): Home {
  const named = env["CCS_DIR"];
  const root = named ? (named.startsWith("/") || /^[A-Za-z]:[\\/]/.test(named) ? named : join(cwd, named)) : join(userHome, ".ccs");
  const state = join(root, "state");
  const shared = join(root, "shared");
  return {
    root,
    config: join(root, "config.yaml"),
    instances: join(root, "instances"),
    shared,
    groups: join(shared, "context-groups"),
    state,
    launch: join(state, "launch.json"),
    lock: join(state, "lock"),
    intents: join(state, "intents"),
    installed: join(state, "installed.json"),
    dashboard: join(state, "dashboard.json"),
    records: join(state, "records"),
    staging: join(root, "staging"),
    setAside: join(root, "set-aside"),
    removed: join(root, "removed"),
  };
}

/** The home that a config.yaml is of. @param config its path, absolute */
export function homeOfConfig(config: string): Home {
  return homeOf({ CCS_DIR: dirname(config) }, "", "");
}

/** The directory an account's client runs in. */
export function instanceOf(home: Home, account: string): string {
  return join(home.instances, account);
}

/** Where a group's history lies. */
export function groupOf(home: Home, group: string): string {
  return join(home.groups, group);
}

/** The instance of an account that was removed. @param dated the name it was set aside under */
export function removedOf(home: Home, dated: string): string {
  return join(home.removed, dated);
}

/** The instance of an account that is being made. @param change the directory in staging */
export function madeOf(home: Home, change: string): string {
  return join(home.staging, change, "instance");
}

/** The unfinished rename, removal, return or making of an account. */
export function moveOf(home: Home, account: string, kind: string): string {
  return join(home.intents, `${account}.${kind}`);
}

/** The unfinished choice between two files of a group. */
export function resolutionOf(home: Home, group: string): string {
  return join(home.intents, `${group}.resolve`);
}

/** The unfinished change of one account; the launcher looks for it. */
export function intentOf(home: Home, account: string): string {
  return join(home.intents, `${account}.json`);
}

/**
 * Where the index of a group's sessions lies: beside the groups, where no client looks and no group is looked for.
 * It may be missing, old or torn at any time.
 */
export function groupIndexOf(home: Home, group: string): string {
  return join(home.shared, "session-index", group);
}

/** The same for a history that is an account's alone. */
export function accountIndexOf(home: Home, account: string): string {
  return join(home.state, "session-index", account);
}

/** A path as it is written down where it has to last: from the root, which may have another place one day. */
export function lasting(home: Home, path: string): string {
  return path.startsWith(`${home.root}/`) ? path.slice(home.root.length + 1) : path;
}

/** A path that was written down, as it is now. */
export function lastingNow(home: Home, written: string): string {
  return isAbsolute(written) ? written : join(home.root, written);
}
