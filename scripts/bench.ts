/**
 * Measures ccs beside what a person would otherwise use, and writes docs/benchmarks.md.
 *
 *   bun run bench             everything (about ten minutes)
 *   TMPDIR=/dev/shm bun run bench   in memory: what the programs take, without the disk
 *   bun run bench launch      one section: launch, join, leave, reports, sessions, dashboard, extension
 *
 * Whole processes, in turn, medians; ratios are taken within a run, round by round.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fillForDashboard, measureDashboard } from "./bench/dashboard.ts";
import { extensionSize, measureExtension } from "./bench/extension.ts";
import { compare, type Measured } from "./bench/measure.ts";
import { makePeer } from "./bench/peer.ts";
import { fillWithTalks } from "./bench/talks.ts";
import { BINARY, fill, instance, makeWorld, manyAccounts, removeWorld, run, type World } from "./bench/world.ts";

const DOC = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));

interface Section {
  readonly title: string;
  readonly aim: string;
  readonly rows: readonly (Measured & { readonly note?: string })[];
  readonly remarks: readonly string[];
}

function within(work: (world: World) => Section): Section {
  const world = makeWorld();
  try {
    return work(world);
  } finally {
    removeWorld(world);
  }
}

/** An empty program, compiled as ccs is: what a Bun binary costs before it does anything. */
function emptyBinary(world: World): string {
  const source = join(world.root, "empty.ts");
  const binary = join(world.root, "empty");
  writeFileSync(source, "export {};\n");
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm", "--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  run(world, process.execPath, ["build", source, ...flags, "--outfile", binary]);
  return binary;
}

function launch(): Section {
  return within((world) => {
    manyAccounts(world, 9);
    run(world, BINARY, ["auth", "create", "shared-one", "--context-group", "team", "--deeper-continuity", "--no-login"]);
    run(world, BINARY, ["shared-one"]); // notes last_used, which a launch writes at most once a minute
    const empty = emptyBinary(world);
    const peer = makePeer(
      world,
      Array.from({ length: 10 }, (_, i) => `p${i}`),
    );
    const launches = compare(40, [
      { name: "an empty compiled Bun binary", run: () => run(world, empty, []) },
      {
        name: "`ccs <account>` (10 accounts; shared, deeper) to the client's start",
        run: () => run(world, BINARY, ["shared-one", "-p", "hi"]),
      },
      { name: "`ccs <account>` (isolated)", run: () => run(world, BINARY, ["account-3", "-p", "hi"]) },
    ]);
    const slow = compare(7, [
      { name: "`ccs <account>`", run: () => run(world, BINARY, ["shared-one", "-p", "hi"]) },
      { name: "`@kaitranntt/ccs <account>` (10 accounts)", run: () => peer.launch("p3") },
    ]);
    return {
      title: "Launch",
      aim: "at most 3 ms above an empty compiled Bun binary; 40x faster than `@kaitranntt/ccs`; no memory held while the client runs",
      rows: [...launches, { ...(slow[1] as Measured), note: "ratio to ccs, in a run of the two alone" }],
      remarks: [
        `Above the empty binary: ${((launches[1] as Measured).median - (launches[0] as Measured).median).toFixed(1)} ms.`,
        `Memory held beside a running client: ${memoryBeside(world)}.`,
        "Above the empty binary stand a larger program, which takes longer to start before any of the launch, and execve, which gives the process over to the client and which the empty one does not do.",
      ],
    };
  });
}

/** Starts a client that only waits, and looks for anything of ours that is still there. */
function memoryBeside(world: World): string {
  const script = `CCS_CLAUDE_PATH=/bin/sleep ${BINARY} shared-one 2 & sleep 0.5; cat /proc/$!/comm; ps -o pid= --ppid $! | wc -l; wait`;
  const [command, children] = run(world, "sh", ["-c", script]).trim().split("\n");
  return command === "sleep" && Number(children) === 0
    ? "none (the process is the client, and has no parent or child of ours)"
    : `process ${command} with ${children} children`;
}

/** A tree kept aside, put in place anew for every round. */
function template(world: World, name: string, files: number, directories: number): string {
  const path = join(world.root, `template-${name}`);
  fill(path, files, directories);
  return path;
}

function fresh(world: World, from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  run(world, "cp", ["-a", from, to]);
}

