import type { Paths } from "../../host.ts";
import { isInside, resolveLinks } from "../inside.ts";
import { setAllAside } from "./backup.ts";
import { type Disk, whatIs } from "./disk.ts";
import type { Journal } from "./entry.ts";
import { commit, journalsOf, lifeOfRun, openJournal, type WrittenJournal } from "./journal.ts";
import { thisProcess } from "./owner.ts";
import { type Planned, planEntries } from "./place.ts";
import { putAllBack } from "./put-back.ts";
import { sweep } from "./sweep.ts";
import { anotherRun, cannotPutBack, noJournal } from "./words.ts";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";

export interface TransactionOptions {
  /** Absolute; the journals of runs under way. */
  readonly stateFolder: string;
  /** Absolute; never set aside, nor what is around it. */
  readonly home: string;
  readonly notice: (text: string) => void;
  readonly disk: Disk;
  readonly mounts: () => Promise<readonly string[]>;
}

interface Transactions {
  /** See `Host.transaction`. */
  run(paths: Paths, work: () => Promise<number>): Promise<number>;
  /** See `ClosableHost.recover`. */
  recover(folders: readonly string[], name?: string): Promise<boolean>;
  /** See `ClosableHost.assertReplaceable`. */
  assertReplaceable(paths: Paths): Promise<void>;
}

/** Hand-offs with one commit point each. */
export function createTransactions(options: TransactionOptions): Transactions {
  const underWay = new Set<string>();
  return {
    run: (paths, work) => runOne(paths, work, underWay, options),
    recover: (folders, name) => recover({ folders, name }, underWay, options),
    assertReplaceable: async (paths) => requireFree(await plan(paths, newId(), options), options),
  };
}

async function runOne(
  paths: Paths,
  work: () => Promise<number>,
  underWay: Set<string>,
  options: TransactionOptions,
): Promise<number> {
  // Nothing can be lost: no other run is in the way, and no journal is needed.
  if (paths.replaces.length === 0) return work();
  const { name } = paths;
  if (await recover({ folders: [paths.root, ...paths.found], name }, underWay, options)) tellPutBack(options);
  const id = newId();
  const planned = await plan(paths, id, options);
  const written = await openJournal(options.stateFolder, await journalOf(planned, paths, id), options.disk);
  underWay.add(written.file);
  try {
    await requireApart(written, options);
    return await setAsideAndWork(written, work, options);
  } finally {
    underWay.delete(written.file);
  }
}

async function setAsideAndWork(
  written: WrittenJournal,
  work: () => Promise<number>,
  options: TransactionOptions,
): Promise<number> {
  const { disk, mounts } = options;
  let code: number;
  let done: WrittenJournal | null = null;
  try {
    await setAllAside(written.journal.entries, await mounts(), disk);
    code = await work();
    if (code === 0) done = await commitOrThrow(written, disk);
  } catch (error) {
    await putBack(written, error, options);
    throw error;
  }
  // Past the commit point nothing is put back, whatever fails.
  await (done === null ? putBack(written, null, options) : sweepAndTell(done, options));
  return code;
}

async function commitOrThrow(written: WrittenJournal, disk: Disk): Promise<WrittenJournal> {
  return commit(written, disk).catch((error: unknown) => {
    throw noJournal(written.file, `cannot be renamed: ${(error as Error).message}`, error);
  });
}

/** Ends with the commit point as well: what waited and is back is not put back again. */
async function putBack(written: WrittenJournal, first: unknown, options: TransactionOptions): Promise<void> {
  const { disk, mounts } = options;
  try {
    await putAllBack(written.journal, await mounts(), disk);
    await sweepAndTell(await commit(written, disk), options);
  } catch (error) {
    throw cannotPutBack(written.journal.root, written.file, error, first);
  }
}

async function sweepAndTell(done: WrittenJournal, { disk, notice }: TransactionOptions): Promise<void> {
  const left = await sweep(done, disk);
  if (left === null) return;
  const { root } = done.journal;
  notice(`safe-install: what was replaced in ${root} cannot be deleted yet, the next run tries again: ${left}`);
}

