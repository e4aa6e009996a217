import { resolve } from "node:path";
import {
  type AccountReport,
  CcsError,
  type Home,
  listAccounts,
  projectIsThere,
  resumableUnder,
  type SessionReport,
  type Sessions,
} from "../../shared/index.ts";
import { launch } from "../launch/index.ts";
import { err } from "../output.ts";
import { loginShort } from "../render/login.ts";
import { aboutOf } from "../render/sessions.ts";
import { paintFor } from "../render/style.ts";
import { moment } from "../render/time.ts";
import { listed } from "../render/words.ts";
import { GLUE, plain } from "../render/wrap.ts";
import { choiceLines, listHeight, listLines, questionLines, type Room } from "./draw.ts";
import { type Narrow, narrowing } from "./narrow.ts";
import { type Screen, withScreen } from "./screen.ts";

/** What a person chose to go on with. */
interface Choice {
  readonly session: SessionReport;
  readonly account: string;
}

/** Back to the list; out of it; Ctrl-C. */
type Way = "back" | "leave" | "stop";

/**
 * Lets a person choose a session, and an account to go on with it under; then the client takes over.
 * @param all newest first, one at least
 * @param typed what stands in the search at first
 * @param userHome the person's home directory
 * @returns the exit code, where no client was started
 * @throws CcsError where none could be
 */
export async function pick(
  home: Home,
  sessions: Sessions,
  all: readonly SessionReport[],
  typed: string,
  userHome: string,
): Promise<number> {
  const narrow = narrowing(all, (text) => sessions.said(text));
  const choice = await withScreen((screen) => choose(screen, home, narrow, typed, userHome));
  if (choice === "leave") return 0;
  if (choice === "stop") return 130;
  return resume(home, choice);
}

function roomOf(screen: Screen, userHome: string): Room {
  return { columns: screen.columns, rows: screen.rows, paint: paintFor(1), now: Date.now(), home: userHome };
}

async function choose(
  screen: Screen,
  home: Home,
  narrow: Narrow,
  initially: string,
  userHome: string,
): Promise<Choice | Exclude<Way, "back">> {
  const all = narrow("").length;
  let typed = initially;
  let found = narrow(typed);
  let chosen = 0;
  let notice: string | null = null;
  const type = (text: string) => {
    typed = text;
    found = narrow(typed);
    chosen = 0;
  };
  for (;;) {
    const room = roomOf(screen, userHome);
    screen.draw(listLines({ typed, found, all, chosen, notice }, room));
    const event = await screen.next();
    const move = (by: number) => {
      chosen = Math.max(0, Math.min(found.length - 1, chosen + by));
    };
    notice = null;
    switch (event.key) {
      case "stop":
        return "stop";
      case "escape":
        return "leave";
      case "up":
        move(-1);
        break;
      case "down":
        move(1);
        break;
      case "page-up":
        move(-listHeight(room.rows));
        break;
      case "page-down":
        move(listHeight(room.rows));
        break;
      case "first":
        move(-found.length);
        break;
      case "last":
        move(found.length);
        break;
      case "text":
        type(typed + event.text);
        break;
      case "backspace":
        type([...typed].slice(0, -1).join(""));
        break;
      case "delete-word":
        type(typed.replace(/\S*\s*$/, ""));
        break;
      case "delete-all":
        type("");
        break;
      case "resize":
        break;
      case "enter": {
        const session = found[chosen];
        if (session === undefined) break;
        if (session.accounts.length === 0) {
          notice = "No account sees this history: ccs auth edit <account> --context-group ".concat(session.group ?? "<group>");
          break;
        }
        const account = await settle(screen, home, session, userHome);
        if (account === "stop") return "stop";
        if (account !== "back") return { session, account: account.name };
      }
    }
  }
}

