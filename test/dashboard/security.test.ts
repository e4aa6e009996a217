import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Refusal } from "../../cli/dashboard/api/schemas.ts";
import { isStranger } from "../../cli/dashboard/peer.ts";
import { makePerson, type Person } from "../support/person.ts";
import { type Served, serve, signIn } from "./support/dashboard.ts";

let person: Person;
let served: Served;
beforeAll(async () => {
  person = makePerson();
  await person.must("auth", "create", "work");
  served = await serve(person);
});
afterAll(async () => {
  await served.end();
  await person.close();
});

/** A request byte for byte: `fetch` does not let a caller say every header. @returns what came back */
function raw(lines: readonly string[], body = ""): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect(served.port, "127.0.0.1", () => socket.write(`${[...lines, "connection: close"].join("\r\n")}\r\n\r\n${body}`));
    let said = "";
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      said += text;
    });
    socket.on("close", () => done(said));
    socket.on("error", failed);
  });
}
const own = () => `host: 127.0.0.1:${served.port}`;
const post = (headers: Record<string, string>, body = "{}") =>
  fetch(`${served.origin}/api/accounts`, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
const signedIn = () => ({ origin: served.origin, authorization: `Bearer ${served.bearer}` });

describe("who may ask the dashboard", () => {
  test("it listens on 127.0.0.1 and on no other address of this machine", async () => {
    const others = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).filter(({ internal }) => !internal));
    for (const { address } of [...others, { address: "::1" }, { address: "127.0.0.2" }]) {
      const refused = await new Promise((told) => {
        const socket = connect(served.port, address, () => told(socket.destroy() && false));
        socket.on("error", () => told(true));
      });
      expect([address, refused]).toEqual([address, true]);
    }
  });

  test("a host that is not its own gets nothing, the page included", async () => {
    const port = served.port;
    for (const host of [
      `evil.example:${port}`,
      `localhost:${port}`,
      "127.0.0.1",
      `127.0.0.1:${port}.evil.example`,
      `127.0.0.1:${port + 1}`,
    ]) {
      for (const path of ["/", "/api/accounts"]) {
        const said = await raw([`GET ${path} HTTP/1.1`, `host: ${host}`]);
        expect([host, path, said.split("\r\n")[0]]).toEqual([host, path, "HTTP/1.1 403 Forbidden"]);
        expect(said).not.toContain("<html");
      }
    }
    expect(await raw(["GET / HTTP/1.1", own()])).toContain("<html");
    // The whole address in the request line does not stand in for the header.
    expect(await raw([`GET http://127.0.0.1:${port}/ HTTP/1.1`, `host: evil.example:${port}`])).not.toContain("<html");
  });

  test("a page of another origin gets nothing, also with a bearer, and a post that names no origin neither", async () => {
    const authorization = `Bearer ${served.bearer}`;
    for (const origin of ["http://evil.example", "null", `http://localhost:${served.port}`, `https://127.0.0.1:${served.port}`]) {
      expect([origin, (await post({ authorization, origin })).status]).toEqual([origin, 403]);
      expect((await fetch(`${served.origin}/`, { headers: { origin } })).status).toBe(403);
    }
    expect((await post({ authorization })).status).toBe(403);
    for (const site of ["cross-site", "same-site", "none"])
      expect((await post({ ...signedIn(), "sec-fetch-site": site })).status).toBe(403);
    expect((await post({ ...signedIn(), "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test("without the bearer of this very server no call answers, and nothing is allowed to other origins", async () => {
    for (const authorization of ["", "Bearer", "Bearer ", "Basic x", `bearer ${served.bearer}`, `Bearer ${served.bearer}x`]) {
      const response = await post({ origin: served.origin, authorization });
      expect([authorization, response.status]).toEqual([authorization, 401]);
      expect(((await response.json()) as Refusal).error).toMatchObject({
        code: "unauthorized",
        hint: expect.stringContaining("ccs config"),
      });
    }
    expect((await fetch(`${served.origin}/api/events`)).status).toBe(401);
    const answered = await post(signedIn());
    expect(answered.status).toBe(200);
    for (const name of ["access-control-allow-origin", "set-cookie"]) expect(answered.headers.get(name)).toBeNull();
    expect(answered.headers.get("cache-control")).toBe("no-store");
  });

  test("a link works once", async () => {
    const link = JSON.parse((await person.must("config", "--json")).stdout) as { url: string };
    const token = new URL(link.url).hash.slice("#token=".length);
    expect(await signIn(served.origin, token)).not.toBe(served.bearer);
    await expect(signIn(served.origin, token)).rejects.toThrow("not signed in: 401");
    await expect(signIn(served.origin, "")).rejects.toThrow("401");
  });

  test("a fresh link is for whoever has the key, and a proof is good once", async () => {
    const { key } = JSON.parse(await Bun.file(join(person.ccsDir, "state", "dashboard.json")).text()) as { key: string };
    const nonce = "n".repeat(43);
    const proof = new Bun.CryptoHasher("sha256", key).update(`link ${nonce}`).digest("base64url");
    const ask = (given: object) => served.ask("link", given);
    expect((await ask({ nonce, proof: key })).status).toBe(401);
    expect((await ask({ nonce, proof })).status).toBe(200);
    expect((await ask({ nonce, proof })).status).toBe(401);
    // Nor is the key a bearer.
    expect((await post({ origin: served.origin, authorization: `Bearer ${key}` })).status).toBe(401);
  });

  test("who sits on the port in place of a server that is gone learns no key, and its link is not believed", async () => {
    const heard: string[] = [];
    const squatter = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        heard.push(JSON.stringify([...request.headers]) + (await request.text()));
        return Response.json({ token: "t".repeat(43), proof: "p".repeat(43) });
      },
    });
    const other = makePerson();
    const key = "k".repeat(43);
    await other.must("auth", "create", "work");
    await Bun.write(join(other.ccsDir, "state", "dashboard.json"), JSON.stringify({ version: 1, pid: 1, port: squatter.port, key }));
    const mine = await serve(other);
    expect(heard).toHaveLength(1);
    expect(heard.join()).not.toContain(key);
    expect(mine.port).not.toBe(squatter.port ?? 0);
    await mine.end();
    await squatter.stop(true);
    await other.close();
  });

  // Another person's connection can only be made by whoever may become one.
  test.skipIf(process.getuid?.() !== 0 || Bun.which("setpriv") === null)(
    "a link that somebody else on this machine saw is of no use to them",
    async () => {
      const link = JSON.parse((await person.must("config", "--json")).stdout) as { url: string };
      const token = new URL(link.url).hash.slice("#token=".length);
      const code = `const r = await fetch("${served.origin}/api/session", { method: "POST", headers: { origin: "${served.origin}", "content-type": "application/json" }, body: JSON.stringify({ token: "${token}" }) }); console.log(r.status, await r.text());`;
      const theirs = spawnSync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "node", "--input-type=module", "-e", code], {
        encoding: "utf8",
      });
      expect(theirs.stdout).toContain("403");
      expect(theirs.stdout).toContain("another person");
      // It was not used up by that.
      expect(await signIn(served.origin, token)).toMatch(/^[\w-]{43}$/);
    },
  );

  test("whose a connection is, is read from the line of that connection", () => {
    const line = (local: string, remote: string, uid: number) =>
      `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 1 1 0 100 0 0 10 0`;
    const table = [
      line("0100007F:1F90", "0100007F:C000", 0),
      line("0100007F:C000", "0100007F:1F90", 1001),
      line("0100007F:C001", "0100007F:1F90", 0),
    ];
    const six = line("0000000000000000FFFF00000100007F:C002", "0000000000000000FFFF00000100007F:1F90", 1002);
    const stranger = (port: number, uid: number) => isStranger(port, 0x1f90, uid, [table.join("\n"), six]);
    expect([stranger(0xc000, 1000), stranger(0xc000, 1001), stranger(0xc001, 1000)]).toEqual([true, false, false]);
    expect([stranger(0xc002, 1000), stranger(0xc002, 1002), stranger(0xc003, 1000)]).toEqual([true, false, false]);
  });
});

