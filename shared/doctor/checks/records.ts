import { keepRecord } from "../../context/clearing.ts";
import { withLock } from "../../context/lock.ts";
import { type SenselessRecord, senselessRecords } from "../../context/records.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** What ccs wrote down for itself can be read. */
export const records: Check = {
  name: "records",
  mends: ["records"],
  run(world) {
    return orOk(
      senselessRecords(world.home).map((record) => senseless(world, record)),
      "what ccs recorded can be read",
    );
  },
};

/** What is known without each of them. Nothing is told wrongly then, and nothing leaves with the wrong account. */
const WITHOUT: Record<SenselessRecord["kind"], string> = {
  accounts: "Whose the sessions of a group are is then told by the logins in them, and by what is recorded from now on.",
  renames: "What was set aside under an account's old name is then not brought back to it by itself.",
  removed: "That account is then no longer offered by ccs auth restore; its directory stays in ~/.ccs/removed.",
  changes: "That change can then no longer be undone by ccs undo.",
  settings: "Rules ccs added to that account's settings.json before now then stay there when it leaves its group.",
};

function senseless(world: World, { path, kind, problem }: SenselessRecord): Finding {
  const apply = () =>
    withLock(world.home, "setting aside a record that holds no sense", () => {
      if (senselessRecords(world.home).some((record) => record.path === path)) keepRecord(world, path);
    });
  return finding("error", problem, {
    where: path,
    mending: { stage: "records", describes: [`${path} is kept in set-aside. ${WITHOUT[kind]}`], apply },
  });
}
