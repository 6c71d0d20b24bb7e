import { copyTree, type Disk, whatIs } from "./disk.ts";
import type { JournalEntry } from "./entry.ts";
import { holdsMount } from "./mounts.ts";
import { cannotSetAside } from "./words.ts";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Sets everything aside. Where it waits is made first of all, so that what may not be written is known before anything moves.
 * @throws SafeInstallError CANNOT_SET_ASIDE
 */
export async function setAllAside(
  entries: readonly JournalEntry[],
  mounts: readonly string[],
  disk: Disk,
): Promise<void> {
  const folders = new Map(entries.map((entry) => [dirname(entry.backup), entry.path]));
  for (const [folder, path] of folders) await naming(path, () => makeWaiting(folder, disk));
  for (const entry of entries) await naming(entry.path, () => setAside(entry, mounts, disk));
}

async function naming(path: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    throw cannotSetAside(path, error);
  });
}

async function makeWaiting(folder: string, disk: Disk): Promise<void> {
  await disk.mkdir(folder, { mode: 0o700 });
  const ignore = await disk.open(join(folder, ".gitignore"), "wx");
  try {
    await ignore.writeFile("*\n");
  } finally {
    await ignore.close();
  }
}

async function setAside(entry: JournalEntry, mounts: readonly string[], disk: Disk): Promise<void> {
  const { path, how, backup } = entry;
  if (how === "absent") return;
  if (how === "inPlace") return keep(entry, disk);
  if (how === "whole" && (await isMoved(path, backup, disk))) return;
  await copyAside(path, backup, disk);
  if (how === "whole") await disk.rm(path, { recursive: true });
  else await empty(path, mounts, disk);
}

/** A folder in a lower layer of an overlay answers EXDEV: the kernel moves only what it has copied up. */
async function isMoved(path: string, backup: string, disk: Disk): Promise<boolean> {
  return disk.rename(path, backup).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EXDEV") return false;
      throw error;
    },
  );
}

/** What bears its name is whole. */
async function copyAside(path: string, backup: string, disk: Disk): Promise<void> {
  await copyTree(path, `${backup}.part`, "copy", disk);
  await disk.rename(`${backup}.part`, backup);
}

/** By copies, which cost nothing where the file system shares blocks: what is linked would change with the file that somebody writes into. */
async function keep({ path, backup, touches }: JournalEntry, disk: Disk): Promise<void> {
  const part = `${backup}.part`;
  await disk.mkdir(part, { mode: 0o700 });
  for (const way of touches) {
    if ((await whatIs(join(path, way))) === null) continue;
    await disk.mkdir(dirname(join(part, way)), { recursive: true, mode: 0o700 });
    await copyTree(join(path, way), join(part, way), "copy", disk);
  }
  await disk.rename(part, backup);
}

/** All but the mount points, and the folders that lead to them. */
export async function empty(folder: string, mounts: readonly string[], disk: Disk): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stands = holdsMount(path, mounts) && (await whatIs(path))?.isDirectory() === true;
    if (stands) await empty(path, mounts, disk);
    else await disk.rm(path, { recursive: true, force: true });
  }
}
