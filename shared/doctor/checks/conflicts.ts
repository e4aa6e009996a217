import { waitingConflicts } from "../../context/conflicts.ts";
import { displayPath } from "../../context/index.ts";
import { type Check, count, finding, orOk } from "../finding.ts";

/** Nobody's files wait for a person to choose between them. */
export const conflicts: Check = {
  name: "conflicts",
  mends: [],
  run({ home, groups }) {
    const found = groups.flatMap((group) => {
      const waiting = waitingConflicts(home, group);
      if (waiting.length === 0) return [];
      const message = `${count(waiting.length, "file stands", "files stand")} beside another of the same name until you have dealt with ${waiting.length === 1 ? "it" : "them"}: ${waiting.map(displayPath).join(", ")}`;
      return [
        finding("warning", message, {
          group,
          where: waiting[0] ?? null,
          command: `ccs group resolve ${group}`,
        }),
      ];
    });
    return orOk(found, "no file waits for you to choose");
  },
};
