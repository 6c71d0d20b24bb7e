import { isExpression, licenceOf } from "../../../src/report/cyclonedx/licence.ts";
import { describe, expect, it } from "vitest";

describe("a licence", () => {
  it.each([
    "MIT OR Apache-2.0",
    "(MIT AND BSD-3-Clause) OR GPL-2.0-only WITH Classpath-exception-2.0",
    "LicenseRef-Acme",
  ])("is an expression: %s", (text) => {
    expect(isExpression(text)).toBe(true);
    expect(licenceOf(text)).toMatchObject({ expression: text, acknowledgement: "declared" });
  });

  it.each([
    "MIT OR",
    "MIT Apache-2.0",
    "MIT WITH",
    "(MIT",
    "MIT)",
    "SEE LICENSE IN LICENCE",
    "mit or bsd",
    "()",
    "(".repeat(5_000),
  ])("is a name: %s", (text) => {
    expect(isExpression(text)).toBe(false);
    expect(licenceOf(text)).toMatchObject({ name: text });
  });

  it.each([undefined, "", "  "])("is none: %j", (text) => {
    expect(licenceOf(text)).toBeNull();
  });
});
