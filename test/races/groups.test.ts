import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { chain, session } from "../engine/support/sessions.ts";
import { held, lost, snapshot } from "../engine/support/snapshot.ts";

const BINARY = process.env["CCS_TEST_BINARY"] ?? join(import.meta.dir, "../../dist/ccs");
const APPENDER = join(import.meta.dir, "support", "appender.ts");
const ROUNDS = Number(process.env["CCS_TEST_RUNS"] ?? 20);
const LARGE = 3 * 1024 * 1024;

/** The session somebody writes into, by account: one that joins, one that stays. */
const OPEN: Readonly<Record<string, string>> = { one: session(900), four: session(903) };
const COMMON = session(901);
const BIG = session(902);

function put(path: string, content: string | Uint8Array): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, content);
}

/** What every account does at once, from which policy. */
const PARTS = [
  { account: "one", from: [], to: ["--context-group", "team"] },
  { account: "two", from: [], to: ["--context-group", "team", "--deeper-continuity"] },
  { account: "three", from: ["--context-group", "team"], to: ["--isolated", "--take", "mine"] },
  { account: "four", from: ["--context-group", "team"], to: ["--context-group", "team", "--deeper-continuity"] },
  { account: "five", from: ["--context-group", "other", "--deeper-continuity"], to: ["--context-group", "team", "--standard-continuity"] },
  { account: "six", from: ["--context-group", "team", "--deeper-continuity"], to: ["--context-group", "team", "--standard-continuity"] },
] as const;

