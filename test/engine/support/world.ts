import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as ccs from "../../../shared/index.ts";

export const ISOLATED: ccs.ContextPolicy = { mode: "isolated" };

export function standard(group: string): ccs.ContextPolicy {
  return { mode: "shared", group, continuity: "standard" };
}

export function deeper(group: string): ccs.ContextPolicy {
  return { mode: "shared", group, continuity: "deeper" };
}

/** Where worlds are made: in memory where there is such a directory, because every change fsyncs. */
export const FAST: string = process.env["CCS_TEST_TMP"] ?? (fs.existsSync("/dev/shm") ? "/dev/shm" : tmpdir());

type Asked = Partial<Pick<ccs.Change, "take" | "takeSessions" | "copySettings">>;

/** Thrown from a progress report: what a kill between two operations looks like from outside. */
export class Interrupted extends Error {}

/** Whether something was broken off. */
function breaksOff(act: () => unknown): boolean {
  try {
    act();
  } catch (error) {
    if (error instanceof Interrupted) return true;
    throw error;
  }
  return false;
}

/** One person's `CCS_DIR` for one test: `using world = new World()`. */
export class World {
  readonly root: string;
  readonly home: ccs.Home;

  /** @param above where it is made */
  constructor(above: string = FAST) {
    this.root = fs.realpathSync(fs.mkdtempSync(join(above, "ccs-engine-")));
    this.home = ccs.homeOf({ CCS_DIR: join(this.root, "ccs") }, this.root, this.root);
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  /** Makes accounts, isolated. */
  accounts(...names: string[]): void {
    for (const name of names) this.create(name, ISOLATED);
  }

  create(name: string, policy: ccs.ContextPolicy): ccs.CreatedAccount {
    return ccs.createAccount(this.home, name, policy, new Date());
  }

  /** A path in an account's instance. */
  instance(account: string, ...inside: string[]): string {
    return join(ccs.instanceOf(this.home, account), ...inside);
  }

  /** A path in an account's `projects`. */
  own(account: string, ...inside: string[]): string {
    return this.instance(account, "projects", ...inside);
  }

  /** A path in a group's `projects`. */
  shared(group: string, ...inside: string[]): string {
    return join(ccs.groupOf(this.home, group), "projects", ...inside);
  }

  /** A path in a group's part of what only `deeper` shares. */
  deep(group: string, ...inside: string[]): string {
    return join(ccs.groupOf(this.home, group), "continuity", ...inside);
  }

  preview(account: string, to: ccs.ContextPolicy, asked: Asked = {}): ccs.Preview {
    return ccs.previewChange(this.home, { account, to, take: "mine", takeSessions: [], copySettings: false, ...asked });
  }

  /** Changes an account's policy, as a person who says yes to what was shown. */
  change(account: string, to: ccs.ContextPolicy, asked: Asked = {}): ccs.ChangeReport {
    return ccs.applyChange(this.home, this.preview(account, to, asked), { approved: true });
  }

  join(account: string, group = "team"): ccs.ChangeReport {
    return this.change(account, standard(group));
  }

  leave(account: string, asked: Asked = {}): ccs.ChangeReport {
    return this.change(account, ISOLATED, asked);
  }

  /** Takes the last change back, of an account or of whichever was changed last. */
  undo(account: string | null = null): ccs.ChangeReport {
    return ccs.applyChange(this.home, ccs.previewChange(this.home, ccs.undoing(this.home, account)), { approved: true });
  }

  /**
   * Begins a change and breaks off after so many operations.
   * @param during told how many operations are done, after each
   * @returns whether there were that many
   */
  interrupt(
    account: string,
    to: ccs.ContextPolicy,
    after: number,
    asked: Asked = {},
    during: (done: number) => void = () => undefined,
  ): boolean {
    return this.interruptChange({ account, to, take: "mine", takeSessions: [], copySettings: false, ...asked }, after, during);
  }

  /** The same for any change. */
  interruptChange(change: ccs.Change, after: number, during: (done: number) => void = () => undefined): boolean {
    let done = 0;
    return breaksOff(() =>
      ccs.applyChange(this.home, ccs.previewChange(this.home, change), {
        approved: true,
        onProgress: () => {
          done += 1;
          during(done);
          if (done >= after) throw new Interrupted();
        },
      }),
    );
  }

  /** Renames, removes or brings back an account, as a person who says yes to what was shown. */
  move(seen: ccs.MovePreview): ccs.MovePreview {
    return ccs.applyMove(seen, { approved: true });
  }

  rename(account: string, to: string): ccs.MovePreview {
    return this.move(ccs.previewRename(this.home, account, to));
  }

  remove(account: string, asked: Partial<Omit<ccs.Removal, "account">> = {}): ccs.MovePreview {
    return this.move(ccs.previewRemoval(this.home, { account, take: "mine", keepLogin: false, ...asked }));
  }

  restore(account: string, as: string | null = null): ccs.MovePreview {
    return this.move(ccs.previewRestore(this.home, account, as));
  }

  /** Begins a rename, a removal or a return and breaks off after so many steps. @returns whether there were that many */
  interruptMove(seen: ccs.MovePreview, after: number): boolean {
    let done = 0;
    const onStep = () => {
      done += 1;
      if (done >= after) throw new Interrupted();
    };
    return breaksOff(() => ccs.applyMove(seen, { approved: true, onStep }));
  }

  mend(account: string): void {
    ccs.mendForLaunch(this.home, account);
  }

  /** The text of config.yaml, with something else in it from now on. */
  editConfig(edit: (text: string) => string): string {
    const next = edit(fs.readFileSync(this.home.config, "utf8"));
    fs.writeFileSync(this.home.config, next);
    return next;
  }

  /** What config.yaml says of an account. */
  policy(account: string): ccs.ContextPolicy | null | undefined {
    return ccs.readConfig(this.home).accounts.get(account)?.policy;
  }

  /** Whether a change was begun and not ended. */
  unfinished(): string[] {
    return fs.existsSync(this.home.intents) ? fs.readdirSync(this.home.intents) : [];
  }
}

/** Writes a file and the directories above it. @returns its path */
export function put(path: string, content: string | Uint8Array, mode?: number): string {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, content);
  if (mode !== undefined) fs.chmodSync(path, mode);
  return path;
}

export function text(path: string): string {
  return fs.readFileSync(path, "utf8");
}

/** Names in a directory; none where there is no directory. */
export function names(path: string): string[] {
  return fs.existsSync(path) ? fs.readdirSync(path).sort() : [];
}

/** What a call threw. @throws Error where it threw nothing or something that was not meant */
export function refusal(act: () => unknown): ccs.CcsError {
  try {
    act();
  } catch (error) {
    if (error instanceof ccs.CcsError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** The first reason why a plan cannot be applied as things stand. */
export function blocker(preview: ccs.Preview): ccs.Blocker {
  const found = preview.plan.blockers[0];
  if (found === undefined) throw new Error("nothing blocks it");
  return found;
}
