import { type Following, followHome, type Home } from "../../shared/index.ts";
import { Access } from "./access.ts";
import { checked } from "./api/check.ts";
import { Refused, refusalOf, statusOf } from "./api/refused.ts";
import { API, type CallName, ENTRY } from "./api/schemas.ts";
import { readAssets } from "./assets.ts";
import { Calls } from "./calls.ts";
import { Events } from "./events.ts";
import { HEADERS, pathOf, requireOwn } from "./guard.ts";
import { Idleness } from "./idleness.ts";
import { isStranger } from "./peer.ts";
import { json } from "./respond.ts";

/** Bytes of a request: a change is a few hundred. */
const BODY = 64 * 1024;

/** Milliseconds for the last words to those who listen. */
const LAST_WORDS = 300;

export interface Dashboard {
  readonly port: number;
  /** Of this server: who knows it may have links. */
  readonly key: string;
  /** A link that signs one page in, once. */
  link(): string;
  /** Ends with the server: nobody used it for long. */
  readonly idle: Promise<void>;
  /** Whether a change is being applied. */
  readonly changing: boolean;
  /** Waits for what is being applied, then ends the server. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Milliseconds without use after which `idle` comes true. */
  readonly idleAfter: number;
}

/**
 * Serves the dashboard to this machine. It decides nothing: what is asked goes to shared's use cases.
 * @throws CcsError failed; the system's error where the port is taken
 */
export async function serveDashboard(home: Home, { port: wanted, idleAfter }: ServeOptions): Promise<Dashboard> {
  const assets = await readAssets();
  const access = new Access();
  const calls = new Calls(home);
  const events = new Events();
  const idleness = new Idleness(idleAfter, () => calls.changing);

  const answer = async (request: Request, server: Bun.Server<undefined>): Promise<Response> => {
    requireOwn(request, `127.0.0.1:${server.port}`);
    const path = pathOf(request);
    if (!path.startsWith("/api/")) return asset(path, request.method);
    const name = path.slice("/api/".length);
    if (name === "events") {
      requireMethod(request, "GET");
      access.requireBearer(request.headers.get("authorization"));
      server.timeout(request, 0);
      return events.open(request.signal);
    }
    const isCall = Object.hasOwn(API, name);
    if (!isCall && !Object.hasOwn(ENTRY, name)) throw new Refused("not-found", `there is no call "${name}"`);
    requireMethod(request, "POST");
    if (isCall) access.requireBearer(request.headers.get("authorization"));
    else requireSamePerson(request, server);
    // A page that nobody looks at does not keep the server, nor does whoever is not let in.
    if (request.headers.get("x-ccs-unattended") === null) idleness.used();
    const body = await bodyOf(request);
    if (name === "session") return json({ bearer: access.bearerFor(checked(ENTRY.session.asks, body).token, Date.now()) });
    if (name === "link") {
      const { nonce, proof } = checked(ENTRY.link.asks, body);
      return json(access.linkFor(nonce, proof, Date.now()));
    }
    server.timeout(request, 0);
    return calls.answer(name as CallName, body, request.signal);
  };

  const asset = (path: string, method: string): Response => {
    if (method !== "GET" && method !== "HEAD") throw new Refused("method", `${path} takes GET`);
    const found = assets.get(path);
    if (found === undefined) throw new Refused("not-found", "there is nothing here");
    return new Response(found.bytes, { headers: { ...HEADERS, "content-type": found.type } });
  };

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: wanted,
    // In a built program Bun would share a port with whoever of the same person listens on it already.
    reusePort: false,
    maxRequestBodySize: BODY,
    development: false,
    fetch: (request, server) => answer(request, server).catch(refuse),
    error: refuse,
  });
  const following: Following = followHome(
    home,
    () => events.tell("changed"),
    (error) => events.trouble(refusalOf(error)),
  );
  calls.start();
  const port = server.port ?? wanted;

  return {
    port,
    key: access.key,
    link: () => `http://127.0.0.1:${port}/#token=${access.link(Date.now())}`,
    idle: idleness.over,
    get changing() {
      return calls.changing;
    },
    async close() {
      following.close();
      idleness.close();
      await calls.close();
      events.close();
      // What is on its way still arrives; a page that does not take it is not waited for.
      await Promise.race([server.stop(), new Promise((waited) => setTimeout(waited, LAST_WORDS))]);
      await server.stop(true);
    },
  };
}

function requireMethod({ method }: Request, wanted: string): void {
  if (method !== wanted) throw new Refused("method", `this takes ${wanted}`);
}

/** A link is an argument of the browser's command line, which others on this machine can read before it is used. */
function requireSamePerson(request: Request, server: Bun.Server<undefined>): void {
  const port = server.requestIP(request)?.port;
  const uid = process.getuid?.();
  if (port === undefined || uid === undefined || !isStranger(port, server.port ?? 0, uid)) return;
  throw new Refused("forbidden", "this server is another person's");
}

/** @throws Refused `usage`, `too-large` */
async function bodyOf(request: Request): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new Refused("usage", "a request is JSON, and says so in its content-type");
  }
  if (Number(request.headers.get("content-length") ?? 0) > BODY) throw tooLarge();
  let text: string;
  try {
    text = await request.text();
  } catch {
    throw tooLarge();
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused("usage", "the request is not valid JSON");
  }
}

function tooLarge(): Refused {
  return new Refused("too-large", `a request has at most ${BODY / 1024} KiB`);
}

function refuse(error: unknown): Response {
  const refusal = refusalOf(error);
  return json(refusal, statusOf(refusal));
}
