import { type ArgsDef, defineCommand } from "citty";
import {
  CcsError,
  type ContextPolicy,
  type CreatedAccount,
  checkAccountName,
  createAccount,
  describePolicy,
  type Home,
  isErrno,
  previewLike,
  readConfig,
  requireUnblocked,
} from "../../../shared/index.ts";
import { WITH_SECRETS_FLAG } from "../../arguments/common.ts";
import { policyFrom } from "../../arguments/policy.ts";
import { usage } from "../../arguments/strict.ts";
import { home, standpoint } from "../../home.ts";
import { type LoginEnd, logIn, loginFailed, requireClient } from "../../login.ts";
import { err, out } from "../../output.ts";
import { canAsk, choose } from "../../prompt/ask.ts";
import { askSecrets } from "../../prompt/secrets.ts";
import { loginLong } from "../../render/login.ts";
import { sentenceLines } from "../../render/plan.ts";
import { paintFor, widthOf } from "../../render/style.ts";

const TYPED = "ccs auth create";

export const args = {
  account: { type: "positional", required: true, valueHint: "new", description: "its name: letters, digits, `.`, `_`, `-`" },
  "share-context": { type: "boolean", description: "see one history with the accounts of the group `default`" },
  "context-group": { type: "string", valueHint: "group", description: "see one history with the accounts of this group" },
  "deeper-continuity": { type: "boolean", description: "share checkpoints and task lists too, so that /rewind restores files" },
  like: {
    type: "string",
    valueHint: "account|dir",
    description: "set it up like this one: settings, agents, commands, skills, plugins, MCP servers; no history and no login",
  },
  "with-secrets": WITH_SECRETS_FLAG,
  login: { type: "boolean", default: true, negativeDescription: "only make the account; log in later with `ccs auth login`" },
} as const satisfies ArgsDef;

export const examples = [
  "ccs auth create work",
  "ccs auth create work2 --share-context",
  "ccs auth create backup --context-group sprint-a",
  "ccs auth create backup2 --context-group sprint-a --deeper-continuity",
  "ccs auth create spare --like work",
];

export const notes = [
  "Without a sharing flag the account is isolated: it sees its own history only. `ccs auth edit` changes that at any time.",
  "--like copies settings.json, CLAUDE.md, rules, agents, commands, skills, output styles and plugins, and of .claude.json the MCP servers, " +
    "what is trusted, and what the first start asks. On a terminal it is asked where there are other accounts. Values that may be secrets " +
    "(variables, headers, keys) are named and asked about; unasked they are left out.",
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
    const like = taken ? null : await likeOf(there, name, policy, args.like ?? null, args["with-secrets"] === true);
    const created = createAccount(there, name, policy, new Date(), like);
    if (client === null) {
      out(`Account ${name} is made: ${describePolicy(policy)}.\nLog in: ${paintFor(1).cyan(`ccs auth login ${name}`)}\n`);
      return;
    }
    err(`Account ${name} is made: ${describePolicy(policy)}. Claude Code's own login follows.\n`);
    const end = await loginOrUndo(client, created);
    out(welcome(name, policy, end));
  },
});

/** What the new account gets from another; null where it is to be a bare one. @throws CcsError `cancelled`, `not-found`, `refused` */
async function likeOf(there: Home, account: string, policy: ContextPolicy, flag: string | null, withSecrets: boolean) {
  const like = flag ?? (canAsk() ? await askModel(there, account) : null);
  if (like === null) {
    if (withSecrets) throw usage("--with-secrets is about --like", `See: ${TYPED} --help`);
    return null;
  }
  const look = (secrets: boolean) => previewLike(there, { account, policy, like, withSecrets: secrets }, standpoint(), new Date());
  const seen = look(withSecrets);
  requireUnblocked(seen);
  const told = !withSecrets && (await askSecrets(seen.secrets)) ? look(true) : seen;
  err(sentenceLines(told.sentences, widthOf(2)));
  return told;
}

const NONE = "";

/** @returns the account it is to be like; null for none */
async function askModel(there: Home, account: string): Promise<string | null> {
  const others = [...readConfig(there).accounts.keys()];
  if (others.length === 0) return null;
  const choices = [
    { value: NONE, label: "none", hint: "as Claude Code comes" },
    ...others.map((name) => ({ value: name, label: name, hint: "its settings, plugins and MCP servers; no history, no login" })),
  ];
  return (await choose(`Set ${account} up like`, choices, NONE)) || null;
}

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
        untouched: "The account stays as it is.",
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
