import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SessionReport } from "../../../../shared/index.ts";
import type { Person } from "../../../support/person.ts";

export interface Told {
  /** Where it was started; made, unless `gone`. */
  readonly cwd?: string;
  readonly gone?: boolean;
  /** What was said in turn: the person, the assistant, the person ... */
  readonly said: readonly string[];
  /** When the last of it was said, ISO 8601. */
  readonly at?: string;
  /** The login that made it. */
  readonly accountUuid?: string;
  readonly id?: string;
  /** Lines between the first prompt and the answer, as the client writes them. */
  readonly between?: readonly object[];
}

/** Writes a session as the client does. @returns its id */
export function talk(person: Person, account: string, told: Told): string {
  const id = told.id ?? crypto.randomUUID();
  const cwd = told.cwd ?? join(person.home, "task");
  if (told.gone !== true) mkdirSync(cwd, { recursive: true });
  const at = told.at ?? "2026-10-05T12:00:00.000Z";
  const directory = join(person.instance(account), "projects", cwd.replace(/[^A-Za-z0-9]/g, "-"));
  mkdirSync(directory, { recursive: true });
  const common = { sessionId: id, cwd, timestamp: at, isSidechain: false };
  const messages = told.said.map((text, n) =>
    n % 2 === 0
      ? { ...common, type: "user", message: { role: "user", content: text } }
      : { ...common, type: "assistant", message: { role: "assistant", content: [{ type: "text", text }] } },
  );
  const owner = told.accountUuid === undefined ? [] : [{ type: "session-owner", accountUuid: told.accountUuid, sessionId: id }];
  const between = (told.between ?? []).map((line) => ({ ...common, ...line }));
  const lines = [...owner, ...messages.slice(0, 1), ...between, ...messages.slice(1)];
  const file = join(directory, `${id}.jsonl`);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  utimesSync(file, new Date(at), new Date(at));
  return id;
}

/** Signs an account in, as the client's files say it. */
export function signIn(person: Person, account: string, accountUuid: string): void {
  const oauthAccount = { accountUuid, organizationUuid: `org-${accountUuid}`, emailAddress: `${account}@example.invalid` };
  writeFileSync(join(person.instance(account), ".claude.json"), JSON.stringify({ oauthAccount }));
  const claudeAiOauth = { accessToken: `token-of-${account}`, refreshToken: `refresh-of-${account}`, scopes: ["user:inference"] };
  writeFileSync(join(person.instance(account), ".credentials.json"), JSON.stringify({ claudeAiOauth }));
}

/** A process that stands for a client that has a session open: `using client = openIn(...)`. */
export function openIn(person: Person, account: string, sessionId: string): { readonly pid: number } & Disposable {
  const sleeper = Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"] });
  const stat = readFileSync(`/proc/${sleeper.pid}/stat`, "utf8");
  const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  mkdirSync(join(person.instance(account), "sessions"), { recursive: true });
  const file = join(person.instance(account), "sessions", `${sleeper.pid}.json`);
  writeFileSync(file, JSON.stringify({ pid: sleeper.pid, sessionId, cwd: "/x", status: "idle", procStart }));
  return { pid: sleeper.pid, [Symbol.dispose]: () => sleeper.kill("SIGKILL") };
}

/** A client that says where, as whom and with what it was started, and how its terminal is. */
export function makeTellingClient(person: Person): Readonly<Record<string, string>> {
  const path = join(person.root, "telling-client");
  const script = `#!/bin/sh
echo "[client: $* | as $CCS_ACCOUNT | in $(pwd) | PWD=$PWD | from $CLAUDE_CONFIG_DIR]"
for fd in 0 1 2; do echo "[fd $fd $(grep flags /proc/$$/fdinfo/$fd | tr -d '\\t ')]"; done
case "$(stty -a)" in *" -icanon"*) echo "[raw]" ;; *) echo "[cooked]" ;; esac
exit 7
`;
  writeFileSync(path, script, { mode: 0o755 });
  return { CCS_CLAUDE_PATH: path };
}

export interface Listed {
  readonly version: number;
  readonly total: number;
  readonly sessions: readonly SessionReport[];
}

/** `ccs sessions ... --json`. */
export async function listed(person: Person, ...args: readonly string[]): Promise<Listed> {
  return JSON.parse((await person.must("sessions", ...args, "--json")).stdout) as Listed;
}

/** The ids it lists, in its order. */
export async function ids(person: Person, ...args: readonly string[]): Promise<string[]> {
  return (await listed(person, ...args)).sessions.map((session) => session.id);
}
