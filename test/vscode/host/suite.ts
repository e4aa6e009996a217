import "./names.ts";
import "./config.ts";
import "./commands.ts";
import { runAll } from "./tests.ts";

/** What the editor calls. */
export const run = runAll;
