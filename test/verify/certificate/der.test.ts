import { children, contentOf, element, encode, only, whole } from "../../../src/verify/certificate/der.ts";
import { describe, expect, it } from "vitest";

const der = (...bytes: readonly number[]) => Buffer.from(bytes);
const filled = (header: readonly number[], length: number) => Buffer.concat([der(...header), Buffer.alloc(length)]);
const read = (bytes: Buffer, at = 0, limit = bytes.length) => {
  try {
    const { tag, start, content, end } = element(bytes, at, limit);
    return [tag, start, content, end];
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("an element", () => {
  it.each<[string, Buffer, readonly number[]]>([
    ["empty", der(5, 0), [5, 0, 2, 2]],
    ["short", der(4, 2, 1, 2), [4, 0, 2, 4]],
    ["the longest short form", filled([4, 0x7f], 127), [4, 0, 2, 129]],
    ["one byte of length", filled([4, 0x81, 0x80], 128), [4, 0, 3, 131]],
    ["two bytes of length", filled([4, 0x82, 1, 0], 256), [4, 0, 4, 260]],
    ["three bytes of length", filled([4, 0x83, 1, 0, 0], 65_536), [4, 0, 5, 65_541]],
    ["followed by others", der(4, 1, 9, 5, 0), [4, 0, 2, 3]],
  ])("%s", (_, bytes, expected) => {
    expect(read(bytes)).toEqual(expected);
  });

  it.each<[string, Buffer]>([
    ["nothing", der()],
    ["a tag alone", der(4)],
    ["content beyond the end", der(4, 2, 1)],
    ["a tag of several bytes", der(0x1f, 1, 0)],
    ["a constructed tag of several bytes", der(0x3f, 1, 0)],
    ["an indefinite length", der(0x30, 0x80, 0, 0)],
    ["a length longer than it need be", filled([4, 0x81, 0x7f], 127)],
    ["two bytes where one does", filled([4, 0x82, 0, 0xff], 255)],
    ["three bytes where two do", filled([4, 0x83, 0, 0xff, 0xff], 65_535)],
    ["four bytes of length", filled([4, 0x84, 1, 0, 0, 0], 10)],
    ["a length that is cut off", der(4, 0x82, 1)],
    ["a long length beyond the end", filled([4, 0x81, 0x80], 127)],
  ])("not %s", (_, bytes) => {
    expect(read(bytes)).toBe("CERTIFICATE_INVALID");
  });

  it("ends by the limit, wherever it begins", () => {
    const bytes = der(9, 9, 4, 1, 7, 9);
    expect(read(bytes, 2)).toEqual([4, 2, 4, 5]);
    expect(read(bytes, 2, 5)).toEqual([4, 2, 4, 5]);
    expect(read(bytes, 2, 4)).toBe("CERTIFICATE_INVALID");
    expect(read(bytes, 2, 3)).toBe("CERTIFICATE_INVALID");
    const long = filled([4, 0x81, 0x80], 128);
    expect(read(long, 0, 2)).toBe("CERTIFICATE_INVALID");
    expect(read(der(5, 0), 0, 2)).toEqual([5, 0, 2, 2]);
    expect(read(der(5, 0), 0, 1)).toBe("CERTIFICATE_INVALID");
  });
});

describe("what is inside", () => {
  const bytes = der(0x30, 5, 4, 1, 7, 5, 0);

  it("fills it exactly", () => {
    const parent = element(bytes, 0, bytes.length);
    const inside = children(bytes, parent);
    expect(inside.map(({ tag }) => tag)).toEqual([4, 5]);
    expect(inside.map((one) => [...contentOf(bytes, one)])).toEqual([[7], []]);
    expect(inside.map((one) => [...whole(bytes, one)])).toEqual([
      [4, 1, 7],
      [5, 0],
    ]);
    expect(children(der(0x30, 0), element(der(0x30, 0), 0, 2))).toEqual([]);
    const short = der(0x30, 4, 4, 1, 7, 5, 0);
    expect(() => children(short, element(short, 0, short.length))).toThrow("DER");
  });

  it("one alone, of its tag", () => {
    expect(only(bytes, 0, 7, 0x30).end).toBe(7);
    expect(only(bytes, 2, 5, 4).end).toBe(5);
    expect(() => only(bytes, 2, 7, 4)).toThrow("DER");
    expect(() => only(bytes, 2, 5, 5)).toThrow("DER");
  });
});

it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000])("%i bytes are written as they are read", (size) => {
  const content = Buffer.alloc(size, 7);
  const written = encode(0x04, [content.subarray(0, 1), content.subarray(1)]);
  const one = only(written, 0, written.length, 4);
  expect(contentOf(written, one).equals(content)).toBe(true);
});
