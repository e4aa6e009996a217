import { expect } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as ccs from "../../../shared/index.ts";
import { chain, session } from "../../engine/support/sessions.ts";

const BINARY = process.env["CCS_TEST_BINARY"] ?? join(import.meta.dir, "../../../dist/ccs");
const APPENDER = join(import.meta.dir, "appender.ts");

const team: ccs.ContextPolicy = { mode: "shared", group: "team", continuity: "standard" };
const teamDeeper: ccs.ContextPolicy = { mode: "shared", group: "team", continuity: "deeper" };
const otherDeeper: ccs.ContextPolicy = { mode: "shared", group: "other", continuity: "deeper" };

/** What each account does at once with the others, and from which policy. */
export const PARTS = [
  { account: "one", from: null, to: ["--context-group", "team"] },
  { account: "two", from: null, to: ["--context-group", "team", "--deeper-continuity"] },
  { account: "three", from: team, to: ["--isolated"] },
  { account: "four", from: team, to: ["--context-group", "team", "--deeper-continuity"] },
  { account: "five", from: otherDeeper, to: ["--context-group", "team", "--standard-continuity"] },
  { account: "six", from: teamDeeper, to: ["--context-group", "team", "--standard-continuity"] },
] as const;

export type Part = (typeof PARTS)[number];

/** Who writes all the while: one in an account that joins, two in one session of an account that stays. */
export const WRITERS = [
  { name: "one-live", account: "one", session: session(900) },
  { name: "four-live", account: "four", session: session(903) },
  { name: "four-more", account: "four", session: session(903) },
] as const;

const COMMON = session(901);
const BIG = session(902);

function put(path: string, content: string | Uint8Array): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, content);
}

/** Six accounts of one person, what they have, and processes that write into it. */
export class Crowd {
  readonly root: string = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "ccs-races-")));
  readonly home: ccs.Home = ccs.homeOf({ CCS_DIR: join(this.root, "ccs") }, this.root, this.root);
  readonly #stop = join(this.root, "stop");
  readonly #writers: { readonly name: string; readonly process: Bun.Subprocess<"ignore", "pipe", "inherit"> }[] = [];

  own(account: string, ...inside: string[]): string {
    return join(ccs.instanceOf(this.home, account), "projects", ...inside);
  }

  shared(...inside: string[]): string {
    return join(ccs.groupOf(this.home, "team"), "projects", ...inside);
  }

  /** Runs the compiled program. */
  edit({ account, to }: Part): Bun.Subprocess<"ignore", "pipe", "pipe"> {
    return Bun.spawn([BINARY, "auth", "edit", account, ...to, "--yes"], {
      env: { ...process.env, CCS_DIR: this.home.root, HOME: this.root },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  /** Runs it until it is done: 75 means try again. */
  async must(part: Part): Promise<void> {
    for (;;) {
      const run = this.edit(part);
      const [code, said] = await Promise.all([run.exited, new Response(run.stderr).text()]);
      if (code === 0) return;
      if (code !== 75 || !said.includes("lock")) throw new Error(`${part.account} ${part.to.join(" ")}: exit ${code}: ${said}`);
    }
  }

  /**
   * Makes the accounts with something of everything to merge, and brings them to where they start.
   * @param size bytes of what is large
   * @param known whether the group already has the beginning of the session somebody writes into who joins
   */
  begin(size: number, known: boolean): void {
    PARTS.forEach(({ account, from }, n) => {
      ccs.createAccount(this.home, account, { mode: "isolated" }, new Date());
      const [mine, alone] = [session(n + 1), session(n + 100)];
      put(this.own(account, "-p", `${mine}.jsonl`), chain(mine, ["a", "b"]));
      put(this.own(account, "-p", mine, "tool-results", "same.txt"), "same");
      put(this.own(account, "-p", `${COMMON}.jsonl`), chain(COMMON, n % 2 === 0 ? ["a", "b", account] : ["a", "b"]));
      put(this.own(account, "-p", "memory", "MEMORY.md"), account);
      put(this.own(account, "-p", "kind", ...(n % 3 === 0 ? [] : ["in"])), account);
      put(this.own(account, `-${account}`, `${alone}.jsonl`), chain(alone, ["a"]));
      put(this.own(account, `-${account}`, alone, "tool-results", "large.bin"), Buffer.alloc(size, n));
      put(join(ccs.instanceOf(this.home, account), "file-history", mine, "x@v1"), account);
      const big = `${JSON.stringify({ type: "user", uuid: "big", parentUuid: null, sessionId: BIG, message: "x".repeat(size) })}\n`;
      put(this.own(account, "-p", `${BIG}.jsonl`), n % 2 === 0 ? big : big + chain(BIG, [account], "big"));
      for (const writer of WRITERS) {
        if (writer.account === account) put(this.own(account, "-p", `${writer.session}.jsonl`), chain(writer.session, ["first", "second"]));
      }
      if (account === "six" && known) put(this.own(account, "-p", `${WRITERS[0].session}.jsonl`), chain(WRITERS[0].session, ["first"]));
      if (from === null) return;
      const change: ccs.Change = { account, to: from, take: "mine", takeSessions: [], copySettings: false };
      ccs.applyChange(this.home, ccs.previewChange(this.home, change), { approved: true });
    });
  }

  /** Starts those who write by path, like clients. @param registered whether they say that they run */
  write(registered: boolean): void {
    for (const { name, account, session: id } of WRITERS) {
      const writer = Bun.spawn([process.execPath, APPENDER, this.own(account, "-p", `${id}.jsonl`), id, name, "second", this.#stop], {
        stdin: "ignore",
        stdout: "pipe",
        stderr: "inherit",
      });
      this.#writers.push({ name, process: writer });
      if (!registered) continue;
      const stat = fs.readFileSync(`/proc/${writer.pid}/stat`, "utf8");
      const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      put(
        join(ccs.instanceOf(this.home, account), "sessions", `${writer.pid}.json`),
        JSON.stringify({ pid: writer.pid, sessionId: id, cwd: "/p", status: "busy", procStart }),
      );
    }
  }

  /** Ends the writers. @returns the ids of all lines each wrote */
  async written(): Promise<Map<string, string[]>> {
    fs.writeFileSync(this.#stop, "");
    const written = new Map<string, string[]>();
    for (const { name, process: writer } of this.#writers) {
      const [code, said] = await Promise.all([writer.exited, new Response(writer.stdout).text()]);
      expect(code).toBe(0);
      written.set(
        name,
        Array.from({ length: Number(said) }, (_, n) => `${name}-${n + 1}`),
      );
    }
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    fs.writeFileSync(this.#stop, "");
    for (const { process: writer } of this.#writers) await writer.exited;
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
