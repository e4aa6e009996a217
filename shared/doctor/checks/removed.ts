import { loginIn } from "../../accounts/login-files.ts";
import { removedNames } from "../../accounts/removed-names.ts";
import { displayPath } from "../../context/index.ts";
import { foldName } from "../../policy/index.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** Accounts that were removed and can be brought back. */
export const removed: Check = {
  name: "removed",
  mends: [],
  run(world) {
    return orOk(removedFindings(world), "no removed account is set aside");
  },
};

/** The last of a name is brought back by it, one before by its dated name; what is being purged is finished. */
function removedFindings({ home }: World): Finding[] {
  const all = removedNames(home);
  return all.map((one) => {
    const { account, dated, path, whole } = one;
    const where = { where: path };
    if (!whole) {
      const message = `what was kept of the removed account ${displayPath(account)} was being purged, and is not gone yet`;
      return finding("warning", message, { ...where, command: `ccs auth remove ${account} --purge` });
    }
    const last = all.findLast((other) => foldName(other.account) === foldName(account) && other.whole) === one;
    const login = loginIn(path).length > 0 ? "with its login" : "without a login";
    const message = `the account ${displayPath(account)} was removed; its directory is kept, ${login}`;
    return finding("info", message, { ...where, command: `ccs auth restore ${last ? account : dated}` });
  });
}
