import { type ContextPolicy, describePolicy, type Identity, identityOf, instanceOf, realDirectory } from "../../shared/launch.ts";
import { chosenFor } from "../launch/choice.ts";
import { home } from "../launch/home.ts";
import { readAndRemember } from "../launch/remembered.ts";
import { out } from "../output.ts";
import { json } from "../render/json.ts";
import { fillIn, placeholdersIn } from "./format.ts";
import { visible } from "./visible.ts";

export interface WhichOptions {
  /** As given; undefined for the working directory. */
  readonly directory: string | undefined;
  readonly json: boolean;
  /** The template of `--format`. */
  readonly format: string | undefined;
}

/** What `--format` may name, and what each stands for. */
export const PLACEHOLDERS = {
  account: "the account",
  why: "`directory`, `default` or `none`",
  rule: "the directory the account was set for",
  directory: "the directory asked about, without links",
  email: "the e-mail address of the login",
  organization: "its organisation",
  plan: "its plan",
  context: "the context policy, as in `shared (team), deeper`",
  mode: "`isolated` or `shared`",
  group: "the context group",
  continuity: "`standard` or `deeper`",
} as const;

const NEEDS_LOGIN = ["email", "organization", "plan"];

interface Found {
  readonly directory: string;
  readonly account: string | null;
  readonly why: "directory" | "default" | "none";
  readonly rule: string | null;
  readonly policy: ContextPolicy | null;
  readonly context: string | null;
  readonly identity: Identity | null;
}

/** Without the engine: what is asked for in a prompt is answered before the person sees it. */
export async function quick(args: readonly string[]): Promise<number | null> {
  const options = plainly(args);
  return options === null ? null : which(options);
}

/** Says which account `ccs` alone would start. @returns the exit code @throws CcsError config-invalid, not-found, usage */
export async function which(options: WhichOptions): Promise<number> {
  const { format } = options;
  if (format !== undefined) fillIn(format, PLACEHOLDERS);
  const needsLogin = format === undefined || placeholdersIn(format).some((name) => NEEDS_LOGIN.includes(name));
  const found = await find(options.directory ?? process.cwd(), needsLogin);
  if (options.json) out(json({ ...found }));
  else if (format === undefined) out(await lines(found));
  else out(`${fillIn(format, valuesOf(found))}\n`);
  return 0;
}

async function find(directory: string, needsLogin: boolean): Promise<Found> {
  const place = await home();
  const config = await readAndRemember(place);
  const choice = chosenFor(directory, config, place);
  const { account, why } = choice;
  const real = realDirectory(directory);
  if (account === null) return { directory: real, account, why, rule: null, policy: null, context: null, identity: null };
  const policy = config.account(account)?.policy ?? null;
  return {
    directory: real,
    account,
    why,
    rule: choice.why === "directory" ? choice.rule.directory : null,
    policy,
    context: policy === null ? null : await describePolicy(policy),
    identity: needsLogin ? await identityOf(instanceOf(place, account)) : null,
  };
}

function valuesOf({ directory, account, why, rule, policy, context, identity }: Found): Record<keyof typeof PLACEHOLDERS, string | null> {
  const shared = policy?.mode === "shared" ? policy : null;
  return {
    account,
    why,
    rule,
    directory,
    email: identity?.email ?? null,
    organization: identity?.organization ?? null,
    plan: identity?.plan ?? null,
    context,
    mode: policy?.mode ?? null,
    group: shared?.group ?? null,
    continuity: shared?.continuity ?? null,
  };
}

async function lines(found: Found): Promise<string> {
  // node:tty takes 2 ms to load, which a prompt need not wait for.
  const { paintFor } = await import("../render/style.ts");
  const paint = paintFor(1);
  const rows: [string, string][] = [
    ["Account", found.account ?? "none: `ccs` starts Claude Code as it is"],
    ["Why", whyOf(found)],
    ...(found.identity === null ? [] : [["Login", loginOf(found.identity)] as [string, string]]),
    ...(found.context === null ? [] : [["Context", found.context] as [string, string]]),
  ];
  return rows.map(([title, text]) => `${paint.bold(`${title}:`.padEnd(10))}${visible(text)}\n`).join("");
}

function whyOf({ why, rule, directory }: Found): string {
  if (why === "directory") return `set for ${rule}`;
  return why === "default" ? "the default account" : `nothing is set for ${directory}, and there is no default account`;
}

function loginOf(identity: Identity): string {
  if (!identity.loggedIn) return "not logged in";
  const more = [identity.organization, identity.plan].filter((word) => word !== null);
  const verified = identity.verified ? "" : "; not verified: only the Keychain knows";
  return `${identity.email ?? "logged in"}${more.length > 0 ? ` (${more.join(", ")})` : ""}${verified}`;
}

/** The options, where the arguments are plainly right. */
function plainly(args: readonly string[]): WhichOptions | null {
  let directory: string | undefined;
  let format: string | undefined;
  let asJson = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (arg === "--json" && !asJson) asJson = true;
    else if (arg === "--format" && format === undefined && /^[^-]/.test(args[at + 1] ?? "")) {
      at += 1;
      format = args[at];
    } else if (/^--format=./s.test(arg) && format === undefined) format = arg.slice("--format=".length);
    else if (/^[^-]/.test(arg) && directory === undefined) directory = arg;
    else return null;
  }
  // Which of the two is meant is the ordinary road's to ask.
  return asJson && format !== undefined ? null : { directory, json: asJson, format };
}
