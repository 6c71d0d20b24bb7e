import { SnappyFault, unpackSnappy } from "../../src/evidence/snappy.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const MOST = 10_000;
const block = (...bytes: readonly (number | string)[]) =>
  Buffer.concat(bytes.map((one) => (typeof one === "string" ? Buffer.from(one) : Buffer.from([one]))));
const unpack = (bytes: Buffer) => unpackSnappy(bytes, MOST).toString("latin1");

describe("a block of Snappy", () => {
  // format_description.txt, 1 (length), 2.1 (literals), 2.2 (copies).
  it.each<[string, Buffer, string]>([
    ["of nothing", block(0), ""],
    ["of a literal", block(5, 4 << 2, "hello"), "hello"],
    ["of a literal with a length of one byte", block(61, 60 << 2, 60, "x".repeat(61)), "x".repeat(61)],
    ["of a literal with a length of two bytes", block(0x80, 2, 61 << 2, 255, 0, "y".repeat(256)), "y".repeat(256)],
    ["of a literal with a length of three bytes", block(3, 62 << 2, 2, 0, 0, "abc"), "abc"],
    ["of a literal with a length of four bytes", block(3, 63 << 2, 2, 0, 0, 0, "abc"), "abc"],
    ["with a copy of one byte of offset", block(8, 3 << 2, "abcd", 0b1 | (0 << 2), 4), "abcdabcd"],
    ["with a copy of two", block(6, 3 << 2, "abcd", 0b10 | (1 << 2), 3, 0), "abcdbc"],
    ["with a copy of four", block(6, 3 << 2, "abcd", 0b11 | (1 << 2), 4, 0, 0, 0), "abcdab"],
    ["with a copy that reaches into itself", block(9, 1 << 2, "ab", 0b1 | (3 << 2), 2), "ababababa"],
    [
      "with a copy over 255 back",
      block(0x84, 4, 61 << 2, 255, 1, "z".repeat(508), "tail", 0b1 | (1 << 5), 4),
      `${"z".repeat(508)}tailzzzz`,
    ],
  ])("%s", (_, bytes, text) => expect(unpack(bytes)).toBe(text));

  it.each<[string, Buffer]>([
    ["nothing at all", block()],
    ["a length without an end", block(0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ["a length of 2^32", block(0x80, 0x80, 0x80, 0x80, 0x10)],
    ["a length that nothing fills", block(5)],
    ["less than it says", block(5, 3 << 2, "hell")],
    ["more than it says", block(5, 5 << 2, "hello!")],
    ["a literal that is cut off", block(5, 4 << 2, "hel")],
    ["a length of a literal that is cut off", block(100, 61 << 2, 1)],
    ["a copy from before the beginning", block(8, 3 << 2, "abcd", 0b1, 5)],
    ["a copy of what is not there yet", block(4, 0b1, 0)],
    ["a copy from nowhere", block(8, 3 << 2, "abcd", 0b1, 0)],
    ["a copy beyond the end", block(7, 3 << 2, "abcd", 0b1, 4)],
    ["a copy that is cut off", block(8, 3 << 2, "abcd", 0b10 | (3 << 2), 4)],
    ["something behind it", block(4, 3 << 2, "abcd", 0 << 2, "x")],
  ])("refused: %s", (_, bytes) => expect(() => unpack(bytes)).toThrow(SnappyFault));

  it("is not unpacked where it says that it is too large", () => {
    const bytes = block(0x91, 0x4e, 0 << 2, "x");
    expect(() => unpackSnappy(bytes, MOST)).toThrow(`larger than ${MOST} bytes`);
    expect(() => unpackSnappy(block(0xff, 0xff, 0xff, 0xff, 0x0f), MOST)).toThrow("larger than");
  });

  it("whatever it is made of, is what it says or is refused", () => {
    const element = fc.oneof(
      fc.record({ literal: fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 60 }) }),
      fc.record({ back: fc.integer({ min: 1, max: 2000 }), length: fc.integer({ min: 1, max: 64 }) }),
    );
    fc.assert(
      fc.property(fc.array(element, { maxLength: 60 }), (elements) => {
        let text = "";
        const parts: Buffer[] = [];
        for (const one of elements) {
          if ("literal" in one) {
            parts.push(block((one.literal.length - 1) << 2, one.literal));
            text += one.literal;
          } else if (one.back <= text.length) {
            parts.push(block(0b10 | ((one.length - 1) << 2), one.back & 255, one.back >> 8));
            for (let n = 0; n < one.length; n++) text += text.at(-one.back)!;
          }
        }
        const length = text.length < 128 ? [text.length] : [(text.length & 127) | 128, text.length >> 7];
        expect(unpack(Buffer.concat([Buffer.from(length), ...parts]))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          unpack(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(SnappyFault);
        }
      }),
    );
  });
});
