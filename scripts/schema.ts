/** Writes docs/config.schema.json from the schema in shared/config. Run it after a change there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configJsonSchema } from "../shared/config/schema.ts";

const file = join(import.meta.dirname, "..", "docs", "config.schema.json");
writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
