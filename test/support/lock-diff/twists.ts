/** Changes of a lock that leave it close to one that its tool still takes: what a reader may see and its tool not, or the other way round. */
import { at, type Mutant, type Path, placesIn, put, type Value } from "../lock-mutants.ts";
import type { Chance } from "./chance.ts";

type Table = Readonly<Record<string, Value>>;
type Twist = (lock: Value, chance: Chance) => Value | null;

/** One to three of them, one after the other; null where none of them finds its place. */
export function twisted(lock: Value, odd: readonly Mutant[], chance: Chance): Value | null {
  const times = chance.happens(0.55) ? 1 : chance.happens(0.7) ? 2 : 3;
  let found = lock;
  for (let time = 0; time < times; time += 1) found = twistedOnce(found, chance) ?? found;
  if (odd.length > 0 && chance.happens(0.08)) found = chance.of(odd).lock;
  return found === lock ? null : found;
}

function twistedOnce(lock: Value, chance: Chance): Value | null {
  for (let tries = 0; tries < 20; tries += 1) {
    const found = chance.of(TWISTS)(lock, chance);
    if (found !== null) return found;
  }
  return null;
}

/** What happens often in one place is there more than once. */
const TWISTS: readonly Twist[] = [
  otherText,
  otherText,
  otherText,
  otherText,
  swapText,
  swapText,
  swapText,
  respelledMember,
  besideMember,
  besideMember,
  strangeMember,
  strangeMember,
  missingMember,
  twiceElement,
  twiceElement,
  otherOrder,
  otherOrder,
  mixedTables,
  mixedTables,
  otherType,
  missingElement,
  wrapped,
];

/** A text as somebody else would spell it. */
function otherText(lock: Value, chance: Chance): Value | null {
  const path = placeOf(lock, chance, (one) => typeof one === "string");
  if (path === null) return null;
  const text = at(lock, path) as string;
  const found = respelled(text, chance);
  return found === text ? null : put(lock, path, found);
}

const MARKERS = [
  "sys_platform == 'linux'",
  "sys_platform != 'linux'",
  "sys_platform == 'linux' or os_name == 'nt'",
  "python_version >= '3.8' and sys_platform == 'linux'",
  "extra == 'a'",
  "'linux' in sys_platform",
  'python_full_version < "4"',
];

const ADDRESSES = [
  "https://mallory.example/widget-1.0-py3-none-any.whl",
  "https://mallory.example/widget-1.0-py3-none-any.whl#sha256=" + "ef".repeat(32),
  "git+https://mallory.example/widget",
  "git+file:///srv/widget@main",
  "file:///srv/widget",
  "file:widget",
  "//mallory.example/widget",
  "https:/mallory.example/widget",
  "HTTPS://MALLORY.EXAMPLE/widget.tgz",
  "ssh://git@mallory.example/widget",
  "mallory/widget",
  "npm:mallory@1.0.0",
  "C:\\widget",
];

const PATHS = [
  ".",
  "..",
  "./",
  "./own",
  "own/",
  "own/.",
  "./own/../own",
  "../own",
  "/",
  "~",
  "own\\",
  "%6fwn",
  "own#x",
  "-e",
];

const VERSIONS = [
  "1.0",
  "1.0.0",
  "2.0",
  "v1.0",
  "01.0",
  "1!1.0",
  "1.0+local",
  "1.0.post1",
  "1.0a1",
  "1.0-1",
  "1.0.*",
  "1",
  "*",
  ">=1.0",
  "==1.0",
  "===1.0",
  "==1.0,==2.0",
  "[1.0.0]",
  "1.0.0-beta",
  "1.0.0+meta",
  "1.0.0.0",
];

/** Looks like another character, or like none. */
const LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/s/, "ſ"],
  [/k/i, "K"],
  [/i/, "ı"],
  [/e/, "е"],
  [/-/, "‑"],
  [/:/, "："],
  [/=/, "＝"],
  [/\//, "／"],
  [/1/, "１"],
  [/a/, "a\u200b"],
  [/$/, "\u00a0"],
  [/$/, "\ufeff"],
  [/^/, "\u202e"],
];

