import { isLaunch, launch } from "./launch/index.ts";
import { out } from "./output.ts";
import { VERSION } from "./version.ts";

const argv = process.argv.slice(2);

// Before anything is read, so that it works whatever is broken.
if (argv[0] === "--version") {
  out(`ccs ${VERSION}\n`);
} else if (isLaunch(argv)) {
  try {
    const next = await launch(argv);
    process.exit(next.length === 0 ? 0 : await (await import("./run.ts")).run(next));
  } catch (error) {
    const { fail } = await import("./fail.ts");
    process.exit(fail(error, false));
  }
} else {
  const { quick } = await import("./quick/index.ts");
  // A prompt leaves the terminal's input open, which would keep the process.
  process.exit((await quick(argv)) ?? (await (await import("./run.ts")).run(argv)));
}
