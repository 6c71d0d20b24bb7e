import vectors from "./pep440.json" with { type: "json" };
import { parseRange } from "../../src/ecosystems/index.ts";
import { parseVersion, compareVersions } from "../../src/ecosystems/versions/pep440.ts";
import type { Ecosystem } from "../../src/model/package.ts";
import { describe, expect, it } from "vitest";

function includes(ecosystem: Ecosystem, range: string, version: string): boolean {
  const parsed = parseRange(ecosystem, range);
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed.includes(version);
}

describe("npm", () => {
  it.each([
    [">=4", "4.0.0", true],
    [">=4", "3.9.9", false],
    [">=4", "5.0.0-rc.1", false],
    ["<2", "2.0.0-rc.1", false],
    [">=5.0.0-rc.1 <6", "5.0.0-rc.2", true],
    ["^1.2.0 || 3.x", "3.1.0", true],
    ["1.2.3", "1.2.3", true],
    ["1.2.3", "1.2.4", false],
    [">=1", "not a version", false],
  ])("%s has %s: %s", (range, version, expected) => {
    expect(includes("npm", range, version)).toBe(expected);
  });
});

describe("PyPI", () => {
  it.each(vectors.includes as [string, string[]][])("%s as pip has it", (range, included) => {
    expect(vectors.versions.filter((version) => includes("pypi", range, version))).toEqual(included);
  });

  it.each([
    "",
    "1.0",
    ">",
    ">=",
    ">=1.*",
    "==1.0.dev1.*",
    "~=1",
    ">=1 <2",
    "=>1",
    ">=1,",
    ">=1.0+local",
    "latest",
    "===1",
  ])("refuses %j", (range) => {
    expect(typeof parseRange("pypi", range)).toBe("string");
  });

  it("orders versions as PEP 440 does", () => {
    const ordered = [
      "1.dev0",
      "1.0.dev456",
      "1.0a1",
      "1.0a2.dev456",
      "1.0a12.dev456",
      "1.0a12",
      "1.0b1.dev456",
      "1.0b2",
      "1.0b2.post345.dev456",
      "1.0b2.post345",
      "1.0rc1.dev456",
      "1.0rc1",
      "1.0",
      "1.0+abc.5",
      "1.0+abc.7",
      "1.0+5",
      "1.0.post456.dev34",
      "1.0.post456",
      "1.1.dev1",
      "1!0.1",
    ];
    const parsed = ordered.map((text) => parseVersion(text));
    for (const [at, version] of parsed.entries()) {
      const next = parsed[at + 1];
      expect(version).not.toBeNull();
      if (version && next) expect(compareVersions(version, next)).toBeLessThan(0);
    }
  });

  it("versions that differ are two, however large their numbers", () => {
    const [less, more] = ["9007199254740992", "9007199254740993"];
    for (const [one, other] of [
      [`${less}.0`, `${more}.0`],
      [`1.0a${less}`, `1.0a${more}`],
      [`1.0+${less}`, `1.0+${more}`],
    ] as const) {
      expect(compareVersions(parseVersion(one)!, parseVersion(other)!)).toBeLessThan(0);
      expect(includes("pypi", "==" + one, other)).toBe(false);
    }
  });

  it("a long version is no version", () => {
    expect(parseVersion(`1${".1".repeat(1000)}`)).toBeNull();
  });
});

describe("NuGet", () => {
  it.each([
    ["[1.0,2.0)", "1.0", true],
    ["[1.0,2.0)", "1.0.0.0", true],
    ["[1.0,2.0)", "2.0.0", false],
    ["(1.0,2.0]", "1.0.0", false],
    ["(1.0,2.0]", "2.0", true],
    ["[1.0,2.0)", "2.0.0-beta", true],
    ["[1.0,2.0)", "1.0.0-beta", false],
    ["(,2.0]", "0.1", true],
    ["[2.0,)", "99.0", true],
    ["[1.2.3]", "1.2.3", true],
    ["[1.2.3]", "1.2.3+build", true],
    ["[1.2.3]", "1.2.3.1", false],
    ["[1.0.0-ALPHA.2,1.0.0-alpha.10]", "1.0.0-alpha.9", true],
    ["[1.0.0-alpha.2,1.0.0-alpha.10]", "1.0.0-alpha.beta", false],
    ["[1.0.0-alpha,1.0.0)", "1.0.0-alpha.1", true],
    ["[1.0,2.0)", "x", false],
  ])("%s has %s: %s", (range, version, expected) => {
    expect(includes("nuget", range, version)).toBe(expected);
  });

  it.each(["", "1.0", "1.*", "[1.0", "(1.0)", "[]", "(,)", "[1,2,3]", "[1.0.0.0.0]", "[a,b]", "[1.0,2.0) x"])(
    "refuses %j",
    (range) => {
      expect(typeof parseRange("nuget", range)).toBe("string");
    },
  );
});