function joins(files: number, both: boolean, rounds: number): Section {
  return within((world) => {
    const arriving = template(world, "arriving", files, 100);
    const there = both ? template(world, "there", files, 100) : null;
    const peer = makePeer(world, ["p0", "p1"]);
    peer.share("p1", "team");
    run(world, BINARY, ["auth", "create", "work", "--no-login"]);
    const projects = join(instance(world, "work"), "projects");
    const group = join(world.ccs, "shared/context-groups/team");
    const config = readFileSync(join(world.ccs, "config.yaml"), "utf8");
    const src = join(world.root, "src");
    const dst = join(world.root, "dst");
    const side = () => {
      fresh(world, arriving, src);
      rmSync(dst, { recursive: true, force: true });
      if (there !== null) fresh(world, there, dst);
      else mkdirSync(dst);
    };
    const rows = compare(rounds, [
      { name: "`cp -al`", prepare: side, run: () => run(world, "cp", ["-al", `${src}/.`, dst]) },
      {
        name: "`ccs auth edit work --context-group team --yes`",
        prepare() {
          for (const path of ["state", "staging", "set-aside"]) rmSync(join(world.ccs, path), { recursive: true, force: true });
          rmSync(group, { recursive: true, force: true });
          rmSync(join(instance(world, "work"), "settings.json"), { force: true });
          rmSync(projects, { recursive: true, force: true });
          writeFileSync(join(world.ccs, "config.yaml"), config);
          fresh(world, arriving, projects);
          mkdirSync(group, { recursive: true });
          if (there !== null) fresh(world, there, join(group, "projects"));
        },
        run: () => run(world, BINARY, ["auth", "edit", "work", "--context-group", "team", "--yes"]),
      },
      { name: "`rsync -a`", prepare: side, run: () => run(world, "rsync", ["-a", `${src}/`, `${dst}/`]) },
      {
        name: "`@kaitranntt/ccs` (merges at launch)",
        prepare() {
          rmSync(peer.group("team"), { recursive: true, force: true });
          rmSync(join(peer.instance("p1"), "projects"), { recursive: true, force: true });
          fresh(world, arriving, join(peer.instance("p1"), "projects"));
          mkdirSync(peer.group("team"), { recursive: true });
          if (there !== null) fresh(world, there, join(peer.group("team"), "projects"));
        },
        run: () => peer.launch("p1"),
      },
    ]);
    const ours = rows[1] as Measured;
    return {
      title: `Join, ${files.toLocaleString("en")} files, ${both ? "the same directories on both sides" : "nothing on the other side"}`,
      aim: both
        ? "35,000 files/s; within 1.6x of `cp -al`; 20x faster than `@kaitranntt/ccs`"
        : "grows no faster than the entries that must be recorded; no copy",
      rows,
      remarks: [
        `ccs: ${Math.round(files / (ours.median / 1000)).toLocaleString("en")} files/s.`,
        `@kaitranntt/ccs takes ${((rows[3] as Measured).median / ours.median).toFixed(1)}x as long as ccs.`,
        ...(both
          ? [
              "Slower than `cp -al`: that makes one call for each file, a join four: link it in, look at both names, unlink the first. The looks are what lets nothing be unlinked that is not in the group for good.",
            ]
          : []),
      ],
    };
  });
}

function leave(files: number, rounds: number): Section {
  return within((world) => {
    const own = template(world, "own", files, 100);
    run(world, BINARY, ["auth", "create", "work", "--no-login"]);
    const config = readFileSync(join(world.ccs, "config.yaml"), "utf8");
    const projects = join(instance(world, "work"), "projects");
    const copy = join(world.root, "copy");
    const rows = compare(rounds, [
      {
        name: "`cp -a`, and the copy made durable (`sync -f`)",
        prepare: () => rmSync(copy, { recursive: true, force: true }),
        run: () => run(world, "sh", ["-c", `cp -a "${own}" "${copy}" && sync -f "${copy}"`]),
      },
      {
        name: "`ccs auth edit work --isolated --yes`",
        prepare() {
          for (const path of ["state", "staging", "set-aside", "shared"]) rmSync(join(world.ccs, path), { recursive: true, force: true });
          rmSync(projects, { recursive: true, force: true });
          writeFileSync(join(world.ccs, "config.yaml"), config);
          fresh(world, own, projects);
          run(world, BINARY, ["auth", "edit", "work", "--context-group", "team", "--yes"]);
        },
        run: () => run(world, BINARY, ["auth", "edit", "work", "--isolated", "--yes"]),
      },
      {
        name: "`cp -a` alone",
        prepare: () => rmSync(copy, { recursive: true, force: true }),
        run: () => run(world, "cp", ["-a", own, copy]),
      },
    ]);
    return {
      title: `Leave with ${files.toLocaleString("en")} own files`,
      aim: "as fast as `cp -a`",
      rows,
      remarks: [
        "Slower than `cp -a`: each file is looked at twice, copied, and given its times by calls of their own, and the whole is made durable before it is used.",
      ],
    };
  });
}

