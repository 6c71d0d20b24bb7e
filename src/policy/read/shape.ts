import type { Problem } from "./problem.ts";
import { nearest } from "../../nearest.ts";
import * as v from "valibot";

/** The value, typed, or everything in which it differs from the schema. */
export function checkShape<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
): { readonly value: v.InferOutput<TSchema> } | { readonly problems: readonly Problem[] } {
  const result = v.safeParse(schema, value);
  const unknown = unknownKeys(schema, value);
  const odd = result.success && unknown.length === 0 ? passedOver(value, result.output) : unknown;
  if (result.success && odd.length === 0) return { value: result.output };
  const issues = (result.issues ?? []).filter((issue) => !isUnknownKey(issue));
  return { problems: [...odd, ...issues.map(problemOf)] };
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

/** The parts of a valibot schema that lead to the keys of its objects. */
type Walkable = v.GenericSchema & {
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly item?: v.GenericSchema;
  readonly value?: v.GenericSchema;
  readonly wrapped?: v.GenericSchema;
};

/**
 * Every list in an object's place, and every key that its object's schema does not know, with the nearest one that it does.
 * Own properties only: a name that all objects inherit (`constructor`) is no known key.
 */
function unknownKeys(schema: v.GenericSchema, value: unknown, path: Problem["path"] = []): readonly Problem[] {
  const { entries, item, value: member, wrapped } = schema as Walkable;
  if (wrapped !== undefined) return unknownKeys(wrapped, value, path);
  if (Array.isArray(value) && item === undefined && (entries ?? member) !== undefined) return [notAnObject(path)];
  if (Array.isArray(value)) return value.flatMap((one, at) => inside(item, one, [...path, at]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = [...path, name];
    if (entries === undefined)
      return [...(isInherited(name) ? [unknown(name, here, [])] : []), ...inside(member, inner, here)];
    if (!Object.hasOwn(entries, name)) return [unknown(name, here, Object.keys(entries))];
    return inside(entries[name], inner, here);
  });
}

/** Every key of the file that the typed value lacks: nothing that somebody wrote is left out of what counts. */
function passedOver(value: unknown, typed: unknown, path: Problem["path"] = []): readonly Problem[] {
  if (typeof value !== "object" || value === null || typeof typed !== "object" || typed === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    if (!Object.hasOwn(typed, name)) return [unknown(name, here, [])];
    return passedOver(inner, (typed as Readonly<Record<string, unknown>>)[name], here);
  });
}

/** A list is never an object, also not an empty one. */
function notAnObject(path: Problem["path"]): Problem {
  return { path, message: "expected an object, found a list" };
}

function inside(schema: v.GenericSchema | undefined, value: unknown, path: Problem["path"]): readonly Problem[] {
  return schema === undefined ? [] : unknownKeys(schema, value, path);
}

function isInherited(name: string): boolean {
  return name in Object.prototype;
}

function unknown(name: string, path: Problem["path"], known: readonly string[]): Problem {
  return { path, message: `unknown key "${name}"${nearest(name, known)}` };
}