function respelled(text: string, chance: Chance): string {
  const kinds: readonly (() => string)[] = [
    () => text.toUpperCase(),
    () => text.toLowerCase(),
    () => text.replace(/[a-z]/, (letter) => letter.toUpperCase()),
    () => text.replace(/[-_.]/, () => chance.of(["-", "_", ".", "--", "_."])),
    () => text.replace(/[a-z]$/i, (letter) => `-${letter}`),
    () => ` ${text}`,
    () => `${text} `,
    () => `${text}${chance.of(["\n", "\t", "\r\n", "\u000b", "\u0085", "\u2028"])}`,
    () => text.replace(...chance.of(LOOKALIKES)),
    () =>
      text.replace(/^([a-z0-9]+):/i, (_, name: string) =>
        chance.of([
          `${name}=`,
          `${name.toUpperCase()}:`,
          "",
          "md5:",
          "sha1:",
          "sha512:",
          "sha384:",
          "blake2b:",
          ":",
          `${name}-`,
        ]),
      ),
    () =>
      text.replace(/[0-9a-f]{64}/, (hex) =>
        chance.of([
          hex.toUpperCase(),
          hex.slice(1),
          `${hex}00`,
          `${hex},${hex}`,
          `${hex} sha256:${"ef".repeat(32)}`,
          "",
          "ef".repeat(32),
        ]),
      ),
    () =>
      `${text}${chance.of(["?x=1", "#x", `#sha256=${"ef".repeat(32)}`, "&subdirectory=x", "@main", "/", "/.", "/../own", "%00", ".metadata", "[a]", "; extra == 'a'", ",x"])}`,
    () => text.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    () => text.replace("://", () => chance.of(["://user@", "://user:word@", ":///", "://mallory.example/", ":/"])),
    () =>
      text.replace(/[^/]+$/, (name) =>
        chance.of([`x/../${name}`, `./${name}`, `..\\${name}`, `%2e%2e/${name}`, `a%2f${name}`, `${name}/${name}`]),
      ),
    () =>
      text.replace(/-(?:py3|cp\d+)-\w+-\w+/, () =>
        chance.of([
          "-1-py3-none-any",
          "-py2.py3-none-any",
          "-py3-none-linux_x86_64",
          "-cp311-cp311-manylinux2014_x86_64",
          "-PY3-NONE-ANY",
        ]),
      ),
    () =>
      text.replace(/\.(?:whl|tar\.gz|tgz|nupkg)$/, () =>
        chance.of([".tar.gz", ".zip", ".tar.bz2", ".tgz", ".egg", ".whl", ".WHL", ".whl.zip", ""]),
      ),
    () => text.replace(/\d+(?:\.\d+)+/, () => chance.of(VERSIONS)),
    () => chance.of(VERSIONS),
    () => chance.of(MARKERS),
    () => chance.of(PATHS),
    () => chance.of(ADDRESSES),
    () => `\${HOME}${text}`,
    () => "",
  ];
  return chance.of(kinds)();
}

/** A text of one place in another: the hash of another file, the version of another package. */
function swapText(lock: Value, chance: Chance): Value | null {
  const isText = (one: Value) => typeof one === "string";
  const [from, to] = [placeOf(lock, chance, isText), placeOf(lock, chance, isText)];
  if (from === null || to === null) return null;
  // Of the same member nine times of ten: nothing else would be taken.
  if (from.at(-1) !== to.at(-1) && !chance.happens(0.1)) return null;
  return at(lock, from) === at(lock, to) ? null : put(lock, to, at(lock, from));
}

