import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { healthy, type Stand } from "./scratch.ts";

/** Puts directories on PATH, each with its `ccs`. */
function onPath(stand: Stand, ...programs: string[]): void {
  stand.env = { ...stand.env, PATH: programs.map((program) => dirname(program)).join(":") };
}

/** As npm installs it: a link in `bin` to a script of the package. */
function peer(stand: Stand): string {
  const script = stand.put("lib/node_modules/@kaitranntt/ccs/dist/ccs.js", "#!/usr/bin/env node\n", 0o755);
  const bin = join(stand.root, "npm", "ccs");
  mkdirSync(dirname(bin), { recursive: true });
  symlinkSync(script, bin);
  return bin;
}

test("one ccs on PATH is fine, also under two names", () => {
  const stand = healthy();
  const one = stand.put("one/ccs", "", 0o755);
  mkdirSync(join(stand.root, "link"));
  symlinkSync(one, join(stand.root, "link", "ccs"));
  onPath(stand, one, join(stand.root, "link", "ccs"), stand.put("plain/ccs", "", 0o644));
  expect(stand.said("path")).toMatchObject([{ result: "ok", message: `ccs on PATH is ${one}` }]);
});

test("two of them are told by the way, in the order of PATH", () => {
  const stand = healthy();
  const [one, two] = [stand.put("one/ccs", "", 0o755), stand.put("two/ccs", "", 0o755)];
  onPath(stand, one, two);
  expect(stand.said("path")).toMatchObject([
    {
      result: "info",
      message: `2 programs on PATH are called ccs: a shell starts ${one}, and never ${two}`,
      fix: { describes: [], command: `rm ${two}` },
    },
  ]);
});

test("the other package is told apart, and is a warning where a shell starts it first", () => {
  const stand = healthy();
  const [one, other] = [stand.put("one/ccs", "", 0o755), peer(stand)];
  onPath(stand, one, other);
  expect(stand.said("path")).toMatchObject([{ result: "info", fix: { command: "npm uninstall -g @kaitranntt/ccs" } }]);
  onPath(stand, other, one);
  expect(stand.said("path")).toMatchObject([{ result: "warning", where: other, fix: { command: "npm uninstall -g @kaitranntt/ccs" } }]);
  expect(stand.said("path")[0]?.message).toContain(`a shell starts ${other} (@kaitranntt/ccs), and never ${one}`);
  onPath(stand, other);
  expect(stand.said("path")).toMatchObject([{ result: "ok", message: `ccs on PATH is ${other} (@kaitranntt/ccs)` }]);
});
