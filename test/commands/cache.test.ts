import { cache } from "../../src/commands/cache.ts";
import { createCache } from "../../src/io/cache.ts";
import { createStore } from "../../src/io/store/store.ts";
import { digestOf } from "../../src/plugin.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createHash } from "node:crypto";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

async function run(folder: string, ...args: readonly string[]): Promise<string> {
  let text = "";
  const screen = { write: (more: string) => void (text += more), isTTY: false, columns: 80 };
  const signal = new AbortController().signal;
  const runtime = { cwd: "/", env: { SAFE_INSTALL_CACHE: folder }, home: "/", signal, stdout: screen, stderr: screen };
  expect(await cache(args, runtime)).toBe(0);
  return text;
}

async function filled(): Promise<string> {
  const folder = join(temporaryFolder(), "cache");
  const content = Buffer.alloc(1_500_000);
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, content);
  const digests = ["sha256", "sha512"].map((one) => digestOf(one, createHash(one).update(content).digest("hex"))!);
  await createStore(folder).keep(file, { digests });
  await createCache(folder).put("k", Buffer.from("{}"));
  return folder;
}

it("shows what lies where", async () => {
  const folder = await filled();
  const text = await run(folder);
  const today = new Date().toISOString().slice(0, 10);
  expect(text.split("\n")).toEqual([
    folder,
    expect.stringMatching(new RegExp(`^  packages +1 +1\\.5 MB  used on ${today}$`)),
    expect.stringMatching(/^  evidence +1 +2 B  used on /),
    expect.stringMatching(/^  index +1 +128 B  used on /),
    "Proven again at each use. Unused for 90 days, or beyond 5 GB, it goes by itself.",
    "",
  ]);
});

it("says that there is nothing", async () => {
  expect(await run(join(temporaryFolder(), "none"))).toContain("\n  nothing\n");
});

it("prunes by size and age", async () => {
  const folder = await filled();
  expect(await run(folder, "prune")).toContain("removed 0 files (0 B); 3 files (1.5 MB) left in ");
  expect(await run(folder, "prune", "--older-than", "30d", "--max-size", "2GB")).toContain("removed 0 files");
  expect(await run(folder, "prune", "--max-size", "1MB")).toContain("removed ");
  expect(await run(folder, "prune", "--older-than", "0d")).toContain("; 0 files (0 B) left in ");
});

it.each([
  ["frobnicate"],
  ["prune", "more"],
  ["--older-than", "30d"],
  ["prune", "--older-than", "soon"],
  ["prune", "--older-than=-1d"],
  ["prune", "--max-size", "2TBs"],
  ["prune", "--max-size", "much"],
  ["prune", "--all"],
])("%s %s %s is a usage error", async (...args) => {
  await expect(run(await filled(), ...args)).rejects.toMatchObject({ kind: "usage", code: "USAGE" });
});

it.runIf(process.geteuid?.() === 0)("another user's cache is not looked at", async () => {
  const folder = temporaryFolder();
  const theirs = join(folder, "theirs");
  mkdirSync(theirs);
  chownSync(theirs, 4242, 4242);
  await expect(run(theirs)).rejects.toMatchObject({ code: "CACHE_FOREIGN" });
  await expect(run(theirs, "prune")).rejects.toMatchObject({ code: "CACHE_FOREIGN" });
});
