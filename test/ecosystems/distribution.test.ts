import { packageRef } from "../../plugins/pip/distribution.ts";
import { isSameDistribution, isSameVersion, parseDistribution } from "../../src/ecosystems/distribution.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("parseDistribution", () => {
  it("reads wheels and source distributions", () => {
    expect(parseDistribution("Foo_Bar-1.0-2b-py2.py3-none-any.whl")).toEqual({
      kind: "wheel",
      name: "foo-bar",
      version: "1.0",
      build: "2b",
      tags: ["py2-none-any", "py3-none-any"],
    });
    expect(parseDistribution("foo.bar-1.0.tar.gz")).toMatchObject({ kind: "sdist", name: "foo-bar", version: "1.0" });
    expect(parseDistribution("foo-bar-1.0.zip")).toMatchObject({ kind: "sdist", name: "foo-bar" });
  });

  it.each([
    "",
    "foo",
    "foo-1.0.exe",
    "foo-1.0.tar.bz2",
    "foo-1.0.WHL",
    "foo-py3-none-any.whl",
    "foo-1.0-x-py3-none-any.whl",
    "foo-one-py3-none-any.whl",
    "../foo-1.0-py3-none-any.whl",
    "foo-1.0-py3-none-any .whl",
    "foo-1.0-py3--any.whl",
    "-foo-1.0.tar.gz",
    "fоo-1.0.tar.gz",
    `foo-1.0-${"a.".repeat(200)}a-${"b.".repeat(200)}b-any.whl`,
  ])("%j is none", (file) => {
    expect(parseDistribution(file)).toBeNull();
  });
});

describe("isSameDistribution", () => {
  const same = [
    ["Foo_Bar-1.0.0-py3-none-any.whl", "foo.bar-1-py3-none-any.whl"],
    [
      "a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
      "a-1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    ],
    ["a-1-01-py3-none-any.whl", "a-1-1-py3-none-any.whl"],
    ["a-1.0.tar.gz", "A-1.0.zip"],
    ["a-1.0rc1.tar.gz", "a-1.0-rc.1.tar.gz".replace("-rc.1", "rc01")],
  ] as const;
  it.each(same)("%s is %s", (left, right) => {
    expect(isSameDistribution(left, right)).toBe(true);
    expect(isSameDistribution(right, left)).toBe(true);
  });

  const different = [
    ["a-1-py3-none-any.whl", "a-1-1-py3-none-any.whl"],
    ["a-1-1-py3-none-any.whl", "a-1-10-py3-none-any.whl"],
    ["a-1-py3-none-any.whl", "a-1-py2-none-any.whl"],
    ["a-1-py3-none-any.whl", "a-1-py2.py3-none-any.whl"],
    ["a-1-py3-none-any.whl", "a-1.tar.gz"],
    ["a-1.tar.gz", "a-1.post1.tar.gz"],
    ["a-1.tar.gz", "a-1+local.tar.gz"],
    ["a-1.tar.gz", "b-1.tar.gz"],
    ["nonsense", "nonsense"],
  ] as const;
  it.each(different)("%s is not %s", (left, right) => {
    expect(isSameDistribution(left, right)).toBe(false);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
  const release = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
  const wheel = fc.record({ name: word, version: release, tag: fc.constantFrom("py3", "py2.py3", "cp311") });
  const spell = ({ name, version, tag }: { name: string; version: string; tag: string }) =>
    `${name}-${version}-${tag}-none-any.whl`;

  it("trailing zeros and upper case change nothing; another name or release changes everything", () => {
    fc.assert(
      fc.property(wheel, wheel, (one, other) => {
        expect(
          isSameDistribution(spell(one), spell({ ...one, name: one.name.toUpperCase(), version: `${one.version}.0` })),
        ).toBe(true);
        const equal = one.name === other.name && one.tag === other.tag && isSameVersion(one.version, other.version);
        expect(isSameDistribution(spell(one), spell(other))).toBe(equal);
      }),
    );
  });
});

describe("packageRef", () => {
  it("has the normal name and keeps the version as the index spells it", () => {
    expect(packageRef("Foo__Bar.baz", "1.0+Local")).toEqual({
      ecosystem: "pypi",
      name: "foo-bar-baz",
      version: "1.0+Local",
      purl: "pkg:pypi/foo-bar-baz@1.0%2BLocal",
    });
  });
});
