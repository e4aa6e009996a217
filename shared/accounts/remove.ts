import { randomUUID } from "node:crypto";
import { keychainService } from "../claude/index.ts";
import { entryText, readConfig, requireValid } from "../config/index.ts";
import { look } from "../context/disk.ts";
import { requireSettled } from "../context/moves.ts";
import { type Preview, previewChange } from "../context/preview.ts";
import { accountId } from "../context/records.ts";
import type { Take } from "../context/types.ts";
import { type Home, instanceOf, removedOf } from "../paths.ts";
import { ISOLATED } from "../policy/index.ts";
import { requireAccount } from "./find.ts";
import { loginIn } from "./login-files.ts";
import type { MovePreview } from "./move.ts";
import { clientInTheWay } from "./moving.ts";
import { placeBlockers } from "./rename.ts";

/** What a person says about a removal. */
export interface Removal {
  readonly account: string;
  /** What a shared account takes a copy of before it goes. */
  readonly take: Take;
  /** Whether its login stays with what is set aside. */
  readonly keepLogin: boolean;
}

/**
 * What removing an account comes to: its links are taken out, its entry in config.yaml goes, its instance is set aside under
 * a dated name, without its login. Reads only.
 * @throws CcsError not-found, config-invalid
 */
export function previewRemoval(home: Home, wanted: Removal, platform: NodeJS.Platform = process.platform): MovePreview {
  const { take, keepLogin } = wanted;
  const config = readConfig(home);
  requireValid(config);
  const { name, policy } = requireAccount(config, wanted.account);
  requireSettled(home, config, name);
  const leaving = previewChange(home, { account: name, to: ISOLATED, take, takeSessions: [], copySettings: false });
  const instance = instanceOf(home, name);
  const isThere = look(instance) !== null;
  const began = new Date().toISOString();
  const login = loginIn(instance);
  const inKeychain = platform === "darwin";
  const sentences = [
    ...leaving.sentences,
    `${name} is taken out of config.yaml${isThere ? `; its instance is set aside, with everything in it, under ${home.removed}.` : "."}`,
    ...(isThere && !keepLogin && login.length > 0 ? [`Its login is removed for good: ${login.join("; ")}.`] : []),
    ...(isThere && keepLogin ? ["Its login stays with what is set aside."] : []),
    ...(inKeychain
      ? [
          `The Keychain keeps its login as "${keychainService(instance)}" until you remove it: security delete-generic-password -s "${keychainService(instance)}"`,
        ]
      : []),
    ...(config.default === name ? ["There is no default account then: `ccs` alone starts Claude Code as it is."] : []),
    ...(isThere ? [`Bring it back: ccs auth restore ${name}`] : []),
  ];
  const client = clientInTheWay(home, name);
  const blockers = [...placeBlockers(home, name, home.removed), ...leaving.plan.blockers];
  return {
    home,
    move: {
      version: 1,
      do: "remove",
      account: name,
      accountId: accountId(home, name) ?? randomUUID(),
      began,
      configWritten: false,
      to: null,
      aside: freeName(home, name, began),
      take,
      keepLogin,
      entry: entryText(config.text, name),
      policy,
    },
    sentences,
    blockers: client === null || blockers.some((b) => b.code === "busy") ? blockers : [...blockers, client],
    leaving,
    digest: JSON.stringify([name, keepLogin, sentences, taken(leaving)]),
    again: () => previewRemoval(home, wanted, platform),
  };
}

/** What a copy is taken of: staging is named by chance, and is no part of what a person says yes to. */
function taken({ plan }: Preview): unknown {
  return [plan.intent.taken, plan.operations.flatMap((o) => (o.do === "copy-file" ? [o.from] : []))];
}

/** `work.20261122T225312123Z`, with a number behind it in the unlikely case that it is taken. */
function freeName(home: Home, account: string, began: string): string {
  const dated = `${account}.${began.replace(/[-:.]/g, "")}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? dated : `${dated}-${n}`;
    if (look(removedOf(home, name)) === null) return name;
  }
}
