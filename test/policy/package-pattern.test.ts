import { compareSpecificity, covers, parsePackagePattern, patternKey } from "../../src/policy/package-pattern.ts";
import { ref } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const parsed = (text: string) => {
  const pattern = parsePackagePattern(text);
  if (typeof pattern === "string") throw new Error(pattern);
  return pattern;
};

describe("patterns", () => {
  it.each([
    "npm:*",
    "npm:a*",
    "npm:@acme/*",
    "npm:@acme/w*",
    "npm:@acme/widget",
    "npm:a@b*",
    "pypi:*",
    "pypi:my-*",
    "nuget:Acme.*",
    "nuget:*",
  ])("%s is one, if it can be continued to a name", (text) => {
    const expected = text !== "npm:a@b*";
    expect(typeof parsePackagePattern(text) !== "string").toBe(expected);
  });

  it.each([
    ["npm:", "is not a package name of npm"],
    ["npm:a b", "is not a package name of npm"],
    ["npm:a b*", "is not the beginning of a package name of npm"],
    ["npm:a/b*", "is not the beginning of a package name of npm"],
    ["npm:@*", "would reach beyond one scope"],
    ["npm:@acme*", "would reach beyond one scope"],
    ["npm:@acme", "is not a package name of npm"],
    ["pypi:@acme/*", "is not the beginning of a package name of pypi"],
    ["pypi:a b*", "is not the beginning of a package name of pypi"],
    ["nuget:a/*", "is not the beginning of a package name of nuget"],
    ["nuget:@acme*", "is not the beginning of a package name of nuget"],
  ])("%s: %s", (text, expected) => {
    expect(parsePackagePattern(text)).toContain(expected);
  });

  it.each([
    ["npm:@acme/*", "npm:@acme/widget@1.0.0", true],
    ["npm:@acme/*", "npm:@acme-evil/widget@1.0.0", false],
    ["npm:widget", "npm:widget-a@1.0.0", false],
    ["npm:widget", "pypi:widget@1.0.0", false],
    ["nuget:Acme.*", "nuget:ACME.Core@1.0.0", true],
  ])("%s covers %s: %s", (text, name, expected) => {
    expect(covers(parsed(text), ref(name))).toBe(expected);
  });

  it("the exact name first, then the longer beginning", () => {
    const texts = ["npm:*", "npm:@acme/*", "npm:@acme/w*", "npm:@acme/w", "npm:a"];
    const sorted = texts.map(parsed).toSorted(compareSpecificity).map(patternKey);
    expect(sorted).toEqual(["npm:@acme/w", "npm:a", "npm:@acme/w*", "npm:@acme/*", "npm:*"]);
    expect(texts.toReversed().map(parsed).toSorted(compareSpecificity).map(patternKey)).toEqual(sorted);
  });
});
