import { type Static, Type } from "typebox";
import { ABSOLUTE } from "../policy/folders.ts";
import { NAME_LENGTH, RESERVED_NAMES } from "../policy/names.ts";
import { CONTINUITIES, MODES } from "../policy/policy.ts";

/** Matches a word in any case: JSON Schema's patterns know no flags. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (c) => `[${c.toUpperCase()}${c}]`);
}

const DEVICES = ["con", "prn", "aux", "nul", "com[0-9]", "lpt[0-9]"];

/** What `checkAccountName` allows, as a pattern (that names are unique ignoring case, no pattern can say). */
const ACCOUNT_NAME =
  `^(?!(?:${RESERVED_NAMES.map(anyCase).join("|")})$)` +
  `(?!(?:${DEVICES.map((name) => name.replace(/^[a-z]+/, anyCase)).join("|")})(?:\\.|$))` +
  `[A-Za-z0-9](?:[A-Za-z0-9._-]{0,${NAME_LENGTH - 2}}[A-Za-z0-9_-])?$`;

/** What `normaliseGroup` accepts: a run of inner spaces becomes one "-", so it counts as one character. */
const GROUP_NAME = `^\\s*[A-Za-z](?:[A-Za-z0-9_-]|\\s+(?=\\S)){0,${NAME_LENGTH - 1}}\\s*$`;

function textOrNull(options: { description: string; pattern?: string }) {
  return Type.Unsafe<string | null>({ type: ["string", "null"], ...options });
}

/** An account's own keys. The conditional part says what `parsePolicy` says; a test holds the two together. */
export const ACCOUNT_SCHEMA = Type.Object(
  {
    created: Type.Optional(textOrNull({ description: "When the account was made, as an ISO 8601 time." })),
    last_used: Type.Optional(
      textOrNull({ description: "When a client was last started for the account, as an ISO 8601 time; null: never." }),
    ),
    context_mode: Type.Optional(
      Type.Enum([...MODES], {
        description:
          "Whose history the account sees: its own (isolated; also where this key is absent), or that of a context group (shared).",
      }),
    ),
    context_group: Type.Optional(
      textOrNull({
        description: `The context group of a shared account: starts with a letter; letters, digits, "_" and "-"; at most ${NAME_LENGTH} characters. Case and inner spaces do not matter. Required with context_mode: "shared".`,
        pattern: GROUP_NAME,
      }),
    ),
    continuity_mode: Type.Optional(
      Type.Enum([...CONTINUITIES], {
        description:
          'How much a shared account shares: conversations (standard; also where this key is absent), or also what /rewind and task lists need (deeper). Only with context_mode: "shared".',
      }),
    ),
  },
  {
    description: "One Claude login. Keys that are not named here belong to other tools.",
    additionalProperties: true,
    if: { properties: { context_mode: { const: "shared" } }, required: ["context_mode"] },
    // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword, not a thenable
    then: { properties: { context_group: { type: "string" } }, required: ["context_group"] },
    else: { properties: { continuity_mode: false } },
  },
);

const AccountOrNull = Type.Unsafe<Static<typeof ACCOUNT_SCHEMA> | null>({ ...ACCOUNT_SCHEMA, type: ["object", "null"] });
const Accounts = Type.Record(Type.String(), AccountOrNull);
const Directories = Type.Record(Type.String(), Type.String({ description: "The name of an account, as it is written under accounts." }));

/** config.yaml as far as it is ours: the source of the static types, of validation and of the published JSON Schema. */
export const CONFIG_SCHEMA = Type.Object(
  {
    accounts: Type.Optional(
      Type.Unsafe<Static<typeof Accounts> | null>({
        ...Accounts,
        type: ["object", "null"],
        propertyNames: {
          pattern: ACCOUNT_NAME,
          description: `Starts with a letter or digit; letters, digits, ".", "_" and "-"; at most ${NAME_LENGTH} characters; not a command of ccs, nor a device name of Windows; unique ignoring case.`,
        },
        description: "The accounts, by name.",
      }),
    ),
    default: Type.Optional(textOrNull({ description: "The account that runs where none is named; null or absent: none." })),
    directories: Type.Optional(
      Type.Unsafe<Static<typeof Directories> | null>({
        ...Directories,
        type: ["object", "null"],
        propertyNames: { pattern: ABSOLUTE, description: "An absolute path. Symbolic links in it are resolved." },
        description:
          "The account that runs, where none is named, in a directory and below it. Of several that hold a directory, the longest decides; it goes before default.",
      }),
    ),
  },
  {
    title: "config.yaml of ccs",
    description: "Sections that are not named here belong to other tools and are left as they are.",
    additionalProperties: true,
  },
);

/** What a valid config.yaml holds of ours. */
export type ConfigFile = Static<typeof CONFIG_SCHEMA>;

/** The published JSON Schema (draft 2020-12), as plain data. */
export function configJsonSchema(): object {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", ...(JSON.parse(JSON.stringify(CONFIG_SCHEMA)) as object) };
}
