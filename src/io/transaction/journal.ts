import { LIMITS } from "../../limits.ts";
import { isMissing, readBounded } from "../files.ts";
import type { Disk } from "./disk.ts";
import { isSound, type Journal } from "./entry.ts";
import { readJournal } from "./earlier-journals.ts";
import { lifeOf, thisProcess } from "./owner.ts";
import { isOwn, knownFolder, ownFolder } from "./state.ts";
import { anotherRun, noJournal } from "./words.ts";
import { createHash } from "node:crypto";
import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const JOURNALS = "journals";

/** "ended": open, and a person has said that its process is no more. */
type State = "open" | "ended" | "done";

export interface WrittenJournal {
  readonly file: string;
  readonly state: State;
  readonly journal: Journal;
}

/**
 * Whole on the disk before anything moves; of two runs of one name in one root one stops.
 * @throws SafeInstallError NO_JOURNAL, ANOTHER_RUN
 */
export async function openJournal(state: string, journal: Journal, disk: Disk): Promise<WrittenJournal> {
  const folder = await ownFolder(state, JOURNALS);
  const key = join(folder, fileOf(journal));
  const [draft, file] = [`${key}.${journal.id}.draft`, `${key}.open.json`];
  try {
    await write(draft, JSON.stringify(journal), disk);
    // Nobody may take one that is being written for one that was not written whole: it appears at once.
    await disk.link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw anotherRun(journal.root, file, UNKNOWN_RUN);
    throw noJournal(file, `cannot be written: ${(error as Error).message}`, error);
  } finally {
    await disk.rm(draft, { force: true }).catch(() => {});
  }
  return { file, state: "open", journal };
}

const UNKNOWN_RUN = { id: null, life: "runs" } as const;

async function write(file: string, content: string, disk: Disk): Promise<void> {
  const opened = await disk.open(file, "wx", 0o600);
  try {
    await opened.writeFile(content);
    await opened.sync();
  } finally {
    await opened.close();
  }
}

/** The one commit point: what stands there now stays, and what waits is only deleted any more. */
export async function commit({ file, journal }: WrittenJournal, disk: Disk): Promise<WrittenJournal> {
  const done = join(dirname(file), `${fileOf(journal)}.${journal.id}.done.json`);
  await disk.rename(file, done);
  return { file: done, state: "done", journal };
}

/**
 * The journals that one of these folders, or files, leads to; drafts are of runs that had moved nothing yet.
 * @throws SafeInstallError NO_JOURNAL one of theirs is not to be read
 */
export async function journalsOf(
  state: string,
  places: readonly string[],
  disk: Disk,
): Promise<readonly WrittenJournal[]> {
  const folder = await knownFolder(state, JOURNALS);
  if (folder === null) return [];
  const keys = places.map(keyOf);
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
  const all = await Promise.all(names.map((name) => readWritten(join(folder, name), keys, disk)));
  return all.filter((one) => one !== null).filter((one) => leadsTo(one.journal, places));
}

const NAME = /^[0-9a-f]{64}(?:-[0-9a-f]{64})?(?:\.open|\.ended|\.[0-9A-Za-z]+\.done)?\.json$/;

function leadsTo({ root, found }: Journal, places: readonly string[]): boolean {
  return [root, ...found].some((one) => places.includes(one));
}

async function readWritten(file: string, keys: readonly string[], disk: Disk): Promise<WrittenJournal | null> {
  const stats = await lstat(file).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (stats === null) return null;
  const own = stats.isFile() && isOwn(stats.uid);
  const content = own ? await readBounded(file, { maxBytes: LIMITS.journalBytes }) : null;
  const value = content === null ? null : parse(content.toString("utf8"));
  const journal = value === null || value === TORN ? null : value;
  if (journal !== null && basename(file).startsWith(keyOf(journal.root)))
    return { file, state: stateOf(file), journal };
  if (!keys.some((key) => basename(file).startsWith(key))) return null;
  if (value === TORN) {
    await disk.rm(file, { force: true });
    return null;
  }
  throw noJournal(file, "is not a journal that this version of safe-install reads");
}

function stateOf(file: string): State {
  if (file.endsWith(".done.json")) return "done";
  return file.endsWith(".ended.json") ? "ended" : "open";
}

/** Whether a run works on it at this moment, as far as can be seen from here. */
export async function lifeOfRun({ journal, state }: WrittenJournal) {
  return state === "ended" ? "ended" : lifeOf(journal.process, await thisProcess());
}

function fileOf({ root, name }: Journal): string {
  return name === undefined ? keyOf(root) : `${keyOf(root)}-${keyOf(name)}`;
}

function keyOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Not written whole: of a run that had moved nothing yet. */
const TORN = "torn";

function parse(text: string): Journal | typeof TORN | null {
  const value = parsed(text);
  if (value === TORN) return TORN;
  try {
    const journal = value === null ? null : readJournal(value);
    return journal !== null && isSound(journal) ? journal : null;
  } catch {
    return null; // a member is missing, or another thing
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | typeof TORN | null {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>> | null;
  } catch {
    return TORN;
  }
}
