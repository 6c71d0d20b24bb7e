import { GENERATED } from "./generated.ts";
import { CODES } from "../../src/model/codes.ts";
import type { Report } from "../../report.d.ts";
import type { SigningPolicy } from "../../signing-policy.d.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("what is generated", () => {
  it.each(Object.keys(GENERATED))("%s is current (npm run schema)", async (path) => {
    const now = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    expect(await GENERATED[path]?.(now)).toBe(now);
  });

  it("types are those of what we write and read", () => {
    const signers = { widget: { githubActions: { repository: "acme/widget" } } };
    // @ts-expect-error: it says no version
    const policies: readonly SigningPolicy[] = [{ version: 1, signers }, { signers }];
    const exits: readonly Report["outcome"][] = ["allowed", "audited", "denied"];
    expect([policies.length, exits.length]).toEqual([2, 3]);
  });

  it("the page of codes names every code", () => {
    const page = readFileSync(new URL("../../docs/codes.md", import.meta.url), "utf8");
    for (const code of Object.keys(CODES)) expect(page).toContain(`\`${code}\``);
  });
});
