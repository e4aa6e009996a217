import * as fs from "node:fs";
import { dirname } from "node:path";
import * as fc from "fast-check";
import * as ccs from "../../../shared/index.ts";
import { signIn } from "./logins.ts";
import { bookkeeping, chain, ownerLine, session } from "./sessions.ts";
import { deeper, ISOLATED, put, standard, text, type World } from "./world.ts";

export const ACCOUNTS = ["one", "two", "three"] as const;
export type Name = (typeof ACCOUNTS)[number];
export const GROUPS = ["red", "blue"] as const;
/** Few, so that they meet. */
const SESSIONS = [1, 2, 3].map(session);
const PROJECTS = ["-p", "-q"] as const;
const DEEP = ["file-history", "tasks", "todos", "session-env"] as const;

/** One thing a client or a person puts into an instance. */
export type Deed =
  | { readonly do: "begin"; readonly project: string; readonly session: string; readonly under: "login" | "key" }
  | { readonly do: "go-on"; readonly project: string; readonly session: string; readonly lines: number }
  | { readonly do: "tail"; readonly project: string; readonly session: string }
  | { readonly do: "attach"; readonly project: string; readonly session: string; readonly name: string; readonly content: string }
  | { readonly do: "memory"; readonly project: string; readonly name: string; readonly content: string }
  | { readonly do: "file"; readonly path: string; readonly content: string }
  | { readonly do: "directory"; readonly path: string }
  | { readonly do: "link"; readonly path: string; readonly target: string }
  | { readonly do: "deep"; readonly artifact: string; readonly session: string; readonly name: string; readonly content: string };

export type Step =
  | { readonly kind: "deed"; readonly account: Name; readonly deed: Deed }
  | {
      readonly kind: "change";
      readonly account: Name;
      readonly to: ccs.ContextPolicy;
      readonly take: ccs.Take;
      readonly breakAfter: number | null;
      /** What somebody does in the middle of it. */
      readonly meanwhile: { readonly after: number; readonly account: Name; readonly deed: Deed } | null;
    };

const content = fc.constantFrom("a", "b", "ab", "");
const project = fc.constantFrom(...PROJECTS);
const sessionId = fc.constantFrom(...SESSIONS);
const oddName = fc.constantFrom("x", "y.md", "Y.md", ".dot", "two words", "line\nbreak", "n".repeat(255), "agent-1.jsonl", "é", "e\u0301");
const path = fc.oneof(
  fc.tuple(project, oddName).map((parts) => parts.join("/")),
  fc.tuple(project, fc.constantFrom("x", "d"), oddName).map((parts) => parts.join("/")),
  oddName,
);

export const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("begin" as const),
      project,
      session: sessionId,
      under: fc.constantFrom("login" as const, "key" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("go-on" as const), project, session: sessionId, lines: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tail" as const), project, session: sessionId }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("attach" as const), project, session: sessionId, name: oddName, content }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("memory" as const), project, name: fc.constantFrom("MEMORY.md", "n.md"), content }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("file" as const), path, content }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("directory" as const), path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("link" as const), path, target: fc.constantFrom("/nowhere/at/all", "../-p") }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("deep" as const),
      artifact: fc.constantFrom(...DEEP),
      session: sessionId,
      name: oddName,
      content,
    }),
  },
);

const policy: fc.Arbitrary<ccs.ContextPolicy> = fc.oneof(
  fc.constant(ISOLATED),
  fc.constantFrom(...GROUPS).map(standard),
  fc.constantFrom(...GROUPS).map(deeper),
);

const account = fc.constantFrom(...ACCOUNTS);