/**
 * Two runs of one root that would replace the same: both have written down what, so that at least one sees it, before
 * anything moves. @throws SafeInstallError ANOTHER_RUN
 */
async function requireApart(
  { file, journal }: WrittenJournal,
  { stateFolder, disk }: TransactionOptions,
): Promise<void> {
  const all = await journalsOf(stateFolder, [journal.root], disk);
  const others = all.filter((one) => one.file !== file && one.state === "open");
  const other = others.find((one) => overlap(one.journal, journal));
  if (other === undefined) return;
  await disk.rm(file, { force: true });
  throw anotherRun(journal.root, other.file, { id: other.journal.process.id, life: "runs" });
}

/**
 * What another run replaces right now is neither read nor worked in: it would be taken for what the user has.
 * @throws SafeInstallError ANOTHER_RUN
 */
async function requireFree(planned: Planned, { stateFolder, disk }: TransactionOptions): Promise<void> {
  for (const one of await journalsOf(stateFolder, [planned.root], disk)) {
    if (one.state !== "open" || !overlap(one.journal, planned)) continue;
    const life = await lifeOfRun(one);
    if (life !== "ended") throw anotherRun(planned.root, one.file, { id: one.journal.process.id, life });
  }
}

function overlap(one: Planned, other: Planned): boolean {
  return one.entries.some(({ path }) =>
    other.entries.some((entry) => isInside(path, entry.path) || isInside(entry.path, path)),
  );
}

async function recover(
  { folders, name }: { readonly folders: readonly string[]; readonly name: string | undefined },
  underWay: ReadonlySet<string>,
  options: TransactionOptions,
): Promise<boolean> {
  const places = await Promise.all(folders.map((folder) => resolveLinks(folder).catch(() => folder)));
  let wasOpen = false;
  for (const written of await journalsOf(options.stateFolder, places, options.disk)) {
    const life = underWay.has(written.file) ? "runs" : await lifeOfRun(written);
    if (written.state === "done") {
      // Whoever still runs may be at it.
      if (life !== "runs" || written.journal.process.id === process.pid) await sweepAndTell(written, options);
    } else if (life === "ended") {
      await putBack(written, null, options);
      wasOpen = true;
    } else if (await isInTheWay(written.journal, places, name)) {
      const { root, process: owner } = written.journal;
      throw anotherRun(root, written.file, { id: owner.id, life });
    }
  }
  return wasOpen;
}

/**
 * Another run further up is not waited for (a solution's, while a project of its own is installed), unless files are aside
 * by which a project is found.
 */
async function isInTheWay(
  { root, name, found, entries }: Journal,
  places: readonly string[],
  own: string | undefined,
): Promise<boolean> {
  const [first] = places;
  if ((root === first && (name === undefined || name === own)) || found.some((one) => places.includes(one)))
    return true;
  const beside = entries.filter(({ path, how }) => how === "whole" && places.includes(dirname(path)));
  const waiting = await Promise.all(beside.map(({ backup }) => whatIs(backup)));
  return waiting.some((stats) => stats?.isFile() === true);
}

async function plan(paths: Paths, id: string, { home, stateFolder, mounts }: TransactionOptions): Promise<Planned> {
  const kept = await Promise.all([home, stateFolder].map((one) => resolveLinks(one)));
  return planEntries(paths, { kept, mounts: await mounts(), id });
}

async function journalOf({ root, entries }: Planned, paths: Paths, id: string): Promise<Journal> {
  const found = await Promise.all(paths.found.map((one) => resolveLinks(one)));
  const named = paths.name === undefined ? {} : { name: paths.name };
  return { version: 3, id, process: await thisProcess(), root, ...named, found, entries };
}

function newId(): string {
  return randomBytes(6).toString("hex");
}

function tellPutBack({ notice }: TransactionOptions): void {
  notice("safe-install: put back what an interrupted run had moved aside");
}
