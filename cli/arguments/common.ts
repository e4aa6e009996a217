/** Every command that reports has it. */
export const JSON_FLAG = { type: "boolean", description: "print one JSON object, and nothing else" } as const;

/** Every command that can ask before it changes something has it. */
export const YES_FLAG = { type: "boolean", description: "do it without asking" } as const;

/** What may be a secret is left behind otherwise. */
export const WITH_SECRETS_FLAG = {
  type: "boolean",
  description: "also what may be a secret: variables, headers and keys of MCP servers and settings; never a login",
} as const;
