import { FILLED, IMPORTED, SDK_FOLDERS, STEERED } from "./tables.ts";
import { basename, dirname, join, sep } from "node:path";

/** A text of a project file, with the file: `$(MSBuildThisFileDirectory)` means the latter's folder. */
export interface ProjectText {
  readonly text: string;
  readonly file: string;
}

/** What the files that were found so far say. By names in lower case. */
export interface Known {
  readonly properties: ReadonlyMap<string, readonly ProjectText[]>;
  readonly items: ReadonlyMap<string, readonly ProjectText[]>;
  readonly projectFolders: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Where the files lie in a private copy of the repository: properties (in lower case) that have values beside those that the
   * files give them. All others have these or none, and what is looked for in the folders above is each of these places.
   */
  readonly given: ReadonlySet<string> | null;
}

/** Stands for a part that is not known without evaluating the project; as a whole it is the SDK's own file, or none. */
export const UNKNOWN = "\0";
/** Stands for a part that the SDK may work out from what the project says. */
export const STEERABLE = "\u0002";
/** A value of which nothing is known: what a function gives. */
export const UNREADABLE = "\u0003";
/** Stands for a folder of the SDK. */
export const SDK = "\u0001";

const MANY = 256;

/**
 * Every value that a text may have, whatever the conditions say: a property has each value that some file gives it. What
 * only MSBuild knows has a mark in its place. Never too few; where it would be too many, one that is unreadable. As written:
 * MSBuild takes its escapes back once, in the members of a list.
 */
export function valuesOf(written: ProjectText, known: Known, within: readonly string[] = []): readonly string[] {
  const named = withOwnName(written);
  const above = known.given !== null ? lookedFor(named, written.file, known) : null;
  if (above !== null) return above.flatMap((text) => valuesOf({ text, file: written.file }, known, within));
  const text = withoutFunctions(named);
  let values: readonly string[] = [""];
  let at = 0;
  for (const match of text.matchAll(/([$@%])\((?:([\w-]+)\)|)/g)) {
    const [whole, kind = "", name] = match;
    if (name === undefined || kind === "%") return [UNREADABLE];
    const before = text.slice(at, match.index);
    const parts = valuesNamed(kind + name.toLowerCase(), written.file, known, within);
    values = values.flatMap((value) => parts.map((part) => value + before + part));
    if (values.length > MANY || parts.includes(UNREADABLE)) return [UNREADABLE];
    at = match.index + whole.length;
  }
  return [...new Set(values.map((value) => value + text.slice(at)))];
}

function valuesNamed(name: string, file: string, known: Known, within: readonly string[]): readonly string[] {
  const plain = name.slice(1);
  if (within.includes(name)) return [UNKNOWN];
  if (within.length > 8) return [UNREADABLE];
  if (name.startsWith("@")) return itemsNamed();
  if (plain === "msbuildthisfiledirectory") return [dirname(file) + sep];
  if (plain === "msbuildprojectdirectory") return known.projectFolders;
  if (SDK_FOLDERS.test(plain)) return [SDK];
  const [, fromEnvironment] = Object.entries(known.env).find(([key]) => key.toLowerCase() === plain) ?? [];
  const assigned = known.properties.get(plain) ?? [];
  const steered = STEERED.test(plain) || (assigned.length === 0 && !IMPORTED.test(plain));
  const more = fromEnvironment === undefined ? [] : [fromEnvironment];
  if (assigned.length === 0 && OF_RESTORED.test(plain)) return ["", ...more];
  const isOwn = assigned.length > 0 && known.given?.has(plain) === false && !MADE.test(plain);
  if (isOwn) return inside(assigned, ["", ...more]);
  return inside(assigned, [steered ? STEERABLE : UNKNOWN, ...more]);

  function itemsNamed(): readonly string[] {
    const included = known.items.get(plain) ?? [];
    const isOfSdk = included.length === 0 || FILLED.test(plain) || known.given?.has(plain) === true;
    return isOfSdk ? [UNREADABLE] : inside(included, []);
  }

  function inside(all: readonly ProjectText[], others: readonly string[]): readonly string[] {
    const found = all.flatMap((one) => valuesOf(one, known, [...within, name]));
    const values = [...new Set([...found, ...others])];
    return values.length > MANY || values.includes(UNREADABLE) ? [UNREADABLE] : values;
  }
}

