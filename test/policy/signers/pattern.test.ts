import { matches, piecesOf } from "../../../src/policy/signers/pattern.ts";
import { describe, expect, it } from "vitest";

const ANY = { any: true };

describe("patterns of claims", () => {
  it.each([
    ["v1", ["v1"]],
    ["v*", ["v", ANY]],
    ["*", [ANY]],
    ["v*.*", ["v", ANY, ".", ANY]],
    ["**", [ANY, ANY]],
    ["", []],
  ])("%s: %j", (text, pieces) => {
    expect(piecesOf(text)).toEqual(pieces);
  });

  it.each([
    ["v*", "v1", true],
    ["v*", "v", false],
    ["v*", "v1/2", false],
    ["v*", "xv1", false],
    ["*/b", "a/b", true],
    ["*/b", "/b", false],
    ["*b", "aab", true],
    ["*b", "abb", true],
    ["**", "a", false],
    ["**", "ab", true],
    ["", "", true],
    ["", "a", false],
    ["a", "a", true],
    ["a", "ab", false],
    ["*", "a", true],
    ["*", "", false],
    ["a*c*e", "abcde", true],
    ["a*c*e", "abc/de", false],
  ])("%s and %s: %s", (text, value, expected) => {
    expect(matches(piecesOf(text), value)).toBe(expected);
  });
});
