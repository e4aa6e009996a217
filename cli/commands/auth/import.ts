import { type ArgsDef, defineCommand } from "citty";
import { applyImport, type Home, type ImportedAccount, type ImportPreview, previewImport } from "../../../shared/index.ts";
import { JSON_FLAG, WITH_SECRETS_FLAG, YES_FLAG } from "../../arguments/common.ts";
import { usage } from "../../arguments/strict.ts";
import { carryOutProposal } from "../../carry-out-proposal.ts";
import { home, standpoint } from "../../home.ts";
import { logIn, loginFailed, requireClient } from "../../login.ts";
import { err, out } from "../../output.ts";
import { askSecrets } from "../../prompt/secrets.ts";
import { json } from "../../render/json.ts";
import { loginLong } from "../../render/login.ts";
import { sentenceLines } from "../../render/plan.ts";
import { progressLine, saying } from "../../render/progress.ts";
import { paintFor, widthOf } from "../../render/style.ts";

const TYPED = "ccs auth import";

export const args = {
  dir: { type: "positional", required: false, description: "the directory Claude Code ran in (without it: ~/.claude)" },
  name: { type: "string", valueHint: "new", description: "the new account's name (without it: one the directory suggests)" },
  "with-secrets": WITH_SECRETS_FLAG,
  login: { type: "boolean", default: true, negativeDescription: "only make the account; log in later with `ccs auth login`" },
  "dry-run": { type: "boolean", description: "say what would be copied, and copy nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs auth import", "ccs auth import ~/.claude-work --name work", "ccs auth import --dry-run"];

export const notes = [
  "Copied are conversations, checkpoints, plans, typed prompts, settings, agents, commands, skills and plugins, and of .claude.json (beside " +
    "~/.claude, inside any other directory) the MCP servers and what is trusted. A login never is: it ends in one. The directory itself is " +
    "only read, and stays as it is.",
  "Accounts of @kaitranntt/ccs need no import: they are used as they stand. A directory under ~/.ccs/instances that is in no " +
    "config.yaml, as in that package's older layout, becomes an account in its place: nothing is copied, and its login stays.",
];

export const command = defineCommand({
  meta: { name: "import" },
  args,
  async run({ args }) {
    const there = home();
    const wanted = { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true };
    if (wanted.json && args.login && !wanted.dryRun) {
      throw usage("a login cannot be told of in JSON", "Add --no-login, and log in after it: ccs auth login <account>");
    }
    const look = (withSecrets: boolean) => {
      const wish = { directory: args.dir ?? null, name: args.name ?? null, withSecrets };
      return saying("Looking at what there is", () => previewImport(there, wish, standpoint(), new Date()));
    };
    const seen = look(args["with-secrets"] === true);
    const adopted = seen.stray !== null;
    const client = args.login && !wanted.dryRun && !adopted ? requireClient(`Or import it without logging in: ${TYPED} --no-login`) : null;
    const asks = !wanted.dryRun && !wanted.yes && !wanted.json && args["with-secrets"] !== true && seen.blockers.length === 0;
    const withSecrets = args["with-secrets"] === true || (asks && (await askSecrets(seen.secrets)));
    const done = await carryOutProposal<ImportPreview, ImportedAccount>(
      {
        about: ({ from }) => from,
        question: adopted ? `Take ${seen.account} over?` : `Import it as ${seen.account}?`,
        look: () => look(withSecrets),
        apply: (seen, approved) => carry(there, seen, approved),
        asJson,
      },
      wanted,
    );
    if (done === null) return 0;
    if (wanted.json) out(json({ imported: done }));
    else if (wanted.yes) out(sentenceLines(done.sentences, widthOf(1)));
    if (client === null) {
      const next = done.loggedIn
        ? `Start it: ${paintFor(1).cyan(`ccs ${done.account}`)}`
        : `Log in: ${paintFor(1).cyan(`ccs auth login ${done.account}`)}`;
      if (!wanted.json) out(`${done.account} is ${adopted ? "an account now" : "imported"}. ${next}\n`);
      return 0;
    }
    await login(client, done);
    return 0;
  },
});

function carry(there: Home, seen: ImportPreview, approved: boolean): ImportedAccount {
  const line = progressLine("Copying");
  try {
    return applyImport(there, seen, { approved, onProgress: line.report });
  } finally {
    line.clear();
  }
}

function asJson({ account, from, parts, files, bytes, free, secrets, running }: ImportPreview): object {
  return { account, from, parts, files, bytes, free, secrets, running };
}

/** What was imported stays, however the login ends. */
async function login(client: string, { account, instance }: ImportedAccount): Promise<void> {
  err(`${account} is imported. Claude Code's own login follows.\n`);
  const end = await logIn(client, instance, account);
  if (!end.identity.loggedIn) throw loginFailed(account, end, "What was imported stays.", `Log in later: ccs auth login ${account}`);
  out(`Logged in: ${loginLong(end.identity, Date.now())}.\nStart it: ${paintFor(1).cyan(`ccs ${account}`)}\n`);
}
