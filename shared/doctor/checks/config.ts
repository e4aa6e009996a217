import { look } from "../../context/disk.ts";
import { type Check, errorFinding, type Finding, finding, orOk } from "../finding.ts";
import { modeRemedy, openToOthers } from "../mending.ts";

/** config.yaml parses, says nothing that cannot be followed, and nobody else reads it. */
export const config: Check = {
  name: "config",
  mends: ["modes"],
  run(world) {
    const { config: read, configError, home } = world;
    if (configError !== null) return [errorFinding(configError)];
    if (!read.exists) return [finding("ok", "there is no config.yaml yet: no account was made")];
    const found: Finding[] = read.problems.map((p) =>
      finding("error", p.message, {
        where: `${read.file}:${p.line}:${p.col}`,
        command: `Mend line ${p.line} of ${read.file}, then: ccs doctor`,
      }),
    );
    const facts = look(home.config);
    if (facts?.kind === "file" && openToOthers(facts.mode)) {
      found.push(finding("warning", "config.yaml can be read by others", { where: home.config, ...modeRemedy(world, home.config, 0o600) }));
    }
    return orOk(found, `config.yaml is valid and names ${read.accounts.size} ${read.accounts.size === 1 ? "account" : "accounts"}`);
  },
};
