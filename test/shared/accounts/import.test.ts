import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyImport, type CcsError, type ImportWish, previewImport } from "../../../shared/index.ts";
import { thrownBy } from "../../support/thrown.ts";
import { NOW, Stand } from "../doctor/scratch.ts";

const SESSION = "5e3f0000-0000-4000-8000-000000000000";
const WISH: ImportWish = { directory: null, name: null, withSecrets: false };

/** Somebody who used Claude Code, with nothing of ccs yet. */
function someone(): Stand {
  const stand = new Stand();
  stand.put(`.claude/projects/-app/${SESSION}.jsonl`, "{}\n");
  stand.put(".claude/projects/-app/notes.md", "mine\n");
  stand.put(".claude/settings.json", { model: "opus" });
  stand.put(".claude/plugins/known_marketplaces.json", { m: { installLocation: join(stand.root, ".claude/plugins/m") } });
  stand.put(".claude.json", { hasCompletedOnboarding: true });
  return stand;
}

const preview = (stand: Stand, wish: Partial<ImportWish> = {}, free = 2 ** 40) =>
  previewImport(stand.home, { ...WISH, ...wish }, { userHome: stand.root, cwd: stand.root }, new Date(NOW), {
    space: () => ({ free, used: 0 }),
  });

/** Whatever ends it at the nth thing it copies. */
function stopped(stand: Stand, error: Error, nth = 5): CcsError {
  return thrownBy(() =>
    applyImport(stand.home, preview(stand), {
      approved: true,
      onProgress: ({ done }) => {
        if (done === nth) throw error;
      },
    }),
  );
}

const inStaging = (stand: Stand) => readdirSync(stand.home.staging);
const unfinished = (stand: Stand) => readdirSync(stand.home.intents);

test("one that was killed half way is no account; run again it begins anew, and what the first had copied is gone", () => {
  const stand = someone();
  expect(() => stopped(stand, new Error("as good as a kill"))).toThrow("as good as a kill");
  expect(existsSync(stand.home.config)).toBe(false);
  expect(unfinished(stand)).toEqual(["claude.making"]);
  expect(stand.said("intents")[0]?.fix?.describes).toEqual(["What was copied for claude and is not whole is kept in set-aside."]);

  applyImport(stand.home, preview(stand), { approved: true });
  expect(readFileSync(stand.at("claude", "projects/-app/notes.md"), "utf8")).toBe("mine\n");
  expect([inStaging(stand), unfinished(stand)]).toEqual([[], []]);
  const files = readdirSync(stand.home.setAside, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toEqual(["index.jsonl"]);
  stand.fix();
  expect(stand.said("set-aside").map(({ message }) => message)).toEqual(["nothing is set aside"]);
  expect(stand.problems()).toEqual(["login claude: nobody is logged in"]);
});

test("one that was killed half way is cleared by doctor; what is no more where it came from is kept", () => {
  const stand = someone();
  expect(() => stopped(stand, new Error("as good as a kill"), 9)).toThrow("as good as a kill");
  const [id = ""] = inStaging(stand);
  stand.put(".claude/projects/-app/notes.md", "other\n");
  stand.fix();
  expect([inStaging(stand), unfinished(stand), existsSync(stand.home.config)]).toEqual([[], [], false]);
  const kept = join(stand.home.setAside, id, "instance/projects/-app");
  expect(readdirSync(kept)).toEqual(["notes.md"]);
  expect(readFileSync(join(kept, "notes.md"), "utf8")).toBe("mine\n");
});

test("on a full disk what was copied is taken away again, and it says so", () => {
  const stand = someone();
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const { code, message, untouched, hint } = stopped(stand, full, 9);
  expect({ code, hint }).toEqual({ code: "failed", hint: "Make room, then run the command again." });
  expect(message).toContain("no space left on device (ENOSPC)");
  expect(untouched).toBe("It was left as it is, and what was copied was taken away again.");
  expect([inStaging(stand), unfinished(stand), existsSync(stand.home.config)]).toEqual([[], [], false]);
  expect(existsSync(stand.home.setAside) ? readdirSync(stand.home.setAside) : []).toEqual([]);
});

test("is not begun where there is less room than it takes", () => {
  const stand = someone();
  const { blockers } = preview(stand, {}, 1000);
  expect(blockers.map(({ message }) => message)).toEqual([expect.stringMatching(/have to be copied, and 1\.0 kB are free$/)]);
  expect(thrownBy(() => applyImport(stand.home, preview(stand, {}, 1000), { approved: true }))).toMatchObject({ code: "refused" });
  expect(existsSync(stand.home.root)).toBe(false);
});

// Needs a second filesystem.
test.skipIf(!existsSync("/dev/shm") || statSync("/dev/shm").dev === statSync(tmpdir()).dev)(
  "is not begun where the instances lie on another filesystem: it could not take its place in one step",
  () => {
    const stand = someone();
    const other = mkdtempSync("/dev/shm/ccs-import-");
    try {
      mkdirSync(stand.home.root);
      symlinkSync(other, stand.home.instances);
      expect(preview(stand).blockers.map(({ message }) => message)).toEqual([expect.stringContaining("on another filesystem")]);
    } finally {
      rmSync(other, { recursive: true });
    }
  },
);

test("is refused as stale where something else would be copied than a person has said yes to; sizes may move on", () => {
  const stand = someone();
  const seen = preview(stand);
  stand.put(`.claude/projects/-app/${SESSION}.jsonl`, "{}\n{}\n");
  stand.put(".claude/settings.json", { model: "opus", env: { TOKEN: "told" } });
  expect(thrownBy(() => applyImport(stand.home, seen, { approved: true }))).toMatchObject({ code: "stale" });
  applyImport(stand.home, preview(stand), { approved: true });
  const other = preview(stand, { name: "other" });
  stand.put(`.claude/projects/-app/${SESSION}.jsonl`, "{}\n{}\n{}\n");
  applyImport(stand.home, other, { approved: true });
  expect(readFileSync(stand.at("other", `projects/-app/${SESSION}.jsonl`), "utf8")).toBe("{}\n{}\n{}\n");
});
