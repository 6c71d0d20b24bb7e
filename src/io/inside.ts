/** Where one path lies, seen from another. Nothing else asks `node:path` for it: the linter sees to that. */
import { isMissing } from "./files.ts";
import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Whether a path is the folder itself or lies in it. Both absolute, and compared as they are written: `leadsInside` follows links. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The same for where a path leads: every link is followed, also one to a place that does not exist yet, and names are equal
 * where the file system itself takes them for one (it may ignore case, or show one folder in two places).
 * @throws NodeJS.ErrnoException where the file system does not say
 */
export async function leadsInside(path: string, folder: string): Promise<boolean> {
  const [real, root] = await Promise.all([resolveLinks(path), resolveLinks(folder)]);
  return isInside(real, root) || (await passesThrough(real, root));
}

/** As it is written or by where it leads; also where the file system does not say. For what must not be inside. */
export async function mayBeInside(path: string, folder: string): Promise<boolean> {
  return isInside(path, folder) || leadsInside(path, folder).catch(() => true);
}

/** The absolute path without links. What does not exist keeps its name in the folder that a link or its parent leads to. */
export async function resolveLinks(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error) || path === dirname(path) || links > MOST_LINKS) throw error;
    const place = join(await resolveLinks(dirname(path), links), basename(path));
    const isLink = (await lstat(place).catch(() => null))?.isSymbolicLink() === true;
    return isLink ? resolveLinks(resolve(dirname(place), await readlink(place)), links + 1) : place;
  }
}

/** As many as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** The way from a folder to a path, with `/` on every system; absolute where there is none (another drive). */
export function wayTo(folder: string, path: string): string {
  return relative(folder, path).replaceAll(sep, "/");
}

/** Whether the path or one of the folders above it is that very folder, by the file system's own numbers. */
async function passesThrough(path: string, folder: string): Promise<boolean> {
  const wanted = await identityOf(folder);
  if (wanted === null) return false;
  for (let place = path; ; place = dirname(place)) {
    if ((await identityOf(place)) === wanted) return true;
    if (place === dirname(place)) return false;
  }
}

async function identityOf(path: string): Promise<string | null> {
  const { dev, ino } = (await stat(path, { bigint: true }).catch(() => null)) ?? { dev: 0n, ino: 0n };
  return ino === 0n ? null : `${dev} ${ino}`;
}
