import { type ArgsDef, defineCommand } from "citty";
import { applyUninstall, formatBytes, type Home, previewUninstall, type Uninstalled, type UninstallPreview } from "../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../arguments/common.ts";
import { carryOutProposal } from "../carry-out-proposal.ts";
import { home } from "../home.ts";
import { out } from "../output.ts";
import { commandWith } from "../quick/shells.ts";
import { json } from "../render/json.ts";
import { loginLong } from "../render/login.ts";
import { progressLine, saying } from "../render/progress.ts";
import { paintFor, widthOf } from "../render/style.ts";
import { count } from "../render/words.ts";
import { hanging, plain } from "../render/wrap.ts";

export const args = {
  "dry-run": { type: "boolean", description: "say what would happen, and change nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs uninstall --dry-run", "ccs uninstall", "ccs uninstall --yes --json"];

export const notes = [
  "Every account becomes isolated, with a copy of its own sessions; what is nobody's in particular goes to one of its group: of those " +
    "that see most of it the default account, or the first. The links, permission rules and status lines of ccs are taken out, and what `ccs install` wrote is taken away. " +
    "Accounts, logins, histories and config.yaml stay under ~/.ccs; it says where Claude Code finds each.",
];

export const command = defineCommand({
  meta: { name: "uninstall" },
  args,
  async run({ args }) {
    const there = home();
    const wanted = { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true };
    const done = await carryOutProposal<UninstallPreview, Uninstalled>(
      {
        about: () => "this machine",
        question: "Uninstall?",
        look: () => saying("Looking at what would change", () => previewUninstall(there)),
        apply: (seen, approved) => carry(there, seen, approved),
        asJson: () => ({}),
      },
      wanted,
    );
    if (done === null) return 0;
    out(wanted.json ? json({ ...done }) : whereLines(done, there));
    return 0;
  },
});

function carry(there: Home, seen: UninstallPreview, approved: boolean): Uninstalled {
  const line = progressLine("Changing");
  try {
    return applyUninstall(there, seen, { approved, onProgress: line.report });
  } finally {
    line.clear();
  }
}

/** Where everything is now, and how a client is started without ccs. */
function whereLines({ accounts, groups, left }: Uninstalled, { root }: Home): string {
  const paint = paintFor(1);
  const width = widthOf(1);
  const now = Date.now();
  const each = accounts.map(({ name, instance, sessions, identity }) => {
    const what = `${count(sessions, "session")}; ${loginLong(identity, now)}`;
    const start = commandWith(process.platform, "CLAUDE_CONFIG_DIR", instance, "claude");
    const told = hanging("    ", plain(what), width);
    return `  ${paint.bold(name)}\n${told}\n    ${paint.cyan(plain(start))}\n`;
  });
  const item = (text: string) => `${hanging("  - ", plain(text), width)}\n`;
  const kept = [
    ...groups
      .filter(({ bytes }) => bytes > 0)
      .map(({ name, directory, bytes }) => `the history of ${name} (${formatBytes(bytes)}): ${directory}`),
    `all else of ccs, config.yaml with it: ${root}`,
  ];
  return [
    "ccs is uninstalled.\n",
    ...(each.length > 0 ? [`${paint.bold("Claude Code finds each account without it")}\n`, ...each] : []),
    `${paint.bold("What stays, until you remove it")}\n`,
    ...kept.map(item),
    ...left.map(item),
  ].join("");
}
