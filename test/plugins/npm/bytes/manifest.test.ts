import { claimedFiles, compareClaims, inspectArchive } from "../../../../plugins/npm/bytes/manifest.ts";
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

  test.each([
    ["main", '"main":"a.js","main":"b.js"'],
    ["what is further down of that", '"author":{"name":"a","name":"b"}'],
    ["a command, twice the same", '"bin":{"a":"x"},"bin":{"a":"x"}'],
    ["in another order", '"scripts":{"a":"1","b":"2"},"scripts":{"b":"2","a":"1"}'],
    ["a name that is written otherwise", '"hom\\u0065page":"x","homepage":"y"'],
  ])("%s twice: the last one counts, as for npm", async (_, members) => {
    expect(await inspect(archive({ ...GOOD, content: `{"name":"a","version":"1.0.0",${members}}` }))).toBeDefined();
  });

  test("a great many of one name are looked at in one go", async () => {
    const content = `{"name":"a","version":"1.0.0",${'"x":0,'.repeat(100_000)}"y":0}`;
    expect(await inspect(archive({ ...GOOD, content }))).toBeDefined();
  });

  test.each(["v1.0.0", "1.0.0+build.5", "=1.0.0"])("version %s is listed as 1.0.0", async (version) => {
    expect(await inspect(makeTarball({ name: "a", version }))).toMatchObject({ runsScripts: false });
  });
});

test("a lock that has the build metadata, too", async () => {
  const ref = { ...REF, version: "1.0.0+build.5", purl: "pkg:npm/a@1.0.0+build.5" };
  expect(await inspect(makeTarball({ name: "a", version: ref.version }), ref)).toBeDefined();
  const other = inspect(makeTarball({ name: "a", version: "1.0.0+build.6" }), ref);
  await expect(other).rejects.toMatchObject({ denial: { code: "PACKAGE_MISMATCH" } });
});

describe("refused", () => {
  const second = '{"name":"evil","version":"1.0.0"}';

  test.each<[string, readonly TarEntry[]]>([
    ["another name", [{ ...GOOD, content: second }]],
    ["another version", [{ ...GOOD, content: '{"name":"a","version":"1.0.1"}' }]],
    ["no version", [{ ...GOOD, content: '{"name":"a"}' }]],
    ["name twice", [{ ...GOOD, content: '{"name":"evil","version":"1.0.0","name":"a"}' }]],
    ["name twice in another spelling", [{ ...GOOD, content: '{"n\\u0061me":"evil","version":"1.0.0","name":"a"}' }]],
    ...[
      '"scripts":{},"scripts":{"postinstall":"evil"}',
      '"scripts":{"postinstall":"evil","postinstall":"good"}',
      '"bin":{"a":"x"},"bin":{"a":"y"}',
      '"dependencies":{"b":"1"},"dependencies":{"b":"2"}',
      '"bundleDependencies":["b"],"bundleDependencies":[]',
      '"directories":{"bin":"x"},"directories":{"bin":"y"}',
      '"peerDependenciesMeta":{"b":{"optional":true,"optional":false}}',
    ].map((members): [string, TarEntry[]] => [
      `what npm acts on, twice: ${members}`,
      [{ ...GOOD, content: `{"name":"a","version":"1.0.0",${members}}` }],
    ]),
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

describe("a folder of commands", () => {
  const content = (directories: unknown, bin?: unknown) =>
    JSON.stringify({ name: "a", version: "1.0.0", directories, bin });
  const files: readonly TarEntry[] = [
    { path: "package/bin/one", content: "x" },
    { path: "package/bin/deep/two", content: "x" },
    { path: "package/bin/.hidden", content: "x" },
    { path: "package/bin/.deep/three", content: "x" },
    { path: "package/other", content: "x" },
    { path: "package/bin/link", type: "2", linkpath: "one" },
  ];
  const claim = async (bin: Record<string, string>, manifest: string) => {
    const place = { location: "node_modules/a", resolved: null, integrity: null, optional: false, extraneous: false };
    const locked = {
      package: REF,
      stated: { hex: {}, text: "" },
      places: [{ ...place, hasInstallScript: false, bin }],
    };
    const packed = archive({ ...GOOD, content: manifest }, ...files);
    compareClaims(locked, await inspectArchive(packed, REF, claimedFiles(locked)));
  };

  test.each([
    ["./bin", { one: "bin/one" }],
    ["bin/", { one: "bin/one", two: "bin/deep/two" }],
    // `npm publish` lists folders, too.
    ["bin", { one: "bin/one", two: "bin/deep/two", deep: "bin/deep" }],
  ])("%s: the lock has what npm makes of it", async (bin, claimed) =>
    expect(claim(claimed, content({ bin }))).resolves.toBeUndefined(),
  );

  test.each<[string, Record<string, string>, string]>([
    ["another name", { npm: "bin/one" }, content({ bin: "bin" })],
    ["a file that is not there", { three: "bin/three" }, content({ bin: "bin" })],
    ["a file outside of it", { other: "other" }, content({ bin: "bin" })],
    ["behind a detour", { other: "bin/../other" }, content({ bin: "bin" })],
    ["a hidden one", { ".hidden": "bin/.hidden" }, content({ bin: "bin" })],
    ["a link", { link: "bin/link" }, content({ bin: "bin" })],
    ["a folder that is not there", { far: "bin/far" }, content({ bin: "bin" })],
    ["a hidden folder", { ".deep": "bin/.deep" }, content({ bin: "bin" })],
    ["where the package names its commands", { one: "bin/one" }, content({ bin: "bin" }, { other: "other" })],
    ["where no folder is named", { one: "bin/one" }, content({ doc: "bin" })],
  ])("%s is refused", async (_, claimed, manifest) =>
    expect(claim(claimed, manifest)).rejects.toMatchObject({ denial: { code: "PACKAGE_MISMATCH" } }),
  );
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
