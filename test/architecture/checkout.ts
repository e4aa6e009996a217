import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dir, "..", "..");

const NOT_OURS = [".cache", ".git", "dist", "node_modules"];

/** Paths of the project's files: those git tracks or would; in a copy without git, all but what is made or fetched. */
export function filesOfProject(): string[] {
  const asked = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" });
  const listed = asked.status === 0 ? asked.stdout.split("\0").filter((path) => path !== "") : walk("");
  return listed.filter((path) => existsSync(join(ROOT, path))).sort();
}

function walk(under: string): string[] {
  return readdirSync(join(ROOT, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    if (NOT_OURS.includes(entry.name)) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** The text files of the project, by path. */
export function textsOfProject(): Record<string, string> {
  const texts = filesOfProject().map((path) => [path, readFileSync(join(ROOT, path), "utf8")] as const);
  return Object.fromEntries(texts.filter(([, text]) => !text.includes("\0")));
}
