import { isMissing } from "../files.ts";
import { noJournal } from "./words.ts";
import { chmod, lstat, mkdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** Where the journals are: `XDG_STATE_HOME` (XDG Base Directory Specification: relative ones do not count), else below the home folder. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const stated = env["XDG_STATE_HOME"] ?? "";
  return join(isAbsolute(stated) ? stated : join(home, ".local", "state"), "safe-install");
}

/** @returns a folder of the state, made where it is missing. @throws SafeInstallError NO_JOURNAL where it is another user's */
export async function ownFolder(state: string, name: string): Promise<string> {
  const folder = join(state, name);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw noJournal(folder, `cannot be made: ${(error as Error).message}`, error);
  }
  for (const one of [state, folder]) await requireOurs(one);
  return folder;
}

/** Whoever can write there can have anything of this user's "put back". */
async function requireOurs(folder: string): Promise<void> {
  const stats = await lstat(folder);
  if (!stats.isDirectory()) throw noJournal(folder, "is not a folder");
  if (!isOwn(stats.uid)) throw noJournal(folder, `belongs to another user (uid ${stats.uid})`);
  if ((stats.mode & 0o077) !== 0 && process.getuid !== undefined) await chmod(folder, 0o700);
}

/** The same folder where it is there and only this user can write to it; else null: what lies there is not acted upon. */
export async function knownFolder(state: string, name: string): Promise<string | null> {
  const folder = join(state, name);
  for (const one of [state, folder]) {
    const stats = await lstat(one).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (stats === null || !stats.isDirectory() || !isOwn(stats.uid)) return null;
    if ((stats.mode & 0o022) !== 0 && process.getuid !== undefined) return null;
  }
  return folder;
}

export function isOwn(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}
