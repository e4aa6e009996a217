/**
 * What the page asks and what the server answers: one place, for both. Requests are checked against it; both sides are
 * typed by it. Every call is a POST of one JSON object to `/api/<name>`, with the bearer; `/api/events` is a GET.
 */
import { type Static, type TSchema, Type } from "typebox";

const closed = { additionalProperties: false };
/** Longer than any name may be, so that it is shared's words that say what is wrong with one. */
const Name = Type.String({ maxLength: 256 });
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

const Nothing = Type.Object({}, closed);
const One = Type.Object({ account: Name }, closed);
const Take = Type.Enum(["mine", "all", "none"]);
const Continuity = Type.Enum(["standard", "deeper"]);

/** A policy as it is asked for; whether it is one, shared says. */
const AskedPolicy = Type.Object(
  { mode: Type.Enum(["isolated", "shared"]), group: Type.Optional(Name), continuity: Type.Optional(Continuity) },
  closed,
);

const Policy = Type.Union([
  Type.Object({ mode: Type.Literal("isolated") }),
  Type.Object({ mode: Type.Literal("shared"), group: Type.String(), continuity: Continuity }),
]);

const Health = Type.Enum(["ok", "info", "warning", "error"]);

const AccountRow = Type.Object({
  name: Type.String(),
  isDefault: Type.Boolean(),
  /** `isolated`, `shared (team)`, `shared (team), deeper` or `invalid`. */
  context: Type.String(),
  /** null where config.yaml says something that does not parse. */
  policy: Type.Union([Policy, Type.Null()]),
  login: Type.Object({
    loggedIn: Type.Boolean(),
    /** Whether that is known, and not only likely. */
    verified: Type.Boolean(),
    email: TextOrNull,
    organization: TextOrNull,
    plan: TextOrNull,
    /** When a new login is needed, in milliseconds since the epoch. */
    ends: NumberOrNull,
  }),
  standing: Type.Object({
    state: Type.Enum(["needs-doctor", "signed-out", "limited", "ending", "signed-in"]),
    words: Type.String(),
    attention: Type.Boolean(),
  }),
  /** Milliseconds since the epoch; null where it is not limited. */
  limitedUntil: NumberOrNull,
  /** Clients of it that run now. */
  running: Type.Number(),
  /** ISO time. */
  lastUsed: TextOrNull,
  health: Health,
  problems: Type.Array(Type.Object({ health: Health, message: Type.String(), fix: TextOrNull })),
});

const RemovedRow = Type.Object({
  account: Type.String(),
  /** What a return of it names: the name it was set aside under. */
  dated: Type.String(),
  /** ISO time; null where it is not recorded. */
  at: TextOrNull,
  context: TextOrNull,
});

const Accounts = Type.Object({
  accounts: Type.Array(AccountRow),
  /** Accounts that were removed and can be brought back, the last one first. */
  removed: Type.Array(RemovedRow),
  /** What is wrong with config.yaml, with line and column. */
  problems: Type.Array(Type.String()),
  /** The server's clock, in milliseconds since the epoch. */
  now: Type.Number(),
});

const GroupRow = Type.Object({
  name: Type.String(),
  members: Type.Array(Type.Object({ account: Type.String(), continuity: Continuity })),
  sessions: Type.Number(),
  /** In words, `4.2 MB`. */
  size: Type.String(),
  setAside: Type.Object({ files: Type.Number(), size: Type.String() }),
  conflicts: Type.Number(),
});

const Group = Type.Object({
  ...GroupRow.properties,
  directory: Type.String(),
  /** Sessions by owner, most first; null: whose they are is not known. */
  owners: Type.Array(Type.Object({ account: TextOrNull, sessions: Type.Number() })),
  conflictFiles: Type.Array(Type.String()),
  setAsideFiles: Type.Array(Type.Object({ path: Type.String(), size: Type.String(), why: Type.String(), beside: Type.String() })),
});

const Check = Type.Object({
  id: Type.String(),
  name: Type.String(),
  subject: TextOrNull,
  about: Type.Union([Type.Enum(["account", "group"]), Type.Null()]),
  result: Type.Enum(["ok", "info", "warning", "error", "skipped"]),
  message: Type.String(),
  where: TextOrNull,
  fix: Type.Union([Type.Object({ describes: Type.Array(Type.String()), command: Type.String() }), Type.Null()]),
});

/** Something that is shown before anybody says yes to it. */
const Proposal = Type.Object({
  /** What `apply` takes; good for this very plan. null where there is nothing to apply. */
  id: TextOrNull,
  /** What would happen, in the order to show it. */
  sentences: Type.Array(Type.String()),
  /** Why it cannot be applied as things stand. */
  blockers: Type.Array(
    Type.Object({ code: Type.Enum(["busy", "refused"]), message: Type.String(), where: Type.String(), hint: Type.String() }),
  ),
  /** Whether a group is left, so that it has to be said what comes along. */
  leaves: Type.Boolean(),
  /** Whether a copy of settings.json in place of the link would take a blocker away. */
  settingsLink: Type.Boolean(),
  /** The policy it leads to, in words; null where it is not about one. */
  context: TextOrNull,
});

