import { afterAll, beforeAll, expect } from "bun:test";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { eventually } from "../../support/eventually.ts";
import { type Editor, openEditor } from "../support/editor.ts";
import { makeResident, type Resident } from "../support/resident.ts";
import { scenes } from "../support/scene.ts";

const PROJECT = join("projects", "-home-person-task");
const SESSION = `${crypto.randomUUID()}.jsonl`;

/** Only root may mount a filesystem that is small enough to be filled. */
const CAN_FILL = process.platform === "linux" && process.geteuid?.() === 0;

let person: Resident;
let editor: Editor;
beforeAll(async () => {
  person = makeResident();
  if (CAN_FILL) {
    mkdirSync(person.ccsDir);
    mounting("mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", person.ccsDir);
  }
  const claude = join(person.home, ".claude");
  mkdirSync(join(claude, PROJECT), { recursive: true });
  writeFileSync(
    join(claude, PROJECT, SESSION),
    `${JSON.stringify({ type: "user", uuid: "u", parentUuid: null, sessionId: SESSION.slice(0, 36) })}\n`,
  );
  writeFileSync(join(claude, "settings.json"), JSON.stringify({ cleanupPeriodDays: 99, env: { TEAM_TOKEN: "hidden-value" } }));
  editor = await openEditor({ editor: "newest", person, vsix: VSIX });
  await editor.openView("CCS");
});
afterAll(async () => {
  await editor?.close();
  if (CAN_FILL) mounting("umount", person.ccsDir);
  await person.close();
});

function mounting(...command: [string, ...string[]]): void {
  const done = spawnSync(command[0], command.slice(1), { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command.join(" ")}: ${done.stderr}`);
}

const scene = scenes(() => editor, { chained: true });

scene("the link of the empty view imports ~/.claude: a name, what may be a secret, the plan with its sizes, then the login", async () => {
  await editor.page.locator(".welcome-view-content a", { hasText: "import ~/.claude" }).click();
  await editor.quick(/^Import /);
  await editor.fill("old times");
  await eventually(
    "what is wrong with the name",
    async () => (await editor.quick(/^Import /)).message,
    (said) => said.includes("old times"),
  );
  await editor.fill("personal");
  await editor.picture("import/name");
  await editor.press("Enter");
  const secrets = await editor.quick(/\(2\/3\)$/);
  expect(JSON.stringify(secrets)).toContain("TEAM_TOKEN");
  expect(JSON.stringify(secrets)).not.toContain("hidden-value");
  await editor.picture("import/secrets");
  await editor.press("Enter");
  const plan = await editor.dialog();
  expect(plan).toContain("Copied: projects");
  expect(plan).toContain("are free");
  expect(plan).toContain("env.TEAM_TOKEN");
  expect(existsSync(person.instance("personal"))).toBe(false);
  await editor.picture("import/plan");
  await editor.dialogButton("Import");
  await editor.untilRows("the account", (rows) => rows.some((row) => row.name === "personal"));
  await editor.page
    .locator(".terminal-tab, .single-terminal-tab, .terminal-tabs-entry, .monaco-icon-label", { hasText: "Log in: personal" })
    .first()
    .waitFor();
  await editor.picture("import/done");
  expect(existsSync(join(person.instance("personal"), PROJECT, SESSION))).toBe(true);
  const settings = JSON.parse(readFileSync(join(person.instance("personal"), "settings.json"), "utf8")) as { env?: object };
  expect(JSON.stringify(settings.env ?? {})).not.toContain("hidden-value");
  expect(existsSync(join(person.home, ".claude", PROJECT, SESSION))).toBe(true);
});

// A full disk needs one that can be filled.
if (CAN_FILL) {
  scene("on a full disk it says so, nothing is lost, and what was begun is finished once there is room", async () => {
    await editor.clearNotifications();
    const filler = join(person.ccsDir, "filler");
    for (const block of [1 << 20, 1 << 12]) {
      const bytes = Buffer.alloc(block);
      try {
        for (;;) appendFileSync(filler, bytes);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      }
    }
    await editor.rowAction("personal", "Edit History Sync");
    await editor.quick(/\(1\//);
    await editor.choose("shared");
    await editor.quick(/\(2\//);
    await editor.fill("team");
    await editor.press("Enter");
    await editor.quick(/\(3\//);
    await editor.choose("standard");
    await editor.dialogButton("Apply");
    expect(await editor.notification("no space left")).toContain("ENOSPC");
    await editor.picture("import/full");
    unlinkSync(filler);
    await person.must("doctor", "--fix", "--yes");
    const { account } = JSON.parse((await person.must("auth", "show", "personal", "--json")).stdout) as { account: { context: string } };
    await editor.untilRows("what the command line says", (rows) =>
      rows.some(({ name, description }) => name === "personal" && description === account.context),
    );
    expect(existsSync(join(person.instance("personal"), PROJECT, SESSION))).toBe(true);
  });
}
