import { createStore } from "../../../src/io/store/store.ts";
import { LIMITS } from "../../../src/limits.ts";
import { type Digest, digestOf, type Store } from "../../../src/plugin.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { makeFifo } from "../../support/fifo.ts";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { copyFile, link } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SMALL = Buffer.from("a package");
const LARGE = randomBytes(LIMITS.heldBytes + 4097);

function digestsOf(bytes: Buffer, ...algorithms: readonly string[]): readonly Digest[] {
  return algorithms.map((name) => digestOf(name, createHash(name).update(bytes).digest("hex"))!);
}

interface Shop {
  readonly cache: string;
  readonly store: Store;
  /** A new private file with these bytes. */
  readonly file: (bytes: Buffer) => string;
  /** A private path where nothing is yet. */
  readonly fresh: () => string;
  readonly entryOf: (bytes: Buffer) => string;
}

function open(disk?: Parameters<typeof createStore>[1]): Shop {
  const folder = temporaryFolder();
  const cache = join(folder, "cache");
  let count = 0;
  const fresh = () => join(folder, `private-${count++}`);
  const file = (bytes: Buffer) => {
    const path = fresh();
    writeFileSync(path, bytes);
    return path;
  };
  const entryOf = (bytes: Buffer) => {
    const [{ hex }] = digestsOf(bytes, "sha512") as [Digest];
    return join(cache, "store", hex.slice(0, 2), hex);
  };
  return { cache, store: createStore(cache, disk), file, fresh, entryOf };
}

async function keep({ store, file }: Shop, bytes: Buffer, more: object = {}): Promise<string> {
  const path = file(bytes);
  await store.keep(path, { digests: digestsOf(bytes, "sha256", "sha512"), ...more });
  return path;
}

/** What the store gives for a digest of these bytes; null: nothing, and no file either. */
async function take({ store, fresh }: Shop, bytes: Buffer, ...algorithms: readonly string[]): Promise<Buffer | null> {
  const into = fresh();
  const taken = await store.take({ digests: digestsOf(bytes, ...algorithms) }, into);
  if (taken === null) {
    expect(existsSync(into)).toBe(false);
    return null;
  }
  const found = readFileSync(into);
  expect(taken.hex["sha512"]).toBe(createHash("sha512").update(found).digest("hex"));
  if (taken.few !== null) expect(taken.few.equals(found)).toBe(true);
  return found;
}

