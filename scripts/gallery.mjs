// `npm run gallery`: takes the pictures of the extension's README anew, from the test that looks at the extension.
import { spawnSync } from "node:child_process";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { main, ROOT, SetupError, say } from "./setup/checkout.mjs";

const NAMES = ["doctor", "history-sync", "plan"];
/** Bytes a picture may have. */
const LIMIT = 100_000;

await main(async () => {
  const tests = join("test", "vscode", "ui", "pictures.test.ts");
  const ran = spawnSync(process.execPath, [join(ROOT, "scripts", "test.mjs"), "vscode", tests], { cwd: ROOT, stdio: "inherit" });
  if (ran.status !== 0) throw new SetupError("The pictures could not be taken; the old ones are as they were.", `Look at ${tests}.`);
  for (const name of NAMES) {
    const taken = join(ROOT, ".cache", "pictures", "vscode", "dark", `${name}.png`);
    const { size } = statSync(taken);
    if (size > LIMIT) throw new SetupError(`${taken} has ${size} bytes, and may have ${LIMIT}.`, "Make the window of that test smaller.");
    copyFileSync(taken, join(ROOT, "extension", "media", "gallery", `${name}.png`));
    say(`${name}.png: ${Math.round(size / 1000)} kB`);
  }
});
