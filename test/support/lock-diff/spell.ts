/** One lock in the many ways in which its format can write it. */
import type { Value } from "../lock-mutants.ts";
import type { Chance } from "./chance.ts";

type Table = Readonly<Record<string, Value>>;

/** null where TOML has no such value. */
export function spelledToml(lock: Value, chance: Chance): string | null {
  if (!isTable(lock)) return null;
  const style: Style = {
    chance,
    isOdd: chance.happens(0.5),
    end: chance.happens(0.08) ? "\r\n" : "\n",
  };
  const text = tableLines(lock, [], style);
  if (text === null) return null;
  const lines = chance.happens(0.1) ? ["# a comment", "", ...text] : text;
  const whole = lines.join(style.end) + (chance.happens(0.9) ? style.end : "");
  return chance.happens(0.02) ? `\uFEFF${whole}` : whole;
}

interface Style {
  readonly chance: Chance;
  /** Where not, as a tool writes it. */
  readonly isOdd: boolean;
  readonly end: string;
}

/** Values first, then tables below it: `[a.b]`, `[[a.b]]`, or inline. */
function tableLines(table: Table, path: readonly string[], style: Style): readonly string[] | null {
  const [values, below]: [string[], string[]] = [[], []];
  for (const [key, value] of Object.entries(table)) {
    const here = [...path, key];
    const header = here.map((one) => keyOf(one, style)).join(style.isOdd && style.chance.happens(0.05) ? " . " : ".");
    const list = Array.isArray(value) ? (value as readonly Value[]) : null;
    if (isBelow(value, path, style)) {
      const found = tableLines(value as Table, here, style);
      if (found === null) return null;
      below.push("", `[${header}]${remark(style)}`, ...found);
    } else if (
      list !== null &&
      list.length > 0 &&
      list.every(isTable) &&
      (path.length === 0 || sometimes(style, 0.1))
    ) {
      for (const one of list) {
        const found = tableLines(one, here, style);
        if (found === null) return null;
        below.push("", `[[${header}]]${remark(style)}`, ...found);
      }
    } else {
      const line = valueLine(key, value, style);
      if (line === null) return null;
      values.push(...line);
    }
  }
  return [...values, ...below];
}

function isBelow(value: Value, path: readonly string[], style: Style): boolean {
  return isTable(value) && Object.keys(value).length > 0 && (path.length === 0 || sometimes(style, 0.25));
}

function sometimes({ isOdd, chance }: Style, probability: number): boolean {
  return isOdd && chance.happens(probability);
}

function remark(style: Style): string {
  return sometimes(style, 0.05) ? style.chance.of([" # x", "  ", "\t# [[package]]"]) : "";
}

/** `key = value`, or the members of a table each in a line of its own: `key.member = value`. */
function valueLine(key: string, value: Value, style: Style): readonly string[] | null {
  if (isTable(value) && Object.keys(value).length > 0 && sometimes(style, 0.3)) {
    const lines = Object.entries(value).map(([name, one]) => [name, inline(one, style)] as const);
    if (lines.some(([, one]) => one === null)) return null;
    return lines.map(([name, one]) => `${keyOf(key, style)}.${keyOf(name, style)} = ${one}`);
  }
  const found = inline(value, style);
  return found === null ? null : [`${keyOf(key, style)} = ${found}${remark(style)}`];
}

function keyOf(key: string, style: Style): string {
  if (!/^[\w-]+$/i.test(key) || /[^\x20-\x7e]/.test(key)) return basic(key, style);
  return sometimes(style, 0.1) ? style.chance.of([`"${key}"`, `'${key}'`, basic(key, style)]) : key;
}

