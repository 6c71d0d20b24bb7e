import { hasZip64, otherName } from "../../../src/io/zip/extra.ts";
import { Buffer } from "node:buffer";
import { expect, it } from "vitest";

function field(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}

const TIME = field(0x5455, Buffer.from([1, 0, 0, 0, 0]));
const path = (text: string) => field(0x7075, Buffer.from(`.....${text}`));

it("zip64 is found behind other fields, and not in the data of one", () => {
  expect(hasZip64(Buffer.concat([TIME, field(1, Buffer.alloc(8))]))).toBe(true);
  expect(hasZip64(Buffer.concat([TIME, field(2, Buffer.from([1, 0, 0, 0]))]))).toBe(false);
  expect(hasZip64(Buffer.alloc(3))).toBe(false);
});

it.each([
  ["a plain name", "a/b", TIME, null],
  ["a NUL in it", "a\0b", Buffer.alloc(0), "an entry's name holds a NUL"],
  ["the same name again", "a/b", path("a/b"), null],
  ["another name", "a/b", Buffer.concat([TIME, path("METADATA")]), "an entry has two names"],
  ["one that is not ASCII, which another form of it stands for", "a/?", path("a/\u00fc"), null],
])("%s", (_, name, extra, expected) => expect(otherName(name, extra)).toBe(expected));
