import type * as v from "valibot";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";

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
export function unknownKeys(schema: v.GenericSchema, value: unknown, path: Problem["path"] = []): readonly Problem[] {
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