const Applied = Type.Object({
  /** What was done, in one sentence. */
  said: Type.String(),
  sentences: Type.Array(Type.String()),
  /** The account whose last change can be taken back now; null where there is nothing to take back. */
  undo: TextOrNull,
  /** What a return would name, after a removal. */
  restore: TextOrNull,
  /** What was to be mended and is not. */
  left: Type.Array(Check),
});

function call<A extends TSchema, R extends TSchema>(asks: A, answers: R) {
  return { asks, answers };
}

export const API = {
  accounts: call(Nothing, Accounts),
  groups: call(
    Nothing,
    Type.Object({
      groups: Type.Array(GroupRow),
      /** What deeper continuity shares beside conversations and memory. */
      deeper: Type.Array(Type.String()),
    }),
  ),
  group: call(Type.Object({ group: Name }, closed), Group),
  doctor: call(Nothing, Type.Object({ checks: Type.Array(Check) })),
  /** Whether a text can name a new account or a group, and how it is kept. */
  name: call(
    Type.Object({ of: Type.Enum(["account", "group"]), name: Name }, closed),
    Type.Object({ name: TextOrNull, message: TextOrNull }),
  ),
  /** How many sessions each answer to what comes along means. */
  takes: call(One, Type.Object({ mine: Type.Number(), all: Type.Number(), continued: Type.Number() })),
  "preview-change": call(Type.Object({ account: Name, to: AskedPolicy, take: Take, copySettings: Type.Boolean() }, closed), Proposal),
  "preview-undo": call(One, Proposal),
  "preview-removal": call(Type.Object({ account: Name, take: Take, keepLogin: Type.Boolean() }, closed), Proposal),
  "preview-return": call(Type.Object({ dated: Type.String({ maxLength: 512 }), as: Type.Union([Name, Type.Null()]) }, closed), Proposal),
  /** Without ids: all that can be mended. */
  "preview-mending": call(
    Type.Object({ only: Type.Union([Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 10_000 }), Type.Null()]) }, closed),
    Proposal,
  ),
  /** Answers with lines of JSON: any number of `{"progress"}`, then one `{"applied"}` or `{"error"}`. */
  apply: call(Type.Object({ id: Type.String({ maxLength: 64 }) }, closed), Applied),
  create: call(
    Type.Object({ account: Name, to: AskedPolicy }, closed),
    Type.Object({ account: Type.String(), context: Type.String(), command: Type.String() }),
  ),
  "set-default": call(Type.Object({ account: Type.Union([Name, Type.Null()]) }, closed), Nothing),
} as const;

/** The two calls that need no bearer: they are how one is come by. */
export const ENTRY = {
  /** The one-time token of a link for a bearer. */
  session: call(Type.Object({ token: Type.String({ maxLength: 128 }) }, closed), Type.Object({ bearer: Type.String() })),
  /** A fresh link for whoever can read the file that says where the server runs; both sides prove that they have its key. */
  link: call(
    Type.Object({ nonce: Type.String({ minLength: 16, maxLength: 128 }), proof: Type.String({ maxLength: 128 }) }, closed),
    Type.Object({ token: Type.String(), proof: Type.String() }),
  ),
} as const;

/** What is said is not changed by whoever hears it. */
type Said<T> = T extends readonly (infer U)[] ? readonly Said<U>[] : T extends object ? { readonly [K in keyof T]: Said<T[K]> } : T;

export type CallName = keyof typeof API;
export type Asked<K extends CallName> = Said<Static<(typeof API)[K]["asks"]>>;
export type Answer<K extends CallName> = Said<Static<(typeof API)[K]["answers"]>>;

export type AccountRow = Said<Static<typeof AccountRow>>;
export type RemovedRow = Said<Static<typeof RemovedRow>>;
export type GroupRow = Said<Static<typeof GroupRow>>;
export type Group = Said<Static<typeof Group>>;
export type Check = Said<Static<typeof Check>>;
export type Proposal = Said<Static<typeof Proposal>>;
export type Applied = Said<Static<typeof Applied>>;
export type AskedPolicy = Said<Static<typeof AskedPolicy>>;
export type Policy = Said<Static<typeof Policy>>;
export type Take = Said<Static<typeof Take>>;

/** Every answer that is no success has this body. */
export interface Refusal {
  readonly error: {
    /** Of shared, or `unauthorized`, `forbidden`, `too-large`, `method`. */
    readonly code: string;
    readonly message: string;
    /** The field of the request it is about: `account`, `group` ...; null where it is about none. */
    readonly field: string | null;
    /** What mends it. */
    readonly hint: string | null;
    readonly where: string | null;
    readonly untouched: string | null;
  };
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** One line of the answer to `apply`. */
export type ApplyLine = { readonly progress: Progress } | { readonly applied: Applied } | Refusal;
