import type { Static, TSchema } from "typebox";
import { Check, Errors } from "typebox/value";
import { Refused } from "./refused.ts";

/**
 * The body of a request, as its schema has it.
 * @throws Refused `usage`, with the field
 */
export function checked<S extends TSchema>(schema: S, body: unknown): Static<S> {
  if (Check(schema, body)) return body as Static<S>;
  const problem = problemOf(Errors(schema, body)[0] as Problem | undefined);
  throw new Refused("usage", problem.message, { field: problem.field });
}

interface Problem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: {
    readonly requiredProperties?: readonly string[];
    readonly allowedValues?: readonly unknown[];
    readonly type?: unknown;
    readonly limit?: unknown;
  };
}

function problemOf(problem: Problem | undefined): { field: string | null; message: string } {
  if (problem === undefined) return { field: null, message: "the request is not what this call takes" };
  const { keyword, instancePath, params } = problem;
  const path = instancePath.split("/").slice(1);
  if (keyword === "required") path.push(params.requiredProperties?.[0] ?? "");
  const field = path.length === 0 ? null : path.join(".");
  const about = field === null ? "the request" : `"${field}"`;
  return { field, message: `${about} ${wrong(keyword, params)}` };
}

function wrong(keyword: string, { allowedValues = [], type, limit }: Problem["params"]): string {
  if (keyword === "required") return "is missing";
  if (keyword === "enum") return `has to be one of ${allowedValues.map((value) => `"${value}"`).join(", ")}`;
  if (keyword === "type") return `has to be of the type ${type}`;
  if (keyword === "maxLength" || keyword === "maxItems") return `is longer than ${limit}`;
  if (keyword === "boolean" || keyword === "additionalProperties") return "is nothing this call takes";
  return "is not what this call takes";
}
