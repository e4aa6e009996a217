// Makes a fresh checkout ready: Bun, the dependencies, the program. Needs Node and npm, nothing else.
import { main } from "./setup/checkout.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { ensureProgram } from "./setup/program.mjs";

await main(async () => ensureProgram(ensureDependencies()));
