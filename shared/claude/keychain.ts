import { createHash } from "node:crypto";

/**
 * The name of the macOS Keychain item an instance's login is kept under. Read in the client's bundle, not run: the
 * first 8 hex digits of the SHA-256 of `CLAUDE_CONFIG_DIR` in Unicode form NFC, as it was handed over (not resolved).
 */
export function keychainService(instance: string): string {
  return `Claude Code-credentials-${createHash("sha256").update(instance.normalize("NFC")).digest("hex").slice(0, 8)}`;
}
