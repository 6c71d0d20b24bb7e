import { nearest } from "../src/nearest.ts";
import { expect, it } from "vitest";

it.each<[string, readonly string[], string | null]>([
  ["signedby", ["signedBy"], "signedBy"],
  ["sigendBy", ["signedBy"], "signedBy"],
  ["igned", ["signed"], "signed"],
  ["xsigned", ["signed"], "signed"],
  ["signedx", ["signed"], "signed"],
  ["abcdef", ["abcdxx"], "abcdxx"],
  ["abcdef", ["abcxxx"], null],
  ["abcdef", ["abc"], null],
  ["abc", ["abcdef"], null],
  ["abcdefghi", ["abcdef"], null],
  ["abcdef", ["abcdefghi"], "abcdefghi"],
  ["", ["a"], "a"],
  ["", ["ab"], null],
  ["a", ["b"], "b"],
  ["ab", ["cd"], null],
  ["mode", ["modes", "mode"], "mode"],
  ["moder", ["moderate", "mode"], "mode"],
  ["modex", ["mode", "modes"], "mode"],
  ["modex", ["modes", "mode"], "modes"],
  ["abcde", ["abcxx", "abcdx"], "abcdx"],
  ["anything", [], null],
  ["nmp", ["npm"], "npm"],
  ["enpm", ["npm"], "npm"],
  ["mpn", ["npm"], null],
  ["chekc", ["check"], "check"],
])("%s of %j: %s", (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected === null ? "" : ` (did you mean "${expected}"?)`);
});

it("a word of any length has an answer", () => {
  const long = "a".repeat(90);
  expect(nearest(`${long}bbb`, [long])).toContain(long);
  expect(nearest(`${long}${"b".repeat(20)}`, [long])).toContain(long);
  expect(nearest(`${long}${"b".repeat(21)}`, [long])).toBe("");
  expect(nearest(long.slice(0, 65), [long])).toBe("");
  expect(nearest("a", [long])).toBe("");
});