describe.each([
  ["few bytes", SMALL],
  ["many bytes", LARGE],
])("the store, %s", (_, bytes) => {
  it("finds what was kept, by each digest", async () => {
    const shop = open();
    await keep(shop, bytes);
    for (const algorithms of [["sha512"], ["sha256"], ["sha512", "sha256"]])
      expect((await take(shop, bytes, ...algorithms))?.equals(bytes)).toBe(true);
    expect(await take(shop, Buffer.from("other"), "sha512")).toBeNull();
    expect(await take(shop, Buffer.from("other"), "sha256")).toBeNull();
  });

  it("finds what was kept by another name, and hashes it as asked", async () => {
    const shop = open();
    await keep(shop, bytes, { aliases: ["nuget:sha512:1"] });
    const into = shop.fresh();
    const taken = await shop.store.take({ digests: [], aliases: ["nuget:sha512:1"], hashes: ["sha1"] }, into);
    expect(taken?.hex["sha1"]).toBe(createHash("sha1").update(bytes).digest("hex"));
    expect(readFileSync(into).equals(bytes)).toBe(true);
    expect(await shop.store.take({ digests: [], aliases: ["nuget:sha512:2"] }, shop.fresh())).toBeNull();
  });

  it("gives copies: who writes to what was kept, or taken, does not write to the store", async () => {
    const shop = open();
    const given = await keep(shop, bytes);
    const into = shop.fresh();
    await shop.store.take({ digests: digestsOf(bytes, "sha512") }, into);
    const inodes = [given, into, shop.entryOf(bytes)].map((path) => statSync(path).ino);
    expect(new Set(inodes).size).toBe(3);
    for (const path of [given, into]) writeFileSync(path, "a proven script was here");
    expect((await take(shop, bytes, "sha512"))?.equals(bytes)).toBe(true);
  });

  it("a link is made only where it will do, and what is written through it is no entry any more", async () => {
    const shop = open();
    const given = await keep(shop, bytes, { linked: true });
    expect(statSync(given).ino).toBe(statSync(shop.entryOf(bytes)).ino);
    const into = shop.fresh();
    await shop.store.take({ digests: digestsOf(bytes, "sha512") }, into);
    writeFileSync(given, Buffer.alloc(bytes.length));
    expect(readFileSync(into).equals(bytes)).toBe(true);
    expect(await take(shop, bytes, "sha512")).toBeNull();
  });

  it.each<[string, (path: string) => void]>([
    ["damaged", (path) => flip(path)],
    ["truncated", (path) => truncateSync(path, bytes.length - 1)],
    ["empty", (path) => truncateSync(path, 0)],
    ["longer", (path) => writeFileSync(path, "x", { flag: "a" })],
    ["another's bytes", (path) => writeFileSync(path, "of another package")],
  ])("an entry that is %s is dropped and is no hit, by whatever name", async (_, damage) => {
    for (const algorithm of ["sha512", "sha256"]) {
      const shop = open();
      await keep(shop, bytes);
      damage(shop.entryOf(bytes));
      expect(await take(shop, bytes, algorithm)).toBeNull();
      expect(existsSync(shop.entryOf(bytes))).toBe(false);
      await keep(shop, bytes);
      expect((await take(shop, bytes, algorithm))?.equals(bytes)).toBe(true);
    }
  });

  it("a full disk leaves nothing behind, and is nobody's error", async () => {
    const full = async (_: string, to: string) => {
      writeFileSync(to, bytes.subarray(0, 3));
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    };
    const shop = open({ copyFile: full, link: full });
    await keep(shop, bytes, { linked: true });
    expect(readdirSync(join(shop.cache, "store"), { recursive: true, withFileTypes: true }).filter(isFile)).toEqual([]);
    expect(await take(shop, bytes, "sha256")).toBeNull();
    const roomy = { ...shop, store: createStore(shop.cache, { copyFile, link }) };
    await keep(roomy, bytes);
    expect((await take(roomy, bytes, "sha256"))?.equals(bytes)).toBe(true);
  });
});

