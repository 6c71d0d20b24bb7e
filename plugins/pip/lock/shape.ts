import { free, readAs, text } from "../../../src/plugin.ts";
import { type PythonLock, unusable } from "./locked.ts";
import * as v from "valibot";

/** What decides nothing about which bytes are installed: of its kind, whatever it says. */
export const prose = v.string();
export const count = v.number();
export const flag = v.boolean();
export const time = v.union([v.string(), v.date()]);
export const names = v.array(text);
export const rows = v.array(free);

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

function nameOf(entry: unknown, at: number): string {
  const { name } = (typeof entry === "object" && entry !== null ? entry : {}) as { readonly name?: unknown };
  return v.is(text, name) ? name : `entry ${at + 1}`;
}
