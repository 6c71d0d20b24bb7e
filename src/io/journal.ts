import { SafeInstallError } from "../errors.ts";
import type { Aside } from "../plugin.ts";
import { isMissing } from "./files.ts";
import { access, lstat, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Kept beside what it moves, so that a rename suffices and a later run finds it. */
export const JOURNAL_FOLDER = ".safe-install";

/** `moved[i]` (relative to the project) waits in `JOURNAL_FOLDER/i`. A folder that was not there has `absent`. */
interface Journal {
  readonly version: 1;
  readonly pid: number;
  readonly moved: readonly { readonly folder: string; readonly absent: boolean }[];
}

/**
 * Moves folders of a project aside. The journal is written before the first move, so that whatever interrupts us,
 * `restoreInterrupted` puts everything back.
 * @throws SafeInstallError where a folder cannot be moved (another device, a mount point); then nothing was moved.
 */
export async function setAside(project: string, folders: readonly string[]): Promise<Aside> {
  await restoreInterrupted(project);
  const journal = await plan(project, folders);
  await write(project, journal);
  const aside: Aside = {
    restore: () => putBack(project, journal),
    discard: () => rm(join(project, JOURNAL_FOLDER), { recursive: true, force: true }),
  };
  try {
    for (const [index, { folder, absent }] of journal.moved.entries()) {
      if (!absent) await rename(join(project, folder), waiting(project, index));
    }
  } catch (error) {
    await aside.restore();
    throw cannotMove(error);
  }
  return aside;
}

/** Puts back what an earlier run left aside. @returns whether there was something to put back. @throws where another run is at work. */
export async function restoreInterrupted(project: string): Promise<boolean> {
  const journal = await read(project);
  if (journal === null) return false;
  if (journal.pid !== process.pid && isRunning(journal.pid)) throw atWork(journal.pid);
  await putBack(project, journal);
  return true;
}

async function plan(project: string, folders: readonly string[]): Promise<Journal> {
  const moved = await Promise.all(
    folders.map(async (folder) => ({
      folder: await inside(project, folder),
      absent: !(await exists(resolve(project, folder))),
    })),
  );
  return { version: 1, pid: process.pid, moved };
}

async function write(project: string, journal: Journal): Promise<void> {
  const draft = await mkdtemp(join(project, `${JOURNAL_FOLDER}-`));
  try {
    await writeFile(join(draft, ".gitignore"), "*\n");
    await writeFile(join(draft, "journal.json"), JSON.stringify(journal));
    await rename(draft, join(project, JOURNAL_FOLDER));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw cannotMove(error);
  }
}

/** Idempotent: a folder that waits replaces what stands in its place; one that was absent leaves nothing there. */
async function putBack(project: string, journal: Journal): Promise<void> {
  for (const [index, { folder, absent }] of journal.moved.entries()) {
    const place = join(project, folder);
    if (absent) await rm(place, { recursive: true, force: true });
    else if (await exists(waiting(project, index))) {
      await rm(place, { recursive: true, force: true });
      await rename(waiting(project, index), place);
    }
  }
  await rm(join(project, JOURNAL_FOLDER), { recursive: true, force: true });
}

/** The journal lies in the project, which may be a stranger's clone: it is believed only as far as it stays inside. */
async function read(project: string): Promise<Journal | null> {
  const folder = join(project, JOURNAL_FOLDER);
  const stats = await lstat(folder).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (stats === null) return null;
  const text = stats.isDirectory() ? await readFile(join(folder, "journal.json"), "utf8").catch(() => "") : "";
  const journal = parse(text);
  if (journal === null) throw damaged(project);
  await Promise.all(journal.moved.map((entry) => inside(project, entry.folder)));
  return journal;
}

function parse(text: string): Journal | null {
  try {
    const { version, pid, moved } = JSON.parse(text) as Partial<Journal>;
    const sound =
      Array.isArray(moved) && moved.every((m) => typeof m?.folder === "string" && typeof m.absent === "boolean");
    return version === 1 && typeof pid === "number" && sound ? { version, pid, moved } : null;
  } catch {
    return null;
  }
}

/** npm's folder; the files that a restore of NuGet writes. */
const MOVABLE =
  /^(?:node_modules|project\.assets\.json|project\.nuget\.cache|[^/\\]+\.(?:nuget\.g\.(?:props|targets)|nuget\.dgspec\.json|0-safe-install\.g\.props|lock\.json))$/;

/** Only what an installer writes and we know by name, below the project, links resolved: never the project itself, never outside. */
async function inside(project: string, folder: string): Promise<string> {
  const place = resolve(project, folder);
  const parent = await realpath(dirname(place)).catch(() => dirname(place));
  const path = relative(await realpath(project), parent);
  const outside = path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
  if (outside || !MOVABLE.test(basename(place))) throw damaged(project);
  return relative(project, place);
}

function waiting(project: string, index: number): string {
  return join(project, JOURNAL_FOLDER, String(index));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function cannotMove(error: unknown): SafeInstallError {
  return new SafeInstallError(
    "unavailable",
    "CANNOT_SET_ASIDE",
    `what is to be replaced cannot be moved aside: ${(error as Error).message}`,
    {
      hint: "a mount point cannot be replaced; mount the project's folder instead of its node_modules",
      cause: error,
    },
  );
}

function atWork(pid: number): SafeInstallError {
  return new SafeInstallError(
    "unavailable",
    "ANOTHER_RUN",
    `another safe-install (process ${pid}) is at work in this project`,
    {
      hint: "wait for it to end",
    },
  );
}

function damaged(project: string): SafeInstallError {
  return new SafeInstallError(
    "unavailable",
    "JOURNAL_DAMAGED",
    `${join(project, JOURNAL_FOLDER)} is not a journal of safe-install`,
    {
      hint: "look into that folder, put back what it holds, then remove it",
    },
  );
}
