import { randomUUID } from "node:crypto";
import { finishBegun } from "../../accounts/moving.ts";
import { readConfig } from "../../config/index.ts";
import { asFinished, finishIntent } from "../../context/change.ts";
import { accountOfChange } from "../../context/change-id.ts";
import { keepRecord } from "../../context/clearing.ts";
import { list } from "../../context/disk.ts";
import { describePlan, displayPath } from "../../context/index.ts";
import { isSenselessIntent, writeIntent } from "../../context/intents.ts";
import { withLock } from "../../context/lock.ts";
import { begunMoves, gatheredIn, isTakenBack } from "../../context/moves.ts";
import { planIntent } from "../../context/plan/plan.ts";
import { mendIntent } from "../../context/preview.ts";
import { ensureAccountId } from "../../context/records.ts";
import { finishResolutions, isWrittenSince, type Resolution, unfinishedResolutions } from "../../context/resolve.ts";
import type { Intent, Plan } from "../../context/types.ts";
import { CcsError } from "../../errors.ts";
import { intentOf, moveOf } from "../../paths.ts";
import { type Check, errorFinding, type Finding, finding, hintOf, MEND_CONFIG_FIRST, orOk, WAIT } from "../finding.ts";
import type { World } from "../world.ts";

/** No change was begun and not finished. */
export const intents: Check = {
  name: "intents",
  mends: ["records", "intents"],
  run(world) {
    const found = [...world.intents].map(([account, intent]) =>
      intent instanceof CcsError ? unreadable(world, account, intent) : unfinished(world, intent),
    );
    return orOk([...found, ...movesFound(world), ...choicesFound(world)], "no change was left unfinished");
  },
};

/** Accounts on their way to another name, out of the way, or back. */
function movesFound(world: World): Finding[] {
  return begunMoves(world.home).map(({ account, move }) => {
    if (move instanceof CcsError) return errorFinding(move, account);
    const about = { account: move.account, where: moveOf(world.home, move.account, move.do) };
    const said = `a ${move.do} was begun at ${move.began}`;
    if (world.busy) return finding("info", `${said} and is under way`, { ...about, command: WAIT });
    if (!world.usable)
      return finding("error", `${said} and not finished; config.yaml has to be mended first`, { ...about, command: MEND_CONFIG_FIRST });
    const end = isTakenBack(world.config, move) ? "taken back, as config.yaml was" : "finished";
    const cleared = gatheredIn(world.home, move)?.whole === false;
    const describes = [
      cleared
        ? `What was copied for ${move.account} and is not whole is kept in set-aside.`
        : `The ${move.do} of ${move.account} that was begun at ${move.began} is ${end}.`,
    ];
    const apply = () => withLock(world.home, `finishing the ${move.do} of ${move.account}`, () => finishBegun(world.home, move.account));
    return finding("error", `${said} and not finished`, { ...about, mending: { stage: "intents", describes, apply } });
  });
}

/** Choices between two files of a group. */
function choicesFound(world: World): Finding[] {
  let begun: Resolution[];
  try {
    begun = unfinishedResolutions(world.home);
  } catch (error) {
    return [errorFinding(error)];
  }
  return begun.map((resolution) => {
    const { group, path, that, began } = resolution;
    const about = { group, where: that };
    const said = `a choice between two of ${path} was begun at ${began}`;
    if (world.busy) return finding("info", `${said} and is under way`, { ...about, command: WAIT });
    const describes = [
      isWrittenSince(resolution)
        ? `Both of ${path} stay, to be chosen between again: it was written since.`
        : `The one that arrived as ${displayPath(that)} gets the name ${path}.`,
    ];
    const apply = () => withLock(world.home, `finishing a choice in ${group}`, () => finishResolutions(world.home));
    return finding("error", `${said} and not finished`, { ...about, mending: { stage: "intents", describes, apply } });
  });
}

function unfinished(world: World, intent: Intent): Finding {
  const { account } = intent;
  const about = { account, where: intentOf(world.home, account) };
  if (world.busy) return finding("info", `a change is under way, since ${intent.began}`, { ...about, command: WAIT });
  const message = `a change was begun at ${intent.began} and not finished`;
  if (!world.usable) return finding("error", `${message}; config.yaml has to be mended first`, { ...about, command: MEND_CONFIG_FIRST });
  const plan = planOf(world, intent);
  if (plan instanceof CcsError) return finding("error", `${message}; ${plan.message}`, { ...about, command: hintOf(plan) });
  const blocker = plan.blockers.find((b) => b.code === "refused") ?? plan.blockers[0];
  if (blocker !== undefined) return finding("error", `${message}; ${blocker.message}`, { ...about, command: blocker.hint });
  return finding("error", message, {
    ...about,
    mending: {
      stage: "intents",
      describes: [`The change of ${account} that was begun at ${intent.began} is finished.`, ...describePlan(plan)],
      apply: (onProgress) =>
        withLock(world.home, `finishing the change of ${account}`, () => void finishIntent(world.home, account, onProgress)),
    },
  });
}

/**
 * A record that holds no sense is set aside. What the change had staged for the account is then finished as what config.yaml
 * says, like what a killed change left: it came out of the account's own directories.
 */
function unreadable(world: World, account: string, error: CcsError): Finding {
  const found = errorFinding(error, account);
  if (world.busy || !world.usable || !isSenselessIntent(world.home, account)) return found;
  const path = intentOf(world.home, account);
  const staged = stagedFor(world, account) === undefined ? "" : ` What it had staged is put where config.yaml says ${account} belongs.`;
  const apply = () =>
    withLock(world.home, `setting aside the record of a change of ${account}`, () => {
      if (isSenselessIntent(world.home, account)) beginAnew(world, account, path);
    });
  return { ...found, command: null, mending: { stage: "records", describes: [`${path} is kept in set-aside.${staged}`], apply } };
}

function beginAnew(world: World, account: string, path: string): void {
  const { home } = world;
  const id = stagedFor(world, account);
  keepRecord(world, path);
  const config = readConfig(home);
  const policy = config.accounts.get(account)?.policy;
  if (id === undefined || !policy) return;
  const intent = { ...mendIntent(home, config, account, policy), id };
  ensureAccountId(home, account, intent.accountId);
  writeIntent(home, intent);
}

/** The newest change that staged something for an account. */
function stagedFor({ areas }: World, account: string): string | undefined {
  const changes = areas.flatMap((area) => (list(area.staging) ?? []).map((entry) => entry.name));
  return changes
    .filter((name) => accountOfChange(name) === account)
    .sort()
    .at(-1);
}

function planOf(world: World, intent: Intent): Plan | CcsError {
  try {
    return planIntent(world.home, world.config, asFinished(world.config, intent).intent, { careful: false, newId: randomUUID }).plan;
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
}
