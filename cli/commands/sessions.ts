import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { type ArgsDef, defineCommand } from "citty";
import {
  type Config,
  type Home,
  isSearchable,
  openSessions,
  requireAccount,
  requireGroup,
  type SessionFilter,
  type Sessions,
} from "../../shared/index.ts";
import { JSON_FLAG } from "../arguments/common.ts";
import { dayFrom } from "../arguments/days.ts";
import { groupFrom } from "../arguments/policy.ts";
import { usage } from "../arguments/strict.ts";
import { reportedConfig } from "../config.ts";
import { home } from "../home.ts";
import { err, out } from "../output.ts";
import { canAsk } from "../prompt/ask.ts";
import { json } from "../render/json.ts";
import { progressLine } from "../render/progress.ts";
import { sessionTable } from "../render/sessions.ts";
import { paintFor, widthOf } from "../render/style.ts";
import { within } from "../sessions/within.ts";

const SEE = "See: ccs sessions --help";

export const args = {
  text: { type: "positional", required: false, description: "words that were said, by you or by Claude: all of them, in any order" },
  project: {
    type: "string",
    valueHint: "dir|text",
    description: "started in this directory or below; or whose project's path has this in it",
  },
  account: { type: "string", valueHint: "account", description: "made by this account" },
  group: { type: "string", valueHint: "group", description: "in the history of this context group" },
  since: { type: "string", valueHint: "day", description: "gone on with on this day or later: 2026-11-22, today, yesterday, 7d, 2w" },
  until: { type: "string", valueHint: "day", description: "last gone on with on this day or earlier" },
  limit: { type: "string", valueHint: "number", description: "the newest so many" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = [
  "ccs sessions                          choose one, and go on with it",
  'ccs sessions "rate limit" --since 7d',
  "ccs sessions --project . --account work",
  "ccs sessions --json | jq -r '.sessions[].id'",
];

export const notes = [
  "On a terminal: type to narrow the list, Enter goes on with a session under an account that sees it, Esc leaves. Elsewhere: a table.",
  "What was said is kept in an index under the directory of ccs, readable by you alone; it is made anew whenever it is missing.",
];

export const command = defineCommand({
  meta: { name: "sessions" },
  args,
  async run({ args }) {
    const there = home();
    const config = reportedConfig(there);
    const now = Date.now();
    const filter = filterFrom(args, there, config, now);
    const limit = limitFrom(args.limit);
    const picks = !args.json && canAsk() && process.env["TERM"] !== "dumb";
    if (!picks && args.text !== undefined && !isSearchable(args.text)) throw usage(`there is no word in "${args.text}"`, SEE);
    const sessions = open(there, config);
    try {
      if (picks) {
        const all = sessions.list(filter, limit).sessions;
        if (all.length === 0) return none(filter, config);
        const { pick } = await import("../sessions/pick.ts");
        return await pick(there, sessions, all, args.text ?? "", homeDirectory());
      }
      const wanted = args.text === undefined ? filter : { ...filter, text: args.text };
      const found = sessions.list(wanted, limit);
      if (args.json) out(json({ total: found.total, sessions: found.sessions }));
      else if (found.total > 0) out(sessionTable(found.sessions, now, homeDirectory(), paintFor(1), widthOf(1)));
      else none(wanted, config);
      return 0;
    } finally {
      sessions.close();
    }
  },
});

/** @returns the exit code */
function none(wanted: SessionFilter, config: Config): number {
  if (Object.keys(wanted).length > 0) err("No session fits that. All there are: ccs sessions\n");
  else if (config.accounts.size > 0) err("There are no sessions yet: nothing was said with any account.\n");
  else err("There are no sessions yet, and no account: ccs auth create <account>\n");
  return 0;
}

function open(there: Home, config: Config): Sessions {
  const line = progressLine("Reading what was said");
  try {
    return openSessions(there, config, { onProgress: line.report, within });
  } finally {
    line.clear();
  }
}

type Given = { readonly [name in "project" | "account" | "group" | "since" | "until"]?: string | undefined };

function filterFrom(given: Given, there: Home, config: Config, now: number): SessionFilter {
  const { project, account, since, until } = given;
  const group = given.group === undefined ? undefined : groupFrom(given.group, "--group", "ccs sessions");
  if (group !== undefined) requireGroup(there, config, group);
  return {
    ...(project === undefined ? {} : projectFilter(project)),
    ...(account === undefined ? {} : { account: requireAccount(config, account).name }),
    ...(group === undefined ? {} : { group }),
    ...(since === undefined ? {} : { since: dayFrom(since, "--since", now) }),
    ...(until === undefined ? {} : { until: dayFrom(until, "--until", now, 1) }),
  };
}

/** What looks like a path is one. */
function projectFilter(project: string): SessionFilter {
  if (!/^(?:[./~]|[A-Za-z]:[\\/])/.test(project)) return { project };
  const path = resolve(project === "~" || project.startsWith("~/") ? `${homeDirectory()}${project.slice(1)}` : project);
  try {
    return { under: realpathSync(path) }; // a client names the directory it really is in
  } catch {
    return { under: path }; // it is gone, and its sessions are not
  }
}

function limitFrom(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const limit = Number(given);
  if (!/^\d+$/.test(given) || limit < 1) throw usage(`--limit is "${given}"; it takes a number from 1 on`, SEE);
  return limit;
}

function homeDirectory(): string {
  return process.env["HOME"] || homedir();
}
