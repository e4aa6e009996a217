import {
  CONTINUITY_ANSWERS,
  type ContextPolicy,
  type Continuity,
  describePolicy,
  type GroupReport,
  type Home,
  ISOLATED,
  listGroups,
  MODE_ANSWERS,
  membersText,
  normaliseGroup,
  REWIND,
  type Take,
  takeAnswers,
  takeChoices,
  whatIsLeft,
} from "../../shared/index.ts";
import { DEFAULT_GROUP } from "../arguments/policy.ts";
import { saying } from "../render/progress.ts";
import { count } from "../render/words.ts";
import { choose, text } from "./ask.ts";

/** Stands for a group that is not there yet; no group's name begins with it. */
const NEW = "+";

/** Asks whose history an account is to see, step by step. @throws CcsError `cancelled` */
export async function askPolicy(home: Home, account: string, now: ContextPolicy): Promise<ContextPolicy> {
  const mode = await choose(`History sync of ${account} (now ${describePolicy(now)})`, MODE_ANSWERS, now.mode);
  if (mode === "isolated") return ISOLATED;
  const group = await askGroup(
    saying("Counting sessions", () => listGroups(home)),
    now,
  );
  const continuity = await choose<Continuity>(CONTINUITY, CONTINUITY_ANSWERS, now.mode === "shared" ? now.continuity : "standard");
  return { mode: "shared", group, continuity };
}

const CONTINUITY = `Continuity\n  ${REWIND.replace("; ", ";\n  ")}.`;

async function askGroup(groups: readonly GroupReport[], now: ContextPolicy): Promise<string> {
  const known = groups.map((group) => ({
    value: group.name,
    label: group.name,
    hint: `${membersText(group)}; ${count(group.sessions, "session")}`,
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

/** Asks what an account takes along when it leaves a group. @throws CcsError `cancelled` */
export async function askTake(home: Home, account: string, now: ContextPolicy, to: ContextPolicy): Promise<Take> {
  const counts = saying("Looking at whose sessions these are", () => takeChoices(home, account));
  return choose<Take>(`${account} leaves ${whatIsLeft(now, to)}, which keeps everything. Take a copy of`, takeAnswers(counts), "mine");
}