/** Set by dotnet, NuGet and MSBuild themselves, which say it in no file: also as variables of the environment. */
const MADE = /^_?(?:msbuild|dotnet|nuget|restore|solution|visualstudio)|^(?:os|configuration|platform)$/;

/** Set by what an earlier restore left in obj, which takes no part (NuGet.Commands, BuildAssetsUtils). */
const OF_RESTORED = /^(?:nugetpackageroot|pkg\w+)$/;

function withOwnName({ text, file }: ProjectText): string {
  const own = basename(file);
  return text
    .replaceAll(/\$\(MSBuildThisFile\)/gi, () => own)
    .replaceAll(/\$\(MSBuildThisFileName\)/gi, () => own.replace(/\.[^.]*$/, ""));
}

/**
 * The text with each place at which its first search through the folders above may end; null where it holds none that begins
 * at the file or the project and looks for a plain name.
 */
function lookedFor(text: string, file: string, { projectFolders }: Known): readonly string[] | null {
  const search = FILE_ABOVE.exec(text) ?? FOLDER_ABOVE.exec(text);
  if (search === null) return null;
  const { start = "", name } = search.groups ?? {};
  const folders = (/project/i.test(start) ? projectFolders : [dirname(file)]).flatMap(foldersAbove);
  const places = folders.map((one) => (name === undefined ? one : join(one, name)));
  if (places.some((one) => /[%$@();*?]/.test(one))) return null;
  const end = search.index + search[0].length;
  return places.map((one) => text.slice(0, search.index) + one + text.slice(end));
}

const START = String.raw`\$\((?<start>MSBuild(?:ThisFile|Project)Directory)\)[\\/]?(?:\.\.[\\/]?)*`;
const FILE_ABOVE = new RegExp(
  String.raw`\$\(\[MSBuild\]::GetPathOfFileAbove\(\s*(['"]?)(?<name>[\w. -]+?)\1\s*(?:,\s*(['"]?)${START}\3\s*)?\)\)`,
  "i",
);
const FOLDER_ABOVE = new RegExp(
  String.raw`\$\(\[MSBuild\]::GetDirectoryNameOfFileAbove\(\s*(['"]?)${START}\1\s*,\s*(['"]?)[\w. -]+?\3\s*\)\)`,
  "i",
);

function foldersAbove(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...foldersAbove(dirname(folder))];
}

/** Functions that only put paths together keep their last word; what any other gives is not known. */
function withoutFunctions(text: string): string {
  return text
    .replaceAll(
      /\$\(\[MSBuild\]::GetPathOfFileAbove\(\s*['"]?([\w. -]+?)['"]?\s*(?:,(?:[^()]|\$\(\w+\))*)?\)\)/gi,
      `${UNKNOWN}/$1`,
    )
    .replaceAll(/\$\(\[MSBuild\]::GetDirectoryNameOfFileAbove\((?:[^()]|\$\(\w+\))*\)\)/gi, UNKNOWN)
    .replaceAll(
      /\$\(\[(?:System\.IO\.Path|MSBuild)\]::(GetFullPath|Combine|NormalizePath|NormalizeDirectory|EnsureTrailingSlash)\(((?:[^()]|\$\(\w+\))*)\)\)/gi,
      joined,
    );
}

function joined(_: string, name: string, words: string): string {
  const last = words.slice(words.lastIndexOf(",") + 1).trim();
  if (!/^(['"`])[^'"`]*\1$|^[^'"`]*$/.test(last)) return "$(?)";
  const plain = last.replaceAll(/['"`]/g, "");
  return `${UNKNOWN}/${plain}${/directory|slash/i.test(name) ? "/" : ""}`;
}

/** MSBuild's own escapes (learn.microsoft.com, "MSBuild special characters"). What would be taken for a mark is unreadable. */
export function unescaped(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code < 4 ? UNREADABLE : String.fromCharCode(code);
  });
}

/** The members of a list, as MSBuild splits it: what is escaped neither parts nor is cut off. */
export function listOf(text: string): readonly string[] {
  return membersOf(text).map(unescaped);
}

/** The members of a list, as they are written. */
export function membersOf(text: string): readonly string[] {
  return text
    .split(";")
    .map(trimmed)
    .filter((one) => one !== "");
}

/** Without the white space that .NET cuts off (System.Char.IsWhiteSpace), which is not JavaScript's. */
export function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && WHITE.test(text.charAt(start))) start += 1;
  while (end > start && WHITE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const WHITE = /[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/;