/** Spellings of members' names that a tool could take for one that it knows. */
function spelledLike(name: string, chance: Chance): string {
  const kinds: readonly (() => string)[] = [
    () => name.toUpperCase(),
    () => name.replace(/^./, (letter) => letter.toUpperCase()),
    () => name.replaceAll("-", "_"),
    () => name.replaceAll("_", "-"),
    () => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    () => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    () => `${name}s`,
    () => name.replace(/s$/, ""),
    () => ` ${name}`,
    () => `${name} `,
    () => `_${name}`,
    () => `${name}\u0000`,
    () => name.replace("s", "ſ"),
    () => name.replaceAll(".", "-"),
    () => `${name}/`,
    () => `./${name}`,
    () => OTHER_NAMES.find(([one]) => one === name)?.[1] ?? name,
  ];
  return chance.of(kinds)();
}

/** What formats called their members before, or call them elsewhere. */
const OTHER_NAMES: readonly (readonly [string, string])[] = [
  ["package", "distribution"],
  ["packages", "package"],
  ["hash", "hashes"],
  ["hashes", "hash"],
  ["virtual", "editable"],
  ["editable", "directory"],
  ["registry", "index"],
  ["markers", "marker"],
  ["marker", "markers"],
  ["file", "filename"],
  ["files", "hashes"],
  ["default", "packages"],
  ["develop", "dev-packages"],
  ["integrity", "_integrity"],
  ["resolved", "_resolved"],
  ["contentHash", "sha512"],
  ["dev-dependencies", "dependency-groups"],
  ["resolution-markers", "environment-markers"],
];

function respelledMember(lock: Value, chance: Chance): Value | null {
  const path = memberIn(lock, chance);
  if (path === null) return null;
  const name = path.at(-1) as string;
  const to = spelledLike(name, chance);
  const around = at(lock, path.slice(0, -1)) as Table;
  if (to === name || Object.hasOwn(around, to)) return null;
  const entries = Object.entries(around).map(([key, one]) => [key === name ? to : key, one] as const);
  return put(lock, path.slice(0, -1), Object.fromEntries(entries));
}

/** The same member under two spellings, one of them with something else in it. */
function besideMember(lock: Value, chance: Chance): Value | null {
  const path = memberIn(lock, chance);
  if (path === null) return null;
  const [around, name] = [at(lock, path.slice(0, -1)) as Table, path.at(-1) as string];
  const to = spelledLike(name, chance);
  if (Object.hasOwn(around, to)) return null;
  const value = around[name] as Value;
  const other =
    isTable(value) || Array.isArray(value) ? (twistedOnce(value, chance) ?? value) : likeText(lock, value, chance);
  const both = chance.happens(0.5) ? { [to]: other, ...around } : { ...around, [to]: other };
  return put(lock, path.slice(0, -1), chance.happens(0.5) ? both : { ...both, [name]: other, [to]: value });
}

function likeText(lock: Value, value: Value, chance: Chance): Value {
  if (typeof value !== "string") return value;
  const path = placeOf(lock, chance, (one) => typeof one === "string");
  return chance.happens(0.5) && path !== null ? at(lock, path) : respelled(value, chance);
}

/** A member of another table of the same lock, or one that nobody knows. */
function strangeMember(lock: Value, chance: Chance): Value | null {
  const table = placeOf(lock, chance, isTable);
  const member = memberIn(lock, chance);
  if (table === null || member === null) return null;
  const around = at(lock, table) as Table;
  const name = chance.happens(0.2)
    ? chance.of(["x", "constructor", "__proto__", "path", "url", "git", "link", "editable"])
    : String(member.at(-1));
  if (Object.hasOwn(around, name)) return null;
  const value = at(lock, member);
  return put(
    lock,
    table,
    chance.happens(0.5) ? { ...around, [name]: value } : Object.fromEntries([[name, value], ...Object.entries(around)]),
  );
}