describe("what is asked of the dashboard", () => {
  test("a body that is too large, no JSON, or not said to be JSON is refused with 4xx and a word why", async () => {
    const { authorization, origin } = signedIn();
    const large = JSON.stringify({ account: "x".repeat(70_000) });
    const cases: [string, number, string][] = [
      [large, 413, "application/json"],
      ["{", 400, "application/json"],
      ["{}", 400, "text/plain"],
      ["{}", 400, "application/x-www-form-urlencoded"],
      ['{"x":1}', 400, "application/json"],
      ["[]", 400, "application/json"],
      ['"x"', 400, "application/json"],
    ];
    for (const [body, status, type] of cases) {
      const response = await fetch(`${served.origin}/api/accounts`, {
        method: "POST",
        body,
        headers: { authorization, origin, "content-type": type },
      });
      expect([body.slice(0, 20), type, response.status]).toEqual([body.slice(0, 20), type, status]);
    }
    const chunked = await raw(
      [
        "POST /api/accounts HTTP/1.1",
        own(),
        `origin: ${origin}`,
        `authorization: ${authorization}`,
        "content-type: application/json",
        "transfer-encoding: chunked",
      ],
      `12000\r\n${"x".repeat(0x12000)}\r\n0\r\n\r\n`,
    );
    expect(chunked.split("\r\n")[0]).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await post(signedIn())).status).toBe(200);
  });

  test("a request names the field that is wrong, in one shape for all", async () => {
    expect(await served.refused("takes", {})).toEqual({
      status: 400,
      body: { error: { code: "usage", message: '"account" is missing', field: "account", hint: null, where: null, untouched: null } },
    });
    expect((await served.refused("nothing", {})).status).toBe(404);
    expect((await served.refused("toString", {})).status).toBe(404);
    expect((await served.request("/api/accounts")).status).toBe(405);
    expect((await served.request("/", { method: "DELETE" })).status).toBe(405);
  });

  test("no path leads out of the page's own files", async () => {
    for (const path of ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/index.html", "/main.tsx", "/etc/passwd"]) {
      const said = await raw([`GET ${path} HTTP/1.1`, own()]);
      expect([path, said.split("\r\n")[0]]).toEqual([path, "HTTP/1.1 404 Not Found"]);
    }
  });
});