/** What has to be known before a session goes on: whether it may although it is open, under which account, and where. */
async function settle(screen: Screen, home: Home, session: SessionReport, userHome: string): Promise<{ name: string } | "back" | "stop"> {
  const about = `${aboutOf(session)}`;
  if (session.open.length > 0) {
    const clients = listed(session.open.map(({ account, pid }) => `${account} (process ${pid})`));
    const answer = await ask(screen, userHome, [
      about,
      "",
      `A client that runs now has this session open: ${clients}.`,
      "Two clients on one session hide each other's turns: a later resume follows the turns of one, the others stay unseen.",
      "",
      "Go on with it all the same?",
    ]);
    if (answer !== "yes") return answer;
  }
  const names = resumableUnder(session);
  const account = names.length === 1 ? (names[0] ?? "") : await askAccount(screen, home, session, names, userHome);
  if (account === null) return "back";
  if (account === undefined) return "stop";
  if (!projectIsThere(session)) {
    const gone =
      session.project === null
        ? "Its transcript does not say in which directory it was started."
        : `Its directory is gone: ${session.project}`;
    const answer = await ask(screen, userHome, [about, "", gone, "", `Go on with it in ${process.cwd()}?`]);
    if (answer !== "yes") return answer;
  }
  return { name: account };
}

/** @returns null for back, undefined for Ctrl-C */
async function askAccount(
  screen: Screen,
  home: Home,
  session: SessionReport,
  names: readonly string[],
  userHome: string,
): Promise<string | null | undefined> {
  const now = Date.now();
  const known = new Map(listAccounts(home, now).map((account) => [account.name, account]));
  const choices = names.map((name) => accountLine(name, known.get(name), name === session.owner, now));
  let chosen = 0;
  for (;;) {
    screen.draw(choiceLines([aboutOf(session), "", "Go on with it as"], choices, chosen, roomOf(screen, userHome)));
    const { key } = await screen.next();
    if (key === "up") chosen = Math.max(0, chosen - 1);
    else if (key === "down") chosen = Math.min(names.length - 1, chosen + 1);
    else if (key === "enter") return names[chosen];
    else if (key === "escape") return null;
    else if (key === "stop") return undefined;
  }
}

function accountLine(name: string, account: AccountReport | undefined, made: boolean, now: number): string {
  const login = account === undefined ? "" : `   ${loginShort(account.identity, now).replaceAll(GLUE, " ")}`;
  const limit = account?.limitedUntil == null ? "" : `   limited until ${moment(account.limitedUntil, now)}`;
  return `${name}${made ? " (made it)" : ""}${login}${limit}`;
}

async function ask(screen: Screen, userHome: string, asked: readonly string[]): Promise<"yes" | "back" | "stop"> {
  for (;;) {
    screen.draw(questionLines(asked, roomOf(screen, userHome)));
    const event = await screen.next();
    if (event.key === "stop") return "stop";
    if (event.key === "escape" || event.key === "enter") return "back";
    if (event.key === "text") return /^y/i.test(event.text) ? "yes" : "back";
  }
}

/** The client finds a session by the directory it was started in: it goes on there, by the same road as `ccs <account> --resume`. */
async function resume(home: Home, { session, account }: Choice): Promise<number> {
  // Both may be relative to the directory that is about to be left.
  if (process.env["CCS_DIR"]) process.env["CCS_DIR"] = home.root;
  if (process.env["CCS_CLAUDE_PATH"]) process.env["CCS_CLAUDE_PATH"] = resolve(process.env["CCS_CLAUDE_PATH"]);
  const { project, id } = session;
  if (project !== null && projectIsThere(session)) {
    try {
      process.chdir(project);
    } catch (error) {
      throw new CcsError(
        "failed",
        `the directory of the session cannot be entered: ${error instanceof Error ? error.message : String(error)}`,
        {
          where: project,
          untouched: "No client was started.",
          hint: `From another directory: ccs ${account} --resume ${id}`,
          cause: error,
        },
      );
    }
    process.env["PWD"] = project;
  }
  err(`ccs: ${plain(account)} goes on with ${id} in ${plain(process.cwd())}\n`);
  await launch([account, "--resume", id]);
  return 0; // never: an account that is named is started
}
