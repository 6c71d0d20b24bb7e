import type { Paths, Place } from "../../host.ts";
import { resolveLinks } from "../inside.ts";
import { whatIs } from "./disk.ts";
import { BACKUP, type JournalEntry, isBelow, isWay } from "./entry.ts";
import { holdsMount } from "./mounts.ts";
import { cannotSetAside, outside } from "./words.ts";
import { access, constants, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, sep } from "node:path";

interface Surroundings {
  /** What may never be moved, nor what is around it: the home folder, our own state. */
  readonly kept: readonly string[];
  readonly mounts: readonly string[];
  /** Names the folders in which things wait. */
  readonly id: string;
}

export interface Planned {
  readonly root: string;
  readonly entries: readonly JournalEntry[];
}

/**
 * How each place is set aside, known before anything is moved. Two names of one place are one.
 * @throws SafeInstallError OUTSIDE_PROJECT, CANNOT_SET_ASIDE
 */
export async function planEntries(paths: Paths, around: Surroundings): Promise<Planned> {
  const root = await resolveLinks(paths.root);
  const asked = await group(paths.replaces);
  const entries: JournalEntry[] = [];
  for (const one of asked) entries.push(await planOne(one, entries.length, root, around));
  return { root, entries: entries.filter(({ path }) => !entries.some(goesWith(path))) };
}

/** Where a place is named twice, also through links, all of it counts before parts do. */
async function group(places: readonly Place[]): Promise<readonly AskedPlace[]> {
  const asked = new Map<string, AskedPlace>();
  for (const { path, touches } of places) {
    const resolved = await resolvePlace(touches === undefined ? path : await resolveLinks(path));
    const before = asked.get(resolved.path)?.touches;
    const both = before === null || touches === undefined ? null : [...(before ?? []), ...touches];
    asked.set(resolved.path, { ...resolved, touches: both });
  }
  return [...asked.values()];
}

/** What lies in a folder that goes as a whole goes with it. */
function goesWith(path: string): (other: JournalEntry) => boolean {
  return (other) => other.how !== "inPlace" && isBelow(path, other.path);
}

interface Resolved {
  readonly path: string;
  /** Folders above that are not there, the innermost first. */
  readonly missing: readonly string[];
  /** The innermost folder above that is there, links resolved. */
  readonly above: string;
}

/** Absolute, links in the parents resolved; what stands there may itself be a link. */
async function resolvePlace(path: string): Promise<Resolved> {
  if (!isAbsolute(path) || normalize(path) === sep) throw outside(path, "is not a place that may be replaced");
  const missing: string[] = [];
  let parent = dirname(normalize(path));
  while ((await whatIs(parent)) === null) {
    missing.push(basename(parent));
    parent = dirname(parent);
  }
  const above = await realpath(parent).catch(() => {
    throw outside(path, `lies behind ${parent}, a link that leads nowhere`);
  });
  const folders = missing.map((_, at) => join(above, ...missing.slice(at).toReversed()));
  return { path: join(folders[0] ?? above, basename(path)), missing: folders, above };
}

interface AskedPlace extends Resolved {
  /** null: all of it. */
  readonly touches: readonly string[] | null;
}

async function planOne(asked: AskedPlace, index: number, root: string, around: Surroundings): Promise<JournalEntry> {
  const { path, missing, above, touches } = asked;
  if (touches !== null) return planInPlace(asked, touches, index, around);
  requireReplaceable(path, root, around.kept);
  const stats = await whatIs(path);
  const backup = join(above, BACKUP + around.id, String(index));
  await requireWritable(path, above);
  const common = { path, backup, touches: [], made: missing };
  if (stats === null) return { ...common, how: "absent" };
  if (stats.isDirectory()) await requireWritable(path, path);
  if (!holdsMount(path, around.mounts) || stats.isSymbolicLink()) return { ...common, how: "whole" };
  if (stats.isDirectory()) return { ...common, how: "mount" };
  throw cannotSetAside(path, Object.assign(new Error(), { code: "EBUSY" }));
}

/** Below the root, and never where something of the user's own lies that no installer writes. */
function requireReplaceable(path: string, root: string, kept: readonly string[]): void {
  const hold = kept.find((one) => one === path || isBelow(one, path));
  if (!isBelow(path, root)) throw outside(path, `is not below ${root}`);
  if (hold !== undefined) throw outside(path, `is not replaced: ${hold} lies there`);
  if (path.slice(root.length).split(sep).includes(".git")) throw outside(path, "belongs to git");
}

async function planInPlace(
  { path, missing, above }: Resolved,
  touches: readonly string[],
  index: number,
  around: Surroundings,
): Promise<JournalEntry> {
  for (const way of touches) if (!isWay(way)) throw outside(join(path, way), `is not below ${path}`);
  const stats = await whatIs(path);
  if (stats !== null && !stats.isDirectory()) throw outside(path, "is not a folder: nothing can change in it");
  const folder = stats === null ? above : path;
  const waits = (await isWritable(folder)) ? folder : dirname(folder);
  await requireWritable(path, waits);
  const own = [...new Set(touches)].sort();
  const kept = own.filter((way) => !own.some((other) => isBelow(way, other)));
  const made = stats === null ? [path, ...missing] : [];
  const inside = await Promise.all(kept.map((way) => missingAbove(path, way)));
  return {
    path,
    how: "inPlace",
    backup: join(waits, BACKUP + around.id, String(index)),
    touches: kept,
    made: [...[...new Set(inside.flat())].sort((one, other) => other.length - one.length), ...made],
  };
}

/** Folders below `path` that a touched file will need, the innermost first. @throws SafeInstallError a link on the way is not followed */
async function missingAbove(path: string, way: string): Promise<readonly string[]> {
  const names = way.split(sep).slice(0, -1);
  const folders = names.map((_, at) => join(path, ...names.slice(0, at + 1)));
  for (const [at, folder] of folders.entries()) {
    const stats = await whatIs(folder);
    if (stats === null) return folders.slice(at).toReversed();
    if (!stats.isDirectory()) throw outside(join(path, way), `lies behind ${folder}, which is no folder`);
  }
  return [];
}

async function requireWritable(path: string, folder: string): Promise<void> {
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw cannotSetAside(path, error);
  });
}

async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
