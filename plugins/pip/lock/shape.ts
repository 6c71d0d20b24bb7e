import { type PythonLock, unusable } from "./locked.ts";
import * as v from "valibot";

/** Text that can stand in a report and in a requirement: something, without control characters, line breaks or halves of characters. */
export const text = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u, "text without line breaks"));

/** What decides nothing about which bytes are installed: of its kind, whatever it says. */
export const prose = v.string();
export const count = v.number();
export const flag = v.boolean();
export const time = v.union([v.string(), v.date()]);
export const names = v.array(text);
export const rows = v.array(v.looseObject({}));
/** A table whose members are somebody's own names. An array is none. */
export const free = v.custom<Readonly<Record<string, unknown>>>(isTable, "a table");
/** `{ sha256 = "HEX" }` */
export const hashes = v.pipe(free, v.record(v.string(), text));

/** A table with these members and no other: what a tool may read and we do not know is never passed over. */
export function closed<const E extends v.ObjectEntries>(entries: E) {
  return v.pipe(free, v.strictObject(entries));
}

/**
 * The value as its format has it, or why it is none: the first member that is unknown, missing or of another type, by its place.
 */
export function readAs<const S extends v.GenericSchema>(
  schema: S,
  value: unknown,
): { readonly value: v.InferOutput<S> } | { readonly wrong: string } {
  const result = v.safeParse(schema, value, { abortEarly: true });
  return result.success ? { value: result.output } : { wrong: wrongIn(result.issues[0]) };
}

/** @throws TypeError never: what does not have the shape is denied by name. */
export function readEach<const S extends v.GenericSchema>(
  schema: S,
  entries: readonly unknown[],
  read: (entry: v.InferOutput<S>) => PythonLock,
): readonly PythonLock[] {
  return entries.map((entry, at) => {
    const found = readAs(schema, entry);
    return "value" in found ? read(found.value) : unusable(nameOf(entry, at), null, found.wrong);
  });
}

function wrongIn(issue: v.BaseIssue<unknown>): string {
  const place = (issue.path ?? []).map(({ key }) => String(key)).join(".");
  const key = JSON.stringify(place).slice(0, 200);
  if (issue.type !== "strict_object") return `${key} is not what the format has there`;
  return issue.expected === "never" ? `${key} is no member that its format has` : `${key} is missing`;
}

function nameOf(entry: unknown, at: number): string {
  const name = isTable(entry) ? entry["name"] : undefined;
  return v.is(text, name) ? name : `entry ${at + 1}`;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) && !(value instanceof Date);
}