/** @param breaks whether changes are broken off in the middle */
export function steps(breaks: boolean): fc.Arbitrary<Step[]> {
  const one: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("deed" as const), account, deed }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("change" as const),
        account,
        to: policy,
        take: fc.constantFrom("mine" as const, "mine" as const, "all" as const, "none" as const),
        breakAfter: breaks ? fc.option(fc.integer({ min: 1, max: 25 }), { nil: null }) : fc.constant(null),
        meanwhile: fc.option(fc.record({ after: fc.integer({ min: 1, max: 25 }), account, deed }), { nil: null }),
      }),
    },
  );
  return fc.array(one, { minLength: 4, maxLength: 22 });
}

/** The id of the last turn of a transcript, or null. */
function lastTurn(transcript: string): string | null {
  return [...transcript.matchAll(/"uuid":"([^"]+)"/g)].at(-1)?.[1] ?? null;
}

/** The first turn of a transcript: it tells one conversation from another, whatever id it goes by. */
export function firstTurn(transcript: string): string | null {
  return /"uuid":"([^"]+)"/.exec(transcript)?.[1] ?? null;
}

/** Does to instances what clients and persons do. */
export class Hands {
  readonly #world: World;
  #turns = 0;
  #gently = false;

  constructor(world: World) {
    this.#world = world;
    for (const account of ACCOUNTS) signIn(world, account, `login-${account}`);
  }

  /**
   * Does one thing; where something else stands in its way (a file where a directory has to be), it is left.
   * @param gently nothing that is there is written anew
   */
  perform(by: Name, what: Deed, gently = false): void {
    this.#gently = gently;
    try {
      this.#perform(by, what);
    } catch (error) {
      if (!ccs.isErrno(error, "ENOTDIR", "EISDIR", "EEXIST", "ENOENT")) throw error;
    }
  }

  #say(by: Name, after: string | null, session: string, lines: number): string {
    const ids = Array.from({ length: lines }, () => `${by}-${++this.#turns}`);
    return chain(session, ids, after);
  }

  #put(path: string, content: string): void {
    const there = fs.lstatSync(path, { throwIfNoEntry: false });
    // Through a link it would be written outside of this world.
    if (there?.isSymbolicLink() !== true && (!this.#gently || there === undefined)) put(path, content);
  }

  #perform(by: Name, what: Deed): void {
    const world = this.#world;
    switch (what.do) {
      case "begin": {
        const file = world.own(by, what.project, `${what.session}.jsonl`);
        if (fs.existsSync(file)) return;
        const head = what.under === "login" ? ownerLine(what.session, `login-${by}`) : bookkeeping(what.session, `begun by ${by}`);
        put(file, head + this.#say(by, null, what.session, 2));
        return;
      }
      case "go-on": {
        const file = world.own(by, what.project, `${what.session}.jsonl`);
        if (fs.existsSync(file)) fs.appendFileSync(file, this.#say(by, lastTurn(text(file)), what.session, what.lines));
        return;
      }
      case "tail": {
        // What a client leaves whose file was moved away in mid-conversation.
        const file = world.own(by, what.project, `${what.session}.jsonl`);
        if (!fs.existsSync(file) || fs.lstatSync(world.own(by)).isSymbolicLink()) return;
        const before = text(file);
        if (this.#gently) return;
        put(`${file}.old`, before);
        fs.writeFileSync(file, this.#say(by, lastTurn(before), what.session, 1));
        return;
      }
      case "attach":
        this.#put(world.own(by, what.project, what.session, what.name), what.content);
        return;
      case "memory":
        this.#put(world.own(by, what.project, "memory", what.name), `${what.content} of ${by}`);
        return;
      case "file":
        this.#put(world.own(by, ...what.path.split("/")), what.content);
        return;
      case "directory":
        fs.mkdirSync(world.own(by, ...what.path.split("/")), { recursive: true });
        return;
      case "link":
        fs.mkdirSync(dirname(world.own(by, ...what.path.split("/"))), { recursive: true });
        fs.symlinkSync(what.target, world.own(by, ...what.path.split("/")));
        return;
      case "deep":
        this.#put(world.instance(by, what.artifact, what.session, what.name), what.content);
        return;
    }
  }
}
