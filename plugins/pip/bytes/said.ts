import { normalName } from "../../../src/plugin.ts";
import { wheelTexts } from "./wheel.ts";

/** What a wheel's METADATA say of it beside name and version. Unsigned. */
export interface WheelWords {
  /** License-Expression, or a License of one line, in its own words; null where it says neither. */
  readonly licence: string | null;
  /** Normal names of what it requires, with whether a marker makes that depend on the environment or an extra. */
  readonly requires: readonly { readonly name: string; readonly marked: boolean }[];
}

/** null: nobody could read it. @param name in normal form */
export function saidIn(file: string, name: string): WheelWords | null {
  try {
    return saidBy(wheelTexts(file, name).metadata);
  } catch {
    return null;
  }
}

/** PyPA "Core metadata specifications". */
export function saidBy(metadata: string): WheelWords {
  const headers = headersOf(metadata);
  const all = (name: string) => headers.flatMap((one) => (one.name === name ? [one.value] : []));
  const licence = [...all("license-expression"), ...all("license")].find(isName) ?? null;
  const requires = all("requires-dist").flatMap((line) => {
    const [, name] = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/.exec(line) ?? [];
    return name === undefined ? [] : [{ name: normalName("pypi", name), marked: line.includes(";") }];
  });
  return { licence, requires };
}

/** Older tools put the whole text there, or a word for nothing. */
function isName(text: string): boolean {
  return text !== "" && text.length <= 1000 && !text.includes("\n") && text.toUpperCase() !== "UNKNOWN";
}

function headersOf(text: string): readonly { readonly name: string; readonly value: string }[] {
  const found: { name: string; value: string }[] = [];
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const last = found.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      last.value += `\n${line.trim()}`;
      continue;
    }
    const [, name, value = ""] = /^([!-9;-~]*):(.*)$/s.exec(line) ?? [];
    if (name === undefined) break;
    found.push({ name: name.toLowerCase(), value: value.trim() });
  }
  return found;
}

/**
 * The purls among these that it needs; null where that is not known: a marker decides about one that is there, or there are
 * several of a name.
 */
export function neededAmong(
  { requires }: WheelWords,
  purls: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | null {
  const needed = new Map<string, { readonly some: ReadonlySet<string>; marked: boolean }>();
  for (const { name, marked } of requires) {
    const some = purls.get(name);
    if (some === undefined) continue;
    needed.set(name, { some, marked: marked && (needed.get(name)?.marked ?? true) });
  }
  if ([...needed.values()].some(({ some, marked }) => marked || some.size > 1)) return null;
  return [...needed.values()].flatMap(({ some }) => [...some]).toSorted();
}
