/** What a file is made of, before anything is read from it: known tables, members and types, and nothing else. */
import * as v from "valibot";

/** Text that can stand in a report and in a requirement: something, without control characters, line breaks or halves of characters. */
export const text = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u, "text without line breaks"));

type Table<T = unknown> = Readonly<Record<string, T>>;

/** A table whose members are somebody's own names. An array is none. */
export const free = v.custom<Table>(isTable, "a table");

/** A table with these members and no other: what a tool may read and we do not know is never passed over. */
export function closed<const E extends v.ObjectEntries>(entries: E) {
  return v.pipe(free, v.strictObject(entries));
}

/** A table of these under names of somebody's own, all of them: `constructor` and `__proto__` can be a package's, too. */
export function tableOf<const S extends v.GenericSchema>(schema: S) {
  return v.pipe(
    free,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const input = dataset.value;
      for (const [key, value] of Object.entries(input)) {
        const [issue] = v.safeParse(schema, value, { abortEarly: true }).issues ?? [];
        const place = { type: "object", origin: "value", input, key, value } as const;
        if (issue !== undefined) addIssue({ message: whyIn(issue), path: [place, ...(issue.path ?? [])] });
      }
    }),
    v.transform((input) => input as Table<v.InferOutput<S>>),
  );
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

function wrongIn(issue: v.BaseIssue<unknown>): string {
  const place = (issue.path ?? []).map(({ key }) => String(key)).join(".");
  const key = JSON.stringify(place).slice(0, 200);
  return `${key} ${whyIn(issue)}`;
}

function whyIn({ type, expected, message }: v.BaseIssue<unknown>): string {
  if (type === "raw_check") return message;
  if (type !== "strict_object") return "is not what the format has there";
  return expected === "never" ? "is no member that its format has" : "is missing";
}

function isTable(value: unknown): value is Table {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) && !(value instanceof Date);
}
