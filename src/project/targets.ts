import { SafeInstallError } from "../errors.ts";
import { isInside, wayTo } from "../io/inside.ts";
import type { Plugin } from "../plugin.ts";
import {
  folderOfLock,
  INSTALLERS,
  type InstallerName,
  isLockedIn,
  loadPlugin,
  mayMeanLock,
  readsLock,
  tableOf,
  TABLES,
} from "../plugins.ts";
import { isUnread, type Locks, locksIn } from "./detect.ts";
import { installerMeant } from "./meant.ts";
import { inSnapshot, isVendored, type Snapshot } from "./snapshot.ts";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** What `check` judges: a folder, or one lockfile in it. In the repository, also where it is read from a snapshot. */
export interface CheckTarget {
  readonly plugin: Plugin;
  readonly cwd: string;
  readonly lockfile?: string;
}

export interface Targets {
  readonly found: readonly CheckTarget[];
  /** Relative to where the command was typed: locks over the same registries that nobody here reads. */
  readonly unread: readonly string[];
  /** The same: requirements without hashes beside a lock. They say nothing of what an installation brings. */
  readonly unhashed: readonly string[];
}

/** Where locks are looked for; without a snapshot where they lie. */
export interface Sought {
  readonly index?: Snapshot;
  /** What the last commit, or the revision that is compared with, has: what is a lock there is one as long as it is here. */
  readonly before?: Snapshot;
}

/**
 * The named lockfiles, each with the plugin that knows its name; without any, every lock of the folder, and of the index
 * every one below it that is staged.
 * @throws SafeInstallError NO_SUCH_FILE, UNKNOWN_LOCKFILE
 */
export async function findTargets(lockfiles: readonly string[], cwd: string, sought: Sought = {}): Promise<Targets> {
  if (lockfiles.length === 0) return present(cwd, sought);
  const named = lockfiles.map((name) => ({ lockfile: resolve(cwd, name), installer: installerFor(name, cwd) }));
  if (sought.index === undefined) for (const name of lockfiles) requireThere(name, cwd);
  return { found: await Promise.all(named.map(targetOf)), unread: [], unhashed: [] };
}

function requireThere(named: string, cwd: string): void {
  if (existsSync(resolve(cwd, named))) return;
  throw new SafeInstallError("usage", "NO_SUCH_FILE", `${named} does not exist`, {
    hint: "without a name: the locks of this folder",
  });
}

function installerFor(named: string, cwd: string): InstallerName {
  const path = resolve(cwd, named);
  const installer = readerOf(path) ?? INSTALLERS.find((one) => mayMeanLock(tableOf(one), path));
  if (installer !== undefined) return installer;
  if (isUnread(basename(path))) throw notRead(named);
  throw new SafeInstallError("usage", "UNKNOWN_LOCKFILE", `${named} is not a lockfile that can be checked`, {
    hint: `known: ${TABLES.flatMap(({ lockfiles }) => lockfiles).join(", ")}`,
  });
}

function notRead(named: string): SafeInstallError {
  return new SafeInstallError("usage", "UNKNOWN_LOCKFILE", `${named} is a lock that is not supported`, {
    hint: `its tool may write another one; known: ${TABLES.flatMap(({ lockfiles }) => lockfiles).join(", ")}`,
  });
}

function readerOf(path: string): InstallerName | undefined {
  return INSTALLERS.find((one) => readsLock(tableOf(one), path));
}

interface Named {
  readonly installer: InstallerName;
  /** Absolute. */
  readonly lockfile: string;
}

async function targetOf({ installer, lockfile }: Named): Promise<CheckTarget> {
  return { plugin: await loadPlugin(installer), cwd: dirname(lockfile), lockfile };
}

/** Where there is none at all, the installer whose project this seems to be says what it misses. */
async function present(cwd: string, sought: Sought): Promise<Targets> {
  const changed = stagedBelow(cwd, sought);
  const staged = changed.filter((path) => !isVendored(wayTo(cwd, path)));
  const vendored = changed.filter((path) => !staged.includes(path)).map((path) => wayTo(cwd, path));
  const folders = new Map([[cwd, await locksAt(cwd, sought)]]);
  for (const path of staged) {
    const [folder, locks] = await lockedAbove(path, cwd, sought);
    folders.set(folder, locks);
  }
  const found = await Promise.all([...folders].map(([folder, locks]) => targetsIn(folder, locks, staged, cwd)));
  const shown = (names: (locks: Locks) => readonly string[]) =>
    [...folders].flatMap(([folder, locks]) => names(locks).map((name) => wayTo(cwd, join(folder, name))));
  const unread = shown((locks) => locks.unread);
  const isNothing = found.every((targets) => targets.length === 0);
  return {
    found: !isNothing ? found.flat() : isUntouched(cwd, sought) ? [] : await missing(cwd, unread),
    unread: [...unread, ...vendored],
    unhashed: shown(({ unhashed }) => unhashed),
  };
}

