import { empty } from "./backup.ts";
import { copyTree, type Disk, isSame, whatIs } from "./disk.ts";
import type { JournalEntry, Journal } from "./entry.ts";
import { outside } from "./words.ts";
import { readdir, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

/**
 * Everything as it was. Each step can be done again: whatever interrupts it, the next run ends where this one would have.
 * Only the journal's own entries are touched, and no folder above them that has become a link.
 * @throws the file system's error; SafeInstallError OUTSIDE_PROJECT
 */
export async function putAllBack({ entries }: Journal, mounts: readonly string[], disk: Disk): Promise<void> {
  const begun: JournalEntry[] = [];
  for (const entry of entries) if (await hasBegun(entry)) begun.push(entry);
  for (const entry of begun) await putBack(entry, mounts, disk);
  for (const entry of begun) await assertBack(entry);
  for (const folder of begun.flatMap(({ made }) => made)) await removeEmpty(folder, disk);
}

/** Without the folder in which it was to wait, nothing of it was changed; or it is another project by now. */
async function hasBegun({ path, backup }: JournalEntry): Promise<boolean> {
  const waits = dirname(backup);
  if ((await whatIs(waits))?.isDirectory() !== true) return false;
  for (const folder of [dirname(path), dirname(waits)]) await requireNoLink(folder);
  return true;
}

async function requireNoLink(folder: string): Promise<void> {
  const real = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return folder;
    throw error;
  });
  if (real !== folder) throw outside(folder, "has become a link, which is not followed", "make it a folder again");
}

async function putBack(entry: JournalEntry, mounts: readonly string[], disk: Disk): Promise<void> {
  const { path, how, backup } = entry;
  if (how === "absent") return remove(path, backup, disk);
  // Without it, it was not moved yet, or is back already.
  if ((await whatIs(backup)) === null) return;
  if (how === "inPlace") return putTouchedBack(entry, disk);
  if (how === "mount") return refill(path, backup, mounts, disk);
  await remove(path, backup, disk);
  await disk.rename(backup, path);
}

/** At once where it can be moved: what is half removed could not be told from what is whole. */
async function remove(path: string, backup: string, disk: Disk): Promise<void> {
  if ((await whatIs(path)) === null) return;
  await disk.rename(path, `${backup}.gone`).catch(() => disk.rm(path, { recursive: true, force: true }));
}

/** By copies: what waits is whole until everything is back. */
async function refill(path: string, backup: string, mounts: readonly string[], disk: Disk): Promise<void> {
  await disk.mkdir(path, { recursive: true });
  await empty(path, mounts, disk);
  await copyInto(backup, path, disk);
}

async function copyInto(from: string, to: string, disk: Disk): Promise<void> {
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if ((await whatIs(target)) === null) await copyTree(source, target, "copy", disk);
    else await copyInto(source, target, disk);
  }
}

async function putTouchedBack({ path, backup, touches }: JournalEntry, disk: Disk): Promise<void> {
  for (const way of touches) {
    const [kept, place] = [join(backup, way), join(path, way)];
    const folder = await folderOf(path, way);
    if (folder === null && (await whatIs(kept)) === null) continue;
    await disk.mkdir(dirname(place), { recursive: true });
    await restore(kept, place, `${backup}.back`, disk);
  }
}

/** null: not there. @throws SafeInstallError where something else than a folder is on the way */
async function folderOf(path: string, way: string): Promise<string | null> {
  let folder = path;
  for (const name of ["", ...way.split(sep).slice(0, -1)]) {
    folder = join(folder, name);
    const stats = await whatIs(folder);
    if (stats === null) return null;
    if (!stats.isDirectory()) throw outside(folder, "is no folder any more, and is not followed", "remove it");
  }
  return folder;
}

/** What was not there goes; what is not the same comes back, by a rename. */
async function restore(kept: string, place: string, back: string, disk: Disk): Promise<void> {
  const [before, now] = [await whatIs(kept), await whatIs(place)];
  if (before === null) {
    if (now !== null) await disk.rm(place, { recursive: true });
  } else if (before.isDirectory()) {
    if (now !== null && !now.isDirectory()) await disk.rm(place);
    if (now?.isDirectory() !== true) await disk.mkdir(place);
    const names = new Set([...(await readdir(kept)), ...(await readdir(place))]);
    for (const name of names) await restore(join(kept, name), join(place, name), back, disk);
    await disk.chmod(place, before.mode & 0o7777);
  } else if (!(await isSame(kept, place))) {
    if (now?.isDirectory() === true) await disk.rm(place, { recursive: true });
    await disk.rm(back, { force: true });
    await copyTree(kept, back, "link", disk);
    await disk.rename(back, place);
  }
}

/** Nobody is told that all is as it was before it was looked at. @throws where it is not */
async function assertBack({ path, how, backup, touches }: JournalEntry): Promise<void> {
  if (how !== "inPlace" || (await whatIs(backup)) === null) return;
  for (const way of touches) {
    const other = await firstOther(join(backup, way), join(path, way));
    if (other !== null) throw new Error(`${other} is not as it was`);
  }
}

/** The first place that is not as what was kept of it; null: there is none. */
async function firstOther(kept: string, place: string): Promise<string | null> {
  const [before, now] = [await whatIs(kept), await whatIs(place)];
  if (before === null) return now === null ? null : place;
  if (!before.isDirectory()) return (await isSame(kept, place)) ? null : place;
  if (now?.isDirectory() !== true || (now.mode & 0o7777) !== (before.mode & 0o7777)) return place;
  for (const name of new Set([...(await readdir(kept)), ...(await readdir(place))])) {
    const other = await firstOther(join(kept, name), join(place, name));
    if (other !== null) return other;
  }
  return null;
}

async function removeEmpty(folder: string, disk: Disk): Promise<void> {
  await requireNoLink(dirname(folder));
  await disk.rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (!STAYS.has(error.code ?? "")) throw error;
  });
}

/** It is gone, or somebody else has put something there. */
const STAYS: ReadonlySet<string> = new Set(["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR"]);
