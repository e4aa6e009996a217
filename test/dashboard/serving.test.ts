import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePerson, type Person } from "../support/person.ts";
import { type Served, serve, signIn } from "./support/dashboard.ts";

let person: Person;
const open: Served[] = [];
beforeEach(() => {
  person = makePerson();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.end()));
  await person.close();
});
const started = async (...given: Parameters<typeof serve> extends [Person, ...infer Rest] ? Rest : never) => {
  const served = await serve(person, ...given);
  open.push(served);
  return served;
};
/** Waits for something that can be looked at. */
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await Bun.sleep(10);
};
const known = () => join(person.ccsDir, "state", "dashboard.json");

describe("ccs config", () => {
  test("prints one line of JSON, serves the page under a content security policy, and ends with 0 at Ctrl-C", async () => {
    const served = await started();
    expect(JSON.parse(served.said())).toEqual({ version: 1, url: served.url, pid: served.pid });
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    const page = await served.request("/");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toStartWith("default-src 'none'; script-src 'self'");
    const html = await page.text();
    // Nothing inline, and nothing from elsewhere.
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\bsrc=)|https?:/);
    for (const [, path = ""] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const asset = await served.request(path);
      expect([path, asset.status, asset.headers.get("x-content-type-options")]).toEqual([path, 200, "nosniff"]);
    }
    expect(await served.end()).toBe(0);
    expect(existsSync(known())).toBe(false);
  });

  test("has the accounts there are, from the first call on", async () => {
    await person.must("auth", "create", "work", "--context-group", "team", "--deeper-continuity");
    await person.must("auth", "create", "spare", "--no-login");
    const { accounts } = await (await started()).must("accounts", {});
    expect(accounts).toMatchObject([
      { name: "work", context: "shared (team), deeper", health: "ok", login: { loggedIn: true } },
      { name: "spare", context: "isolated", health: "warning", standing: { state: "signed-out", attention: true } },
    ]);
  });

  test("a second one prints a fresh link to the server that runs", async () => {
    const served = await started();
    const second = await person.ccs(["config", "--json"]);
    const { url, pid } = JSON.parse(second.stdout);
    expect({ code: second.code, pid, origin: new URL(url).origin }).toEqual({ code: 0, pid: served.pid, origin: served.origin });
    expect(await signIn(served.origin, new URL(url).hash.slice("#token=".length))).toMatch(/^[\w-]{43}$/);
    const human = await person.ccs(["config", "--no-open"]);
    expect(human.stdout).toMatch(/^Dashboard {2}http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/);
  });

  test("starts its own where the file names a server that is gone", async () => {
    const served = await started();
    const left = await Bun.file(known()).text();
    await served.end();
    writeFileSync(known(), left, { mode: 0o600 });
    expect((await started()).pid).not.toBe(served.pid);
  });

  test("serves on the port that is asked for, and says where that is taken", async () => {
    const { port } = await started();
    const other = makePerson();
    const taken = await other.ccs(["config", "--json", "--port", String(port)]);
    await other.close();
    expect(taken.code).toBe(1);
    expect(JSON.parse(taken.stdout).error).toMatchObject({
      code: "failed",
      message: `port ${port} cannot be had: something else listens there`,
    });
    for (const wrong of ["0", "65536", "x", "1e3"]) expect((await person.ccs(["config", "--port", wrong])).code).toBe(2);
  });

  test("ends by itself when nobody has used it for long", async () => {
    const served = await started({ env: { CCS_CONFIG_IDLE_MS: "1" } }).catch(() => null);
    // It may be gone before anybody could sign in.
    expect(served === null ? 0 : await served.exited).toBe(0);
    expect(existsSync(known())).toBe(false);
  });

  test("what a page asks that nobody looks at does not keep it", async () => {
    const served = await started({ env: { CCS_CONFIG_IDLE_MS: "500" } });
    const unattended = { method: "POST", body: "{}", headers: { "x-ccs-unattended": "1" } };
    for (let answers = true; answers; )
      answers = await served.request("/api/accounts", unattended).then(
        ({ ok }) => ok,
        () => false,
      );
    expect(await served.exited).toBe(0);
  });

  test("at Ctrl-C, what is being applied comes to its end first", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const served = await started();
    const plan = await served.must("preview-change", {
      account: "work",
      to: { mode: "shared", group: "team" },
      take: "mine",
      copySettings: false,
    });
    // Somebody else is at it, so that it takes as long as this test needs.
    const lock = join(person.ccsDir, "state", "lock");
    mkdirSync(lock);
    const holder = {
      token: "t",
      host: "elsewhere",
      machine: "m",
      boot: "b",
      namespace: "n",
      pid: 1,
      start: "",
      doing: "something",
      since: "now",
    };
    writeFileSync(join(lock, "holder"), JSON.stringify(holder));
    const applied = served.apply(plan);
    // What was sent before these were answered has arrived.
    for (let calls = 0; calls < 5; calls += 1) await served.must("accounts", {});
    const ended = served.end();
    await until(async () => served.said().includes("Waiting for the change that is being applied"));
    rmSync(lock, { recursive: true });
    expect((await applied).applied.said).toBe("work is shared (team).");
    expect(await ended).toBe(0);
  });

  test("says how to forward the port where it is started over SSH", async () => {
    const terminal = person.terminal(["config"], { env: { SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22" }, columns: 160 });
    const screen = await terminal.until(/Ctrl-C ends it/);
    const [, port] = /127\.0\.0\.1:(\d+)\/#token=/.exec(screen) ?? [];
    expect(screen).toContain(`ssh -L ${port}:127.0.0.1:${port} `);
    terminal.type("\x03");
    expect(await terminal.until(/\[exit \d+\]/)).toContain("[exit 0]");
  });

  test("serves also where nothing can be written", async () => {
    mkdirSync(person.ccsDir);
    writeFileSync(join(person.ccsDir, "state"), "");
    expect(await (await started()).must("accounts", {})).toMatchObject({ accounts: [], problems: [] });
  });

  test("says that no browser is there, and goes on", async () => {
    const terminal = person.terminal(["config"], { columns: 160 });
    const screen = await terminal.until(/Ctrl-C ends it/);
    expect(screen).toContain("No browser could be started here");
    terminal.type("\x03");
    expect(await terminal.until(/\[exit \d+\]/)).toContain("[exit 0]");
  });

  test("the file that says where it runs is the person's alone", async () => {
    await started();
    expect(statSync(known()).mode & 0o777).toBe(0o600);
    expect(statSync(join(person.ccsDir, "state")).mode & 0o077).toBe(0);
  });
});