class Round {
  readonly root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "ccs-races-")));
  readonly home: ccs.Home = ccs.homeOf({ CCS_DIR: join(this.root, "ccs") }, this.root, this.root);
  readonly #stop = join(this.root, "stop");
  readonly #appenders: { readonly account: string; readonly process: Bun.Subprocess<"ignore", "pipe", "inherit"> }[] = [];

  own(account: string, ...inside: string[]): string {
    return join(ccs.instanceOf(this.home, account), "projects", ...inside);
  }

  /** Runs the compiled program. */
  edit(account: string, ...to: readonly string[]): Bun.Subprocess<"ignore", "pipe", "pipe"> {
    return Bun.spawn([BINARY, "auth", "edit", account, ...to, "--yes"], {
      env: { ...process.env, CCS_DIR: this.home.root, HOME: this.root },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  /** Runs it until it is done: 75 means try again. */
  async must(account: string, ...to: readonly string[]): Promise<void> {
    for (;;) {
      const run = this.edit(account, ...to);
      const [code, said] = await Promise.all([run.exited, new Response(run.stderr).text()]);
      if (code === 0) return;
      if (code !== 75) throw new Error(`${account} ${to.join(" ")}: exit ${code}: ${said}`);
    }
  }

  /** Everything there is to merge, large files among it. */
  fill(round: number): void {
    PARTS.forEach(({ account }, n) => {
      ccs.createAccount(this.home, account, { mode: "isolated" }, new Date());
      put(this.own(account, "-p", `${session(n + 1)}.jsonl`), chain(session(n + 1), ["a", "b"]));
      put(this.own(account, "-p", `${COMMON}.jsonl`), chain(COMMON, n % 2 === 0 ? ["a", "b", account] : ["a", "b"]));
      put(this.own(account, `-${account}`, `${session(n + 100)}.jsonl`), chain(session(n + 100), ["a"]));
      put(this.own(account, "-p", "memory", "MEMORY.md"), account);
      put(this.own(account, "-p", session(n + 1), "tool-results", "same.txt"), "same");
      put(this.own(account, "-p", "kind", ...(n % 3 === 0 ? [] : ["in"])), account);
      put(join(ccs.instanceOf(this.home, account), "file-history", session(n + 1), "x@v1"), account);
      const big = Buffer.from(
        `${JSON.stringify({ type: "user", uuid: "big", parentUuid: null, sessionId: BIG, message: "x".repeat(LARGE) })}\n`,
      );
      put(
        this.own(account, "-p", `${BIG}.jsonl`),
        n % 2 === 0 ? big : Buffer.concat([big, Buffer.from(chain(BIG, [`${account}-${round}`], "big"))]),
      );
      put(this.own(account, `-${account}`, session(n + 100), "tool-results", "large.bin"), Buffer.alloc(LARGE, n));
    });
  }

  /** Starts to write into a session of an account by path, like a client. @param registered whether it says that it runs */
  append(account: string, registered: boolean): void {
    const open = OPEN[account] as string;
    const process = Bun.spawn(
      [Bun.argv[0] as string, APPENDER, this.own(account, "-p", `${open}.jsonl`), open, `${account}-live`, this.#stop],
      {
        stdin: "ignore",
        stdout: "pipe",
        stderr: "inherit",
      },
    );
    if (registered) {
      const stat = fs.readFileSync(`/proc/${process.pid}/stat`, "utf8");
      const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      put(
        join(ccs.instanceOf(this.home, account), "sessions", `${process.pid}.json`),
        JSON.stringify({ pid: process.pid, sessionId: open, cwd: "/p", status: "busy", procStart }),
      );
    }
    this.#appenders.push({ account, process });
  }

  /** Ends the writers. @returns the ids of all lines they wrote, by account */
  async lines(): Promise<Map<string, string[]>> {
    fs.writeFileSync(this.#stop, "");
    const written = new Map<string, string[]>();
    for (const { account, process } of this.#appenders) {
      const [code, said] = await Promise.all([process.exited, new Response(process.stdout).text()]);
      expect(code).toBe(0);
      written.set(
        account,
        Array.from({ length: Number(said) }, (_, n) => `${account}-live-${n + 1}`),
      );
    }
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    fs.writeFileSync(this.#stop, "");
    for (const { process } of this.#appenders) await process.exited;
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** How often each line of an account's writer stands in a text. */
function counts(text: string, account: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, id] of text.matchAll(/"uuid":"([^"]+)"/g)) if (id?.startsWith(`${account}-live-`)) found.set(id, (found.get(id) ?? 0) + 1);
  return found;
}

/** All transcripts there are, wherever. */
function everything(root: string): string {
  const texts: string[] = [];
  for (const [path, seen] of snapshot(root)) if (seen.kind === "file" && path.includes(".jsonl")) texts.push(seen.content);
  return texts.join("\n");
}

async function round(n: number): Promise<void> {
  await using world = new Round();
  world.fill(n);
  for (const { account, from } of PARTS) if (from.length > 0) await world.must(account, ...from);
  const before = held(snapshot(world.root));

  // One writes in an account that joins, one in an account that stays; every other round nothing says that they run.
  world.append("one", n % 2 === 0);
  world.append("four", n % 2 === 0);
  // One is killed in the middle, and tried again with the others still at it.
  const victim = PARTS[n % PARTS.length] as (typeof PARTS)[number];
  const killed = world.edit(victim.account, ...victim.to);
  const others = PARTS.filter((part) => part !== victim).map((part) => world.must(part.account, ...part.to));
  await Bun.sleep(n * 4);
  killed.kill("SIGKILL");
  await killed.exited;
  await Promise.all([...others, world.must(victim.account, ...victim.to)]);
  const written = await world.lines();

  const after = snapshot(world.root);
  expect(lost(before, held(after))).toEqual([]);
  const all = everything(world.root);
  for (const [account, ids] of written) {
    expect(ids.length).toBeGreaterThan(0);
    const anywhere = counts(all, account);
    expect([account, ids.filter((id) => !anywhere.has(id))]).toEqual([account, []]);
    const session = join(ccs.groupOf(world.home, "team"), "projects", "-p", `${OPEN[account]}.jsonl`);
    const inSession = counts(fs.readFileSync(session, "latin1"), account);
    expect([account, ids.filter((id) => inSession.get(id) !== 1)]).toEqual([account, []]);
  }
  expect(fs.readdirSync(world.home.intents)).toEqual([]);
  for (const { account } of PARTS) {
    const { policy } = ccs.showAccount(world.home, account, 0);
    if (policy === null) throw new Error(`the policy of ${account} does not parse`);
    const preview = ccs.previewChange(world.home, { account, to: policy, take: "mine", takeSessions: [], copySettings: false });
    expect([account, preview.plan.operations]).toEqual([account, []]);
  }
}

test(`six joins, leaves and edits at once into one group, one of them killed, two writing all the while: no line is missing, nothing is gone, ${ROUNDS} rounds`, async () => {
  for (let n = 0; n < ROUNDS; n++) await round(n);
});
