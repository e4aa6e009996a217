// `npm start -- <ccs arguments>`: makes the checkout ready, then becomes ccs.
import { statSync } from "node:fs";
import { BINARY, main, ROOT } from "./setup/checkout.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { withoutNpm } from "./setup/environment.mjs";
import { becomes } from "./setup/foreground.mjs";
import { ensureProgram } from "./setup/program.mjs";

await main(async () => {
  ensureProgram(ensureDependencies());
  // npm goes to the checkout first; the person may have stood elsewhere (`npm --prefix <checkout> start`).
  const stood = process.env.INIT_CWD;
  const cwd = stood && statSync(stood, { throwIfNoEntry: false })?.isDirectory() ? stood : process.cwd();
  becomes(BINARY, process.argv.slice(2), { cwd, env: withoutNpm(process.env, ROOT) });
});
