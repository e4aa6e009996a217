import { type ArgsDef, defineCommand } from "citty";
import { showGroup } from "../../../shared/index.ts";
import { JSON_FLAG } from "../../arguments/common.ts";
import { groupFrom } from "../../arguments/policy.ts";
import { reportedConfig } from "../../config.ts";
import { home } from "../../home.ts";
import { out } from "../../output.ts";
import { groupDetails } from "../../render/groups.ts";
import { json } from "../../render/json.ts";
import { saying } from "../../render/progress.ts";
import { paintFor, widthOf } from "../../render/style.ts";

export const args = {
  group: { type: "positional", required: true, description: "a context group there is" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs group show sprint-a", "ccs group show sprint-a --json"];

export const command = defineCommand({
  meta: { name: "show" },
  args,
  run({ args }) {
    const there = home();
    const name = groupFrom(args.group, "the group", "ccs group show");
    const config = reportedConfig(there);
    const group = saying("Counting sessions", () => showGroup(there, name, config));
    out(args.json ? json({ group }) : groupDetails(group, paintFor(1), widthOf(1)));
  },
});
