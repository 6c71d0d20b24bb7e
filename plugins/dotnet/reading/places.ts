import {
  type Known,
  listOf,
  SDK,
  STEERABLE,
  unescaped,
  UNKNOWN,
  UNREADABLE,
  valuesOf,
  type ProjectText,
} from "./values.ts";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** The text that names files, and where it stands. */
export interface Named extends ProjectText {
  /** A property by whose name the SDK may import: what is no path names nothing. */
  readonly isLoose?: boolean;
}

/** Where a name that only evaluation knows may lead. */
export interface Surroundings {
  readonly below: Listing;
  /** Where the projects lie in a private copy of the repository: the repository itself. */
  readonly original: Listing | null;
  /** No link of the copy leads out of it. */
  readonly isSealed: boolean;
}

/** The files that a text may name; they need not be there. Null: it may be any. */
export async function placesOf(named: Named, known: Known, around: Surroundings): Promise<readonly string[] | null> {
  const found = new Set<string>();
  for (const value of valuesOf(named, known).flatMap(asList).flatMap(asRead)) {
    const places = await placesFor(value.replaceAll("\\", "/"), named, known, around);
    if (places === null) return null;
    for (const place of places) found.add(place);
  }
  return [...found];
}

/** An unreadable value is one, whatever it holds. */
function asList(value: string): readonly string[] {
  return value.includes(UNREADABLE) ? [UNREADABLE] : listOf(value);
}

/** What a function gives may be read once more. */
function asRead(value: string): readonly string[] {
  return value.includes(UNKNOWN) ? [...new Set([value, unescaped(value)])] : [value];
}

async function placesFor(
  value: string,
  { file, isLoose = false }: Named,
  { projectFolders }: Known,
  { below, original, isSealed }: Surroundings,
): Promise<readonly string[] | null> {
  if (value === UNKNOWN) return [];
  if (value.startsWith(SDK) && !UNSURE.test(value) && !value.includes("..")) return [];
  if (!UNSURE.test(value) && !value.startsWith(SDK))
    return [...new Set([dirname(file), ...projectFolders])].map((folder) => resolve(folder, value));
  const last = value.slice(value.lastIndexOf("/") + 1);
  if (/^\.{0,2}$/.test(last.replaceAll(UNSURE_ALL, ""))) return isLoose && value === STEERABLE ? [] : null;
  const isNear =
    isSealed && !MARKS.test(value) && !value.startsWith("/") && !value.includes("..") && !/^[a-z]:/i.test(value);
  const listed = [...(await below()), ...(original === null || isNear ? [] : await original())];
  return listed.filter((path) => patternOf(last).test(basename(path)));
}

const MARKS = new RegExp(`[${UNKNOWN}${STEERABLE}${UNREADABLE}${SDK}]`);
const UNSURE = new RegExp(`[${UNKNOWN}${STEERABLE}${UNREADABLE}*?]`);
const UNSURE_ALL = new RegExp(UNSURE, "g");

function patternOf(name: string): RegExp {
  const parts = name.split(new RegExp(`[${UNKNOWN}${STEERABLE}${SDK}*?]+`));
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[^\w]/g, "\\$&")).join(".*")}$`, "is");
}

/** Every file below a folder. */
export type Listing = () => Promise<readonly string[]>;

/** Looked at once, when it is first asked for. */
export function listing(folder: string): Listing {
  let found: Promise<readonly string[]> | null = null;
  return () => (found ??= filesBelow(folder));
}

/** Also what is not committed: an archive of a repository may hold it all the same. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
  return (await Promise.all(found)).flat();
}
