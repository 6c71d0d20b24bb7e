import { wayTo } from "../inside.ts";
import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file that was opened and found to be what may be read: regular, not too large, ours. */
export interface OpenedFile {
  readonly handle: FileHandle;
  /** As it was opened; what is added meanwhile is not read. */
  readonly size: number;
}

interface Bounds {
  readonly maxBytes: number;
  /** Another user's file will do: its digest decides. */
  readonly anyOwner?: boolean;
}

/**
 * Opens a file of a cache. A link, a FIFO, a device, a folder, a file of another user and one that is too large are no
 * entries, and none of them makes us wait. To look for what is not there is the rule in a first run: no thread is asked.
 * @returns null where there is no such entry
 */
export async function openEntry(path: string, bounds: Bounds): Promise<OpenedFile | null> {
  try {
    if (!isEntry(lstatSync(path, { throwIfNoEntry: false }), bounds)) return null;
    const handle = await open(path, constants.O_RDONLY | NO_LINK | NO_WAIT);
    const stats = await handle.stat();
    if (isEntry(stats, bounds)) return { handle, size: stats.size };
    await handle.close();
    return null;
  } catch {
    return null;
  }
}

/** Windows knows neither. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

function isEntry(stats: Stats | undefined, { maxBytes, anyOwner = false }: Bounds): boolean {
  return stats !== undefined && stats.isFile() && stats.size <= maxBytes && (anyOwner || isOurs(stats));
}

/** Windows has no owners by number: there a profile's folder is its user's. */
export function isOurs({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/**
 * The content of a small entry, under the same rules; null where there is none. On this thread: to ask another one costs
 * more than to read so little.
 */
export function readEntry(path: string, maxBytes: number, anyOwner = false): Buffer | null {
  const bounds = { maxBytes, anyOwner };
  try {
    if (!isEntry(lstatSync(path, { throwIfNoEntry: false }), bounds)) return null;
    const file = openSync(path, constants.O_RDONLY | NO_LINK | NO_WAIT);
    try {
      const stats = fstatSync(file);
      return isEntry(stats, bounds) ? readSize(file, stats.size) : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

function readSize(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let end = 0;
  while (end < size) {
    const bytesRead = readSync(file, bytes, end, size - end, end);
    if (bytesRead === 0) break;
    end += bytesRead;
  }
  return bytes.subarray(0, end);
}

/**
 * Writes an entry below `root` whole or not at all, also where several processes write the same. A full disk, a read-only
 * home or somebody else's folder costs the next run a download, never this run its answer.
 */
export async function placeEntry(root: string, path: string, write: (draft: string) => Promise<unknown>) {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await makeFolders(root, dirname(path));
    await write(draft);
    await rename(draft, path);
  } catch {
    await rm(draft, { force: true }).catch(() => {});
  }
}

async function makeFolders(root: string, folder: string): Promise<void> {
  if (isSound(root, folder)) return;
  if (!isOwnFolder(root)) await mkdir(root, { recursive: true, mode: 0o700 });
  if (!isOwnFolder(root)) throw new Error("not our folder");
  for (const one of foldersBetween(root, folder)) {
    if (!isRealFolder(one)) await mkdir(one, { mode: 0o700 }).catch(() => {});
    if (!isRealFolder(one)) throw new Error("not our folder");
  }
}

/** The cache itself may be a link, to a folder of ours. */
export function isOwnFolder(root: string): boolean {
  const stats = statSync(root, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && isOurs(stats);
}

/** No link below the root is followed: a cache that somebody else filled names no other place. */
export function isSound(root: string, folder: string): boolean {
  return isOwnFolder(root) && foldersBetween(root, folder).every(isRealFolder);
}

function isRealFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && isOurs(stats);
}

function foldersBetween(root: string, folder: string): readonly string[] {
  const names = wayTo(root, folder).split("/");
  return names.map((_, index) => join(root, ...names.slice(0, index + 1)));
}
