import { SafeInstallError } from "../errors.ts";
import type { Aside } from "../plugin.ts";
import { isMovable } from "./movable.ts";
import { isMissing } from "./files.ts";
import { isInside, wayTo } from "./inside.ts";
import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, open, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";

/** What waits lies in a folder of this prefix beside what it came from: a rename suffices, on the same device. */
const ASIDE = ".safe-install-";

/**
 * Kept in the user's own state folder, never in the project: a stranger's clone cannot bring one along.
 * `moved[i]` (relative to the project) waits in `aside/i`. What was not there has `absent`.
 */
interface Journal {
  readonly version: 1;
  readonly pid: number;
  readonly project: string;
  readonly aside: string;
  readonly moved: readonly { readonly folder: string; readonly absent: boolean }[];
}

/** Where the journals are: `XDG_STATE_HOME` (XDG Base Directory Specification: relative ones do not count), else below the home folder. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const stated = env["XDG_STATE_HOME"] ?? "";
  return join(isAbsolute(stated) ? stated : join(home, ".local", "state"), "safe-install");
}

/**
 * Moves folders and files of a project aside. The journal is written before the first move, so that whatever interrupts us,
 * `restoreInterrupted` puts everything back.
 * @throws SafeInstallError where something cannot be moved (another device, a mount point); then nothing was moved.
 */
export async function setAside(state: string, folder: string, names: readonly string[]): Promise<Aside> {
  await restoreInterrupted(state, folder);
  const project = await realpath(folder);
  const path = journalPath(state, project);
  const journal = await begin(path, project, names);
  const aside: Aside = { restore: () => putBack(path, journal), discard: () => forget(path, journal) };
  try {
    for (const [index, one] of journal.moved.entries()) {
      if (!one.absent) await rename(join(project, one.folder), waiting(journal, index));
    }
  } catch (error) {
    await aside.restore();
    throw cannotMove(error);
  }
  return aside;
}

/** Puts back what an earlier run left aside. @returns whether there was something to put back. @throws where another run is at work. */
export async function restoreInterrupted(state: string, folder: string): Promise<boolean> {
  const project = await realpath(folder);
  const path = journalPath(state, project);
  const journal = await read(path, project);
  if (journal === null) return false;
  if (journal.pid !== process.pid && isRunning(journal.pid)) throw atWork(journal.pid, path);
  await putBack(path, journal);
  return true;
}

function journalPath(state: string, project: string): string {
  return join(state, "journals", `${createHash("sha256").update(project).digest("hex")}.json`);
}

async function begin(path: string, project: string, names: readonly string[]): Promise<Journal> {
  // Behind links two names may be one place.
  const folders = new Set(await Promise.all(names.map((name) => inside(project, name))));
  const moved = await Promise.all(
    [...folders].map(async (folder) => ({ folder, absent: !(await exists(resolve(project, folder))) })),
  );
  const aside = await mkdtemp(join(project, ASIDE)).catch((error: unknown) => Promise.reject(cannotMove(error)));
  const journal: Journal = { version: 1, pid: process.pid, project, aside: basename(aside), moved };
  try {
    await writeFile(join(aside, ".gitignore"), "*\n");
    await record(path, journal);
    return journal;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw cannotRecord(error, path);
  }
}

/** Whole on the disk before anything moves; exclusively, so that of two runs one stops. */
async function record(path: string, journal: Journal): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(JSON.stringify(journal));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Idempotent: what waits replaces what stands in its place; what was absent leaves nothing there. */
async function putBack(path: string, journal: Journal): Promise<void> {
  for (const [index, { folder, absent }] of journal.moved.entries()) {
    const place = join(journal.project, await inside(journal.project, folder));
    if (absent) await rm(place, { recursive: true, force: true });
    else if (await exists(waiting(journal, index))) {
      await rm(place, { recursive: true, force: true });
      await rename(waiting(journal, index), place);
    }
  }
  await forget(path, journal);
}

async function forget(path: string, journal: Journal): Promise<void> {
  await rm(path, { force: true });
  await rm(join(journal.project, journal.aside), { recursive: true, force: true });
}

/** A journal that was not written whole belongs to a run that had moved nothing yet. */
async function read(path: string, project: string): Promise<Journal | null> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (text === null) return null;
  const journal = parse(text);
  if (journal?.project === project && journal.aside.startsWith(ASIDE) && basename(journal.aside) === journal.aside)
    return journal;
  await rm(path, { force: true });
  return null;
}

function parse(text: string): Journal | null {
  try {
    const { version, pid, project, aside, moved } = JSON.parse(text) as Partial<Journal>;
    const named = typeof pid === "number" && typeof project === "string" && typeof aside === "string";
    const sound =
      Array.isArray(moved) && moved.every((m) => typeof m?.folder === "string" && typeof m.absent === "boolean");
    return version === 1 && named && sound ? { version, pid, project, aside, moved } : null;
  } catch {
    return null;
  }
}

/** Only what an installer writes and we know by name, below the project, links resolved: never the project itself, never outside. */
async function inside(project: string, folder: string): Promise<string> {
  const place = resolve(project, folder);
  const parent = await realpath(dirname(place)).catch(() => dirname(place));
  const isOurs = isInside(parent, project) && !isAbsolute(folder) && isMovable(wayTo(project, place));
  if (!isOurs) throw outsideOf(project, folder);
  return wayTo(project, join(parent, basename(place)));
}

function waiting({ project, aside }: Journal, index: number): string {
  return join(project, aside, String(index));
}

/** Also a link that leads nowhere: what is written in its place would be written where it leads. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
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

function cannotRecord(error: unknown, path: string): SafeInstallError {
  if ((error as NodeJS.ErrnoException).code === "EEXIST") return atWork(null, path);
  return new SafeInstallError("unavailable", "NO_JOURNAL", `${path} cannot be written: ${(error as Error).message}`, {
    hint: "what waits aside is written down there before anything moves; XDG_STATE_HOME names another place",
    cause: error,
  });
}

function atWork(pid: number | null, path: string): SafeInstallError {
  const who = pid === null ? "another safe-install" : `another safe-install (process ${pid})`;
  return new SafeInstallError("unavailable", "ANOTHER_RUN", `${who} is at work in this project`, {
    hint: `wait for it to end; if there is none any more, remove ${path} after looking into the project's ${ASIDE}* folder`,
  });
}

function outsideOf(project: string, folder: string): SafeInstallError {
  return new SafeInstallError(
    "unavailable",
    "OUTSIDE_PROJECT",
    `${folder} is not a folder of ${project} that may be moved`,
  );
}
