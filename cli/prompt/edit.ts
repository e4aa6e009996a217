import {
  ARTIFACTS,
  type ContextPolicy,
  type Continuity,
  describePolicy,
  type GroupReport,
  type Home,
  ISOLATED,
  listGroups,
  normaliseGroup,
  type Take,
  takeChoices,
} from "../../shared/index.ts";
import { DEFAULT_GROUP } from "../arguments/policy.ts";
import { membersOf } from "../render/groups.ts";
import { saying } from "../render/progress.ts";
import { count, listed } from "../render/words.ts";
import { choose, text } from "./ask.ts";

/** Stands for a group that is not there yet; no group's name begins with it. */
const NEW = "+";

/** Asks whose history an account is to see, step by step. @throws CcsError `cancelled` */
export async function askPolicy(home: Home, account: string, now: ContextPolicy): Promise<ContextPolicy> {
  const mode = await choose(
    `History sync of ${account} (now ${describePolicy(now)})`,
    [
      { value: "isolated", label: "isolated", hint: "sees its own history only" },
      { value: "shared", label: "shared", hint: "sees one history with the accounts of a group" },
    ],
    now.mode,
  );
  if (mode === "isolated") return ISOLATED;
  const group = await askGroup(
    saying("Counting sessions", () => listGroups(home)),
    now,
  );
  const continuity = await choose<Continuity>(REWIND, CONTINUITIES, now.mode === "shared" ? now.continuity : "standard");
  return { mode: "shared", group, continuity };
}

async function askGroup(groups: readonly GroupReport[], now: ContextPolicy): Promise<string> {
  const known = groups.map((group) => ({
    value: group.name,
    label: group.name,
    hint: `${membersOf(group)}; ${count(group.sessions, "session")}`,
  }));
  const current = now.mode === "shared" ? now.group : (groups[0]?.name ?? NEW);
  const answer = known.length === 0 ? NEW : await choose("Group", [...known, { value: NEW, label: "a new group" }], current);
  if (answer !== NEW) return answer;
  const typed = await text(`Name of the new group (for example ${DEFAULT_GROUP})`, (raw) => {
    const name = normaliseGroup(raw);
    return name.ok ? null : `the name ${name.message}`;
  });
  const name = normaliseGroup(typed);
  return name.ok ? name.name : DEFAULT_GROUP;
}

const REWIND = "Continuity\n  With standard, /rewind cannot restore files that another account's turns changed;\n  with deeper, it can.";

const DEEPER = ARTIFACTS.filter((artifact) => artifact.continuity === "deeper").map((artifact) => artifact.name);

const CONTINUITIES = [
  { value: "standard", label: "standard", hint: "conversations, their attachments and memory" },
  { value: "deeper", label: "deeper", hint: `also ${listed(DEEPER)}` },
] as const;

/** Asks what an account takes along when it leaves a group. @throws CcsError `cancelled` */
export async function askTake(home: Home, account: string, now: ContextPolicy, to: ContextPolicy): Promise<Take> {
  const { mine, all, continued } = saying("Looking at whose sessions these are", () => takeChoices(home, account));
  const left = now.mode === "shared" && (to.mode === "isolated" || to.group !== now.group) ? now.group : "deeper continuity";
  const others = continued === 0 ? "" : `; you continued ${continued} of the others`;
  return choose<Take>(
    `${account} leaves ${left}, which keeps everything. Take a copy of`,
    [
      { value: "mine", label: "its own sessions", hint: `${mine} of ${all}${others}` },
      { value: "all", label: "all sessions", hint: `${all}, also those of the other accounts` },
      { value: "none", label: "nothing" },
    ],
    "mine",
  );
}