function inline(value: Value, style: Style): string | null {
  if (value === null) return null;
  if (typeof value === "string") return textOf(value, style);
  if (typeof value === "number") return numberOf(value, style);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Date) return value.toISOString();
  const space = sometimes(style, 0.1) ? `${style.end}  ` : " ";
  if (Array.isArray(value)) {
    const parts = (value as readonly Value[]).map((one) => inline(one, style));
    if (parts.includes(null)) return null;
    return parts.length === 0 ? "[]" : `[${space}${parts.join(`,${space}`)}${sometimes(style, 0.2) ? "," : ""} ]`;
  }
  const parts = Object.entries(value).map(([key, one]) => [keyOf(key, style), inline(one, style)] as const);
  if (parts.some(([, one]) => one === null)) return null;
  return `{ ${parts.map((pair) => pair.join(" = ")).join(", ")} }`;
}

function numberOf(value: number, style: Style): string {
  if (!Number.isInteger(value)) return String(value);
  return sometimes(style, 0.2)
    ? style.chance.of([`+${Math.abs(value)}`, `0x${Math.abs(value).toString(16)}`, `${value}.0`, `${value}e0`])
    : String(value);
}

function textOf(text: string, style: Style): string {
  const isPlain = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/.test(text);
  if (isPlain && sometimes(style, 0.1)) return style.chance.of([`'${text}'`, `'''${text}'''`]);
  if (sometimes(style, 0.05))
    return `"""${style.chance.of(["\n", "\\\n   ", ""])}${basic(text, style).slice(1, -1)}"""`;
  return basic(text, style);
}

function basic(text: string, style: Style): string {
  const odd = sometimes(style, 0.1);
  const escaped = Array.from(text).map((one) => {
    const code = one.codePointAt(0) ?? 0;
    if (one === '"' || one === "\\") return `\\${one}`;
    if (code < 0x20 || code === 0x7f || (odd && style.chance.happens(0.2)))
      return `\\u${code.toString(16).padStart(4, "0").slice(-4)}`;
    return one;
  });
  return `"${escaped.join("")}"`;
}

/** JSON, and in one of eight what only some of its readers take. */
export function spelledJson(lock: Value, chance: Chance): string {
  const style: Style = { chance, isOdd: chance.happens(0.5), end: "\n" };
  const text = jsonOf(lock, style, "");
  if (!chance.happens(0.12)) return `${text}\n`;
  return chance.of([
    `\uFEFF${text}`,
    `${text}\n// x`,
    `/* x */${text}`,
    text.replace("{", "{ // x\n"),
    text.replace(/\}$/, ",}"),
    text.replace(/"(\w+)":/, "'$1':"),
    text.replace(/"(\w+)":/, "$1:"),
    `${text}${text}`,
    `${text}\u0000`,
    text.replaceAll(/[{,]\n?/g, (one) => `${one}\u00a0`),
    text.replace(/: ?(\d+)/, ": 0$1"),
    text.replace(/: ?(\d+)/, ": $1.0"),
    text.replace(/: ?(\d+)/, ": $1e0"),
    text.replace(/: ?(\d+)/, ": NaN"),
  ]);
}

function jsonOf(value: Value, style: Style, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[${(value as readonly Value[]).map((one) => jsonOf(one, style, inner)).join(", ")}]`;
  if (isTable(value)) {
    const line = (key: string, one: Value) => `${inner}${jsonText(key, style)}: ${jsonOf(one, style, inner)}`;
    const members = Object.entries(value).map(([key, one]) => line(key, one));
    if (members.length > 0 && sometimes(style, 0.04)) {
      // A member twice: which one counts is each reader's own choice.
      const twice = line(style.chance.of(Object.keys(value)), style.chance.of(Object.values(value)));
      members.splice(style.chance.below(members.length + 1), 0, twice);
    }
    return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
  }
  return typeof value === "string" ? jsonText(value, style) : JSON.stringify(value);
}

function jsonText(text: string, style: Style): string {
  const plain = JSON.stringify(text);
  if (!sometimes(style, 0.05)) return plain;
  return plain.replace(/[a-z/]/i, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function isTable(value: Value): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
