import { dirname } from "node:path";
import { programsNamed } from "../../claude/index.ts";
import { real } from "../../context/disk.ts";
import { displayPath } from "../../context/index.ts";
import { type Check, finding } from "../finding.ts";
import type { World } from "../world.ts";

/** What a shell starts as `ccs` is one program. */
export const path: Check = {
  name: "path",
  mends: [],
  run(world) {
    const programs = programsOf(world);
    const [first, ...others] = programs.map(({ path: at, isPeer }) => `${displayPath(at)}${isPeer ? ` (${PEER})` : ""}`);
    if (first === undefined) return [finding("ok", "no ccs is on PATH: it is started by its path")];
    if (others.length === 0) return [finding("ok", `ccs on PATH is ${first}`)];
    const peer = programs.some(({ isPeer }) => isPeer);
    const last = programs.at(-1)?.path as string;
    const message = `${programs.length} programs on PATH are called ccs: a shell starts ${first}, and never ${others.join(", ")}`;
    return [
      finding(programs[0]?.isPeer === true ? "warning" : "info", message, {
        where: programs[0]?.path ?? null,
        command: peer ? `npm uninstall -g ${PEER}` : `rm ${displayPath(last)}`,
      }),
    ];
  },
};

/** The package this layout comes from; its accounts are used as they stand. */
const PEER = "@kaitranntt/ccs";

interface Program {
  readonly path: string;
  readonly isPeer: boolean;
}

/** Each program once: by what it is a link to, and on Windows, where npm puts three of a name, by its directory. */
function programsOf({ env, surroundings: { platform } }: World): Program[] {
  const seen = new Set<string>();
  const found: Program[] = [];
  for (const at of programsNamed("ccs", env, platform)) {
    const leads = real(at) ?? at;
    const key = platform === "win32" ? dirname(leads).toLowerCase() : leads;
    if (seen.has(key)) continue;
    seen.add(key);
    found.push({ path: at, isPeer: leads.replaceAll("\\", "/").includes(`/node_modules/${PEER}/`) });
  }
  return found;
}
