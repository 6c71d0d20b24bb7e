import { absent, bytes, list, members, natural, text } from "../../../src/verify/bundle/fields.ts";
import { describe, expect, it } from "vitest";

const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("members of a bundle", () => {
  it.each([
    ["an object", { a: 1 }, true],
    ["nothing in it", {}, true],
    ["another member", { a: 1, b: 2 }, false],
    ["null", null, false],
    ["a list", [], false],
    ["a text", "a", false],
    ["a function", () => {}, false],
  ])("%s: %s", (_, value, expected) => {
    expect(codeOf(() => members(value, "x", ["a"]))).toEqual(expected ? value : "BUNDLE_MALFORMED");
  });

  it("what is not known is named, as far as it can be read", () => {
    const long = "m".repeat(200);
    expect(() => members({ [long]: 1 }, "x", [])).toThrow(`"${"m".repeat(100)}"`);
    expect(() => members({ [long]: 1 }, "x", [])).toThrow(/^x has a member/);
  });

  it.each([
    [undefined, true],
    [null, true],
    [0, false],
    ["", false],
    [false, false],
  ])("%s is absent: %s", (value, expected) => {
    expect(absent(value)).toBe(expected);
  });

  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "BUNDLE_TOO_LARGE"],
    ["", 3, ""],
    [1, 3, "BUNDLE_MALFORMED"],
    [null, 3, "BUNDLE_MALFORMED"],
  ])("the text %j of at most %i", (value, limit, expected) => {
    expect(codeOf(() => text(value, "x", limit))).toBe(expected);
  });

  it("a text has a bound where none is given", () => {
    expect(codeOf(() => text("a".repeat(10_000), "x"))).toHaveLength(10_000);
    expect(codeOf(() => text("a".repeat(10_001), "x"))).toBe("BUNDLE_TOO_LARGE");
  });

  it.each([
    ["YWJj", 3, "abc"],
    ["YWI=", 3, "ab"],
    ["YWI", 3, "BUNDLE_MALFORMED"],
    ["YWI=\n", 9, "BUNDLE_MALFORMED"],
    ["YWJ=", 3, "BUNDLE_MALFORMED"],
    ["YW-_", 3, "BUNDLE_MALFORMED"],
    ["", 3, "BUNDLE_MALFORMED"],
    ["YWJjZA==", 3, "BUNDLE_TOO_LARGE"],
    ["YWJjZA==", 4, "abcd"],
    [7, 3, "BUNDLE_MALFORMED"],
  ])("the bytes %j of at most %i", (value, limit, expected) => {
    const found = codeOf(() => bytes(value, "x", limit));
    expect(Buffer.isBuffer(found) ? found.toString() : found).toBe(expected);
  });

  it.each([
    [[1, 2], 2, [1, 2]],
    [[1, 2, 3], 2, "BUNDLE_TOO_LARGE"],
    [[], 0, []],
    [undefined, 2, []],
    [null, 2, []],
    [{}, 2, "BUNDLE_MALFORMED"],
    ["", 2, "BUNDLE_MALFORMED"],
  ])("the list %j of at most %i", (value, limit, expected) => {
    expect(codeOf(() => list(value, "x", limit))).toEqual(expected);
  });

  it.each([
    ["0", "0"],
    ["12", "12"],
    ["9223372036854775807", "9223372036854775807"],
    [12, "12"],
    [0, "0"],
    ["01", "BUNDLE_MALFORMED"],
    ["-1", "BUNDLE_MALFORMED"],
    [-1, "BUNDLE_MALFORMED"],
    [1.5, "BUNDLE_MALFORMED"],
    ["1.5", "BUNDLE_MALFORMED"],
    ["1 ", "BUNDLE_MALFORMED"],
    [" 1", "BUNDLE_MALFORMED"],
    ["", "BUNDLE_MALFORMED"],
    ["12345678901234567890", "BUNDLE_MALFORMED"],
    [2 ** 53, "BUNDLE_MALFORMED"],
    [null, "BUNDLE_MALFORMED"],
    [["1"], "BUNDLE_MALFORMED"],
  ])("the natural number %j: %s", (value, expected) => {
    expect(codeOf(() => natural(value, "x"))).toBe(expected);
  });
});
