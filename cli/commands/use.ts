import { type ArgsDef, defineCommand } from "citty";
import { type FolderRule, ruleFor, setDirectory } from "../../shared/index.ts";
import { JSON_FLAG } from "../arguments/common.ts";
import { usage } from "../arguments/strict.ts";
import { reportedConfig } from "../config.ts";
import { home } from "../home.ts";
import { rememberNow } from "../launch/remembered.ts";
import { err, out } from "../output.ts";
import { json } from "../render/json.ts";
import { paintFor, widthOf } from "../render/style.ts";
import { table } from "../render/table.ts";
import { plain } from "../render/wrap.ts";

export const args = {
  account: { type: "positional", required: false, description: "an account there is; left out: say which directories have one" },
  dir: { type: "positional", required: false, description: "a directory; left out: the one you are in" },
  clear: { type: "boolean", description: "the directory has no account of its own any more" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs use work", "ccs use work ~/work", "ccs use --clear ~/work", "ccs use"];

export const notes = [
  "In that directory and below it, `ccs` alone starts that account. Of several that hold a directory the longest decides; " +
    "`ccs auth default` is for all others. Links are resolved. It is kept under `directories` in config.yaml.",
];

export const command = defineCommand({
  meta: { name: "use" },
  args,
  async run({ args }) {
    const there = home();
    if (args.clear) {
      if (args.dir !== undefined) throw usage("use --clear takes one directory, and no account", "Try: ccs use --clear <dir>");
      return clear(args.account ?? process.cwd(), args.json === true);
    }
    if (args.account === undefined) return list(reportedConfig(there).directories, args.json === true);
    const { directory, before } = setDirectory(there, args.dir ?? process.cwd(), args.account);
    await rememberNow(there);
    if (args.json) out(json({ directory, account: args.account, before }));
    else out(`\`ccs\` alone ${before === args.account ? "starts" : "now starts"} ${args.account} in ${plain(directory)} and below.\n`);
  },
});

async function clear(given: string, asJson: boolean): Promise<void> {
  const there = home();
  const { directory, before } = setDirectory(there, given, null);
  await rememberNow(there);
  if (asJson) return out(json({ directory, account: null, before }));
  if (before === null) err(`${plain(directory)} had no account of its own: nothing to clear.\n`);
  const now = reportedConfig(there);
  const above = ruleFor(now.directories, directory);
  const [account, why] =
    above !== null
      ? [above.account, `set for ${plain(above.directory)}`]
      : now.default !== null
        ? [now.default, "the default account"]
        : [];
  out(`\`ccs\` alone starts ${account === undefined ? "Claude Code as it is" : `${account} (${why})`} in ${plain(directory)}.\n`);
}

function list(rules: readonly FolderRule[], asJson: boolean): void {
  if (asJson) return out(json({ directories: rules }));
  if (rules.length === 0) return err("No directory has an account of its own. Set one: ccs use <account> [<dir>]\n");
  const { bold } = paintFor(1);
  const titles = ["Directory", "Account"].map((text) => ({ text, paint: bold }));
  out(
    table(
      titles,
      rules.map(({ directory, account }) => [{ text: plain(directory) }, { text: account }]),
      widthOf(1),
    ),
  );
}
