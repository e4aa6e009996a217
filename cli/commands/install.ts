import { homedir } from "node:os";
import { basename } from "node:path";
import { type ArgsDef, defineCommand } from "citty";
import manPage from "../../docs/ccs.1" with { type: "text" };
import { applyInstall, CcsError, type Goods, type Installed, type InstallPreview, previewInstall } from "../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../arguments/common.ts";
import { carryOutProposal } from "../carry-out-proposal.ts";
import { SCRIPTS } from "../completions/scripts.ts";
import { home } from "../home.ts";
import { out } from "../output.ts";
import { json } from "../render/json.ts";
import { sentenceLines } from "../render/plan.ts";
import { paintFor, widthOf } from "../render/style.ts";
import { hanging, plain } from "../render/wrap.ts";

export const args = {
  "dry-run": { type: "boolean", description: "say what would be written, and write nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs install", "ccs install --dry-run", "ccs install --yes"];

export const notes = [
  "The program goes to ~/.local/bin, completions to where each shell on PATH looks for them, the manual page to ~/.local/share/man. " +
    "A shell that does not look gets one marked line in its startup file. Nothing that ccs did not put there is replaced; " +
    "`ccs uninstall` takes it all away again. Run again, it renews what an older ccs had written.",
];

export const command = defineCommand({
  meta: { name: "install" },
  args,
  async run({ args }) {
    const there = home();
    const goods = goodsOf();
    const around = { home: process.env["HOME"] || homedir(), env: process.env, platform: process.platform };
    const wanted = { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true };
    const look = () => previewInstall(there, goods, around);
    const seen = look();
    const nothing = seen.sentences.length === 0 && seen.blockers.length === 0;
    const done = nothing
      ? { program: seen.program, sentences: [] }
      : await carryOutProposal<InstallPreview, Installed>(
          {
            about: () => "this machine",
            question: "Install?",
            look,
            apply: (seen) => applyInstall(there, seen),
            asJson: ({ left }) => ({ left }),
          },
          wanted,
        );
    // What the installation left is looked for once more: it may have changed what there is to say.
    const { left } = look();
    if (done === null) out(wanted.json ? "" : leftLines(left));
    else if (wanted.json) out(json({ program: done.program, sentences: done.sentences, left }));
    else out(`${wanted.yes ? sentenceLines(done.sentences, widthOf(1)) : ""}${said(nothing, done.program)}${leftLines(left)}`);
    return 0;
  },
});

function said(nothing: boolean, program: string): string {
  return nothing ? `Everything is installed already: ${program}\n` : `Installed: ${program}\n`;
}

function leftLines(left: InstallPreview["left"]): string {
  const paint = paintFor(1);
  if (left.length === 0) return "";
  const lines = left.map(({ message, hint }) => {
    const told = hanging("  - ", plain(message), widthOf(1));
    return `${told}\n    ${paint.cyan(plain(hint))}\n`;
  });
  return `${paint.bold("Left to you")}\n${lines.join("")}`;
}

/** @throws CcsError refused where what runs is no built program */
function goodsOf(): Goods {
  const program = process.execPath;
  if (/^(bun|node)(\.exe)?$/.test(basename(program))) {
    throw new CcsError("refused", "this ccs runs from its sources; there is no program to install", {
      where: program,
      untouched: "Nothing was changed.",
      hint: "Build it first: npm start --silent -- install",
    });
  }
  const { bash, zsh, fish, powershell } = SCRIPTS;
  return { program, completions: { bash, zsh, fish, pwsh: powershell }, manPage };
}
