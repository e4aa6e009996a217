// `bun run fuzz [--minutes N] [--seed S]`: trees, changes and faults by chance, until something breaks or the time is up.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { Broken, fuzzTree } from "../test/faults/support/fuzz.ts";
import { BINARY } from "../test/support/binary.ts";

const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } });
const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(first)) {
  console.error("fuzz: --minutes takes a number above 0, --seed a whole number");
  process.exit(2);
}
if (!existsSync(BINARY)) {
  console.error(`fuzz: there is no ${BINARY}; make it with: bun run build`);
  process.exit(2);
}

const began = performance.now();
let injections = 0;
let trees = 0;
const soFar = () => `${trees} trees, ${injections} injections, ${((performance.now() - began) / 60_000).toFixed(1)} min`;
for (let seed = first; performance.now() - began < minutes * 60_000; seed++) {
  try {
    const fuzzed = await fuzzTree(seed);
    injections += fuzzed.injections;
    trees += 1;
    console.log(`seed ${seed}: ${fuzzed.steps.length} changes, ${fuzzed.injections} injections, nothing wrong`);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    console.error(`\n${error.message}\n\n${soFar()} before that. Again: bun run fuzz --seed ${seed}`);
    process.exit(1);
  }
}
console.log(`${soFar()}, nothing wrong`);
