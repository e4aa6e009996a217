/** Writes docs/ccs.1 from the commands. Run it after a change of one. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { manPage } from "../cli/render/man.ts";
import manifest from "../package.json" with { type: "json" };

writeFileSync(join(import.meta.dirname, "..", "docs", "ccs.1"), await manPage(manifest.version));
