import {
  type AccountReport,
  describePolicy,
  type Home,
  listAccounts,
  problemLine,
  type RemovedAccount,
  readConfig,
  removedAccounts,
  standingOf,
} from "../../../shared/index.ts";
import type { AccountRow, Answer, RemovedRow } from "../api/schemas.ts";

export function accounts(home: Home): Answer<"accounts"> {
  const now = Date.now();
  const config = readConfig(home);
  return {
    accounts: listAccounts(home, now, config).map((report) => rowOf(report, now)),
    removed: removedAccounts(home)
      .filter(({ whole }) => whole)
      .reverse()
      .map(removedRow),
    problems: config.problems.map(problemLine),
    now,
  };
}

/** Of an identity only what the page shows: no ids, and there are no tokens in it. */
function rowOf(report: AccountReport, now: number): AccountRow {
  const { name, isDefault, context, policy, identity, limitedUntil, running, lastUsed, health, problems } = report;
  const { loggedIn, verified, email, organization, plan, loginEnds } = identity;
  const { state, words, attention } = standingOf(report, now);
  return {
    ...{ name, isDefault, context, policy, limitedUntil, running, lastUsed, health, problems },
    login: { loggedIn, verified, email, organization, plan, ends: loginEnds },
    standing: { state, words, attention },
  };
}

function removedRow({ account, dated, record }: RemovedAccount): RemovedRow {
  const policy = record?.policy ?? null;
  return { account, dated, at: record?.at ?? null, context: policy === null ? null : describePolicy(policy) };
}
