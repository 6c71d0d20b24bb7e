import { firstFault, placeOf, placeProblems } from "../../../src/policy/read/place.ts";
import { formatPath } from "../../../src/policy/read/problem.ts";
import { describe, expect, it } from "vitest";

const TEXT = '{\n  "a": [1, { "b": 2 }],\n  "c": {}\n}\n';
const placed = (path: readonly (string | number)[], text = TEXT) => {
  const [one] = placeProblems(text, [{ path, message: "x" }]);
  return `${one?.line}:${one?.column}`;
};

describe("where a problem is", () => {
  it.each<[readonly (string | number)[], string]>([
    [[], "1:1"],
    [["a"], "2:3"],
    [["a", 0], "2:9"],
    [["a", 1], "2:12"],
    [["a", 1, "b"], "2:14"],
    [["a", 1, "none"], "2:12"],
    [["a", 7], "2:3"],
    [["none"], "1:1"],
    [["c", "none", "deeper"], "3:3"],
  ])("%j at %s", (path, expected) => {
    expect(placed(path)).toBe(expected);
  });

  it("a text without anything has its beginning", () => {
    expect(placed(["a"], "")).toBe("1:1");
    expect(placed([], "   {}")).toBe("1:4");
  });

  it("in the order of the text", () => {
    const paths = [["c"], ["a", 1, "b"], ["a"]];
    const found = placeProblems(
      TEXT,
      paths.map((path) => ({ path, message: "" })),
    );
    expect(found.map(({ path }) => formatPath(path))).toEqual(["a", "a[1].b", "c"]);
  });

  it.each([
    ["a\nb", 0, "1:1"],
    ["a\nb", 1, "1:2"],
    ["a\nb", 2, "2:1"],
    ["a\nb", 3, "2:2"],
  ])("%j at %i: %s", (text, offset, expected) => {
    const { line, column } = placeOf(text, offset);
    expect(`${line}:${column}`).toBe(expected);
  });

  it.each([
    ["{}", 0],
    ['{"a": x}', 6],
    ['{"a": 1,}', 8],
    ['{"a": 1} // x', 9],
    ["[".repeat(100_000), 0],
  ])("the first fault of %s", (text, expected) => {
    if (text.length < 100) expect(firstFault(text)).toBe(expected);
    else expect(firstFault(text)).toBeGreaterThanOrEqual(0);
  });
});

it.each<[readonly (string | number)[], string]>([
  [[], ""],
  [["a", 0, "b"], "a[0].b"],
  [["a", "b.c", "d"], 'a["b.c"].d'],
  [["0"], '["0"]'],
  [[0, "a"], "[0].a"],
  [["$schema", "_x1"], "$schema._x1"],
  [["a b"], '["a b"]'],
])("%j is %s", (path, expected) => {
  expect(formatPath(path)).toBe(expected);
});
