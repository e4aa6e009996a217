import { type ArgsDef, defineCommand } from "citty";
import { listGroups } from "../../../shared/index.ts";
import { JSON_FLAG } from "../../arguments/common.ts";
import { reportedConfig } from "../../config.ts";
import { home } from "../../home.ts";
import { err, out } from "../../output.ts";
import { groupTable } from "../../render/groups.ts";
import { json } from "../../render/json.ts";
import { saying } from "../../render/progress.ts";
import { paintFor, widthOf } from "../../render/style.ts";

export const args = { json: JSON_FLAG } as const satisfies ArgsDef;

export const examples = ["ccs group list", "ccs group list --json"];

export const command = defineCommand({
  meta: { name: "list" },
  args,
  run({ args }) {
    const there = home();
    const config = reportedConfig(there);
    const groups = saying("Counting sessions", () => listGroups(there, config));
    if (args.json) out(json({ groups }));
    else if (groups.length > 0) out(groupTable(groups, paintFor(1), widthOf(1)));
    else err("There are no context groups yet. Share one: ccs auth create <account> --share-context\n");
  },
});
