/** Inner policies of a revision that a change has taken out of the way to the project that it is judged for. */
import { isInside } from "../io/inside.ts";
import { readsLock, TABLES } from "../plugins.ts";
import { POLICY_FILE } from "./policy-file.ts";
import { isManifest, type Snapshot } from "./snapshot.ts";
import { lstat, readdir, realpath } from "node:fs/promises";
import { join, posix } from "node:path";

/** The project as the change has it. */
export interface Change {
  /** The folder whose policy counts. Absolute, links resolved. */
  readonly project: string;
  /** Where the command was typed. Absolute. */
  readonly cwd: string;
  /** What is judged; absent: the working tree. */
  readonly index?: Snapshot;
}

export interface Left {
  /** The policy, relative to the repository's root. */
  readonly name: string;
  /** Its folder. Absolute. */
  readonly folder: string;
  /** For people, why it is asked all the same. */
  readonly why: string;
}

const LINKED = "its folder is a link to this one now";
const TYPED = "the command was typed below it, and the installer takes a folder above it for the project";
const TAKEN_IN = "a lock that was under it is gone, and its folder lies in this project";
const LEFT = "a lock that was under it is gone, and the one here is new";

/**
 * The policies of a revision, without those of `known`, that speak all the same. Whoever may write a change could otherwise
 * choose which of them do: with a link in the place of a folder, with a workspace or a project around it, with another name.
 */
export async function leftBehind(
  before: Snapshot,
  change: Change,
  known: ReadonlySet<string>,
): Promise<readonly Left[]> {
  const found: Left[] = [];
  for (const name of before.policies.filter((one) => !known.has(one) && one !== POLICY_FILE)) {
    const folder = join(before.root, posix.dirname(name));
    const why = await reasonFor(folder, before, change);
    if (why !== null) found.push({ name, folder, why });
  }
  return found;
}

/**
 * The policies of a revision, without those of `asked`, that a project whose lock is new passes by: a copy of a folder
 * that stays is a project of its own, under the policies around it. They are named, not asked.
 */
export function passedBy(before: Snapshot, { project }: Change, asked: ReadonlySet<string>): readonly string[] {
  const locks = [...before.known.keys()].filter(isLock).map((path) => join(before.root, posix.dirname(path)));
  if (locks.includes(project)) return [];
  const isAround = (folder: string) => isInside(project, folder);
  return before.policies.filter((name) => !asked.has(name) && !isAround(join(before.root, posix.dirname(name))));
}

async function reasonFor(folder: string, before: Snapshot, change: Change): Promise<string | null> {
  const { project } = change;
  const led = await leadsTo(folder, change);
  if (led !== null && isInside(project, led)) return LINKED;
  const cwd = await realpath(change.cwd).catch(() => change.cwd);
  if (isInside(cwd, folder) && isInside(folder, project)) return TYPED;
  const locks = [...before.known.keys()].filter(isLock);
  const under = locks.filter((path) => isInside(join(before.root, posix.dirname(path)), folder));
  if (under.length === 0 || (led === null && (await areThere(under, before, change)))) return null;
  const locked = locks.map((path) => join(before.root, posix.dirname(path)));
  if (isInside(folder, project) && (await holds(folder, isManifest, change))) return TAKEN_IN;
  return locked.includes(project) ? null : LEFT;
}

/** Where the folder leads, or a folder on the way to it; null: it is no link. Where only the index has one, to the project. */
async function leadsTo(folder: string, { project, index }: Change): Promise<string | null> {
  const led = await realpath(folder).catch(() => null);
  if (led !== null && led !== folder) return led;
  const ways = [...(index?.leftOut ?? [])].filter(([, what]) => what === "a symbolic link");
  return ways.some(([path]) => index !== undefined && isInside(folder, join(index.root, path))) ? project : null;
}

/** Each of them, not another one in its place: a file with the name of some lock is soon made. */
async function areThere(locks: readonly string[], { root }: Snapshot, { index }: Change): Promise<boolean> {
  for (const path of locks) {
    const stats = index === undefined ? await lstat(join(root, path)).catch(() => null) : null;
    if (stats?.isFile() !== true && index?.known.get(path)?.startsWith(REGULAR) !== true) return false;
  }
  return true;
}

/** Modes of git's regular files begin with it. */
const REGULAR = "100";

function isLock(path: string): boolean {
  return TABLES.some((table) => readsLock(table, path));
}

/** Whether a file of such a name is in or below the folder. */
async function holds(folder: string, isOne: (path: string) => boolean, { index }: Change): Promise<boolean> {
  if (index === undefined) return holdsThere(folder, isOne);
  return [...index.known.keys()].some((path) => isOne(path) && isInside(join(index.root, path), folder));
}

async function holdsThere(folder: string, isOne: (path: string) => boolean): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.isFile() && isOne(join(folder, entry.name)))) return true;
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === "node_modules" || entry.name === ".git") continue;
    if (await holdsThere(join(folder, entry.name), isOne)) return true;
  }
  return false;
}
