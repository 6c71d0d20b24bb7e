/** What a clone brings along: the paths that git tracks, read from its index. Starts no program, not even git. */
import { SafeInstallError } from "../errors.ts";
import { readBounded } from "../io/files.ts";
import { isInside, wayTo } from "../io/inside.ts";
import { LIMITS } from "../limits.ts";
import { gitFolderOf } from "./ends.ts";
import { createHash } from "node:crypto";
import { lstat, readdir, readlink } from "node:fs/promises";
import { dirname, join, parse, resolve, sep } from "node:path";

/**
 * The first of these paths, of the links that lead to it, or of what lies below one that is a folder, that git tracks
 * inside of `grounds`; null where none is.
 * @param paths absolute
 * @param grounds the repository that the project belongs to (see `groundsOf`); absolute, links resolved
 * @throws SafeInstallError kind "installer", INDEX_UNREADABLE, where a repository around one of them does not say
 */
export async function trackedAmong(paths: readonly string[], grounds: string): Promise<string | null> {
  const ways = await Promise.all(paths.map(placesOn));
  const within = (places: readonly string[]) => places.filter((place) => isInside(place, grounds));
  const [places, ends] = [within([...new Set(ways.flat())]), within(ways.flatMap((way) => way.slice(-1)))];
  for (const folder of new Set(places.map((place) => dirname(place)))) {
    const git = await gitFolderOf(folder);
    if (git === null) continue;
    const tracked = await trackedBy(git);
    const nameOf = (place: string) => (isInside(place, folder) ? spelled(wayTo(folder, place)) : "");
    const found = places.find((place) => tracked.has(nameOf(place))) ?? ends.find((end) => tracked.above(nameOf(end)));
    if (found !== undefined) return found;
  }
  return null;
}

/** Every path that the system looks at on its way to a file: what is above it, and where each link on the way leads. */
async function placesOn(path: string): Promise<readonly string[]> {
  const places: string[] = [];
  let { root: place } = parse(path);
  let rest = path.slice(place.length).split(sep);
  for (let links = 0; rest.length > 0 && links <= MOST_LINKS;) {
    const [name = "", ...after] = rest;
    place = join(place, name);
    places.push(place);
    rest = after;
    const isLink = (await lstat(place).catch(() => null))?.isSymbolicLink() === true;
    if (!isLink) continue;
    const to = resolve(dirname(place), await readlink(place));
    place = parse(to).root;
    rest = [...to.slice(place.length).split(sep), ...after];
    links++;
  }
  return places;
}

/** As many as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** Names that a file system may take for one are one. */
function spelled(way: string): string {
  return way.normalize("NFC").toLowerCase();
}

interface Tracked {
  /** Itself, or the whole folder that it lies in (gitformat-index, sparse directory entries). */
  has(name: string): boolean;
  /** Something below it. */
  above(name: string): boolean;
}

/** Of the index, and of those that a split index shares (gitformat-index, SPLIT INDEX). */
async function trackedBy(git: string): Promise<Tracked> {
  const shared = (await readdir(git).catch(() => [])).filter((name) => name.startsWith("sharedindex."));
  const all = await Promise.all(["index", ...shared].map((name) => readIndex(join(git, name))));
  const names = new Set(all.flat().map(spelled));
  const folders = [...names].filter((name) => name.endsWith("/"));
  return {
    has: (name) => names.has(name) || folders.some((folder) => `${name}/`.startsWith(folder)),
    above: (name) => name !== "" && [...names].some((one) => one.startsWith(`${name}/`)),
  };
}

async function readIndex(file: string): Promise<readonly string[]> {
  const bytes = await readBounded(file, { maxBytes: LIMITS.gitBytes }).catch(() => null);
  if (bytes !== null) return pathsIn(bytes) ?? unreadable(file);
  const isThere = (await lstat(file).catch(() => null)) !== null;
  return isThere ? unreadable(file) : [];
}

function unreadable(file: string): never {
  throw new SafeInstallError("installer", "INDEX_UNREADABLE", `${file} does not say what git tracks`, {
    hint: "use an environment outside of the repository",
  });
}

/**
 * The paths of files and links, versions 2 to 4 (gitformat-index). Submodules are left out: they have an index of their own.
 * @returns null for what is no index of these
 */
export function pathsIn(index: Buffer, idBytes = idBytesOf(index)): readonly string[] | null {
  const version = index.length < 12 || index.toString("latin1", 0, 4) !== "DIRC" ? 0 : index.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths: string[] = [];
  let [at, before] = [12, Buffer.alloc(0)];
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const start = at + 40 + idBytes;
    if (start + 2 > index.length) return null;
    const isExtended = (index.readUInt16BE(start) & 0x4000) !== 0;
    const mode = index.readUInt32BE(at + 24);
    const named = start + (isExtended ? 4 : 2);
    const [cut, from] = version === 4 ? cutAt(index, named) : [before.length, named];
    const end = index.indexOf(0, from);
    if (end < 0 || cut > before.length) return null;
    before = Buffer.concat([before.subarray(0, before.length - cut), index.subarray(from, end)]);
    // In a split index an entry without a name takes the place of one of the shared.
    if (mode !== SUBMODULE && before.length > 0) paths.push(before.toString("utf8"));
    // Up to version 3 an entry is padded to a multiple of eight, with one NUL at least.
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return paths;
}

const SUBMODULE = 0o160000;

/** How much of the path before does not count: a variable width number as in a pack's offsets. */
function cutAt(index: Buffer, at: number): readonly [number, number] {
  let byte = index[at++] ?? 0;
  let value = byte & 127;
  while (byte & 128) {
    byte = index[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 127);
  }
  return [value, at];
}

/** An index ends with a hash over all before it: SHA-1, or SHA-256 in a repository of that kind (git-init(1)). */
function idBytesOf(index: Buffer): 20 | 32 {
  const hash = createHash("sha256").update(index.subarray(0, -32)).digest();
  return hash.equals(index.subarray(-32)) ? 32 : 20;
}
