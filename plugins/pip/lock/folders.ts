import { leadsInside, resolveLinks } from "../../../src/plugin.ts";
import { elsewhere, EMPTY, type Folder, join, type PythonLock } from "./locked.ts";
import { builtFrom } from "./unlocked.ts";
import { stat } from "node:fs/promises";
import { dirname, join as joinPath, resolve } from "node:path";

/**
 * The folders that a lock calls ours: each leads to one inside of the repository, links followed (`at`: the lock's own
 * folder). Everything else there is a file or somebody else's.
 */
export async function withFolders(lock: PythonLock, at: string, repositoryRoot: string): Promise<PythonLock> {
  const found = await Promise.all(lock.folders.map((one) => lookAt(one, at, repositoryRoot)));
  return join([{ ...lock, folders: [] }, ...found]);
}

async function lookAt(folder: Folder, at: string, repositoryRoot: string): Promise<PythonLock> {
  const { name, version, path, mustHaveProject, isBuilt } = folder;
  const place = resolve(at, path);
  // Some tools take `..` behind a link out of the path, others go up from where the link leads.
  const ways = [place, await followed(at, path).catch(() => null)];
  const isOurs = (await Promise.all(ways.map((way) => isIn(way, repositoryRoot)))).every(Boolean);
  const isUsable = isOurs && (!mustHaveProject || place === resolve(at) || (await hasProject(place)));
  if (!isUsable) return elsewhere(name, version, "file", path);
  const ours = { kind: "first-party", name: path, detail: `${name}: dynamic build requirements not asked` } as const;
  return { ...EMPTY, notGated: isBuilt ? [ours, builtFrom({ name, version }, path)] : [ours] };
}

/** Where the system's own way there leads, one name after the other. */
async function followed(at: string, path: string): Promise<string> {
  let place = at;
  for (const part of path.split("/"))
    place = part === ".." ? dirname(await resolveLinks(place)) : joinPath(place, part);
  return place;
}

async function isIn(place: string | null, repositoryRoot: string): Promise<boolean> {
  if (place === null) return false;
  return (await leadsInside(place, repositoryRoot).catch(() => false)) && (await isFolder(place));
}

/** One that is not there is nobody's yet: its tool stops there. */
async function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}

async function hasProject(place: string): Promise<boolean> {
  const found = ["pyproject.toml", "setup.py"].map((name) => stat(joinPath(place, name)).catch(() => null));
  return (await Promise.all(found)).some((one) => one?.isFile() === true);
}
