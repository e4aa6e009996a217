import type { RunningClient } from "../../claude/index.ts";
import type { Config } from "../../config/index.ts";
import type { Home } from "../../paths.ts";
import type { Area } from "../areas.ts";
import type { Blocker, Intent } from "../types.ts";
import type { Steps } from "./steps.ts";

/** How to look. */
export interface PlanOptions {
  /** Look at every name itself; for a second round, after something was not as a listing said. */
  readonly careful: boolean;
  /** Makes an id for a diverged session. */
  readonly newId: () => string;
}

/** What planning one intent goes by, and what it comes to. */
export interface World {
  readonly home: Home;
  readonly config: Config;
  readonly intent: Intent;
  readonly options: PlanOptions;
  readonly instance: string;
  readonly running: readonly RunningClient[];
  readonly mine: Area;
  readonly steps: Steps;
  readonly blockers: Blocker[];
  readonly brought: Set<string>;
  readonly forks: Record<string, string>;
  readonly settled: Map<string, string>;
  readonly taken: Set<string>;
  readonly asides: Set<string>;
  /** Whether sessions are on their way that no plan has looked at yet: under which id they arrive is not known. */
  unsettled: boolean;
}
