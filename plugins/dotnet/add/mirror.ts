import { isInside, SafeInstallError, wayTo } from "../../../src/plugin.ts";
import { SHARED } from "../sdk/references.ts";
import { constants } from "node:fs";
import { copyFile, mkdir, readdir, readFile, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, parse } from "node:path";

/** A repository's files in a private place, under the same names and as deep. */
export interface Mirror {
  readonly root: string;
  /** No link leads to a folder outside of it. */
  readonly isSealed: boolean;
  /** The counterpart of a path in the repository. */
  at(path: string): string;
}

/**
 * Copies a repository, for a command that edits a project before anything is decided. What earlier restores and builds made
 * stays behind, and so do response files and NuGet.config: nothing of them takes part.
 */
export async function mirrorOf(root: string, folder: string, config: string): Promise<Mirror> {
  const top = join(folder, "mirror");
  const place = join(top, wayTo(parse(root).root, root));
  await mkdir(place, { recursive: true });
  await bringAbove(root, place, top);
  const at = (path: string) => join(place, wayTo(root, path));
  const copying: Copying = { root, at, leadingOut: [] };
  await copyFolder(root, copying);
  await writeFile(join(place, "NuGet.config"), config);
  return { root: place, isSealed: copying.leadingOut.length === 0, at };
}

/** What MSBuild and dotnet look for in the folders above; where there is none, the search ends at an empty one of ours. */
async function bringAbove(root: string, place: string, top: string): Promise<void> {
  for (
    let [from, to] = [dirname(root), dirname(place)];
    to.startsWith(top);
    [from, to] = [dirname(from), dirname(to)]
  ) {
    const names = (await readdir(from).catch(() => [])).filter(isShared);
    for (const name of names)
      if ((await stat(join(from, name)).catch(() => null))?.isFile() === true)
        await copyFile(join(from, name), join(to, name));
    if (to === top) break;
  }
  const there = new Set((await readdir(top)).map((name) => name.toLowerCase()));
  for (const [name, text] of END) if (!there.has(name.toLowerCase())) await writeFile(join(top, name), text);
}

const isShared = (name: string) => SHARED.test(name) || name === "global.json";

const END: readonly (readonly [string, string])[] = [
  ...["Build.props", "Build.targets", "Packages.props", "Solution.props", "Solution.targets"].map(
    (name) => [`Directory.${name}`, "<Project />\n"] as const,
  ),
  ["Directory.Build.rsp", ""],
  ["global.json", "{}\n"],
];

interface Copying {
  readonly root: string;
  readonly at: Mirror["at"];
  readonly leadingOut: string[];
}

async function copyFolder(from: string, copying: Copying): Promise<void> {
  const to = copying.at(from);
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true }).catch(unlessDenied)) {
    const path = join(from, entry.name);
    if (entry.isSymbolicLink()) await copyLink(path, copying);
    else if (entry.isDirectory() && entry.name === ".git") await markRepository(path, join(to, entry.name));
    else if (entry.isDirectory() && !LEFT_FOLDERS.test(entry.name)) await copyFolder(path, copying);
    else if (entry.isFile() && !LEFT_FILES.test(entry.name))
      await copyFile(path, join(to, entry.name), FAST).catch(unlessDenied);
  }
}

/** What a service in a container keeps in a repository is not ours to read: no restore of ours can either. */
function unlessDenied(error: NodeJS.ErrnoException): [] {
  if (error.code === "EACCES") return [];
  throw error;
}

/** Projects look for the root of their repository by it. */
async function markRepository(from: string, to: string): Promise<void> {
  await mkdir(to);
  await copyFile(join(from, "HEAD"), join(to, "HEAD")).catch(() => {});
}

const LEFT_FOLDERS = /^(?:\.vs|\.safe-install.*|node_modules|bin|obj)$/i;
const LEFT_FILES =
  /\.(?:nuget\.g\.(?:props|targets)|rsp)$|^(?:nuget\.config|project\.assets\.json|project\.nuget\.cache)$/i;
/** What no mirror has: it is of an earlier restore, or says where one comes from. */
export const isLeftBehind = (path: string) => LEFT_FILES.test(basename(path));
/** Shares the blocks where the file system can. */
const FAST = constants.COPYFILE_FICLONE;

/** A link to a file becomes a copy of it, so that nothing is written through it. */
async function copyLink(path: string, { root, at, leadingOut }: Copying): Promise<void> {
  const real = await realpath(path).catch(() => null);
  if (real === null) return;
  const inside = isInside(real, root);
  if ((await stat(real)).isFile()) await copyFile(real, at(path), FAST).catch(unlessDenied);
  else await symlink(inside ? at(real) : real, at(path));
  if (!inside && !(await stat(real)).isFile()) leadingOut.push(path);
}

/** A file that a command of dotnet changed in a mirror. */
export interface Edit {
  /** Absolute, in the repository. */
  readonly path: string;
  /** null: there was none. */
  readonly before: Buffer | null;
  readonly after: Buffer;
  /** Permissions. */
  readonly mode: number;
}

/** What adding a package writes: projects, what they import, locks. */
const EDITED = /\.(?:[a-z]*proj|props|targets)$|^packages(?:\..*)?\.lock\.json$/i;
const PASSED_BY = /^(?:bin|obj|node_modules|\.safe-install.*)$/i;

/** Files of the mirror that are no longer as in the repository; `locks` are those of the projects. */
export async function editsIn(mirror: Mirror, root: string, locks: readonly string[]): Promise<readonly Edit[]> {
  const known = new Set(locks);
  const paths = (await filesIn(root, mirror)).filter((path) => EDITED.test(basename(path)) || known.has(path));
  const edits: Edit[] = [];
  for (const path of paths) {
    const [before, after] = await Promise.all([contentOf(path), contentOf(mirror.at(path))]);
    if (after === null || before?.equals(after) === true) continue;
    edits.push({ path, before, after, mode: (await stat(mirror.at(path))).mode });
  }
  return edits;
}

async function filesIn(folder: string, mirror: Mirror): Promise<readonly string[]> {
  const entries = await readdir(mirror.at(folder), { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return PASSED_BY.test(entry.name) ? [] : filesIn(path, mirror);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

/** In the place of what was moved aside. */
export async function writeEdits(edits: readonly Edit[]): Promise<void> {
  for (const { path, after, mode } of edits) await writeFile(path, after, { mode });
}

/** @throws SafeInstallError somebody changed a file while it was judged */
export async function requireUnchanged(edits: readonly Edit[]): Promise<void> {
  for (const { path, before } of edits) {
    const now = await contentOf(path);
    if (before === null ? now === null : now?.equals(before) === true) continue;
    throw new SafeInstallError("unbound", "LOCK_CHANGED", `${path} changed while the packages were judged`, {
      hint: "run it again",
    });
  }
}

async function contentOf(path: string): Promise<Buffer | null> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}
