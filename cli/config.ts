import { type Config, type Home, problemLine, readConfig, requireValid } from "../shared/index.ts";
import { recallConfig, rememberConfig } from "./launch/remembered.ts";
import { err } from "./output.ts";
import { paintFor } from "./render/style.ts";
import { plain } from "./render/wrap.ts";

/**
 * config.yaml for a command that only reports: what cannot be followed is said on standard error, and the rest is shown.
 * @throws CcsError `config-invalid` where nothing in it can be read
 */
export function reportedConfig(home: Home): Config {
  const known = recallConfig(home);
  if (known !== null) return known;
  const config = readConfig(home);
  rememberConfig(home, config);
  if (!config.parsed) requireValid(config);
  for (const problem of config.problems) err(`${paintFor(2).yellow("ccs:")} ${plain(problemLine(problem))}\n`);
  return config;
}
