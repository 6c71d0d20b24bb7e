import { askGithub } from "../../src/evidence/github.ts";
import { askUrl } from "../../src/evidence/url.ts";
import { cacheFolder, createCache } from "../../src/io/cache.ts";
import { createHost } from "../../src/io/host.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Evidence, Host } from "../../src/plugin.ts";
import { makeFifo } from "../support/fifo.ts";
import { temporaryFolder } from "../support/folder.ts";
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const KEY = "url:https://bundles.example/1";
const asRoot = process.geteuid?.() === 0;

/** A cache that holds one answer, and where that lies. */
async function filled(value = Buffer.from('{"a":1}'), key = KEY) {
  const folder = join(temporaryFolder(), "cache");
  const cache = createCache(folder);
  await cache.put(key, value);
  const [name = ""] = readdirSync(join(folder, "evidence"));
  return { folder, cache, path: join(folder, "evidence", name) };
}

describe("kept evidence", () => {
  it("comes back, for its user alone", async () => {
    const { folder, cache, path } = await filled();
    expect((await cache.get(KEY))?.toString()).toBe('{"a":1}');
    expect(await cache.get("another")).toBeNull();
    for (const one of [folder, join(folder, "evidence")]) expect(lstatSync(one).mode & 0o777).toBe(0o700);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  it.each<readonly [string, (path: string) => void]>([
    ["a FIFO", (path) => makeFifo(path)],
    ["a link", (path) => (writeFileSync(`${path}.txt`, "{}"), symlinkSync(`${path}.txt`, path))],
    ["a device", (path) => symlinkSync("/dev/zero", path)],
    ["a folder", (path) => mkdirSync(path)],
    ["a file of 700 MB", (path) => (writeFileSync(path, "{}"), truncateSync(path, 700_000_000))],
    ["a file just over the bound", (path) => (writeFileSync(path, "{}"), truncateSync(path, LIMITS.evidenceBytes + 1))],
    ...(asRoot
      ? [["another user's file", (path: string) => (writeFileSync(path, "{}"), chownSync(path, 4242, 4242))] as const]
      : []),
  ])("%s in an answer's place is no answer, and does not hang", async (_, plant) => {
    const { cache, path } = await filled();
    rmSync(path);
    plant(path);
    expect(await cache.get(KEY)).toBeNull();
  });

  it("a folder that is a link is not followed", async () => {
    const { folder, cache, path } = await filled();
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, path.split("/").at(-1) ?? ""), '{"a":1}');
    rmSync(join(folder, "evidence"), { recursive: true });
    symlinkSync(elsewhere, join(folder, "evidence"));
    expect(await cache.get(KEY)).toBeNull();
    await cache.put("more", Buffer.from("{}"));
    expect(readdirSync(elsewhere)).toHaveLength(1);
  });
});

/** A host whose cache says this to whatever is asked, and whose network gives one bundle. */
function poisoned(text: string): { readonly host: Host; readonly asked: string[] } {
  const asked: string[] = [];
  const folder = temporaryFolder();
  const real = createHost({
    env: { GITHUB_API_URL: "https://api.example" },
    signal: new AbortController().signal,
    offline: false,
    cacheFolder: folder,
    stateFolder: folder,
    notice: () => {},
  });
  onTestFinished(() => real.close());
  const host: Host = {
    ...real,
    cache: { get: async () => Buffer.from(text), put: async () => {} },
    async fetch(url) {
      asked.push(url);
      return { status: 200, body: Buffer.from('{"attestations":[{"bundle":{"a":1}}]}') };
    },
  };
  return { host, asked };
}

describe("an answer that somebody put into the cache", () => {
  const sources: readonly (readonly [string, (host: Host) => Promise<readonly Evidence[]>])[] = [
    ["a URL", (host) => askUrl("https://bundles.example/{version}", { version: "1" }, false, host)],
    ["GitHub", (host) => askGithub(["a/b"], [{ algorithm: "sha256", hex: "0".repeat(64) }], false, host)],
  ];
  const texts = ['{"attestations":[]}', "", "not JSON", '{"attestations":[{}]}', '{"attestations":5}'];
  const all = sources.flatMap(([name, ask]) => texts.map((text) => [name, text, ask] as const));
  it.each(all)("says nothing without a bundle: %s is asked: %s", async (_, text, ask) => {
    const { host, asked } = poisoned(text);
    const found = await ask(host);
    expect(asked).toHaveLength(1);
    expect(found).toMatchObject([{ bundle: { a: 1 } }]);
    expect(found[0]).not.toHaveProperty("cached");
  });
});

describe("where the cache is", () => {
  it.each([
    [{ SAFE_INSTALL_CACHE: "/c" }, "/c"],
    [{ XDG_CACHE_HOME: "/x" }, "/x/safe-install"],
    [{ XDG_CACHE_HOME: "relative" }, "/home/u/.cache/safe-install"],
    [{}, "/home/u/.cache/safe-install"],
  ])("%j: %s", (env, folder) => {
    if (process.platform === "linux") expect(cacheFolder(env, "/home/u")).toBe(folder);
  });
});
