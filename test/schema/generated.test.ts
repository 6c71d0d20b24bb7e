import { GENERATED } from "./generated.ts";
import { CODES } from "../../src/model/codes.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("what is generated", () => {
  it.each(Object.keys(GENERATED))("%s is current (npm run schema)", (path) => {
    const now = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    expect(GENERATED[path]?.(now)).toBe(now);
  });

  it("the page of codes names every code", () => {
    const page = readFileSync(new URL("../../docs/codes.md", import.meta.url), "utf8");
    for (const code of Object.keys(CODES)) expect(page).toContain(`\`${code}\``);
  });
});