function reports(): Section[] {
  return [
    within((world) => {
      manyAccounts(world, 100);
      const peer = makePeer(world, ["p0"]);
      manyPeerAccounts(peer.instance("p0"), 100);
      return {
        title: "Reports with 100 accounts",
        aim: "`doctor` 80 ms, `auth list` 40 ms",
        rows: compare(9, [
          { name: "`ccs auth list`", run: () => run(world, BINARY, ["auth", "list"]) },
          {
            name: "`ccs auth list`, the first after config.yaml was changed",
            prepare: () => rmSync(join(world.ccs, "state/launch.json"), { force: true }),
            run: () => run(world, BINARY, ["auth", "list"]),
          },
          { name: "`ccs doctor`", run: () => void spawnSync(BINARY, ["doctor"], { env: world.env }) },
          { name: "`@kaitranntt/ccs auth list`", run: () => peer.list() },
          { name: "`@kaitranntt/ccs doctor`", run: () => peer.doctor() },
        ]),
        remarks: [
          "The first after a change, and every doctor, parses config.yaml with the parser everything else reads it with; what that made of it is remembered for the reports to come.",
        ],
      };
    }),
  ];
}

function sessions(count: number): Section {
  return within((world) => {
    for (const account of ["work", "spare"]) run(world, BINARY, ["auth", "create", account, "--context-group", "team", "--no-login"]);
    const projects = join(world.ccs, "shared/context-groups/team/projects");
    const { bytes, said, rare, common } = fillWithTalks(projects, count, 200);
    const index = join(world.ccs, "shared/session-index");
    const made = compare(1, [
      {
        name: "the index made",
        prepare: () => rmSync(index, { recursive: true, force: true }),
        run: () => run(world, BINARY, ["sessions", rare]),
      },
    ]);
    const rows = compare(15, [
      {
        name: "`find` with size, time and inode of each",
        run: () => run(world, "find", [projects, "-name", "*.jsonl", "-printf", "%s %T@ %i\n"]),
      },
      { name: "`ccs sessions <a word of one session>`", run: () => run(world, BINARY, ["sessions", rare]) },
      { name: "`ccs sessions <a word of many> --limit 20`", run: () => run(world, BINARY, ["sessions", common, "--limit", "20"]) },
      { name: "`ccs sessions <two words> --json`", run: () => run(world, BINARY, ["sessions", `${rare} where`, "--json"]) },
    ]);
    const slow = compare(2, [{ name: "`grep -rl` over the transcripts", run: () => run(world, "grep", ["-rlF", rare, projects]) }]);
    const size = Number(run(world, "du", ["-sb", index]).split("\t")[0]);
    return {
      title: `Full text over ${count.toLocaleString("en")} sessions`,
      aim: "150 ms after the index is built",
      rows: [...rows, { ...(slow[0] as Measured), note: "for comparison, alone" }, { ...(made[0] as Measured), note: "once" }],
      remarks: [
        `Transcripts: ${Math.round(bytes / 1e6)} MB, of which ${Math.round(said / 1e6)} MB were said. Index: ${Math.round(size / 1e6)} MB.`,
      ],
    };
  });
}

async function dashboard(): Promise<Section> {
  const world = makeWorld();
  try {
    fillForDashboard(world);
    return {
      title: "Dashboard with 500 accounts and a group of 20,000 sessions",
      aim: "first paint under 1 s on loopback; the plan follows a choice within 300 ms",
      rows: await measureDashboard(world),
      remarks: [
        "The compiled program, Chromium, a new browser profile each round; the first round, in which the server reads every transcript for the first time, is not counted.",
        `Load average at the end, of everything on the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores.`,
      ],
    };
  } finally {
    removeWorld(world);
  }
}

