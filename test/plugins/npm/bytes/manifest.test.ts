import { inspectArchive } from "../../../../plugins/npm/bytes/manifest.ts";
import type { PackageRef } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makeTar, makeTarball, type PackageContent, type TarEntry } from "../../../support/tarball.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const REF: PackageRef = { ecosystem: "npm", name: "a", version: "1.0.0", purl: "pkg:npm/a@1.0.0" };
const GOOD = { path: "package/package.json", content: '{"name":"a","version":"1.0.0"}' };

/** From a file and from memory: the same answer. */
async function inspect(bytes: Buffer, ref = REF) {
  const file = join(temporaryFolder(), "a.tgz");
  writeFileSync(file, bytes);
  const [fromFile, fromMemory] = await Promise.allSettled([inspectArchive(file, ref), inspectArchive(bytes, ref)]);
  expect(fromMemory).toEqual(fromFile);
  return inspectArchive(bytes, ref);
}

function archive(...entries: readonly TarEntry[]): Buffer {
  return gzipSync(makeTar(entries));
}

describe("accepted", () => {
  test.each<[string, Partial<PackageContent>, boolean]>([
    ["no scripts", {}, false],
    ["scripts that do not run on installation", { scripts: { prepare: "x", test: "x" } }, false],
    ["postinstall", { scripts: { postinstall: "x" } }, true],
    ["binding.gyp", { files: { "binding.gyp": "{}" } }, true],
    ["binding.gyp further down", { files: { "lib/binding.gyp": "{}" } }, false],
    ["a package.json further down", { files: { "esm/package.json": '{"type":"module"}' } }, false],
    ["what it bundles", { bundled: [{ name: "b", version: "2.0.0" }] }, false],
  ])("%s", async (_, content, runsScripts) => {
    expect(await inspect(makeTarball({ name: "a", version: "1.0.0", ...content }))).toMatchObject({ runsScripts });
  });

  test("any name of the folder, a byte order mark, and no gzip", async () => {
    expect(await inspect(archive({ ...GOOD, path: "a-1.0.0/package.json" }))).toMatchObject({ runsScripts: false });
    expect(await inspect(archive({ ...GOOD, content: `\uFEFF${GOOD.content}` }))).toMatchObject({ runsScripts: false });
    expect(await inspect(makeTar([GOOD]))).toMatchObject({ runsScripts: false });
  });

  test.each(["v1.0.0", "1.0.0+build.5", "=1.0.0"])("version %s is listed as 1.0.0", async (version) => {
    expect(await inspect(makeTarball({ name: "a", version }))).toMatchObject({ runsScripts: false });
  });
});

describe("refused", () => {
  const second = '{"name":"evil","version":"1.0.0"}';

  test.each<[string, readonly TarEntry[]]>([
    ["another name", [{ ...GOOD, content: second }]],
    ["another version", [{ ...GOOD, content: '{"name":"a","version":"1.0.1"}' }]],
    ["no version", [{ ...GOOD, content: '{"name":"a"}' }]],
    ["name twice", [{ ...GOOD, content: '{"name":"evil","version":"1.0.0","name":"a"}' }]],
    ["no JSON", [{ ...GOOD, content: "{" }]],
    ["null", [{ ...GOOD, content: "null" }]],
    ["none", [{ path: "package/index.js" }]],
    ["none at the top", [{ ...GOOD, path: "package.json" }]],
    ["two", [GOOD, { ...GOOD, content: second }]],
    ["a second in another folder", [GOOD, { path: "other/package.json", content: second }]],
    ["a second in capitals", [GOOD, { path: "package/PACKAGE.JSON", content: second }]],
    ["a second with a long s", [GOOD, { path: "package/package.j\u017Fon", content: second }]],
    ["a second behind a detour", [GOOD, { path: "package/./x/../package.json", content: second }]],
    ["a second with an empty folder", [GOOD, { path: "package//package.json", content: second }]],
    ["a link in its place", [GOOD, { path: "package/package.json", type: "2", linkpath: "other.json" }]],
  ])("%s", async (_, entries) => {
    await expect(inspect(archive(...entries))).rejects.toMatchObject({ denial: { code: "PACKAGE_MISMATCH" } });
  });

  test("rubbish, an empty file, and a broken stream", async () => {
    const good = archive(GOOD, { path: "package/x", content: Buffer.alloc(100_000, 7) });
    for (const bytes of [Buffer.from("rubbish"), Buffer.alloc(0), good.subarray(0, good.length - 40)])
      await expect(inspect(bytes)).rejects.toMatchObject({
        denial: { code: expect.stringMatching(/^(ARCHIVE_INVALID|PACKAGE_MISMATCH)$/) as string },
      });
  });

  test("a manifest that is too large, without reading it", async () => {
    // Not packed: the parser has a bound of its own on what unpacks a thousandfold.
    const tar = makeTar([{ ...GOOD, content: GOOD.content.padEnd(8_000_001) }]);
    await expect(inspect(tar)).rejects.toMatchObject({ denial: { code: "ARCHIVE_INVALID" } });
  });

  test("a member that says it is larger than the bounds", async () => {
    const tar = makeTar([GOOD, { path: "package/bomb", content: "x" }]);
    const header = tar.subarray(1024, 1536);
    header.write("77777777777\0", 124);
    header.write("        ", 148);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    await expect(inspect(gzipSync(tar))).rejects.toMatchObject({ denial: { code: "ARCHIVE_INVALID" } });
  });
});

describe("behind the end of the archive", () => {
  const tar = makeTar([GOOD]);
  test("padding is padding", async () => {
    expect(await inspect(gzipSync(Buffer.concat([tar, Buffer.alloc(500_000)])))).toBeDefined();
  });
  test.each([
    ["one zero", 1],
    ["a chunk of zeros", 65_536],
  ])("another compressed archive behind %s", async (_, zeros) => {
    const other = gzipSync(makeTar([{ ...GOOD, content: "{}" }]));
    const packed = Buffer.concat([gzipSync(tar), Buffer.alloc(zeros), other]);
    await expect(inspect(packed)).rejects.toMatchObject({ denial: { code: "ARCHIVE_INVALID" } });
    expect(await inspect(packed.subarray(0, -other.length))).toBeDefined();
  });
  test.each([
    ["so many zeros that only reading them costs", Buffer.alloc(64 * 1024 * 1024)],
    ["another archive", Buffer.concat([Buffer.alloc(200_000), makeTar([{ ...GOOD, content: "{}" }])])],
  ])("%s", async (_, more) => {
    await expect(inspect(gzipSync(Buffer.concat([tar, more])))).rejects.toMatchObject({
      denial: { code: "ARCHIVE_INVALID", message: "something stands behind the archive's end" },
    });
  });
});
