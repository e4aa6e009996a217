import { withLock } from "../../context/lock.ts";
import { type Check, finding, WAIT } from "../finding.ts";

/** Nobody holds the lock who does not live. */
export const lock: Check = {
  name: "lock",
  mends: ["lock"],
  run(world) {
    const { lock: state, home } = world;
    if (state.state === "free") return [finding("ok", "nobody holds the lock")];
    const { holder } = state;
    const who = `process ${holder.pid} on ${holder.host}, since ${holder.since}: ${holder.doing}`;
    switch (state.state) {
      case "held":
        return [finding("info", `the lock is held by ${who}`, { where: home.lock, command: WAIT })];
      case "dead":
        return [
          finding("warning", `the lock was left behind by ${who}`, {
            where: home.lock,
            mending: {
              stage: "lock",
              describes: ["The lock a dead process left behind is cleared."],
              apply: () => withLock(home, "clearing the lock of a dead process", () => undefined),
            },
          }),
        ];
      case "elsewhere":
        return [
          finding("warning", `the lock is held where ccs cannot see whether the holder lives: ${who}`, {
            where: home.lock,
            command: `If it does not live any more: remove ${home.lock}`,
          }),
        ];
    }
  },
};
