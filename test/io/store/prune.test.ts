import { createCache } from "../../../src/io/cache.ts";
import { listCache, prune, pruneDaily } from "../../../src/io/store/prune.ts";
import { createStore } from "../../../src/io/store/store.ts";
import { LIMITS } from "../../../src/limits.ts";
import { digestOf } from "../../../src/plugin.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { makeFifo } from "../../support/fifo.ts";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";

const NOW = new Date();
const DAY = 86_400_000;
const ENDLESS = { olderThanMs: 1e15, maxBytes: 1e15, now: NOW };

/** A cache with packages of these sizes, each used so many days ago. */
async function filled(packages: readonly (readonly [bytes: number, days: number])[]) {
  const folder = join(temporaryFolder(), "cache");
  const store = createStore(folder);
  const paths: string[] = [];
  for (const [bytes, days] of packages) {
    const content = Buffer.alloc(bytes, paths.length);
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, content);
    const hex = createHash("sha512").update(content).digest("hex");
    await store.keep(file, { digests: [digestOf("sha512", hex)!] });
    paths.push(join(folder, "store", hex.slice(0, 2), hex));
    usedBefore(paths.at(-1)!, days);
  }
  return { folder, paths };
}

function usedBefore(path: string, days: number): void {
  const time = new Date(NOW.getTime() - days * DAY);
  utimesSync(path, time, time);
}

describe("prune", () => {
  it("removes what was not used for so long, of every kind", async () => {
    const { folder, paths } = await filled([
      [10, 1],
      [20, 40],
    ]);
    await createCache(folder).put("k", Buffer.from("evidence"));
    const evidence = join(folder, "evidence", readdirSync(join(folder, "evidence"))[0]!);
    usedBefore(evidence, 31);
    const { removed, left } = await prune(folder, { ...ENDLESS, olderThanMs: 30 * DAY });
    expect(new Set(removed.map(({ path }) => path))).toEqual(new Set([paths[1], evidence]));
    expect(left.map(({ path }) => path)).toEqual([paths[0]]);
    expect(paths.map((path) => existsSync(path))).toEqual([true, false]);
  });

  it("removes the longest unused until the rest is small enough", async () => {
    const { folder, paths } = await filled([
      [100, 3],
      [100, 1],
      [100, 2],
    ]);
    await prune(folder, { ...ENDLESS, maxBytes: 200 });
    expect(paths.map((path) => existsSync(path))).toEqual([false, true, true]);
    await prune(folder, { ...ENDLESS, maxBytes: 0 });
    expect(await listCache(folder)).toEqual([]);
  });

  it("removes what a killed run left unfinished, but not what another one is writing", async () => {
    const { folder, paths } = await filled([[10, 0]]);
    const [old, fresh] = [`${paths[0]}.0123456789ab`, `${paths[0]}.0123456789ac`];
    for (const one of [old, fresh]) writeFileSync(one, "x");
    usedBefore(old, 2);
    usedBefore(fresh, 0.5);
    await prune(folder, ENDLESS);
    expect([old, fresh, paths[0]!].map((path) => existsSync(path))).toEqual([false, true, true]);
  });

  it.each(["store", "shard", "evidence", "index"])("follows no link: %s", async (which) => {
    const { folder, paths } = await filled([[10, 0]]);
    const shard = join(paths[0]!, "..");
    const place = which === "shard" ? shard : join(folder, which);
    const elsewhere = temporaryFolder();
    const names = which === "store" ? [join(basename(shard), basename(paths[0]!))] : ["0".repeat(64), "1".repeat(128)];
    for (const name of names) {
      mkdirSync(join(elsewhere, name, ".."), { recursive: true });
      writeFileSync(join(elsewhere, name), "somebody's");
    }
    if (existsSync(place)) renameSync(place, `${place}-before`);
    symlinkSync(elsewhere, place);
    await prune(folder, { ...ENDLESS, maxBytes: 0 });
    for (const name of names) expect(existsSync(join(elsewhere, name))).toBe(true);
  });

  it("removes a planted link or FIFO itself, and leaves alone what has no name of ours", async () => {
    const { folder, paths } = await filled([[10, 0]]);
    const target = join(temporaryFolder(), "target");
    writeFileSync(target, "somebody's");
    const shard = join(paths[0]!, "..");
    symlinkSync(target, join(shard, "a".repeat(128)));
    makeFifo(join(shard, "b".repeat(128)));
    writeFileSync(join(shard, "notes.txt"), "mine");
    await prune(folder, { ...ENDLESS, maxBytes: -1 });
    expect(readdirSync(shard)).toEqual(["notes.txt"]);
    expect(existsSync(target)).toBe(true);
  });

  it("of no cache is nothing", async () => {
    expect(await prune(join(temporaryFolder(), "none"), ENDLESS)).toEqual({ removed: [], left: [] });
  });
});

describe("pruneDaily", () => {
  it("makes no cache where there is none", async () => {
    const folder = join(temporaryFolder(), "none");
    await pruneDaily(folder, NOW);
    expect(existsSync(folder)).toBe(false);
  });

  it("looks after the cache once a day, by its bounds", async () => {
    const { folder, paths } = await filled([
      [10, 91],
      [20, 89],
    ]);
    await pruneDaily(folder, NOW);
    expect(paths.map((path) => existsSync(path))).toEqual([true, true]);
    usedBefore(join(folder, "pruned"), 0.9);
    await pruneDaily(folder, NOW);
    expect(paths.map((path) => existsSync(path))).toEqual([true, true]);
    usedBefore(join(folder, "pruned"), 1.1);
    await pruneDaily(folder, NOW);
    expect(paths.map((path) => existsSync(path))).toEqual([false, true]);
    expect(statSync(join(folder, "pruned")).mtimeMs).toBeGreaterThan(NOW.getTime() - DAY);
    truncateSync(paths[1]!, LIMITS.cacheBytes + 1);
    usedBefore(join(folder, "pruned"), -400);
    await pruneDaily(folder, NOW);
    expect(existsSync(paths[1]!)).toBe(false);
  });
});
