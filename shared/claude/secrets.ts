import { OTHER_LOGINS } from "./environment.ts";
import { type JsonObject, objectOf } from "./json.ts";

/** A value that may be a secret, and what has to go for it to stay behind. */
export interface MaybeSecret {
  /** What is taken out: the value itself, or the server that is of no use without it. */
  readonly path: readonly (string | number)[];
  /** For people: `mcpServers.github.env.TOKEN`. Never the value. */
  readonly says: string;
}

/** Keys of settings.json that name a program which hands out a credential. */
const HELPERS = ["apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "gcpAuthRefresh", "otelHeadersHelper", "proxyAuthHelper"];

const NAMED =
  /token|secret|passw|credential|auth(?!or)|api[-_]?key|access[-_]?key|private[-_]?key|^key$|[-_]key$|^pat$|cookie|session[-_]?id/i;
/** How known issuers write their keys. */
const KNOWN =
  /(?:^|[^A-Za-z0-9])(?:sk-|rk_|pk_|gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|AKIA|ASIA|AIza|ya29\.|npm_|hf_|lin_api_|ntn_|figd_|eyJ)[A-Za-z0-9_.-]{8,}/;
/** In an address. */
const PASSWORD = /:\/\/[^/\s@]*:[^/\s@]+@/;
const BEARER = /\b(?:bearer|basic|token)\s+\S{6,}/i;

/** Everything in a settings.json that may be a secret. Pure. */
export function secretsInSettings(settings: JsonObject): MaybeSecret[] {
  const env = Object.entries(objectOf(settings.env) ?? {}).flatMap(([name, value]) =>
    isPlain(value) || isLogin(name) ? [] : [secret(["env", name])],
  );
  const helpers = HELPERS.flatMap((key) => (settings[key] === undefined ? [] : [secret([key])]));
  const rest = Object.entries(settings).flatMap(([key, value]) =>
    key === "env" || HELPERS.includes(key) ? [] : suspects(value, [key], key === "permissions" ? "values" : "names"),
  );
  return [...env, ...helpers, ...rest];
}

/** What in a settings.json makes a client somebody else: a login, which is copied for nobody. Pure. */
export function loginsInSettings(settings: JsonObject): MaybeSecret[] {
  return Object.keys(objectOf(settings.env) ?? {}).flatMap((name) => (isLogin(name) ? [secret(["env", name])] : []));
}

function isLogin(name: string): boolean {
  return OTHER_LOGINS.some((login) => login === name);
}

/** Everything in what goes along of a `.claude.json` that may be a secret. Pure. */
export function secretsInState(state: JsonObject): MaybeSecret[] {
  const projects = Object.entries(objectOf(state.projects) ?? {}).flatMap(([directory, value]) =>
    inServers(objectOf(value)?.mcpServers, ["projects", directory, "mcpServers"]).map(({ path, says }) => ({
      path,
      says: `${says} in ${directory}`,
    })),
  );
  return [...inServers(state.mcpServers, ["mcpServers"]), ...projects];
}

function inServers(servers: unknown, above: readonly string[]): MaybeSecret[] {
  return Object.entries(objectOf(servers) ?? {}).flatMap(([name, value]) => inServer(name, objectOf(value), [...above, name]));
}

/** A server goes along without a variable or a header; without a part of its command or its address it would be another one. */
function inServer(name: string, server: JsonObject | null, at: readonly string[]): MaybeSecret[] {
  if (server === null) return [];
  const named = `mcpServers.${name}`;
  const whole = [
    ...(inArguments(server.args) || isSuspect("", server.command) ? ["its command"] : []),
    ...(isSuspectAddress(server.url) ? ["its address"] : []),
  ];
  if (whole.length > 0) return [{ path: at, says: `${named} (${whole.join(" and ")})` }];
  const values = ["env", "headers"].flatMap((key) =>
    Object.entries(objectOf(server[key]) ?? {}).flatMap(([variable, value]) =>
      isPlain(value) ? [] : [{ path: [...at, key, variable], says: `${named}.${key}.${variable}` }],
    ),
  );
  const helper = server.headersHelper === undefined ? [] : [{ path: [...at, "headersHelper"], says: `${named}.headersHelper` }];
  const others = Object.entries(server).flatMap(([key, value]) =>
    ["env", "headers", "headersHelper", "args", "command", "url"].includes(key)
      ? []
      : suspects(value, [key], "names").map(({ path, says }) => ({ path: [...at, ...path], says: `${named}.${says}` })),
  );
  return [...values, ...helper, ...others];
}

function inArguments(args: unknown): boolean {
  if (!Array.isArray(args)) return false;
  return args.some((arg: unknown, index) => {
    if (typeof arg !== "string") return false;
    const [, name = "", value = ""] = /^(-{0,2}[A-Za-z][\w.-]*)[=:]\s*(.+)$/s.exec(arg) ?? [];
    if (value !== "" && NAMED.test(name) && !isPlain(value)) return true;
    const next: unknown = args[index + 1];
    const takesNext = /^--?[A-Za-z]/.test(arg) && NAMED.test(arg) && typeof next === "string" && !next.startsWith("-");
    return (takesNext && !isPlain(next)) || isSuspect("", arg) || isSuspectAddress(arg);
  });
}

/** Whether an address holds what lets its bearer in: a user, a parameter, or a part of the path that nobody could guess. */
function isSuspectAddress(value: unknown): boolean {
  if (typeof value !== "string" || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return false;
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return KNOWN.test(value);
  }
  if (url.username !== "" || url.password !== "") return true;
  if ([...url.searchParams].some(([name, text]) => !isPlain(text) && (NAMED.test(name) || isUnguessable(text)))) return true;
  return KNOWN.test(value) || url.pathname.split("/").some(isUnguessable);
}

/** Leaves of a value that look like secrets, by the name they have or by what they are. */
function suspects(value: unknown, path: readonly (string | number)[], by: "names" | "values"): MaybeSecret[] {
  if (typeof value === "string") {
    const name = path.findLast((part) => typeof part === "string") ?? "";
    return isSuspect(by === "names" ? name : "", value) ? [secret(path)] : [];
  }
  if (Array.isArray(value)) return value.flatMap((element: unknown, index) => inElement(element, [...path, index], by));
  return Object.entries(objectOf(value) ?? {}).flatMap(([key, inner]) => suspects(inner, [...path, key], by));
}

/** An element goes as a whole: a hook without its command would be none. */
function inElement(element: unknown, path: readonly (string | number)[], by: "names" | "values"): MaybeSecret[] {
  return suspects(element, path, by).length > 0 ? [secret(path)] : [];
}

function isSuspect(name: string, value: unknown): boolean {
  if (typeof value !== "string" || isPlain(value)) return false;
  return (name !== "" && NAMED.test(name)) || KNOWN.test(value) || BEARER.test(value) || PASSWORD.test(value);
}

/** Long, of letters and digits mixed, and no word. */
function isUnguessable(text: string): boolean {
  return text.length >= 20 && /[0-9]/.test(text) && /[A-Za-z]/.test(text) && /^[A-Za-z0-9_~.=%-]+$/.test(text) && !isPlain(text);
}

/** What nobody keeps secret: nothing, yes and no, a short number, or only the name of a variable. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "string") return true;
  const rest = value.replace(/\$\{[A-Za-z_][A-Za-z0-9_]*\}/g, "").trim();
  return /^(?:|bearer|basic|token|true|false|yes|no|on|off|\d{1,6})$/i.test(rest);
}

function secret(path: readonly (string | number)[]): MaybeSecret {
  return {
    path,
    says: path
      .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
      .join("")
      .slice(1),
  };
}

/** A copy of a value without some of what is in it. Pure. */
export function withoutSecrets(value: JsonObject, secrets: readonly MaybeSecret[]): JsonObject {
  const copy = structuredClone(value) as Record<string, unknown>;
  // The last first, so that an element taken out moves none that is still to go.
  for (const { path } of [...secrets].reverse()) {
    const last = path.at(-1);
    const holder = path.slice(0, -1).reduce<unknown>((at, part) => (at as Record<string | number, unknown> | undefined)?.[part], copy);
    if (Array.isArray(holder) && typeof last === "number") holder.splice(last, 1);
    else if (objectOf(holder) !== null && last !== undefined) delete (holder as Record<string | number, unknown>)[last];
  }
  return copy;
}
