import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { checkAccountName } from "../shared/index.ts";
import { out } from "./output.ts";
import { canAsk, choose, text } from "./prompt/ask.ts";
import { paintFor } from "./render/style.ts";

/** What a person does next: a command of ours, none, or Claude Code as it is. */
export type Next = readonly string[] | "plain";

/**
 * Says in six lines what ccs is, where nothing is set up yet, and on a terminal asks for the next step.
 * @throws CcsError `cancelled`
 */
export async function welcome(env: NodeJS.ProcessEnv): Promise<Next> {
  const hasHistory = existsSync(join(env["HOME"] || homedir(), ".claude"));
  out(sixLines(hasHistory));
  if (!canAsk()) return [];
  const next = await choose(
    "What next?",
    [
      ...(hasHistory
        ? [{ value: "import", label: "Import ~/.claude as an account", hint: "copies history and settings, then logs in" } as const]
        : []),
      { value: "create", label: "Make a new account", hint: "then logs in" },
      { value: "plain", label: "Start Claude Code as it is" },
      { value: "nothing", label: "Nothing now" },
    ],
    hasHistory ? "import" : "create",
  );
  if (next === "import") return ["auth", "import"];
  if (next === "plain") return next;
  if (next === "nothing") return [];
  const name = await text("Its name, as work or personal", (answer) => {
    const checked = checkAccountName(answer.trim());
    return checked.ok ? null : checked.message;
  });
  return ["auth", "create", name.trim()];
}

/** None is longer than 80 columns. */
function sixLines(hasHistory: boolean): string {
  const { cyan } = paintFor(1);
  return [
    "ccs gives each of your Claude Code logins an account of its own; they never mix.",
    "An account is isolated, or shares one history with the accounts of its group:",
    "what you began as `work`, you go on with as `spare`, also past a usage limit.",
    `Nothing is set up yet${hasHistory ? ", and ~/.claude stays as it is, whatever you do here" : ""}.`,
    hasHistory ? `Take ~/.claude along:  ${cyan("ccs auth import")}` : `Look around:           ${cyan("ccs help")}`,
    `Begin anew:            ${cyan("ccs auth create work")}`,
    "",
  ].join("\n");
}
