import { denialBlock } from "../../src/report/denial.ts";
import { expect, it } from "vitest";

const digest = (middle: string) => `sha512:${"a".repeat(20)}${middle.repeat(88)}${"f".repeat(20)}`;

function block(expected: string, found: string): string {
  const denial = { code: "RECORDED_MISMATCH", message: "m", details: [{ name: "digest", expected, found }] } as const;
  return denialBlock("w", denial, "✗", (_, text) => text, 80);
}

it("digests are short where that tells them apart, else whole", () => {
  expect(block(digest("0"), `sha512:${"b".repeat(128)}`)).toMatch(/sha512:aaaaaa…fffff\n.*sha512:bbbbbb…bbbbb/);
  const alike = block(digest("0"), digest("1"));
  expect(alike).toContain(digest("0"));
  expect(alike).toContain(digest("1"));
});
