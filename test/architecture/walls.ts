import { callsOf, filesUnder, type House, loadedWith, packageOf, target } from "./house.ts";
import type { Source } from "./source.ts";

export interface Wall {
  /** What holds, as a sentence. */
  readonly holds: string;
  /** What breaks it, one line each. */
  readonly breaches: (house: House) => string[];
  /** Small houses in which it is broken: the detector has to see each. */
  readonly planted: readonly Readonly<Record<string, string>>[];
  /** Small houses close to a breach, in which it holds. */
  readonly sound: readonly Readonly<Record<string, string>>[];
}

/** The modules that decide: data in, data out. */
const DECIDING = ["shared/policy/", "shared/context/plan/", "shared/context/plan.ts", "shared/context/merge/", "shared/context/merge.ts"];
/** The one place of shared/context that changes the disk. */
const DISK = ["shared/context/disk.ts", "shared/context/disk/"];
/** What of it only looks: a wall of its own sees to that. */
const LOOKING = "shared/context/disk/look.ts";
const DOING = ["node:fs", "node:fs/promises", "node:child_process"];
/** The functions of node:fs that only look. Anything else may change something. */
const READING = [
  "accessSync",
  "closeSync",
  "constants",
  "existsSync",
  "fstatSync",
  "lstatSync",
  "opendirSync",
  "readdirSync",
  "readFileSync",
  "readlinkSync",
  "readSync",
  "realpathSync",
  "statfsSync",
  "statSync",
];
/** What must exist for the walls to stand in front of something. */
export const ROOMS = [
  "cli/commands/config.ts",
  "cli/dashboard/page/",
  "cli/launch/",
  "cli/main.ts",
  "cli/quick/",
  "shared/context/plan/",
  "shared/index.ts",
  "shared/launch.ts",
  "shared/policy/",
];

