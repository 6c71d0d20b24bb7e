import {
  INSTALLERS,
  type InstallerName,
  isLockedIn,
  loadPlugin,
  lockedInstall,
  readsLock,
  tableOf,
  TABLES,
} from "../plugins.ts";
import type { Plugin, Table } from "../plugin.ts";
import { isMissing, readBounded } from "../io/files.ts";
import { LIMITS } from "../limits.ts";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The locked installs of one folder, and the locks in it that none of them is for. */
interface Detected {
  readonly found: readonly LockedInstall[];
  readonly others: readonly Other[];
}

interface LockedInstall {
  readonly installer: InstallerName;
  readonly plugin: Plugin;
  /** For instance `["ci"]`, `["install", "-r", "pylock.toml"]`. */
  readonly args: readonly string[];
}

export interface Other {
  readonly name: string;
  /** Why it is not installed, and what would do it. */
  readonly why: string;
}

/** What `safe-install` alone installs in a folder; locks that it does not install from are named with the way that does. */
export async function detectInstalls(folder: string): Promise<Detected> {
  const names = await readdir(folder);
  const unhashed = await withoutHashes(folder, names);
  const usable = names.filter((name) => !unhashed.includes(name));
  const installs = INSTALLERS.flatMap((installer) => {
    const args = lockedInstall(installer, usable);
    return args === null ? [] : [{ installer, args }];
  });
  const found = await Promise.all(installs.map(async (one) => ({ ...one, plugin: await loadPlugin(one.installer) })));
  const others = names.filter((name) => otherwiseOf(name) !== null && !found.some((one) => isFor(one, name)));
  return { found, others: others.toSorted().map((name) => ({ name, why: whyNot(name, unhashed.includes(name)) })) };
}

/** Everything in one folder that `check` is to judge, and what it cannot. */
export interface Locks {
  /** `lockfile`: its name; null: whichever the installer takes, where there is one, or all of them. */
  readonly judged: readonly { readonly installer: InstallerName; readonly lockfile: string | null }[];
  /** Locks over the same registries that nobody here reads. */
  readonly unread: readonly string[];
  /** Requirements without hashes beside a lock: wishes, which no installation is bound by. */
  readonly unhashed: readonly string[];
}

/**
 * Every lock of a folder: one beside another hides nothing.
 * @param before the same folder as a revision has it: what had hashes there is a lock that lost them
 */
export async function locksIn(folder: string, before?: string): Promise<Locks> {
  const names = await namesIn(folder);
  const bare = await withoutHashes(folder, names);
  const bareBefore = before === undefined ? bare : await withoutHashes(before, bare);
  const unhashed = bare.filter((name) => bareBefore.includes(name));
  const unread = names.filter(isUnread).toSorted();
  const judged = INSTALLERS.flatMap((installer) =>
    locksOf(tableOf(installer), names, unhashed).map((lockfile) => ({ installer, lockfile })),
  );
  return {
    judged,
    unread: [...TABLES.flatMap((table) => shadowed(table, names)), ...unread],
    unhashed: unhashed.filter((name) => !isJudged(name, judged)),
  };
}

/** With those below a folder of a name that is known for locks. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await namesOf(folder);
  const below = TABLES.flatMap(({ locks }) => locks.flatMap(({ below: one }) => one ?? [])).filter((one) =>
    names.includes(one),
  );
  const deeper = await Promise.all(
    below.map(async (one) => (await namesOf(join(folder, one))).map((name) => `${one}/${name}`)),
  );
  return [...names, ...deeper.flat().filter((path) => TABLES.some((table) => readsLock(table, path)))];
}

async function namesOf(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

/** Alone, it is what its installer reads. */
function isJudged(name: string, judged: Locks["judged"]): boolean {
  return judged.some(({ installer, lockfile }) => lockfile === null && isLockedIn(tableOf(installer), [name]));
}

function locksOf(table: Table, names: readonly string[], unhashed: readonly string[]): readonly (string | null)[] {
  const all = names.filter((name) => readsLock(table, name));
  const locks = all.filter((name) => !unhashed.includes(name));
  const isAlone = all.length === 1 || locks.length === 0 || table.reads !== undefined;
  const own = isAlone && isLockedIn(table, all) ? [null] : [];
  if (table.reads === undefined) return own.length > 0 ? own : locks.toSorted();
  return [...own, ...locks.filter((name) => !isLockedIn(table, [name]))];
}

/** Which of two the installer reads may hang on its version. */
function shadowed(table: Table, names: readonly string[]): readonly string[] {
  const all = names.filter((name) => readsLock(table, name)).toSorted();
  return table.reads === "one" && all.length > 1 ? [`one of ${all.join(", ")}`] : [];
}

/** Requirements without any hash are wishes, not a lock. */
async function withoutHashes(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const files = names.filter((name) => name.endsWith(".txt") && TABLES.some((table) => readsLock(table, name)));
  const texts = await Promise.all(
    files.map((name) => readBounded(join(folder, name), { maxBytes: LIMITS.lockfileBytes })),
  );
  return files.filter((_, at) => !/(?:^|\s)--hash[=\s]/.test(texts[at]?.toString("utf8") ?? ""));
}

/** Locks of installers that are not gated. */
const FOREIGN = /^(?:yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|(?:pdm|Gemfile|Cargo|composer)\.lock|go\.sum)$/;

/** Those of them that are for registries of ours: who installs from them installs what `check` has not seen. */
const UNREAD = /^(?:yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|pdm\.lock)$/i;

export function isUnread(name: string): boolean {
  return UNREAD.test(name) || isOtherSpelling(name);
}

/** Where a file system does not tell letters apart, an installer reads it under the name that it asks for. */
function isOtherSpelling(name: string): boolean {
  if (name.endsWith(".txt") || TABLES.some((table) => readsLock(table, name))) return false;
  return TABLES.some(({ locks }) => locks.some((lock) => new RegExp(lock.name.source, "i").test(name)));
}

/** What to say of a lock that nothing here installs from; null: it is none. */
function otherwiseOf(name: string): string | null {
  if (FOREIGN.test(name)) return "is not supported, and not installed";
  const lock = TABLES.flatMap(({ locks }) => locks).find((one) => one.below === undefined && one.name.test(name));
  return lock?.otherwise?.replace("{name}", name) ?? null;
}

/** The lock that the words name; without a name, whichever of its own the installer takes. */
function isFor({ installer, args }: Pick<LockedInstall, "installer" | "args">, name: string): boolean {
  const table = tableOf(installer);
  const named = args.filter((word) => readsLock(table, word));
  return named.length > 0 ? named.includes(name) : readsLock(table, name);
}

function whyNot(name: string, isUnhashed: boolean): string {
  if (isUnhashed) return `has no hashes: it is no lock; safe-install pip install -r ${name} resolves and gates it`;
  return otherwiseOf(name) ?? "";
}
