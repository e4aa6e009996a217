import { err } from "../output.ts";
import { widthOf } from "../render/style.ts";
import { hanging, plain } from "../render/wrap.ts";
import { canAsk, confirm } from "./ask.ts";

/**
 * Asks whether values that may be secrets are copied too. Where nobody can be asked they are not.
 * @param secrets what names them
 * @throws CcsError `cancelled`
 */
export async function askSecrets(secrets: readonly string[]): Promise<boolean> {
  if (secrets.length === 0 || !canAsk()) return false;
  err(
    `\nIn its settings and MCP servers, these may be secrets:\n${secrets.map((secret) => `${hanging("  - ", plain(secret), widthOf(2))}\n`).join("")}`,
  );
  return confirm("Copy them too?");
}
