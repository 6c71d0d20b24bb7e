import type { Host } from "../plugin.ts";
import { createCache } from "./cache.ts";
import { readBounded } from "./files.ts";
import { canLookUp } from "./requests/look-up.ts";
import { CAN_GUIDE, createGuide } from "./guide.ts";
import { createRequests } from "./requests/requests.ts";
import { converse, loadAhead, type OutputTo, spawnInherit } from "./run.ts";
import { createStore } from "./store/store.ts";
import type { TrustSettings } from "../model/trust.ts";
import { trustFolder } from "./trust-folder.ts";
import { realDisk } from "./transaction/disk.ts";
import { mountPoints } from "./transaction/mounts.ts";
import { createTransactions } from "./transaction/transaction.ts";
import { homedir, tmpdir } from "node:os";
import { LIMITS } from "../limits.ts";
import { isOwn, knownFolder, ownFolder } from "./transaction/state.ts";
import { lifeOf, type Owner, thisProcess } from "./transaction/owner.ts";
import { lstat, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { accessSync, constants, rmSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, isAbsolute, join } from "node:path";

interface HostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly offline: boolean;
  /** Absolute; what survives between runs. */
  readonly cacheFolder: string;
  /** Absolute; the journals of runs under way. */
  readonly stateFolder: string;
  /** Absolute; absent: as the system has it. */
  readonly home?: string;
  readonly notice: (text: string) => void;
  /** Where programs write what they write to their output; 1 where absent. */
  readonly output?: OutputTo;
  /** Absent: no trust root is refreshed. */
  readonly trust?: TrustSettings;
  readonly now?: () => Date;
}

/** A Host that must be closed, whatever happened: `close` removes every temporary folder. */
export type ClosableHost = Host & {
  /**
   * Puts back what interrupted runs left aside in one of these folders, or files that lead to it, and deletes what is left of
   * those that had ended well. The first is where a run is to be; a run under way further up is only waited for where
   * files are aside by which a project is found.
   * @returns whether something was put back
   * @throws SafeInstallError ANOTHER_RUN, NO_JOURNAL, CANNOT_PUT_BACK
   */
  recover(folders: readonly string[], name?: string): Promise<boolean>;
  close(): Promise<void>;
};

/** The real outside world. */
export function createHost(options: HostOptions): ClosableHost {
  const temporary = createTemporary(options.stateFolder);
  const requests = createRequests(options);
  const guide = createGuide(options.signal, options.output);
  const { stateFolder, notice, home = homedir() } = options;
  const transactions = createTransactions({ stateFolder, home, notice, disk: realDisk(), mounts: mountPoints });
  return {
    env: options.env,
    signal: options.signal,
    offline: options.offline,
    now: options.now ?? (() => new Date()),
    notice: options.notice,
    fetch: requests.fetch,
    request: requests.request,
    limits: new Map(),
    read: readBounded,
    run: (command) => spawnInherit(command, options.signal, options.output),
    converse: (command, hear, timeoutMs) => converse(command, { hear, timeoutMs, signal: options.signal }),
    guide: CAN_GUIDE ? (command) => guide.start(command) : null,
    cache: createCache(options.cacheFolder),
    trust: {
      settings: options.trust ?? { refreshes: false, mirrors: {} },
      refreshes: new Map(),
      ...trustFolder(stateFolder),
      isNear: (address) => canLookUp(address, options),
    },
    store: createStore(options.cacheFolder),
    temporary: (name) => temporary.make(name),
    async transaction(paths, work) {
      await loadAhead(paths.root);
      return transactions.run(paths, work);
    },
    recover: (folders, name) => transactions.recover(folders, name),
    assertReplaceable: (paths) => transactions.assertReplaceable(paths),
    async close() {
      await guide.close();
      await requests.close();
      await temporary.removeAll();
    },
  };
}

/** Private folders of one run. */
interface Temporary {
  make(name: string): Promise<string>;
  removeAll(): Promise<void>;
}

/** Who made a folder, so that a later run can remove it where this one is killed. */
interface Note {
  readonly process: Owner;
  readonly folder: string;
}

/**
 * Private folders (0700), all of them in one, that end with the run, also by `process.exit`. What a run that was killed has
 * left is removed by the next one of this user.
 */
export function createTemporary(stateFolder: string): Temporary {
  let begun: Promise<string> | null = null;
  let swept = Promise.resolve();
  const mine = newFolder(stateFolder);
  const removeNow = () => removeMine(mine);
  process.once("exit", removeNow);
  return {
    async make(name) {
      if (begun === null) swept = sweepOthers(stateFolder).catch(() => {}); // in nobody's way
      begun ??= begin(mine, stateFolder);
      return mkdtemp(join(await begun, `${name}-`));
    },
    async removeAll() {
      process.off("exit", removeNow);
      // Where a download still writes while something else ends the run, that is what is told; the note lets the next run sweep.
      await rm(mine.folder, { recursive: true, force: true, maxRetries: 3 })
        .then(() => rm(mine.note, { force: true }))
        .catch(() => {});
      await swept;
    },
  };
}

interface Mine {
  readonly folder: string;
  readonly note: string;
}

/** Nobody else can know the name before it is there. */
function newFolder(stateFolder: string): Mine {
  const id = randomBytes(12).toString("hex");
  return { folder: join(placeForFolders(), PREFIX + id), note: join(stateFolder, NOTES, `${id}.json`) };
}

/** As Python finds its own: where the first may not be written, the other one that POSIX systems have. */
function placeForFolders(): string {
  const isWritable = (folder: string) => {
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return [tmpdir(), ...(process.platform === "win32" ? [] : ["/var/tmp"])].find(isWritable) ?? tmpdir();
}

function removeMine({ folder, note }: Mine): void {
  rmSync(folder, { recursive: true, force: true });
  rmSync(note, { force: true });
}

const PREFIX = "safe-install-";
const NOTES = "temporary";

/** Where no note can be written, there is none: only a kill would leave something. */
async function begin({ folder, note }: Mine, stateFolder: string): Promise<string> {
  const content: Note = { process: await thisProcess(), folder };
  await ownFolder(stateFolder, NOTES)
    .then(() => writeFile(note, JSON.stringify(content), { flag: "wx", mode: 0o600 }))
    .catch(() => {});
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

async function sweepOthers(stateFolder: string): Promise<void> {
  const place = await knownFolder(stateFolder, NOTES);
  if (place === null) return;
  const self = await thisProcess();
  for (const name of (await readdir(place)).filter((one) => /^[0-9a-f]{24}\.json$/.test(one))) {
    const note = await readNote(join(place, name));
    if (note !== null && (await lifeOf(note.process, self)) !== "ended") continue;
    if (note !== null && (await isOurs(note.folder, name))) await rm(note.folder, { recursive: true, force: true });
    await rm(join(place, name), { force: true });
  }
}

async function readNote(path: string): Promise<Note | null> {
  const content = await readBounded(path, { maxBytes: LIMITS.manifestBytes }).catch(() => null);
  try {
    return content === null ? null : (JSON.parse(content.toString("utf8")) as Note);
  } catch {
    return null;
  }
}

/** By its name, and by whose it is; a link is none. */
async function isOurs(folder: unknown, note: string): Promise<boolean> {
  if (typeof folder !== "string" || !isAbsolute(folder)) return false;
  if (`${basename(folder)}.json` !== PREFIX + note) return false;
  const stats = await lstat(folder).catch(() => null);
  return stats?.isDirectory() === true && isOwn(stats.uid);
}