async function extension(): Promise<Section> {
  const rows = [...(await measureExtension(10)), ...(await measureExtension(500))];
  return {
    title: "The extension, in VS Code 1.139",
    aim: "activation at most 50 ms with 10 accounts, 120 ms with 500; a change on disk shows within 1 s; under 500 kB",
    rows,
    remarks: [
      `The packaged extension has ${Math.round(extensionSize() / 1000)} kB.`,
      "Windows of the editor's workbench in Chromium, each with an extension host of its own; the first is not counted. Activation reads no account: the engine starts in a thread of its own.",
      `On ${filesystem(tmpdir())}. Load average at the end, of everything on the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores.`,
    ],
  };
}

/** Adds accounts to the peer's config by copying its one account. */
function manyPeerAccounts(instancePath: string, count: number): void {
  const file = join(instancePath, "../../config.yaml");
  const lines = readFileSync(file, "utf8").split("\n");
  const at = lines.indexOf("  p0:");
  const end = lines.findIndex((l, i) => i > at && !l.startsWith("    "));
  const body = lines.slice(at + 1, end);
  for (let i = 1; i < count; i++) {
    lines.splice(end, 0, `  p${i}:`, ...body);
    cpSync(instancePath, join(instancePath, "..", `p${i}`), { recursive: true, verbatimSymlinks: true });
  }
  writeFileSync(file, lines.join("\n"));
}

/** The type of the filesystem a directory lies on, as stat(1) calls it. */
function filesystem(directory: string): string {
  return spawnSync("stat", ["-f", "-c", "%T", directory], { encoding: "utf8" }).stdout.trim();
}

function milliseconds(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms >= 100 ? 0 : 1)} ms`;
}

function render(sections: readonly Section[]): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release().split("-")[0]}, Bun ${Bun.version}; all of it on ${filesystem(tmpdir())}`;
  const parts = [
    "# Benchmarks",
    "",
    "Written by `bun run bench`. Whole processes on one machine, timed in turn (A B C, A B C, ...); the median, the fastest and slowest",
    "round, and the median of the ratios to the first row, taken round by round. Absolute figures are this machine's; the ratios are what travels.",
    "Sections may be of different runs.",
    "",
    `Machine: ${machine}.`,
  ];
  for (const s of sections) {
    parts.push("", `## ${s.title}`, "", `Aim: ${s.aim}.`, "", "| what | median | fastest to slowest | ratio |", "|---|---:|---:|---:|");
    for (const r of s.rows) {
      const range = `${milliseconds(r.times[0] as number)} to ${milliseconds(r.times.at(-1) as number)}`;
      parts.push(
        `| ${r.name} | ${milliseconds(r.median)} | ${range} | ${r.ratio.toFixed(2)}${r.note === undefined ? "" : ` (${r.note})`} |`,
      );
    }
    for (const remark of s.remarks) parts.push("", remark);
  }
  return `${parts.join("\n")}\n`;
}

/** Sections that were measured anew take the place of those of the same title; the others stay as they are, new ones come last. */
function inPlace(before: string, after: string): string {
  const [head = "", ...fresh] = sectionsOf(after);
  const [, ...old] = sectionsOf(before);
  const titleOf = (section: string) => section.slice(0, section.indexOf("\n"));
  const isOf = (section: string) => (other: string) => titleOf(other) === titleOf(section);
  const kept = old.map((section) => fresh.find(isOf(section)) ?? section);
  const all = [head, ...kept, ...fresh.filter((section) => !old.some(isOf(section)))];
  return `${all.map((section) => section.trimEnd()).join("\n\n")}\n`;
}

/** What stands above the first title, then each title with what is below it. */
function sectionsOf(page: string): string[] {
  return page.split(/^(?=## )/m);
}

if (!existsSync(BINARY)) throw new Error("dist/ccs is missing: bun run build");
const wanted = process.argv.slice(2);
const all: Record<string, () => Section[] | Promise<Section[]>> = {
  launch: () => [launch()],
  join: () => [joins(20_000, true, 3), joins(1_000, false, 5), joins(20_000, false, 3)],
  leave: () => [leave(20_000, 3)],
  reports,
  sessions: () => [sessions(20_000)],
  dashboard: async () => [await dashboard()],
  extension: async () => [await extension()],
};
const measured: Section[] = [];
for (const [name, measure] of Object.entries(all)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`measuring ${name} ...`);
  measured.push(...(await measure()));
}
const before = wanted.length > 0 && existsSync(DOC) ? readFileSync(DOC, "utf8") : "";
const text = inPlace(before, render(measured));
writeFileSync(DOC, text);
console.log(text);
