import * as v from "valibot";
import { unknownKeys } from "./keys.ts";
import type { Problem } from "./problem.ts";

/** The value, typed, or everything in which it differs from the schema. */
export function checkShape<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
): { readonly value: v.InferOutput<TSchema> } | { readonly problems: readonly Problem[] } {
  const result = v.safeParse(schema, value);
  const unknown = unknownKeys(schema, value);
  if (result.success && unknown.length === 0) return { value: result.output };
  const issues = (result.issues ?? []).filter((issue) => !isUnknownKey(issue));
  return { problems: [...unknown, ...issues.map(problemOf)] };
}

/** `unknownKeys` names these, all of them and with the nearest known key. */
function isUnknownKey({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.type === "strict_object" && issue.received === "undefined" && path.length > 0) {
    return { path, message: `"${String(path.at(-1))}" is missing` };
  }
  return { path, message: issue.message.startsWith("Invalid ") ? wrongType(issue) : issue.message };
}

const WORDS: Readonly<Record<string, string>> = {
  Object: "an object",
  Array: "a list",
  string: "text",
  number: "a number",
};

function wrongType({ expected, received }: v.BaseIssue<unknown>): string {
  const wanted =
    expected === null
      ? "something else"
      : (WORDS[expected] ?? expected.replace(/^\((.*)\)$/, "$1").replaceAll("|", "or"));
  return `expected ${wanted}, found ${WORDS[received] ?? received}`;
}
