import { type ArgsDef, defineCommand } from "citty";
import {
  CcsError,
  type ContextPolicy,
  type CreatedAccount,
  checkAccountName,
  createAccount,
  describePolicy,
  isErrno,
  readConfig,
} from "../../../shared/index.ts";
import { policyFrom } from "../../arguments/policy.ts";
import { usage } from "../../arguments/strict.ts";
import { home } from "../../home.ts";
import { type LoginEnd, logIn, loginFailed, requireClient } from "../../login.ts";
import { err, out } from "../../output.ts";
import { loginLong } from "../../render/login.ts";
import { paintFor } from "../../render/style.ts";

const TYPED = "ccs auth create";

export const args = {
  account: { type: "positional", required: true, valueHint: "new", description: "its name: letters, digits, `.`, `_`, `-`" },
  "share-context": { type: "boolean", description: "see one history with the accounts of the group `default`" },
  "context-group": { type: "string", valueHint: "group", description: "see one history with the accounts of this group" },
  "deeper-continuity": { type: "boolean", description: "share checkpoints and task lists too, so that /rewind restores files" },
  login: { type: "boolean", default: true, negativeDescription: "only make the account; log in later with `ccs auth login`" },
} as const satisfies ArgsDef;

export const examples = [
  "ccs auth create work",
  "ccs auth create work2 --share-context",
  "ccs auth create backup --context-group sprint-a",
  "ccs auth create backup2 --context-group sprint-a --deeper-continuity",
];

export const notes = [
  "Without a sharing flag the account is isolated: it sees its own history only. `ccs auth edit` changes that at any time.",
];

export const command = defineCommand({
  meta: { name: "create" },
  args,
  async run({ args }) {
    const name = args.account;
    const policy = policyFrom(
      {
        isolated: false,
        shareContext: args["share-context"] === true,
        contextGroup: args["context-group"] ?? null,
        deeper: args["deeper-continuity"] === true,
        standard: false,
      },
      `${TYPED} ${name}`,
      null,
    );
    const checked = checkAccountName(name);
    if (!checked.ok) throw usage(checked.message, `See: ${TYPED} --help`);
    const there = home();
    const taken = readConfig(there).accounts.has(name);
    // A name that is taken is the engine's to refuse, and is said before a missing client is.
    const client = args.login && !taken ? requireClient(`Or make the account without logging in: ${TYPED} ${name} --no-login`) : null;
    const created = createAccount(there, name, policy, new Date());
    if (client === null) {
      out(`Account ${name} is made: ${describePolicy(policy)}.\nLog in: ${paintFor(1).cyan(`ccs auth login ${name}`)}\n`);
      return;
    }
    err(`Account ${name} is made: ${describePolicy(policy)}. Claude Code's own login follows.\n`);
    const end = await loginOrUndo(client, created);
    out(welcome(name, policy, end));
  },
});

async function loginOrUndo(client: string, created: CreatedAccount): Promise<LoginEnd> {
  const { name, instance } = created;
  let end: LoginEnd;
  try {
    end = await logIn(client, instance, name);
  } catch (error) {
    const gone = takeAway(created);
    if (!(error instanceof CcsError)) throw error;
    throw new CcsError(error.code, error.message, {
      ...(error.where === undefined ? {} : { where: error.where }),
      untouched: gone,
      cause: error,
    });
  }
  if (end.identity.loggedIn) return end;
  throw loginFailed(name, end, takeAway(created), `Try again: ${TYPED} ${name}, or add --no-login and log in later`);
}

/** Undoes the creation. @returns what is left, as a sentence @throws CcsError where it could not be undone */
function takeAway(created: CreatedAccount): string {
  try {
    created.undo();
    return `The account ${created.name} was taken away again; nothing else was changed.`;
  } catch (error) {
    if (!(error instanceof CcsError) && !isErrno(error)) throw error;
    throw new CcsError(
      "failed",
      `the login did not come about, and the account ${created.name} could not be taken away: ${error.message}`,
      {
        where: created.instance,
        untouched: "The account stays, without a login.",
        hint: `ccs auth login ${created.name}`,
        cause: error,
      },
    );
  }
}

function welcome(name: string, policy: ContextPolicy, end: LoginEnd): string {
  const sharing =
    policy.mode === "shared"
      ? "A session holds the e-mail address of the login that began it; whoever continues it sends that along.\n"
      : "";
  return `Logged in: ${loginLong(end.identity, Date.now())}.\n${sharing}Start it: ${paintFor(1).cyan(`ccs ${name}`)}\n`;
}
