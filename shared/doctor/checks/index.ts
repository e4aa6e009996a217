import type { Check } from "../finding.ts";
import { client } from "./client.ts";
import { config } from "./config.ts";
import { conflicts } from "./conflicts.ts";
import { credentials } from "./credentials.ts";
import { directories } from "./directories.ts";
import { environment } from "./environment.ts";
import { filesystem } from "./filesystem.ts";
import { groups } from "./groups.ts";
import { instances } from "./instances.ts";
import { intents } from "./intents.ts";
import { leftovers } from "./leftovers.ts";
import { links } from "./links.ts";
import { lock } from "./lock.ts";
import { login } from "./login.ts";
import { names } from "./names.ts";
import { path } from "./path.ts";
import { records } from "./records.ts";
import { removed } from "./removed.ts";
import { setAside } from "./set-aside.ts";
import { settings } from "./settings.ts";
import { space } from "./space.ts";
import { staging } from "./staging.ts";
import { windows } from "./windows.ts";

/** In the order they are shown. */
export const CHECKS: readonly Check[] = [
  config,
  client,
  environment,
  path,
  windows,
  filesystem,
  space,
  lock,
  directories,
  records,
  intents,
  leftovers,
  staging,
  instances,
  removed,
  links,
  names,
  groups,
  settings,
  credentials,
  login,
  setAside,
  conflicts,
];