/** @throws SafeInstallError UNKNOWN_LOCKFILE, NO_LOCKFILE where no installer could mean this folder */
async function missing(cwd: string, unread: readonly string[]): Promise<readonly CheckTarget[]> {
  const [other] = unread;
  if (other !== undefined) throw notRead(other);
  const meant = await installerMeant(cwd);
  if (meant === null) throw nothingHere(cwd);
  return [{ plugin: await loadPlugin(meant), cwd }];
}

function nothingHere(cwd: string): SafeInstallError {
  const commands = TABLES.map(({ adds }) => `safe-install init -- ${adds}`);
  return new SafeInstallError("usage", "NO_LOCKFILE", `there is nothing to judge in ${cwd}: no lockfile, no project`, {
    hint: `go to the folder of the lockfile; for what is not locked yet: ${commands.join(", or ")}`,
  });
}

/** Absolute, in the repository: what counts when a commit changes it, and is not in the index as it is before. */
function stagedBelow(cwd: string, { index, before }: Sought): readonly string[] {
  if (index === undefined) return [];
  const changed = [...index.known].filter(([path, id]) => before?.known.get(path) !== id);
  return changed.map(([path]) => join(index.root, path)).filter((path) => isInside(path, cwd));
}

/**
 * A commit that changes no lock and no manifest here, and takes none away, brings nothing that could be judged. What lies below
 * a folder can be told only where it is spelt as the repository is.
 */
function isUntouched(cwd: string, sought: Sought): boolean {
  const { index, before } = sought;
  if (index === undefined || before === undefined || stagedBelow(cwd, sought).length > 0) return false;
  if (!isInside(cwd, index.root)) return false;
  const gone = [...before.known.keys()].filter((path) => !index.known.has(path));
  return gone.every((path) => !isInside(join(index.root, path), cwd));
}

/** The folder of a lock; of a manifest the next one upwards that has any, else its own. */
async function lockedAbove(path: string, cwd: string, sought: Sought): Promise<readonly [string, Locks]> {
  const place = lockPlace(path, cwd);
  const own = await locksAt(place, sought);
  if (readerOf(path) !== undefined || isUnread(basename(path))) return [place, own];
  for (let folder = dirname(path); isInside(folder, cwd); folder = dirname(folder)) {
    const locks = await locksAt(folder, sought);
    if (locks.judged.length > 0) return [folder, locks];
    if (folder === dirname(folder)) break;
  }
  return [place, own];
}

function lockPlace(path: string, cwd: string): string {
  const folder = folderOfLock(path);
  return isInside(folder, cwd) ? folder : dirname(path);
}

function locksAt(folder: string, { index, before }: Sought): Promise<Locks> {
  const here = index === undefined ? folder : inSnapshot(index, folder);
  return locksIn(here, before === undefined ? undefined : inSnapshot(before, folder));
}

/** Every lock that a folder has, and those staged in it that `check` would not look for by itself. */
async function targetsIn(
  folder: string,
  locks: Locks,
  staged: readonly string[],
  cwd: string,
): Promise<readonly CheckTarget[]> {
  const found = locks.judged.map(async ({ installer, lockfile }) => ({
    plugin: await loadPlugin(installer),
    cwd: folder,
    ...(lockfile === null ? {} : { lockfile: join(folder, lockfile) }),
  }));
  const others = staged.flatMap((path) => {
    const installer = lockPlace(path, cwd) === folder ? readerOf(path) : undefined;
    const isAsked = installer === undefined || isJudged(wayTo(folder, path), installer, locks);
    return isAsked ? [] : [{ installer, lockfile: path }];
  });
  return Promise.all([...found, ...others.map(targetOf)]);
}

function isJudged(name: string, installer: InstallerName, { judged, unhashed }: Locks): boolean {
  if (unhashed.includes(name)) return true;
  return judged.some((one) => {
    if (one.installer !== installer) return false;
    return one.lockfile === null ? isLockedIn(tableOf(installer), [name]) : one.lockfile === name;
  });
}
