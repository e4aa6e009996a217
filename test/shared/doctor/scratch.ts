import { expect, onTestFinished } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Surroundings } from "../../../shared/doctor/surroundings.ts";
import {
  applyChange,
  type CheckResult,
  type ContextPolicy,
  createAccount,
  type DoctorOptions,
  fixDoctor,
  type Home,
  homeOf,
  instanceOf,
  previewChange,
  runDoctor,
} from "../../../shared/index.ts";

export const NOW = Date.parse("2026-03-01T12:00:00.000Z");

/** A `CCS_DIR` on a real disk, with a client to be found. Gone when the test that made it has finished. */
export class Stand {
  readonly root: string;
  readonly home: Home;
  env: NodeJS.ProcessEnv;
  /** A machine with room enough, whatever this one has. */
  surroundings: Partial<Surroundings> = { space: () => ({ free: 2 ** 40, used: 2 ** 40 }) };

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "ccs-doctor-"));
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    this.home = homeOf({ CCS_DIR: join(this.root, "ccs") }, this.root, this.root);
    const client = this.put("client/2.1.330", "#!/bin/sh\n", 0o755);
    this.env = { CCS_CLAUDE_PATH: client };
  }

  /** Writes a file below the test's directory (or at an absolute path), and the directories above it. */
  put(path: string, content: unknown, mode = 0o600): string {
    const full = path.startsWith("/") ? path : join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content), { mode });
    chmodSync(full, mode);
    return full;
  }

  /** A path in an account's instance. */
  at(account: string, ...names: string[]): string {
    return join(instanceOf(this.home, account), ...names);
  }

  account(name: string, policy: ContextPolicy = { mode: "isolated" }): void {
    createAccount(this.home, name, policy, new Date(NOW));
    this.login(name);
  }

  login(name: string, as = name): void {
    this.put(this.at(name, ".credentials.json"), {
      claudeAiOauth: {
        accessToken: `token-${as}`,
        refreshToken: `refresh-${name}`,
        refreshTokenExpiresAt: NOW + 1e9,
        scopes: ["user:inference"],
      },
    });
    this.put(this.at(name, ".claude.json"), { oauthAccount: { accountUuid: `uuid-${as}`, emailAddress: `${as}@example.test` } });
  }

  edit(account: string, to: ContextPolicy): void {
    const preview = previewChange(this.home, { account, to, take: "mine", takeSessions: [], copySettings: false });
    applyChange(this.home, preview, { approved: false });
  }

  get options(): DoctorOptions {
    return { env: this.env, now: NOW, surroundings: this.surroundings };
  }

  check(): readonly CheckResult[] {
    return sensible(runDoctor(this.home, this.options).checks);
  }

  /** What one check says. */
  said(name: string): CheckResult[] {
    return this.check().filter((result) => result.name === name);
  }

  fix() {
    return fixDoctor(this.home, this.options);
  }

  /** Everything that is neither fine nor told by the way. */
  problems(): string[] {
    return problemsOf(this.check());
  }
}

/** Whatever is found in any of these tests has one sentence that says what it means, and one thing to do about it. */
function sensible(checks: readonly CheckResult[]): readonly CheckResult[] {
  for (const { result, message, fix } of checks) {
    expect(message).toMatch(/^[^\n]+[^.\n]$/);
    if (result === "ok" || result === "skipped") expect(fix).toBeNull();
    else expect(fix?.command).toMatch(/^[^\n]+[^.\n]$/);
  }
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  return checks;
}

export function problemsOf(checks: readonly CheckResult[]): string[] {
  return checks.filter((c) => c.result === "error" || c.result === "warning").map((c) => `${c.name} ${c.subject ?? ""}: ${c.message}`);
}

export const TEAM: ContextPolicy = { mode: "shared", group: "team", continuity: "standard" };
export const DEEPER: ContextPolicy = { mode: "shared", group: "team", continuity: "deeper" };

/** Two accounts in one group, nothing wrong with them. */
export function healthy(policy: ContextPolicy = DEEPER): Stand {
  const stand = new Stand();
  stand.account("work", policy);
  stand.account("spare", policy);
  return stand;
}

/** A session's id from a short name of hex digits. */
export function session(name: string): string {
  return `${name.padEnd(8, "0")}-0000-4000-8000-000000000000`;
}

/** A transcript of so many turns, each line the child of the one before. */
export function transcript(id: string, turns: number, voice = "a"): string {
  return Array.from({ length: turns }, (_, n) => {
    const parentUuid = n === 0 ? null : `${voice}${n - 1}`;
    return `${JSON.stringify({ parentUuid, uuid: `${voice}${n}`, sessionId: id, type: n % 2 === 0 ? "user" : "assistant" })}\n`;
  }).join("");
}
