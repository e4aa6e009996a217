import { afterEach, describe, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CcsError,
  createAccount,
  type Following,
  followHome,
  type Home,
  homeOf,
  instanceOf,
  setDefault,
} from "../../../shared/index.ts";

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0).reverse()) end();
});

function scratch(): { readonly base: string; readonly home: Home } {
  const base = mkdtempSync(join(tmpdir(), "ccs-watch-"));
  endings.push(() => rmSync(base, { recursive: true, force: true }));
  return { base, home: homeOf({ CCS_DIR: join(base, "deep", "ccs") }, base, base) };
}

function made(): { readonly base: string; readonly home: Home } {
  const found = scratch();
  createAccount(found.home, "work", { mode: "shared", group: "team", continuity: "standard" }, new Date());
  return found;
}

/** Follows a home, and waits for it to tell of what is done. */
class Ear {
  heard = 0;
  readonly following: Following;

  constructor(home: Home) {
    this.following = followHome(home, () => {
      this.heard += 1;
    });
    endings.push(() => this.following.close());
  }

  /** Resolves once something was told after `work`; the test's own time limit is for when it never is. */
  async hears(work: () => void): Promise<void> {
    const before = this.heard;
    work();
    while (this.heard === before) await Bun.sleep(5);
    await this.quiet();
  }

  /** Until nothing has been told for longer than a change takes to settle. */
  async quiet(): Promise<void> {
    for (let seen = -1; seen !== this.heard; ) {
      seen = this.heard;
      await Bun.sleep(300);
    }
  }
}

describe("following a home", () => {
  test("tells of a home that is made after it began, whatever had to be made above it", async () => {
    const { home } = scratch();
    const ear = new Ear(home);
    await ear.hears(() => void createAccount(home, "work", { mode: "isolated" }, new Date()));
    await ear.hears(() => setDefault(home, "work"));
  });

  test("tells of config.yaml, a login, a client that starts and ends, a new account, a conversation in a new project", async () => {
    const { home } = made();
    const ear = new Ear(home);
    await ear.hears(() => setDefault(home, "work"));
    const instance = instanceOf(home, "work");
    await ear.hears(() => writeFileSync(join(instance, ".credentials.json"), "{}"));
    await ear.hears(() => mkdirSync(join(instance, "sessions")));
    await ear.hears(() => writeFileSync(join(instance, "sessions", "1.json"), "{}"));
    await ear.hears(() => unlinkSync(join(instance, "sessions", "1.json")));
    await ear.hears(() => void createAccount(home, "spare", { mode: "isolated" }, new Date()));
    await ear.hears(() => writeFileSync(join(instanceOf(home, "spare"), "settings.json"), "{}"));
    await ear.hears(() => mkdirSync(join(instance, "projects", "-task")));
  });

  test("goes on with a directory that was replaced by another of its name", async () => {
    const { home } = made();
    const ear = new Ear(home);
    const instance = instanceOf(home, "work");
    await ear.hears(() => {
      renameSync(instance, `${instance}.old`);
      mkdirSync(instance);
    });
    await ear.hears(() => writeFileSync(join(instance, ".claude.json"), "{}"));
  });

  test("tells of a config.yaml that is a link, and is replaced where it lies", async () => {
    const { base, home } = made();
    const dotfiles = join(base, "dotfiles");
    mkdirSync(dotfiles);
    renameSync(home.config, join(dotfiles, "ccs.yaml"));
    symlinkSync(join(dotfiles, "ccs.yaml"), home.config);
    const ear = new Ear(home);
    await ear.hears(() => {
      writeFileSync(join(dotfiles, "new"), "version: 12\naccounts: {}\n");
      renameSync(join(dotfiles, "new"), join(dotfiles, "ccs.yaml"));
    });
  });

  test("tells once of many changes together, and of nothing after it was closed", async () => {
    const { home } = made();
    const ear = new Ear(home);
    await ear.hears(() => {
      for (let n = 0; n < 200; n++) writeFileSync(join(instanceOf(home, "work"), `${n}.json`), "{}");
    });
    const heard = ear.heard;
    expect(heard).toBeLessThan(20);
    ear.following.close();
    writeFileSync(join(home.root, "late"), "");
    await ear.quiet();
    expect(ear.heard).toBe(heard);
    expect(existsSync(join(home.root, "late"))).toBe(true);
  });

  // No more watches than the system allows: what the system says is played, as its limit is for all that runs.
  test("tells what cannot be followed, once, and follows the rest", async () => {
    const { home } = made();
    createAccount(home, "spare", { mode: "isolated" }, new Date());
    const really = fs.watch;
    const full = spyOn(fs, "watch").mockImplementation(((path: string, ...rest: [fs.WatchOptions, () => void]) => {
      if (String(path).startsWith(home.instances)) {
        throw Object.assign(new Error(`ENOSPC: no space left on device, watch '${path}'`), { code: "ENOSPC" });
      }
      return really(path, ...rest);
    }) as typeof fs.watch);
    endings.push(() => full.mockRestore());
    const troubles: CcsError[] = [];
    let heard = 0;
    const following = followHome(
      home,
      () => heard++,
      (error) => troubles.push(error),
    );
    endings.push(() => following.close());
    setDefault(home, "work");
    while (heard === 0) await Bun.sleep(5);
    expect(troubles.map(({ message }) => message)).toEqual([
      `changes of ${home.instances} cannot be followed: no space left on device (ENOSPC)`,
    ]);
  });
});
