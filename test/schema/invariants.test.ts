import { INVARIANTS } from "./invariants.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const listed = INVARIANTS.flatMap(({ promise, tests }) =>
  Object.entries(tests).flatMap(([file, titles]) => titles.map((title) => [promise, file, title] as const)),
);

describe("the promises of the design", () => {
  it("are eleven, each with tests in more than one place", () => {
    expect(INVARIANTS.map(({ tests }) => Object.keys(tests).length > 1)).toEqual(
      Array.from({ length: 11 }, () => true),
    );
  });

  it.each(listed)("%s: %s: %s", (_, file, title) => {
    const source = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
    const titles = [...source.matchAll(/^\s*(?:"([^"]+)",?$|.*?\b(?:it|test)\b.*?"([^"]+)",? )/gm)];
    const found = titles.flatMap(([, alone, beside]) => alone ?? beside ?? []);
    expect(found.includes(title) || source.includes(`)("${title}",`)).toBe(true);
  });
});
