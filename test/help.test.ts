import { help } from "../src/help.ts";
import { expect, it } from "vitest";

const PAGES =
  "npm npx pip dotnet check verify sign evidence report init policy explain cache trust options exits".split(" ");

it.each([null, ...PAGES])("help for %s fits a terminal of 80 columns", (topic) => {
  expect(
    help(topic)
      .split("\n")
      .filter((line) => line.length > 80),
  ).toEqual([]);
});

it("the general help fits a terminal of 24 lines, and names each page", () => {
  const lines = help(null).trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(23);
  for (const page of PAGES.filter((one) => one !== "options")) expect(help(null)).toMatch(new RegExp(`\\b${page}\\b`));
  expect(help(null)).toMatch(/help options/);
});

it("each page is one of its own", () => {
  expect(new Set(PAGES.map(help)).size).toBe(PAGES.length);
  for (const page of PAGES) expect(help(page)).toContain("Usage");
});

it("a topic that there is not is said with one that is near", () => {
  expect(() => help("polcy")).toThrow(/no help on "polcy" \(did you mean "policy"\?\)/);
  expect(() => help("constructor")).toThrow(expect.objectContaining({ kind: "usage", code: "USAGE" }));
});
