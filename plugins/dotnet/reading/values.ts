import { IMPORTED, SDK_FOLDERS, STEERED } from "./tables.ts";
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
 * only MSBuild knows has a mark in its place. Never too few; where it would be too many, one that is unreadable.
 */
export function valuesOf(written: ProjectText, known: Known, within: readonly string[] = []): readonly string[] {
  const named = withOwnName(written);
  const above = known.given !== null ? lookedFor(named, written.file, known) : null;
  if (above !== null) return above.flatMap((text) => valuesOf({ text, file: written.file }, known, within));
  const text = withoutFunctions(named);
  let values: readonly string[] = [""];
  let at = 0;
  for (const match of text.matchAll(/([$@%])\((?:([\w.-]+)\)|)/g)) {
    const [whole, kind = "", name] = match;
    if (name === undefined || kind === "%") return [UNREADABLE];
    const before = text.slice(at, match.index);
    const parts = valuesNamed(kind + name.toLowerCase(), written.file, known, within);
    values = values.flatMap((value) => parts.map((part) => value + before + part));
    if (values.length > MANY || parts.includes(UNREADABLE)) return [UNREADABLE];
    at = match.index + whole.length;
  }
  return [...new Set(values.map((value) => unescaped(value + text.slice(at))))];
}

function valuesNamed(name: string, file: string, known: Known, within: readonly string[]): readonly string[] {
  const plain = name.slice(1);
  if (within.includes(name)) return [UNKNOWN];
  if (within.length > 8) return [UNREADABLE];
  if (name.startsWith("@")) return inside(known.items.get(plain) ?? [], []);
  if (plain === "msbuildthisfiledirectory") return [dirname(file) + sep];
  if (plain === "msbuildprojectdirectory") return known.projectFolders;
  if (SDK_FOLDERS.test(plain)) return [SDK];
  const [, fromEnvironment] = Object.entries(known.env).find(([key]) => key.toLowerCase() === plain) ?? [];
  const assigned = known.properties.get(plain) ?? [];
  const steered = STEERED.test(plain) || (assigned.length === 0 && !IMPORTED.test(plain));
  const more = fromEnvironment === undefined ? [] : [fromEnvironment];
  const isOwn = assigned.length > 0 && known.given?.has(plain) === false && !MADE.test(plain);
  if (isOwn) return inside(assigned, ["", ...more]);
  return inside(assigned, [steered ? STEERABLE : UNKNOWN, ...more]);

  function inside(all: readonly ProjectText[], others: readonly string[]): readonly string[] {
    const found = all.flatMap((one) => valuesOf(one, known, [...within, name]));
    const values = [...new Set([...found, ...others])];
    return values.length > MANY || values.includes(UNREADABLE) ? [UNREADABLE] : values;
  }
}

/** Set by dotnet, NuGet and MSBuild themselves, which say it in no file: also as variables of the environment. */
const MADE = /^_?(?:msbuild|dotnet|nuget|restore|solution|visualstudio)|^(?:os|configuration|platform)$/;

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

/** MSBuild's own escapes (learn.microsoft.com, "MSBuild special characters"). */
function unescaped(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The members of a list, as MSBuild splits it. */
export function listOf(text: string): readonly string[] {
  return text
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
