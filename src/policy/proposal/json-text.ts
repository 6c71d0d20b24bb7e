/** How a JSON file is laid out. */
export interface Dialect {
  readonly indent: string;
  readonly newline: string;
}

export function dialectOf(text: string): Dialect {
  const [, indent = "  "] = /\n([ \t]+)\S/.exec(text) ?? [];
  return { indent, newline: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** Columns that a line may have before it is broken. */
const WIDTH = 100;

/** A value in a dialect, at a depth; `wide` false: on one line where that is short enough. */
export function render(value: unknown, dialect: Dialect, depth: number, wide = true): string {
  const short = oneLine(value);
  const isPlain =
    typeof value !== "object" || value === null || Object.values(value).every((one) => typeof one !== "object");
  if ((!wide || (isPlain && Array.isArray(value) && value.length === 1)) && short.length <= WIDTH) return short;
  return spread(value, dialect, depth);
}

function spread(value: unknown, dialect: Dialect, depth: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => render(one, dialect, depth + 1))
    : Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${render(one, dialect, depth + 1)}`);
  const [open, close] = isList ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  const lead = dialect.newline + dialect.indent.repeat(depth + 1);
  return `${open}${lead}${parts.join(`,${lead}`)}${dialect.newline}${dialect.indent.repeat(depth)}${close}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${oneLine(one)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