function missingMember(lock: Value, chance: Chance): Value | null {
  const path = memberIn(lock, chance);
  if (path === null) return null;
  const around = at(lock, path.slice(0, -1)) as Table;
  return put(
    lock,
    path.slice(0, -1),
    Object.fromEntries(Object.entries(around).filter(([key]) => key !== path.at(-1))),
  );
}

/** An element once more, mostly not quite the same. */
function twiceElement(lock: Value, chance: Chance): Value | null {
  const path = placeOf(lock, chance, (one) => Array.isArray(one) && one.length > 0);
  if (path === null) return null;
  const list = at(lock, path) as readonly Value[];
  const one = chance.of(list);
  const other = chance.happens(0.2)
    ? one
    : isTable(one)
      ? (twistedOnce(one, chance) ?? one)
      : likeText(lock, one, chance);
  return put(lock, path, chance.happens(0.5) ? [other, ...list] : [...list, other]);
}

function missingElement(lock: Value, chance: Chance): Value | null {
  const path = placeOf(lock, chance, (one) => Array.isArray(one) && one.length > 0);
  if (path === null) return null;
  const list = at(lock, path) as readonly Value[];
  const gone = chance.below(list.length);
  return put(lock, path, chance.happens(0.2) ? [] : list.filter((_, index) => index !== gone));
}

function otherOrder(lock: Value, chance: Chance): Value | null {
  const path = placeOf(lock, chance, (one) => (Array.isArray(one) || isTable(one)) && Object.keys(one).length > 1);
  if (path === null) return null;
  const found = at(lock, path) as Table | readonly Value[];
  if (Array.isArray(found)) return put(lock, path, (found as readonly Value[]).toReversed());
  const entries = Object.entries(found as Table);
  const cut = 1 + chance.below(entries.length - 1);
  return put(lock, path, Object.fromEntries([...entries.slice(cut), ...entries.slice(0, cut)]));
}

/** Members of one table in another of the same name: two kinds of source, two packages in one. */
function mixedTables(lock: Value, chance: Chance): Value | null {
  const [one, other] = [placeOf(lock, chance, isTable), placeOf(lock, chance, isTable)];
  if (one === null || other === null || one.join() === other.join()) return null;
  const kin = one.at(-1) === other.at(-1) || (typeof one.at(-1) === "number" && typeof other.at(-1) === "number");
  if (!kin && !chance.happens(0.05)) return null;
  const [left, right] = [at(lock, one) as Table, at(lock, other) as Table];
  return put(
    lock,
    one,
    chance.happens(0.4) ? right : chance.happens(0.5) ? { ...left, ...right } : { ...right, ...left },
  );
}

function otherType(lock: Value, chance: Chance): Value | null {
  const path = placeOf(lock, chance, (one) => !isTable(one) && !Array.isArray(one));
  if (path === null) return null;
  const found = at(lock, path);
  if (typeof found === "number")
    return put(lock, path, chance.of([String(found), found + 1, found + 0.5, -found, 0, 2 ** 53]));
  if (typeof found === "boolean") return put(lock, path, chance.of<Value>([!found, String(found), 0, 1]));
  return put(lock, path, chance.of<Value>([true, false, 0, 1, [found], { a: found }, []]));
}

function wrapped(lock: Value, chance: Chance): Value | null {
  const path = placeOf(lock, chance, (one) => isTable(one) || Array.isArray(one));
  if (path === null) return null;
  const found = at(lock, path);
  const first = Array.isArray(found) ? (found as readonly Value[])[0] : undefined;
  return put(lock, path, first === undefined ? [found] : first);
}

function placeOf(lock: Value, chance: Chance, fits: (value: Value) => boolean): Path | null {
  const places = placesIn(lock).filter((path) => fits(at(lock, path)));
  return places.length === 0 ? null : chance.of(places);
}

function memberIn(lock: Value, chance: Chance): Path | null {
  const places = placesIn(lock).filter((path) => typeof path.at(-1) === "string");
  return places.length === 0 ? null : chance.of(places);
}

function isTable(value: Value): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
