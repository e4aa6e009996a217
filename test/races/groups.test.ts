import { expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { held, lost, type Snapshot, snapshot } from "../engine/support/snapshot.ts";
import { Crowd, PARTS, type Part, WRITERS } from "./support/crowd.ts";

/** Fewer or more with CCS_TEST_RUNS. */
const ROUNDS = Number(process.env["CCS_TEST_RUNS"] ?? 20);

/** Bytes of what is large in a round: every fifth time more than what fits into a buffer. */
function large(round: number): number {
  return round % 5 === 0 ? 12 * 1024 * 1024 : 512 * 1024;
}

/** How often each line of a writer stands in some text. */
function counts(text: string, name: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, id] of text.matchAll(/"uuid":"([^"]+)"/g)) if (id?.startsWith(`${name}-`)) found.set(id, (found.get(id) ?? 0) + 1);
  return found;
}

/** All transcripts there are, wherever. */
function everything(snap: Snapshot): string {
  return [...snap].flatMap(([path, seen]) => (seen.kind === "file" && path.includes(".jsonl") ? [seen.content] : [])).join("\n");
}

async function round(n: number): Promise<void> {
  await using crowd = new Crowd();
  // Every other round the writers say that they run, as clients do; then the one that joins finds its session in the group.
  const registered = n % 2 === 0;
  crowd.begin(large(n), registered);
  const before = held(snapshot(crowd.root));

  crowd.write(registered);
  // One is killed in the middle, and tried again with the others still at it.
  const victim = PARTS[n % PARTS.length] as Part;
  const killed = crowd.edit(victim);
  const others = PARTS.filter((part) => part !== victim).map((part) => crowd.must(part));
  await Bun.sleep(n * 4);
  killed.kill("SIGKILL");
  await killed.exited;
  await Promise.all([...others, crowd.must(victim)]);
  const written = await crowd.written();

  const after = snapshot(crowd.root);
  expect(lost(before, held(after))).toEqual([]);
  const all = everything(after);
  for (const { name, session } of WRITERS) {
    const ids = written.get(name) ?? [];
    expect(ids.length).toBeGreaterThan(0);
    const anywhere = counts(all, name);
    expect([name, ids.filter((id) => !anywhere.has(id))]).toEqual([name, []]);
    const inSession = counts(fs.readFileSync(crowd.shared("-p", `${session}.jsonl`), "latin1"), name);
    expect([name, ids.filter((id) => inSession.get(id) !== 1)]).toEqual([name, []]);
  }
  expect(fs.readdirSync(crowd.home.intents)).toEqual([]);
  for (const { account } of PARTS) {
    const { policy } = ccs.showAccount(crowd.home, account, 0);
    if (policy === null) throw new Error(`the policy of ${account} does not parse`);
    const preview = ccs.previewChange(crowd.home, { account, to: policy, take: "mine", takeSessions: [], copySettings: false });
    expect([account, preview.plan.operations]).toEqual([account, []]);
  }
}

test(`six joins, leaves and edits at once into one group, one of them killed, three writing all the while: no line is missing or doubled, nothing is gone, ${ROUNDS} rounds`, async () => {
  for (let n = 0; n < ROUNDS; n++) await round(n);
});
