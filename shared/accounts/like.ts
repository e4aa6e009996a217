import { readConfig, requireValid } from "../config/index.ts";
import { displayPath } from "../context/names.ts";
import type { Blocker } from "../context/types.ts";
import type { Home } from "../paths.ts";
import type { ContextPolicy } from "../policy/index.ts";
import { secretSentences, stateSentences } from "./import.ts";
import { type MakingPreview, previewMaking } from "./making.ts";
import { modelOf, type Standpoint } from "./origin.ts";
import { listed } from "./outfit.ts";

/** What a person says about a new account that is to be set up like another. */
export interface LikeWish {
  readonly account: string;
  readonly policy: ContextPolicy;
  /** An account, or a directory as typed. */
  readonly like: string;
  /** Whether values in settings and MCP servers that may be secrets go along. A login never does. */
  readonly withSecrets: boolean;
}

/** What a new account gets from its model. */
export interface LikePreview {
  /** The account, or the directory. */
  readonly model: string;
  /** Values that may be secrets, by what names them, never the values. */
  readonly secrets: readonly string[];
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
  readonly digest: string;
  readonly making: MakingPreview;
}

/**
 * What a new account gets when it is set up like another: settings, agents, commands, skills, plugins, MCP servers, what is trusted;
 * no history and no login. Reads only; `createAccount` carries it out.
 * @throws CcsError not-found for the model; usage or exists for the name, config-invalid
 */
export function previewLike(home: Home, { account, policy, like, withSecrets }: LikeWish, standpoint: Standpoint, now: Date): LikePreview {
  const config = readConfig(home);
  requireValid(config);
  const origin = modelOf(home, config, like, standpoint);
  const making = previewMaking(home, { account, origin, policy, history: false, withSecrets, now });
  const { parts, secrets, left, uses, servers, projects } = making.outfit;
  const model = origin.account ?? displayPath(origin.directory);
  const nothing = parts.length === 0 && servers.length === 0 && projects === 0;
  const sentences = [
    nothing
      ? `${model} has no settings to copy.`
      : `${account} gets from ${model}: ${parts.length === 0 ? "no files" : parts.map(({ name }) => name).join(", ")}. Nothing there is changed.`,
    ...stateSentences(making),
    ...secretSentences(making, withSecrets),
    ...left,
    ...(uses.length === 0 ? [] : [`${listed(uses)}: what is named there in ${displayPath(origin.directory)}, as hooks, is used there.`]),
  ];
  return { model, secrets, sentences, blockers: making.blockers, digest: making.digest, making };
}