export const WALLS: readonly Wall[] = [
  {
    holds: "cli and extension know shared only by its door, and only cli/launch and cli/quick use the launcher's door",
    breaches: (house) =>
      eachImport(filesUnder(house, "cli/", "extension/"), (to, source) => {
        const door = to === "shared/index.ts" || (to === "shared/launch.ts" && /^cli\/(?:launch|quick)\//.test(source.path));
        return to.startsWith("shared/") && !door;
      }),
    planted: [
      { "cli/auth/list.ts": 'import { homeOf } from "../../shared/paths.ts";' },
      { "cli/auth/list.ts": 'import type { Home } from "../../shared/paths.ts";' },
      { "cli/auth/list.ts": 'export { a } from "../../shared/launch.ts";' },
      { "cli/auth/list.ts": 'const { a } = await import("../../shared/doctor/index.ts");' },
      { "extension/tree.ts": 'import { a } from "../shared/launch.ts";' },
    ],
    sound: [
      { "cli/auth/list.ts": 'import { homeOf } from "../../shared/index.ts"; // not "../../shared/paths.ts"' },
      { "cli/launch/launch.ts": 'import { verify } from "../../shared/launch.ts";' },
      { "cli/quick/which.ts": 'import { readText } from "../../shared/launch.ts";' },
    ],
  },
  {
    holds: "cli and extension do not know each other",
    breaches: (house) => [
      ...eachImport(filesUnder(house, "cli/"), (to) => to.startsWith("extension/") || to === "vscode"),
      ...eachImport(filesUnder(house, "extension/"), (to) => to.startsWith("cli/")),
    ],
    planted: [
      { "cli/a.ts": 'import type { T } from "../extension/t.ts";' },
      { "cli/a.ts": 'import * as vscode from "vscode";' },
      { "extension/a.ts": 'import { t } from "../cli/t.ts";' },
    ],
    sound: [{ "cli/a.ts": 'import { t } from "./t.ts";', "extension/a.ts": 'import * as vscode from "vscode";' }],
  },
  {
    holds: "what the extension shows and asks, its engine and its page run without an editor",
    breaches: (house) => {
      const entries = filesUnder(house, "extension/").filter(({ path }) =>
        /\/(?:model|question|proposal|html)\.ts$|\/(?:engine|page)\//.test(path),
      );
      const way = loadedWith(house, entries).get("vscode");
      return way === undefined ? [] : [way];
    },
    planted: [
      { "extension/tree/model.ts": 'import * as vscode from "vscode";' },
      { "extension/tree/model.ts": 'import { say } from "../say.ts";', "extension/say.ts": 'import { window } from "vscode";' },
      { "extension/engine/calls.ts": 'import { env } from "vscode";' },
    ],
    sound: [
      {
        "extension/tree/index.ts": 'import * as vscode from "vscode"; import { rows } from "./model.ts";',
        "extension/tree/model.ts": "export const rows = 1;",
      },
      { "extension/tree/model.ts": 'import type { Uri } from "vscode";' },
    ],
  },
  {
    holds: "shared uses node:, yaml, typebox, jsonc-parser, fastest-levenshtein and itself, and nothing else",
    breaches: (house) =>
      eachImport(filesUnder(house, "shared/"), (to) => {
        return !(
          to.startsWith("shared/") ||
          to.startsWith("node:") ||
          ["yaml", "typebox", "jsonc-parser", "fastest-levenshtein"].includes(packageOf(to))
        );
      }),
    planted: [
      { "shared/a.ts": 'import { x } from "../cli/x.ts";' },
      { "shared/a.ts": 'import { x } from "consola";' },
      { "shared/a.ts": 'import { x } from "bun";' },
      { "shared/a.ts": 'import { x } from "fs";' },
      { "shared/a.ts": "const x = await import(name);" },
      { "shared/deep/a.ts": 'import type { Uri } from "vscode";' },
    ],
    sound: [{ "shared/deep/a.ts": 'import { x } from "../x.ts"; import { parse } from "yaml"; import { Value } from "typebox/value";' }],
  },
  {
    holds: "shared prints nothing, asks nothing, ends nothing and does not know which runtime or editor it runs in",
    breaches: (house) => {
      const sources = filesUnder(house, "shared/");
      return [
        ...eachMatch(sources, /\b(?:Bun|vscode|console)\b/g),
        ...eachMatch(
          sources,
          /\bprocess\s*\??\.\s*(?:exit|exitCode|abort|reallyExit|kill|stdin|stdout|stderr)\b(?!\s*\(\s*[\w$.]+\s*,\s*0\s*\))/g,
        ),
        ...eachMatch(sources, /\{[^{}]*\}\s*=\s*process\b(?!\s*\.)/g),
        ...eachImport(sources, (to) => ["node:process", "node:readline", "node:readline/promises", "node:tty"].includes(to)),
      ];
    },
    planted: [
      { "shared/a.ts": "const x = Bun.file(p);" },
      { "shared/a.ts": "console.error(x);" },
      { "shared/a.ts": "process.exit(1);" },
      { "shared/a.ts": "process\n  .stdout.write(x);" },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code as text
      { "shared/a.ts": "`${process.stdout.columns}`" },
      { "shared/a.ts": "const { stdout } = process;" },
      { "shared/a.ts": 'import { stdout } from "node:process";' },
      { "shared/a.ts": "process.kill(pid, 9);" },
    ],
    sound: [
      { "shared/a.ts": '// console.log\nconst x = "process.exit(1)"; process.env.HOME; process.platform; process.kill(pid, 0);' },
      { "shared/a.ts": "const { HOME } = process.env; const r = /[\"'`/]console/;" },
    ],
  },
  {
    holds: "the launcher's door loads no typebox, citty, consola or jsonc-parser",
    breaches: (house) => eachLoaded(house, filesUnder(house, "shared/launch.ts"), ["typebox", "citty", "consola", "jsonc-parser"]),
    planted: [
      { "shared/launch.ts": 'import { T } from "typebox";' },
      {
        "shared/launch.ts": 'export { a } from "./a.ts";',
        "shared/a.ts": 'import "./b/b.ts";',
        "shared/b/b.ts": 'import V from "typebox/value";',
      },
    ],
    sound: [{ "shared/launch.ts": 'import type { T } from "typebox"; const later = () => import("jsonc-parser"); import "yaml";' }],
  },
  {
    holds: "the launcher's road, from cli/main.ts on, loads no citty, consola or typebox",
    breaches: (house) => eachLoaded(house, filesUnder(house, "cli/main.ts", "cli/launch/"), ["citty", "consola", "typebox"]),
    planted: [
      { "cli/main.ts": 'import { runCommand } from "citty";' },
      { "cli/launch/launch.ts": 'import { a } from "../a.ts";', "cli/a.ts": 'import { consola } from "consola/basic";' },
    ],
    sound: [{ "cli/main.ts": 'const { run } = await import("./run.ts");', "cli/run.ts": 'import { runCommand } from "citty";' }],
  },
  {
    holds: "the quick commands load no citty, consola, yaml or engine unless they have to",
    breaches: (house) => [
      ...eachLoaded(house, filesUnder(house, "cli/quick/"), ["citty", "consola", "typebox", "yaml", "jsonc-parser"]),
      ...[...loadedWith(house, filesUnder(house, "cli/quick/"))].filter(([to]) => to === "shared/index.ts").map(([, way]) => way),
    ],
    planted: [
      { "cli/quick/which.ts": 'import { runCommand } from "citty";' },
      { "cli/quick/which.ts": 'import { a } from "../../shared/launch.ts";', "shared/launch.ts": 'import { parse } from "yaml";' },
      { "cli/quick/which.ts": 'import { a } from "../render/a.ts";', "cli/render/a.ts": 'import { b } from "../../shared/index.ts";' },
    ],
    sound: [
      { "cli/quick/which.ts": 'const { fail } = await import("../fail.ts");', "cli/fail.ts": 'import { a } from "../shared/index.ts";' },
    ],
  },
  {
    holds: "nothing of the dashboard is loaded but by the config command, when it runs",
    breaches: (house) =>
      [...house.values()].flatMap((source) => {
        if (source.path.startsWith("cli/dashboard/")) return [];
        return source.imports.flatMap((imported) => {
          const to = target(source, imported);
          const asked = imported.kind === "type" || (imported.kind === "lazy" && source.path === "cli/commands/config.ts");
          return to.startsWith("cli/dashboard/") && !asked ? [`${source.path}: ${to}`] : [];
        });
      }),
    planted: [
      { "cli/commands/config.ts": 'import { serveDashboard } from "../dashboard/server.ts";' },
      { "cli/main.ts": 'const { serveDashboard } = await import("./dashboard/server.ts");' },
      { "cli/render/plan.ts": 'export { json } from "../dashboard/respond.ts";' },
    ],
    sound: [
      {
        "cli/commands/config.ts":
          'import type { Dashboard } from "../dashboard/server.ts"; const { serveDashboard } = await import("../dashboard/server.ts");',
      },
      { "cli/dashboard/server.ts": 'import { Access } from "./access.ts";' },
    ],
  },
  {
    holds: "the dashboard's page knows preact, the types of the API, how a face words times and numbers, and nothing else",
    breaches: (house) =>
      filesUnder(house, "cli/dashboard/page/").flatMap((source) =>
        source.imports.flatMap((imported) => {
          const to = target(source, imported);
          const known =
            to.startsWith("cli/dashboard/page/") ||
            packageOf(to) === "preact" ||
            ["cli/render/time.ts", "cli/render/words.ts"].includes(to) ||
            (to === "cli/dashboard/api/schemas.ts" && imported.kind === "type");
          return known ? [] : [`${source.path}: ${to}`];
        }),
      ),
    planted: [
      { "cli/dashboard/page/a.tsx": 'import { describePolicy } from "../../../shared/index.ts";' },
      { "cli/dashboard/page/a.tsx": 'import { API } from "../api/schemas.ts";' },
      { "cli/dashboard/page/deep/a.tsx": 'import { readFileSync } from "node:fs";' },
      { "cli/dashboard/page/a.tsx": 'import { json } from "../respond.ts";' },
    ],
    sound: [
      { "cli/dashboard/page/a.tsx": 'import type { AccountRow } from "../api/schemas.ts"; import { useState } from "preact/hooks";' },
      { "cli/dashboard/page/deep/a.tsx": 'import { ago } from "../../../render/time.ts"; import { b } from "../b.ts";' },
    ],
  },
  {
    holds: "nothing on the launcher's road touches process.stdout",
    breaches: (house) => {
      const loaded = loadedWith(house, filesUnder(house, "cli/main.ts", "cli/launch/"));
      return eachMatch(
        [...house.values()].filter((source) => loaded.has(source.path)),
        /\bprocess\s*\??\.\s*stdout\b/g,
      );
    },
    planted: [
      { "cli/main.ts": 'import "./a.ts";', "cli/a.ts": "if (process.stdout.isTTY) run();" },
      { "cli/launch/launch.ts": "process.stdout;" },
    ],
    sound: [{ "cli/main.ts": 'void import("./a.ts");', "cli/a.ts": "if (process.stdout.isTTY) run();" }],
  },
  {
    holds: "in shared/context only the disk changes anything, and no other program is started but its sync",
    breaches: (house) =>
      filesUnder(house, "shared/context/").flatMap((source) => {
        const isDisk = filesUnder(new Map([[source.path, source]]), ...DISK).length > 0;
        return source.imports.flatMap((imported) => {
          const to = target(source, imported);
          if (to === "node:fs/promises") return [`${source.path}: ${to}`];
          if (to === "node:child_process") return isDisk && startsOnlySync(source, imported.names) ? [] : [`${source.path}: ${to}`];
          if (isDisk || to !== "node:fs" || imported.kind === "type") return [];
          return imported.names.filter((name) => !READING.includes(name)).map((name) => `${source.path}: ${name} of ${to}`);
        });
      }),
    planted: [
      { "shared/context/apply.ts": 'import { lstatSync, renameSync } from "node:fs";' },
      { "shared/context/apply.ts": 'import * as fs from "node:fs";' },
      { "shared/context/apply.ts": 'import fs, { lstatSync } from "node:fs";' },
      { "shared/context/apply.ts": 'const fs = require("node:fs");' },
      { "shared/context/apply/a.ts": 'import { rm } from "node:fs/promises";' },
      { "shared/context/disk.ts": 'import { execFileSync } from "node:child_process";' },
      { "shared/context/disk.ts": 'import { spawnSync } from "node:child_process"; spawnSync("sync", ["-f"]); spawnSync("cp", ["-a"]);' },
      { "shared/context/disk.ts": 'import { spawnSync as run } from "node:child_process"; run("rm", ["-rf"]);' },
      { "shared/context/lock.ts": 'import { spawnSync } from "node:child_process"; spawnSync("sync", ["-f"]);' },
    ],
    sound: [
      { "shared/context/apply.ts": 'import { lstatSync as look } from "node:fs"; import type { Stats } from "node:fs";' },
      { "shared/context/disk.ts": 'import { spawnSync } from "node:child_process"; spawnSync("sync", ["-f", path]);' },
      { "shared/context/disk.ts": 'import * as fs from "node:fs";', "shared/context/disk/a.ts": 'import { renameSync } from "node:fs";' },
    ],
  },
  {
    holds: "what looks at the disk changes nothing on it",
    breaches: (house) => {
      const looking = filesUnder(house, LOOKING);
      return [
        ...eachImport(looking, (to) => DOING.includes(to) && to !== "node:fs"),
        ...eachMatch(looking, new RegExp(`\\bfs\\.(?!(?:${[...READING, "openSync"].join("|")})\\b)[a-z]\\w*`, "g")),
        ...looking.flatMap((source) =>
          callsOf(source, "openSync")
            .filter((call) => !/, "r"$|O_RDONLY/.test(call))
            .map((call) => `${source.path}: ${call}`),
        ),
        ...looking.flatMap(({ path, imports }) =>
          imports.flatMap((imported) =>
            imported.kind === "type" || imported.specifier !== "node:fs" || imported.names.every((name) => name === "*") ? [] : [path],
          ),
        ),
      ];
    },
    planted: [
      { [LOOKING]: 'import * as fs from "node:fs"; fs.unlinkSync(a);' },
      { [LOOKING]: 'import * as fs from "node:fs"; fs.openSync(nativePath(a), "a");' },
      { [LOOKING]: 'import { renameSync } from "node:fs"; renameSync(a, b);' },
      { [LOOKING]: 'import { spawnSync } from "node:child_process"; spawnSync("sync", ["-f", path]);' },
    ],
    sound: [{ [LOOKING]: 'import * as fs from "node:fs"; fs.readSync(fs.openSync(nativePath(a), "r"), b);' }],
  },
  {
    holds: "shared/context deletes nothing recursively and copies and writes over nothing",
    breaches: (house) => {
      const sources = filesUnder(house, "shared/context/");
      return [
        ...eachMatch(sources, /\b(?:recursive|rmSync|cpSync|truncateSync|ftruncateSync|O_TRUNC|createWriteStream)\b/g),
        ...sources.flatMap((source) => [
          ...callsOf(source, "copyFileSync")
            .filter((call) => !/\bCOPYFILE_EXCL\b/.test(call))
            .map((call) => `${source.path}: copyFileSync(${call})`),
          ...callsOf(source, "writeFileSync")
            .filter((call) => !/["'][wa]x\+?["']/.test(call))
            .map((call) => `${source.path}: writeFileSync(${call})`),
          ...callsOf(source, "openSync")
            .filter((call) => /["']w\+?["']/.test(call))
            .map((call) => `${source.path}: openSync(${call})`),
        ]),
      ];
    },
    planted: [
      { "shared/context/disk.ts": "rmdirSync(a, { recursive: true });" },
      { "shared/context/disk.ts": "fs.rmSync(a, { force: true });" },
      { "shared/context/disk.ts": 'import { cpSync as copy } from "node:fs";' },
      { "shared/context/disk.ts": "copyFileSync(native(a), native(b));" },
      { "shared/context/disk.ts": "copyFileSync(native(a), native(b), constants.COPYFILE_FICLONE); // COPYFILE_EXCL" },
      { "shared/context/deep/a.ts": "writeFileSync(a, b);" },
      { "shared/context/disk.ts": 'openSync(a, "w", 0o600);' },
    ],
    sound: [
      {
        "shared/context/disk.ts":
          "// not recursive\ncopyFileSync(native(a), native(b), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);",
      },
      { "shared/context/disk.ts": 'writeFileSync(a, b, { flag: "wx" }); openSync(a, "wx"); openSync(a, "a"); openSync(a, "r");' },
    ],
  },
  {
    holds: "outside of shared/context, shared removes files in four places only: an undone creation, a login, a purge, an index",
    breaches: (house) => {
      const places = [
        "shared/context/",
        "shared/accounts/create.ts",
        "shared/accounts/login-files.ts",
        "shared/accounts/purge.ts",
        "shared/sessions/store.ts",
      ];
      const others = filesUnder(house, "shared/").filter(({ path }) => !places.some((place) => path.startsWith(place)));
      return eachMatch(others, /\b(?:rmSync|rmdirSync|unlinkSync|recursive)\b/g);
    },
    planted: [
      { "shared/accounts/remove.ts": 'import { rmSync } from "node:fs";' },
      { "shared/doctor/drop.ts": "fs.unlinkSync(a);" },
      { "shared/accounts/move.ts": "fs.rm(a, { recursive: true });" },
    ],
    sound: [{ "shared/accounts/purge.ts": 'import { rmdirSync, unlinkSync } from "node:fs";', "shared/accounts/move.ts": "// rmSync" }],
  },
  {
    holds: "the policy is pure: with it, nothing is loaded that touches the disk",
    breaches: (house) => eachLoaded(house, filesUnder(house, "shared/policy/"), DOING),
    planted: [
      { "shared/policy/a.ts": 'import { lstatSync } from "node:fs";' },
      { "shared/policy/a.ts": 'import { b } from "../b.ts";', "shared/b.ts": 'import { readFileSync } from "node:fs";' },
    ],
    sound: [{ "shared/policy/a.ts": 'import type { Stats } from "node:fs"; import { join } from "node:path";' }],
  },
  {
    holds: "what decides does not do: the planner and the merge take nothing from the disk but looks",
    breaches: (house) =>
      filesUnder(house, ...DECIDING).flatMap((source) =>
        source.imports.flatMap((imported) => {
          if (imported.kind === "type") return [];
          const to = target(source, imported);
          if (DOING.includes(to)) return [`${source.path}: ${to}`];
          const isDisk = DISK.some((place) => to === place || (place.endsWith("/") && to.startsWith(place)));
          return isDisk && to !== LOOKING ? imported.names.map((name) => `${source.path}: ${name} of ${to}`) : [];
        }),
      ),
    planted: [
      { "shared/context/plan/join.ts": 'import { unlinkSync } from "node:fs";' },
      { "shared/context/plan/join.ts": 'import { putAway } from "../disk/change.ts";' },
      { "shared/context/plan/join.ts": 'import * as disk from "../disk.ts";' },
      { "shared/context/merge.ts": 'import { spawnSync } from "node:child_process";' },
    ],
    sound: [{ "shared/context/plan/join.ts": 'import { type Facts, look, commonLength } from "../disk/look.ts";' }],
  },
];

function startsOnlySync(source: Source, names: readonly string[]): boolean {
  const calls = callsOf(source, "spawnSync");
  return names.join() === "spawnSync" && calls.length > 0 && calls.every((call) => call.startsWith('"sync",'));
}

function eachImport(sources: readonly Source[], breaks: (to: string, source: Source) => boolean): string[] {
  return sources.flatMap((source) => {
    return source.imports
      .map((imported) => target(source, imported))
      .filter((to) => breaks(to, source))
      .map((to) => `${source.path}: ${to}`);
  });
}

function eachMatch(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap((source) => {
    return [...source.code.matchAll(pattern)].map(
      (match) => `${source.path}:${lineOf(source, match.index)}: ${match[0].replace(/\s+/g, "")}`,
    );
  });
}

function eachLoaded(house: House, entries: readonly Source[], unwanted: readonly string[]): string[] {
  return [...loadedWith(house, entries)].filter(([to]) => unwanted.includes(to) || unwanted.includes(packageOf(to))).map(([, way]) => way);
}

function lineOf(source: Source, index: number): number {
  return source.code.slice(0, index).split("\n").length;
}
