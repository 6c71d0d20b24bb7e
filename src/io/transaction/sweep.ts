import { type Disk, whatIs } from "./disk.ts";
import type { WrittenJournal } from "./journal.ts";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Deletes what waited, after the commit point; the journal goes last. Never throws: what is left is only in the way, and the
 * next run in the same root tries again.
 * @returns what could not be deleted, and why
 */
export async function sweep({ file, journal }: WrittenJournal, disk: Disk): Promise<string | null> {
  try {
    for (const folder of new Set(journal.entries.map(({ backup }) => dirname(backup)))) {
      if (await isInItsPlace(folder)) await disk.rm(folder, { recursive: true, force: true });
    }
    await disk.rm(file, { force: true });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Not behind a folder that has become a link. */
async function isInItsPlace(folder: string): Promise<boolean> {
  if ((await whatIs(folder))?.isDirectory() !== true) return false;
  return join(await realpath(dirname(folder)), basename(folder)) === folder;
}
