/** Every small change of a lock that a hand or a tool could make: see `test/support/lock-faults.ts`. */
export type Value = string | number | boolean | null | Date | readonly Value[] | { readonly [name: string]: Value };

export interface Mutant {
  /** What was changed, by its place. */
  readonly change: string;
  /** A member has another name, which may be a package's own. */
  readonly renames: boolean;
  readonly lock: Value;
}

const HEX = "cd".repeat(32);

/** Texts that a reader of lines, of addresses or of paths would read otherwise. */
const HOSTILE = [
  "",
  " ",
  "a b",
  "a\nb",
  `x --hash=sha256:${HEX}`,
  "x # y",
  "x; y",
  "x @ https://mallory.example/x-1-py3-none-any.whl",
  "https://mallory.example/x-1-py3-none-any.whl",
  "git+https://mallory.example/x",
  "file:///x",
  "../../x",
  "\u0000",
  "\ud800",
  "${HOME}",
  "__proto__",
];

export function mutantsOf(lock: Value): readonly Mutant[] {
  return placesIn(lock).flatMap((path) => {
    const place = path.join(".");
    const found = at(lock, path);
    const types = [true, 1, "text", null, [], {}, [1], [[]], { a: 1 }].filter(
      (one) => !isSame(one, found) && !isEmptyOf(one, found),
    );
    const renamed =
      path.length > 0 && typeof path.at(-1) === "string"
        ? ["x", "constructor"].map((to) => rename(lock, path, to))
        : [];
    return [
      ...types.map((one) => changed(place, one, put(lock, path, one))),
      ...renamed.map((one) => ({ change: `${place} under another name`, renames: true, lock: one })),
      ...(typeof found !== "string" ? [] : HOSTILE).flatMap((text) =>
        [text, `${found as string}${text}`].map((one) => changed(place, one, put(lock, path, one))),
      ),
    ];
  });
}

function changed(place: string, to: Value, lock: Value): Mutant {
  return { change: `${place} = ${JSON.stringify(to)}`, renames: false, lock };
}

/** A lock without packages is one. */
function isEmptyOf(one: Value, found: Value): boolean {
  return (isSame(one, []) && Array.isArray(found)) || (isSame(one, {}) && isTable(found));
}

export type Path = readonly (string | number)[];

export function placesIn(value: Value, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((one: Value, index) => placesIn(one, [...path, index]))];
  if (!isTable(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([name, one]) => placesIn(one, [...path, name]))];
}

export function at(value: Value, path: Path): Value {
  return path.reduce<Value>((one, key) => (one as Record<string | number, Value>)[key] ?? null, value);
}

export function put(value: Value, [key, ...rest]: Path, found: Value): Value {
  if (key === undefined) return found;
  if (Array.isArray(value)) return value.map((one: Value, index) => (index === key ? put(one, rest, found) : one));
  const entries = Object.entries(value as Record<string, Value>);
  return Object.fromEntries(entries.map(([name, one]) => [name, name === key ? put(one, rest, found) : one]));
}

function rename(lock: Value, path: Path, to: string): Value {
  const around = at(lock, path.slice(0, -1)) as Record<string, Value>;
  const entries = Object.entries(around).map(
    ([name, one]) => [name === path.at(-1) ? (to === "x" ? `${name}x` : to) : name, one] as const,
  );
  return put(lock, path.slice(0, -1), Object.fromEntries(entries));
}

function isTable(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function isSame(one: Value, other: Value): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
