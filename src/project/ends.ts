/** Where a project and the repository around it end: one answer for the policy, the installers and the programs that may run. */
import { readBounded } from "../io/files.ts";
import { isInside, leadsInside, wayTo } from "../io/inside.ts";
import { LIMITS } from "../limits.ts";
import { lstat, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SafeInstallError } from "../errors.ts";

export interface Ends {
  /** The root of the repository that a folder belongs to; absolute, links resolved. null where it is in none. */
  readonly repository: string | null;
  /** For the report: what is called `.git` on the way and is none that git would accept. */
  readonly notes: readonly string[];
}

/**
 * The repository ends at the nearest folder upward that git itself takes for one: with a `.git` folder, or a linked
 * worktree. A submodule, and whatever else git finds elsewhere, is a part of the repository around it: a change there could
 * otherwise cut a folder off from the policies above. What git would not accept ends nothing either. Where nothing does,
 * the widest of them counts. Another owner's folder is never entered.
 * @param project absolute, links resolved
 */
export async function endsOf(project: string): Promise<Ends> {
  const { uid } = await stat(project);
  const doubtful: string[] = [];
  let widest: string | null = null;
  for (const folder of upwards(project)) {
    if ((await stat(folder)).uid !== uid) break;
    const kind = await kindOf(folder);
    if (kind === "own") return ending(folder, doubtful);
    if (kind === "doubtful") doubtful.push(folder);
    if (kind !== "none") widest = folder;
  }
  return ending(widest, doubtful);
}

/** The same without what the report says. */
export async function findRepository(project: string): Promise<string | null> {
  return (await endsOf(project)).repository;
}

/**
 * The folder out of which no program is started: the repository, and no less than the nearest `.git` of any kind or owner;
 * without one the nearest folder with a file of that name (npm: `package.json`), else the folder itself. Links resolved.
 */
export async function groundsOf(cwd: string, manifest?: string): Promise<string> {
  const here = await realpath(cwd);
  const nearest = await nearestWith(here, ".git");
  const { repository } = await endsOf(here);
  const around = [nearest, repository].filter((one) => one !== null);
  // All of them are folders above `here`: the shortest is the widest.
  const [widest] = around.toSorted((left, right) => left.length - right.length);
  return widest ?? (manifest === undefined ? null : await nearestWith(here, manifest)) ?? here;
}

function ending(repository: string | null, doubtful: readonly string[]): Ends {
  const names = doubtful.map((folder) => wayTo(repository ?? folder, join(folder, ".git")));
  return { repository, notes: names.map((name) => `${name}: no repository that git would accept; it ends nothing`) };
}

function upwards(folder: string): readonly string[] {
  return folder === dirname(folder) ? [folder] : [folder, ...upwards(dirname(folder))];
}

async function nearestWith(folder: string, name: string): Promise<string | null> {
  for (const one of upwards(folder)) if ((await lstat(join(one, name)).catch(() => null)) !== null) return one;
  return null;
}

/** gitrepository-layout(5): a folder, or a file (or link) that leads to where the repository is. */
async function kindOf(folder: string): Promise<"own" | "part" | "doubtful" | "none"> {
  const place = join(folder, ".git");
  const entry = await lstat(place).catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? null : error));
  if (entry === null) return "none";
  if (entry instanceof Error) return "doubtful";
  if (entry.isDirectory()) return (await isGitFolder(place)) ? "own" : "doubtful";
  const led = entry.isSymbolicLink() ? await realpath(place).catch(() => null) : await gitFile(place);
  if (led === null || !(await isGitFolder(led))) return "doubtful";
  if ((await textOf(join(led, "commondir"))) === null) return "part";
  return (await leadsBack(led, place)) ? "own" : "doubtful";
}

/** Where git keeps what belongs to the working tree of this very folder, its index for one; null where it is none. Absolute. */
export async function gitFolderOf(folder: string): Promise<string | null> {
  const place = join(folder, ".git");
  const entry = await lstat(place).catch(() => null);
  if (entry === null) return null;
  if (entry.isFile()) return gitFile(place);
  return realpath(place).catch(() => null);
}

/** `gitdir: PATH`, relative to the file's folder (gitrepository-layout(5)). */
async function gitFile(place: string): Promise<string | null> {
  const [, path] = /^gitdir: (.+)$/s.exec((await textOf(place)) ?? "") ?? [];
  return path === undefined ? null : resolve(dirname(place), path);
}

/** What git looks for before it takes a folder for a repository (its setup.c, `is_git_directory`). */
async function isGitFolder(folder: string): Promise<boolean> {
  const common = await textOf(join(folder, "commondir"));
  const shared = common === null ? folder : resolve(folder, common);
  const [objects, refs] = await Promise.all([isFolder(join(shared, "objects")), isFolder(join(shared, "refs"))]);
  return objects && refs && HEAD.test((await textOf(join(folder, "HEAD"))) ?? "");
}

/** A branch, or a commit where none is checked out. */
const HEAD = /^(?:ref:\s*refs\/\S+|[0-9a-f]{40}(?:[0-9a-f]{24})?)$/;

/** A linked worktree's folder names the `.git` that it belongs to in its file `gitdir` (git-worktree(1), DETAILS). */
async function leadsBack(folder: string, place: string): Promise<boolean> {
  const back = await textOf(join(folder, "gitdir"));
  if (back === null) return false;
  const [there, here] = await Promise.all([realpath(resolve(folder, back)).catch(() => null), realpath(place)]);
  return there === here;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** Without the end of its line; null where there is none, or anything but a small file. */
async function textOf(path: string): Promise<string | null> {
  const bytes = await readBounded(path, { maxBytes: LIMITS.gitFileBytes }).catch(() => null);
  return bytes?.toString("utf8").replace(/[\r\n]+$/, "") ?? null;
}

/**
 * An installer may take a folder above the one it was called in for the project (npm: a workspace's root). It must lie in
 * the same repository and belong to the same owner: another one's policy, scripts and packages would take the place of ours.
 * @throws SafeInstallError kind "usage"
 */
export async function refuseProjectOutside(cwd: string, project: string): Promise<void> {
  const [from, to] = await Promise.all([realpath(cwd), realpath(project)]);
  const repository = await findRepository(from);
  const elsewhere = repository !== null && !(await leadsInside(to, repository)) && isInside(from, to);
  const owners = await Promise.all([from, to].map(async (folder) => (await stat(folder)).uid));
  if (!elsewhere && owners[0] === owners[1]) return;
  throw new SafeInstallError(
    "usage",
    "PROJECT_OUTSIDE",
    `the installer takes ${to} for the project, outside of yours`,
    {
      hint: "leave this folder out of the workspaces above it, or call safe-install there",
    },
  );
}
