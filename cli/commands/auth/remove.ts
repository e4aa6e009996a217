import { type ArgsDef, defineCommand } from "citty";
import {
  formatBytes,
  type Home,
  type Purge,
  previewRemoval,
  purge,
  purgeable,
  type RemovedAccount,
  readConfig,
  requireAccount,
  requireValid,
} from "../../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../../arguments/common.ts";
import { usage } from "../../arguments/strict.ts";
import { carryOutMove } from "../../carry-out-move.ts";
import { home } from "../../home.ts";
import { err, out } from "../../output.ts";
import { canAsk, cancelled, text } from "../../prompt/ask.ts";
import { json } from "../../render/json.ts";
import { sentenceLines } from "../../render/plan.ts";
import { widthOf } from "../../render/style.ts";
import { count } from "../../render/words.ts";

export const args = {
  account: { type: "positional", required: true, description: "an account there is; with --purge also one that was removed before" },
  take: {
    type: "enum",
    options: ["mine", "all", "none"],
    description: "where it shares a history, the sessions it takes a copy of (without it: mine)",
  },
  "keep-login": { type: "boolean", description: "leave its login with what is set aside" },
  purge: { type: "boolean", description: "then remove what is set aside of it, for good: asks again" },
  confirm: { type: "string", valueHint: "account", description: "with --purge and --yes: the account's name once more" },
  "dry-run": { type: "boolean", description: "say what would happen, and change nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs auth remove work", "ccs auth remove work --keep-login --yes", "ccs auth remove work --purge"];

export const notes = [
  "A group keeps every session. The account's directory is set aside under a dated name, without its login; " +
    "`ccs auth restore` brings it back. Nothing but the login is gone for good, unless --purge is given.",
];

export const command = defineCommand({
  meta: { name: "remove" },
  args,
  async run({ args }) {
    const typed = `ccs auth remove ${args.account}`;
    const wanted = { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true };
    checkPurge(typed, args.account, args.purge === true, args["keep-login"] === true, args.confirm ?? null, wanted);
    const there = home();
    const only = args.purge === true && onlySetAside(there, args.account);
    const removal = { account: args.account, take: args.take ?? "mine", keepLogin: args["keep-login"] === true } as const;
    const done = only ? null : await carryOutMove(() => previewRemoval(there, removal), `Remove ${args.account}?`, wanted);
    if (wanted.dryRun) {
      if (args.purge && !wanted.json)
        out(`What is set aside of ${args.account} would be removed for good: ${sizeOf(purgeable(there, args.account))}.\n`);
      return 0;
    }
    const removed = done === null ? null : { account: done.move.account, dated: done.move.aside, sentences: done.sentences };
    if (done !== null && !wanted.json) {
      out(`${wanted.yes ? sentenceLines(done.sentences, widthOf(1)) : ""}${done.move.account} is removed.\n`);
    }
    const purged = args.purge === true ? await purging(there, args.account, wanted.yes) : [];
    if (wanted.json) out(json({ removed, purged: purged.map(({ account, dated }) => ({ account, dated })) }));
    else if (args.purge) out(`What was set aside of ${args.account} is gone: ${count(purged.length, "instance")}.\n`);
    return 0;
  },
});

/** @throws CcsError `usage` for what cannot be meant, before anything is done */
function checkPurge(
  typed: string,
  account: string,
  purges: boolean,
  keepLogin: boolean,
  confirmed: string | null,
  { dryRun, yes, json: asJson }: { dryRun: boolean; yes: boolean; json: boolean },
): void {
  if (confirmed !== null && !purges) throw usage("--confirm is about --purge", `See: ccs auth remove --help`);
  if (!purges) return;
  if (keepLogin) throw usage("--keep-login and --purge exclude each other", `Try: ${typed} --keep-login`);
  if (confirmed !== null && confirmed !== account)
    throw usage(`--confirm is "${confirmed}", and the account is ${account}`, "Nothing was changed.");
  if (dryRun || (yes && confirmed !== null)) return;
  if (yes)
    throw usage(
      "--purge removes for good, and --yes alone does not say that",
      `Say the name once more: ${typed} --purge --yes --confirm ${account}`,
    );
  if (!canAsk() || asJson)
    throw usage(
      "there is no terminal to ask on whether to remove it for good",
      `Do it unasked: ${typed} --purge --yes --confirm ${account}`,
    );
}

/** Whether an account was removed before, and only what is set aside of it is left. @throws CcsError not-found */
function onlySetAside(there: Home, account: string): boolean {
  const config = readConfig(there);
  requireValid(config);
  if (config.accounts.has(account)) return false;
  if (purgeable(there, account).found.length === 0) requireAccount(config, account);
  return true;
}

/** Removes what is set aside, once a person has typed the name. */
async function purging(there: Home, account: string, yes: boolean): Promise<readonly RemovedAccount[]> {
  const found = purgeable(there, account);
  if (!yes) {
    err(`\nSet aside of ${account}: ${sizeOf(found)}.\n${found.found.map(({ path }) => `  ${path}\n`).join("")}`);
    const answer = await text(`Type ${account} to remove this for good; Enter alone keeps it`, () => null);
    if (answer.trim() !== account) throw cancelled("What is set aside was left as it is.");
  }
  return purge(there, account, found);
}

function sizeOf({ files, bytes }: Purge): string {
  return `${count(files, "file")}, ${formatBytes(bytes)}`;
}
