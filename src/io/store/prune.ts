import { LIMITS } from "../../limits.ts";
import { EVIDENCE } from "../cache.ts";
import { isOwnFolder, placeEntry } from "./entry.ts";
import { INDEX, STORE } from "./store.ts";
import { type Dirent, lstatSync, type Stats } from "node:fs";
import { lstat, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type Kind = "packages" | "evidence" | "index" | "unfinished";

/** One file of the cache. */
export interface CacheFile {
  readonly kind: Kind;
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970; a day's accuracy. */
  readonly lastUsed: number;
}

interface Bounds {
  /** What was not used for so long goes. */
  readonly olderThanMs: number;
  /** What is left is not larger; what was used last stays. */
  readonly maxBytes: number;
  readonly now: Date;
}

interface Pruned {
  readonly removed: readonly CacheFile[];
  readonly left: readonly CacheFile[];
}

/**
 * Removes what is too old, then what was not used for longest until the rest is small enough. A run under way may lose
 * what it has not opened yet: then it fetches it. Never throws.
 */
export async function prune(folder: string, bounds: Bounds): Promise<Pruned> {
  const all = await listCache(folder);
  const going = new Set(chooseWhatGoes(all, bounds));
  for (const { path } of going) await rm(path, { force: true }).catch(() => {});
  return { removed: [...going], left: all.filter((one) => !going.has(one)) };
}

function chooseWhatGoes(all: readonly CacheFile[], { olderThanMs, maxBytes, now }: Bounds): readonly CacheFile[] {
  const ageOf = ({ lastUsed }: CacheFile) => now.getTime() - lastUsed;
  const isOld = (one: CacheFile) => ageOf(one) >= (one.kind === "unfinished" ? LIMITS.cachePruneMs : olderThanMs);
  const byUse = all.filter((one) => !isOld(one)).sort((one, other) => other.lastUsed - one.lastUsed);
  let size = 0;
  const large = byUse.filter(({ bytes }) => (size += bytes) > maxBytes);
  return [...all.filter(isOld), ...large];
}

/** Everything of ours in the cache. Links are not followed, and what does not have a name of ours is not seen: it never goes. */
export async function listCache(folder: string): Promise<readonly CacheFile[]> {
  if (!isOwnFolder(folder)) return [];
  const shards = (await foldersIn(join(folder, STORE))).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const places = [
    ...shards.map((name) => [join(folder, STORE, name), "packages", /^[0-9a-f]{128}$/] as const),
    [join(folder, EVIDENCE), "evidence", /^[0-9a-f]{64}$/] as const,
    [join(folder, INDEX), "index", /^[a-z0-9]+-[0-9a-f]{64,128}$/] as const,
  ];
  const found: CacheFile[] = [];
  for (const [place, kind, name] of places) found.push(...(await listFolder(place, kind, name)));
  return found;
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  return (await entriesOf(folder)).filter((one) => one.isDirectory()).map(({ name }) => name);
}

async function listFolder(folder: string, kind: Kind, whole: RegExp): Promise<readonly CacheFile[]> {
  const found: CacheFile[] = [];
  for (const { name } of await entriesOf(folder)) {
    const isWhole = whole.test(name);
    const stem = name.replace(/\.[0-9a-f]{12}$/, "");
    if (!isWhole && !(stem !== name && whole.test(stem))) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats === null || stats.isDirectory()) continue;
    found.push({ kind: isWhole ? kind : "unfinished", path, bytes: stats.size, lastUsed: stats.mtimeMs });
  }
  return found;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** Once a day, after a run: what the bounds say. A new cache waits for its second day. Never throws. */
export async function pruneDaily(folder: string, now: Date): Promise<void> {
  if (!isOwnFolder(folder)) return;
  const mark = join(folder, "pruned");
  const last = lstatSync(mark, { throwIfNoEntry: false });
  if (isRecent(last, now)) return;
  await placeEntry(folder, mark, (draft) => writeFile(draft, "", { flag: "wx", mode: 0o600 }));
  // Where no mark can be made, each run would begin anew.
  if (last === undefined || !isRecent(lstatSync(mark, { throwIfNoEntry: false }), new Date())) return;
  await prune(folder, { olderThanMs: LIMITS.cacheAgeMs, maxBytes: LIMITS.cacheBytes, now });
}

function isRecent(stats: Stats | undefined, now: Date): boolean {
  return stats !== undefined && Math.abs(now.getTime() - stats.mtimeMs) < LIMITS.cachePruneMs;
}