describe("what lies in the store in an entry's place", () => {
  const asRoot = process.geteuid?.() === 0;
  const planted: readonly [string, (path: string, shop: Shop) => void][] = [
    ["a FIFO", (path) => makeFifo(path)],
    ["a link to the very bytes", (path, shop) => symlinkSync(shop.file(SMALL), path)],
    ["a link to nowhere", (path) => symlinkSync("/nowhere", path)],
    ["a device", (path) => symlinkSync("/dev/zero", path)],
    ["a folder", (path) => mkdirSync(path)],
    ["a file over the bound", (path) => (writeFileSync(path, ""), truncateSync(path, LIMITS.artifactBytes + 1))],
    ...(asRoot
      ? [["another user's file", (path: string) => (writeFileSync(path, SMALL), chownSync(path, 4242, 4242))] as const]
      : []),
  ] as readonly [string, (path: string, shop: Shop) => void][];

  it.each(planted)("%s is no hit and does not hang", async (_, plant) => {
    const shop = open();
    await keep(shop, SMALL);
    rmSync(shop.entryOf(SMALL));
    plant(shop.entryOf(SMALL), shop);
    expect(await take(shop, SMALL, "sha512")).toBeNull();
    expect(await take(shop, SMALL, "sha256")).toBeNull();
  });

  it.each(planted)("%s as an index entry is no hit and does not hang", async (_, plant) => {
    const shop = open();
    await keep(shop, SMALL);
    const [pointer] = readdirSync(join(shop.cache, "index")).map((name) => join(shop.cache, "index", name));
    rmSync(pointer!);
    plant(pointer!, shop);
    expect(await take(shop, SMALL, "sha256")).toBeNull();
  });

  it("an index entry that leads to other bytes is not believed, and goes", async () => {
    const shop = open();
    await keep(shop, SMALL);
    await keep(shop, LARGE);
    const [{ hex }] = digestsOf(SMALL, "sha256") as [Digest];
    const pointer = join(shop.cache, "index", `sha256-${hex}`);
    writeFileSync(pointer, digestsOf(LARGE, "sha512")[0]!.hex);
    expect(await take(shop, SMALL, "sha256")).toBeNull();
    expect(existsSync(pointer)).toBe(false);
    expect((await take(shop, LARGE, "sha512"))?.equals(LARGE)).toBe(true);
  });

  it.each(["../private-0", "../../../private-0", "a".repeat(127), "A".repeat(128), ""])(
    "an index entry that says %j names no path",
    async (text) => {
      const shop = open();
      const given = await keep(shop, SMALL);
      const [{ hex }] = digestsOf(SMALL, "sha256") as [Digest];
      writeFileSync(join(shop.cache, "index", `sha256-${hex}`), text);
      expect(await take(shop, SMALL, "sha256")).toBeNull();
      // What does not hold is dropped: that must not reach beyond the store.
      expect(existsSync(given)).toBe(true);
    },
  );

  it.each(["store", "index", "shard"])("a folder of the cache that is a link is not followed: %s", async (which) => {
    const shop = open();
    await keep(shop, SMALL);
    const shard = join(shop.entryOf(SMALL), "..");
    const folder = which === "shard" ? shard : join(shop.cache, which);
    const elsewhere = join(temporaryFolder(), "elsewhere");
    renameSync(folder, elsewhere);
    symlinkSync(elsewhere, folder);
    const before = readdirSync(elsewhere, { recursive: true });
    expect(await take(shop, SMALL, "sha256")).toBeNull();
    if (which === "index") expect(await shop.store.known("sha256")).toEqual([]);
    await keep(shop, LARGE);
    await shop.store.keep(shop.file(Buffer.from("longer than it was")), { digests: digestsOf(SMALL, "sha512") });
    expect(readdirSync(elsewhere, { recursive: true })).toEqual(before);
  });

  it.runIf(asRoot)("a cache that is another user's is not used, nor a link to one", async () => {
    const shop = open();
    await keep(shop, SMALL);
    chownSync(shop.cache, 4242, 4242);
    expect(await take(shop, SMALL, "sha512")).toBeNull();
    const theirs = `${shop.cache}-theirs`;
    renameSync(shop.cache, theirs);
    symlinkSync(theirs, shop.cache);
    expect(await take(shop, SMALL, "sha512")).toBeNull();
    await keep(shop, LARGE);
    expect(existsSync(shop.entryOf(LARGE))).toBe(false);
    chownSync(theirs, process.geteuid!(), 0);
    expect((await take(shop, SMALL, "sha512"))?.equals(SMALL)).toBe(true);
  });
});

describe("the store and this machine", () => {
  it("is made for its user alone", async () => {
    const shop = open();
    await keep(shop, SMALL);
    for (const path of [shop.cache, join(shop.cache, "store"), join(shop.cache, "index")])
      expect(lstatSync(path).mode & 0o777).toBe(0o700);
  });

  it("takes from another cache by digest only, whoever owns it", async () => {
    const shop = open();
    const [good, bad] = [shop.file(SMALL), shop.file(LARGE)];
    const digests = digestsOf(SMALL, "sha512");
    const fifo = join(shop.cache, "..", "fifo");
    makeFifo(fifo);
    const into = shop.fresh();
    expect(await shop.store.take({ digests, elsewhere: [bad, fifo, "/nowhere"] }, into)).toBeNull();
    expect(existsSync(into)).toBe(false);
    expect(await shop.store.take({ digests, elsewhere: [bad, good] }, into)).toMatchObject({ few: SMALL });
    expect(await shop.store.take({ digests: [], elsewhere: [good] }, shop.fresh())).toBeNull();
  });

  it("tells which digests it may have", async () => {
    const shop = open();
    expect(await shop.store.known("sha256")).toEqual([]);
    await keep(shop, SMALL);
    writeFileSync(join(shop.cache, "index", "sha256-../../x".replaceAll("/", "%")), "x");
    expect(await shop.store.known("sha256")).toEqual(digestsOf(SMALL, "sha256").map(({ hex }) => hex));
  });

  it("what is used is marked as used: it goes last", async () => {
    const shop = open();
    await keep(shop, SMALL);
    const long = new Date("2020-01-01");
    utimesSync(shop.entryOf(SMALL), long, long);
    await take(shop, SMALL, "sha512");
    expect(statSync(shop.entryOf(SMALL)).mtime.getFullYear()).toBeGreaterThan(2020);
  });
});

function isFile(one: { isFile(): boolean }): boolean {
  return one.isFile();
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  writeFileSync(path, bytes);
}
