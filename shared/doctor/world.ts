import { join } from "node:path";
import { groupNames } from "../accounts/groups.ts";
import { type Identity, identitiesOf } from "../claude/index.ts";
import { type Account, type Config, parseConfig, readConfig } from "../config/index.ts";
import { type Area, allAreas } from "../context/areas.ts";
import { type Facts, list, look } from "../context/disk.ts";
import { planMend } from "../context/index.ts";
import { readIntent } from "../context/intents.ts";
import { type LockState, lockState } from "../context/lock.ts";
import { readSetAside, type SetAside } from "../context/set-aside.ts";
import type { Intent, Plan } from "../context/types.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type Mount, mountOf, readMounts } from "./mounts.ts";
import { readSettingsFile, type SettingsFile } from "./settings-file.ts";
import { HERE, type Surroundings } from "./surroundings.ts";
import type { DoctorOptions } from "./types.ts";

/** Everything the checks look at, each thing read once, when the first check asks for it. */
export class World {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly surroundings: Surroundings;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Empty where config.yaml cannot be read. */
  readonly config: Config;
  readonly configError: CcsError | null;
  readonly #kept = new Map<string, unknown>();

  constructor(home: Home, options: DoctorOptions) {
    this.home = home;
    this.env = options.env;
    this.now = options.now;
    this.surroundings = { ...HERE, ...options.surroundings };
    try {
      this.config = readConfig(home);
      this.configError = null;
    } catch (error) {
      if (!(error instanceof CcsError)) throw error;
      this.config = parseConfig(home.config, "");
      this.configError = error;
    }
  }

  /** Whether config.yaml can be followed: as long as it cannot, nothing that depends on it is judged or mended. */
  get usable(): boolean {
    return this.configError === null && this.config.problems.length === 0;
  }

  get accounts(): Account[] {
    return [...this.config.accounts.values()];
  }

  /** Groups that have a member or a directory. */
  get groups(): string[] {
    return this.#once("groups", () => groupNames(this.home, this.config));
  }

  /** What stands where an account's instance belongs. */
  instance(account: string): Facts | null {
    return this.#once(`instance ${account}`, () => look(instanceOf(this.home, account)));
  }

  /** Every account with who is logged in with it. */
  get identities(): ReadonlyMap<string, Identity> {
    return this.#logins.identities;
  }

  /** Accounts that hold copies of one login. */
  get copiedLogins(): readonly (readonly string[])[] {
    return this.#logins.copied;
  }

  get #logins() {
    return this.#once("logins", () => {
      const names = [...this.config.accounts.keys()];
      const { identities, copied } = identitiesOf(names.map((name) => instanceOf(this.home, name)));
      return {
        identities: new Map(names.map((name, index) => [name, identities[index] as Identity])),
        copied: copied.map((indices) => indices.map((index) => names[index] as string)),
      };
    });
  }

  settings(account: string): SettingsFile {
    return this.#once(`settings ${account}`, () => readSettingsFile(join(instanceOf(this.home, account), "settings.json")));
  }

  get lock(): LockState {
    return this.#once("lock", () => lockState(this.home));
  }

  /** Whether another ccs may be at work: what looks left over may be its. */
  get busy(): boolean {
    return this.lock.state === "held" || this.lock.state === "elsewhere";
  }

  /** Unfinished changes, each with its account; an error where the record cannot be read. */
  get intents(): ReadonlyMap<string, Intent | CcsError> {
    return this.#once("intents", () => readEachIntent(this.home));
  }

  /** Where staging and set-aside lie, one for each filesystem. */
  get areas(): readonly Area[] {
    return this.#once("areas", () => allAreas(this.home));
  }

  get setAside(): readonly SetAside[] {
    return this.#once("set-aside", () => readSetAside(this.home, this.areas));
  }

  /** What is left to do for an account, or why it cannot be planned. */
  mend(account: string): Plan | CcsError {
    return this.#once(`mend ${account}`, () => {
      try {
        return planMend(this.home, account, this.config);
      } catch (error) {
        if (error instanceof CcsError) return error;
        throw error;
      }
    });
  }

  /** What a directory is mounted from, where the system tells. */
  mount(facts: Facts): Mount | null {
    return mountOf(
      this.#once("mounts", () => readMounts()),
      facts.dev,
    );
  }

  #once<T>(key: string, make: () => T): T {
    if (!this.#kept.has(key)) this.#kept.set(key, make());
    return this.#kept.get(key) as T;
  }
}

export function readEachIntent(home: Home): Map<string, Intent | CcsError> {
  const found = new Map<string, Intent | CcsError>();
  for (const { name } of list(home.intents) ?? []) {
    if (!name.endsWith(".json")) continue;
    const account = name.slice(0, -".json".length);
    try {
      const intent = readIntent(home, account);
      if (intent !== null) found.set(account, intent);
    } catch (error) {
      if (!(error instanceof CcsError)) throw error;
      found.set(account, error);
    }
  }
  return found;
}
