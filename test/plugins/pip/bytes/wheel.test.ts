import { wheelTexts } from "../../../../plugins/pip/bytes/wheel.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makeZip } from "../../../support/nuget/zip.ts";
import { makeWheel } from "../../../support/pypi.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, it } from "vitest";

function read(bytes: Buffer, name = "widget"): string {
  const file = join(temporaryFolder(), "0");
  writeFileSync(file, bytes);
  return wheelTexts(file, name).metadata;
}

const zip = (...names: readonly string[]) =>
  makeZip(names.map((name) => ({ name, data: Buffer.from("Name: widget\n"), method: 0 as const })));
const METADATA = "widget-1.0.dist-info/METADATA";
/** One more entry, with an Info-ZIP Unicode Path (APPNOTE 4.6.9). */
const unicode = (name: string, path: string) => {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + Buffer.byteLength(path), 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc32(name), 5);
  const data = Buffer.from("Name: widget\n");
  return makeZip([
    { name: METADATA, data },
    { name, data, centralExtra: Buffer.concat([field, Buffer.from(path)]) },
  ]);
};
const fault = (bytes: Buffer, name?: string) => {
  try {
    return read(bytes, name);
  } catch (error) {
    return (error as { readonly denial?: { readonly code: string } }).denial?.code;
  }
};

it("METADATA of the one .dist-info folder", () => {
  const { bytes, metadata } = makeWheel({ name: "widget", version: "1.0" });
  expect(read(bytes)).toBe(metadata);
  expect(read(unicode("notes.txt", "notes.txt"))).toBe("Name: widget\n");
  expect(read(unicode("\u00fc.txt", "\u00fc.txt"))).toBe("Name: widget\n");
  expect(read(zip("Widget-1.0.dist-info/METADATA", "x/y-1.dist-info/METADATA"))).toBe("Name: widget\n");
});

it.each([
  ["another package's folder", zip("other-1.0.dist-info/METADATA"), "PACKAGE_MISMATCH"],
  ["a folder whose name only begins alike", zip("widgets-1.0.dist-info/METADATA"), "PACKAGE_MISMATCH"],
  ["two folders", zip("widget-1.0.dist-info/METADATA", "widget-2.0.dist-info/METADATA"), "PACKAGE_MISMATCH"],
  ["two in other letters", zip("widget-1.0.dist-info/METADATA", "widget-1.0.DIST-INFO/METADATA"), "PACKAGE_MISMATCH"],
  [
    "a second one behind a backslash",
    zip("widget-1.0.dist-info/METADATA", "x-1.dist-info\\METADATA"),
    "PACKAGE_MISMATCH",
  ],
  ["no folder", zip("widget.py"), "PACKAGE_MISMATCH"],
  ["no METADATA", zip("widget-1.0.dist-info/WHEEL"), "ARCHIVE_INVALID"],
  ["METADATA twice", zip("widget-1.0.dist-info/METADATA", "widget-1.0.dist-info/METADATA"), "ARCHIVE_INVALID"],
  ["METADATA behind a backslash", zip(METADATA, "widget-1.0.dist-info\\METADATA"), "ARCHIVE_INVALID"],
  ["METADATA in other letters", zip(METADATA, "widget-1.0.dist-info/Metadata"), "ARCHIVE_INVALID"],
  ["METADATA to whoever ends a name at a NUL", zip(METADATA, `${METADATA}\0.txt`), "ARCHIVE_INVALID"],
  ["METADATA by its other name", unicode("notes.txt", METADATA), "ARCHIVE_INVALID"],
  ["no zip", Buffer.from("nothing"), "ARCHIVE_INVALID"],
  ["bytes behind the end", Buffer.concat([zip("widget-1.0.dist-info/METADATA"), Buffer.from("x")]), "ARCHIVE_INVALID"],
])("%s is refused", (_, bytes, code) => expect(fault(bytes)).toBe(code));
