import { sdistMetadata } from "../../../../plugins/pip/bytes/sdist.ts";
import { LIMITS } from "../../../../src/limits.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makeZip } from "../../../support/nuget/zip.ts";
import { makeTar, type TarEntry } from "../../../support/tarball.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

function read(bytes: Buffer, name = "widget-1.0.tar.gz"): Promise<string> {
  const file = join(temporaryFolder(), "0");
  writeFileSync(file, bytes);
  return sdistMetadata(file, name);
}

const tar = (...entries: readonly TarEntry[]) => gzipSync(makeTar(entries));
const info = (path: string): TarEntry => ({ path, content: "Name: widget\n" });
const INFO = "widget-1.0/PKG-INFO";
const pax = (record: string): TarEntry => ({
  path: "PaxHeader/x",
  type: "x",
  content: `${record.length + 4} ${record}\n`.padEnd(record.length + 4),
});
const zip = (...names: readonly string[]) =>
  makeZip(names.map((name) => ({ name, data: Buffer.from("Name: widget\n"), method: 8 as const })));

it.each([
  ["of a tarball", tar(info("widget-1.0/PKG-INFO"), info("widget-1.0/widget.egg-info/PKG-INFO")), undefined],
  ["of a tarball whose paths begin with a dot", tar(info("./widget-1.0/PKG-INFO")), undefined],
  ["of a zip file", zip("widget-1.0/PKG-INFO", "widget-1.0/a.egg-info/PKG-INFO"), "widget-1.0.zip"],
])("PKG-INFO %s", async (_, bytes, name) => expect(await read(bytes, name)).toBe("Name: widget\n"));

it.each([
  ["none", tar(info("PKG-INFO")), "PACKAGE_MISMATCH"],
  ["two", tar(info("widget-1.0/PKG-INFO"), info("other/PKG-INFO")), "PACKAGE_MISMATCH"],
  ["the same twice", tar(info("widget-1.0/PKG-INFO"), info("widget-1.0/PKG-INFO")), "PACKAGE_MISMATCH"],
  ["the same by another way", tar(info(INFO), info("widget-1.0/./x/../PKG-INFO")), "PACKAGE_MISMATCH"],
  ["the same in other letters", tar(info(INFO), info("widget-1.0/pkg-info")), "PACKAGE_MISMATCH"],
  ["a second one of no known type", tar(info(INFO), { ...info(INFO), type: "Z" }), "ARCHIVE_INVALID"],
  ["a sparse one by another name", tar(info(INFO), pax(`GNU.sparse.name=${INFO}`), info("x")), "ARCHIVE_INVALID"],
  ["another stream", Buffer.concat([tar(info(INFO)), Buffer.alloc(8), tar(info(INFO))]), "ARCHIVE_INVALID"],
  ["zeros behind it", Buffer.concat([tar(info(INFO)), Buffer.alloc(8)]), "widget"],
  ["text for an archive", Buffer.from("nothing"), "ARCHIVE_INVALID"],
  ["an archive that breaks off", tar(info("widget-1.0/PKG-INFO")).subarray(0, 40), "ARCHIVE_INVALID"],
  ["a long path", tar(info(`${"a/".repeat(60)}x`), info("widget-1.0/PKG-INFO")), "widget"],
  [
    "a PKG-INFO of megabytes",
    tar({ path: "widget-1.0/PKG-INFO", content: Buffer.alloc(LIMITS.manifestBytes + 1) }),
    "ARCHIVE_INVALID",
  ],
])("%s", async (_, bytes, expected) => {
  const found = await read(bytes).catch(({ denial }) => denial.code);
  expect(found).toContain(expected);
});

it.each([
  ["two in a zip file", zip(INFO, "widget-1.0\\PKG-INFO"), "PACKAGE_MISMATCH"],
  ["a second one behind a NUL", zip(INFO, `${INFO}\0x`), "ARCHIVE_INVALID"],
])("%s", async (_, bytes, code) => {
  await expect(read(bytes, "widget-1.0.zip")).rejects.toMatchObject({ denial: { code } });
});

it("holds one PKG-INFO at most: what follows a second one is not looked at", async () => {
  const bytes = tar(info(INFO), info(INFO), { ...info("x"), type: "Z" });
  await expect(read(bytes)).rejects.toMatchObject({ denial: { details: [{ found: "2 or more" }] } });
});
