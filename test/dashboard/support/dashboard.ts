import type { Answer, Applied, ApplyLine, Asked, CallName, Proposal, Refusal } from "../../../cli/dashboard/api/schemas.ts";
import { BINARY } from "../../support/binary.ts";
import type { Person } from "../../support/person.ts";

export interface Answered<T> {
  readonly status: number;
  readonly body: T;
}

/** A `ccs config` that runs, and somebody who is signed in to it. */
export interface Served {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  readonly pid: number;
  /** What it printed first: a link that was not used, unless `signedIn` was asked for. */
  readonly url: string;
  readonly bearer: string;
  /** A request as the page makes it, with whatever else. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Asks, whatever comes of it. */
  ask(name: string, asked: unknown): Promise<Answered<unknown>>;
  /** Asks what has to go well. */
  must<K extends Exclude<CallName, "apply">>(name: K, asked: Asked<K>): Promise<Answer<K>>;
  /** What is refused, and with which status. */
  refused(name: string, asked: unknown): Promise<Answered<Refusal>>;
  /** Applies what was proposed. @returns what came of it, and how often it said how far it is */
  apply(proposal: Proposal): Promise<{ readonly applied: Applied; readonly progress: number }>;
  /** Everything it wrote to standard output and standard error so far. */
  said(): string;
  /** Ends it as Ctrl-C does. @returns its exit code */
  end(): Promise<number>;
  /** How it ended, once it does. */
  readonly exited: Promise<number>;
}

/** Starts the compiled `ccs config --json` and waits for its address. */
export async function serve(
  person: Person,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Served> {
  const child = Bun.spawn([BINARY, "config", "--json", ...args], {
    cwd: person.root,
    env: { ...person.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let said = "";
  const first = Promise.withResolvers<string>();
  const follow = async (stream: ReadableStream<Uint8Array>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
      said += text;
      const line = /^\{.*\}$/m.exec(said)?.[0];
      if (line !== undefined) first.resolve(line);
    }
  };
  void follow(child.stdout);
  void follow(child.stderr);
  void child.exited.then((code) => first.reject(new Error(`ccs config ended with ${code}: ${said}`)));
  const { url, pid } = JSON.parse(await first.promise) as { url: string; pid: number };
  const { origin, port, hash } = new URL(url);
  const bearer = await signIn(origin, hash.replace("#token=", ""));
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}`, {
      ...init,
      headers: {
        "content-type": "application/json",
        origin,
        authorization: `Bearer ${bearer}`,
        ...(init.headers as Record<string, string>),
      },
    });
  const ask = async (name: string, asked: unknown) => {
    const response = await request(`/api/${name}`, { method: "POST", body: JSON.stringify(asked) });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  return {
    ...{ origin, port: Number(port), pid, url, bearer, request, ask },
    async must(name, asked) {
      const { status, body } = await ask(name, asked);
      if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
      return body as never;
    },
    async refused(name, asked) {
      const { status, body } = await ask(name, asked);
      if (status === 200) throw new Error(`${name} was not refused: ${JSON.stringify(body)}`);
      return { status, body: body as Refusal };
    },
    async apply({ id }) {
      const response = await request("/api/apply", { method: "POST", body: JSON.stringify({ id }) });
      const lines = (await response.text()).trim().split("\n");
      const said = lines.map((line) => JSON.parse(line) as ApplyLine);
      const last = said.at(-1);
      if (last === undefined || !("applied" in last)) throw new Error(`apply: ${response.status} ${lines.at(-1)}`);
      return { applied: last.applied, progress: said.filter((line) => "progress" in line).length };
    },
    said: () => said,
    async end() {
      child.kill("SIGINT");
      return child.exited;
    },
    exited: child.exited,
  };
}

/** Gives the token of a link for a bearer, as the page does. */
export async function signIn(origin: string, token: string): Promise<string> {
  const response = await fetch(`${origin}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ token }),
  });
  const { bearer, error } = (await response.json()) as { bearer?: string; error?: { message: string } };
  if (bearer === undefined) throw new Error(`not signed in: ${response.status} ${error?.message}`);
  return bearer;
}
