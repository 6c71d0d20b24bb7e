import { TRAITS } from "../../src/ecosystems/index.ts";
import { ECOSYSTEMS } from "../../src/model/package.ts";
import { describe, expect, it } from "vitest";

const VERSIONS = ["1.0.0", "1.2.3", "2.0.0"];

describe.each(ECOSYSTEMS)("the traits of %s", (ecosystem) => {
  const { name, normalName, parseRange, exactly, ranges } = TRAITS[ecosystem];

  it("admit names that are their own normal form's, and no text that a pattern would read otherwise", () => {
    expect(name.test("widget")).toBe(true);
    expect(normalName(normalName("Widget.Core"))).toBe(normalName("Widget.Core"));
    for (const text of ["", "*", "a*", "a b", "a:b", "a\n", "ä"]) expect(name.test(text), text).toBe(false);
  });

  it.each(VERSIONS)("have a range that %s alone is in", (version) => {
    const range = parseRange(exactly(version));
    if (typeof range === "string") throw new Error(range);
    expect(VERSIONS.filter((one) => range.includes(one))).toEqual([version]);
  });

  it("refuse a range that names every version, in words", () => {
    expect(parseRange("*")).toEqual(expect.any(String));
  });

  it("answer about ranges, or leave it", () => {
    if (ranges === undefined) return;
    const [one = "", other = ""] = ["1.0.0", "2.0.0"].map(exactly);
    expect(ranges.compare("1.0.0", "2.0.0")).toBeLessThan(0);
    expect([ranges.intersect(one, one), ranges.intersect(one, other), ranges.intersect(one, "?")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([ranges.isEmpty(one), ranges.isEmpty(">2 <1"), ranges.isEmpty("?")]).toEqual([false, true, false]);
  });
});
