import { readStatement } from "../../src/verify/statement.ts";
import { describe, expect, test } from "vitest";

const TEXT = JSON.stringify({
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "x", digest: { sha256: "a".repeat(64) } }],
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: { builder: "#" },
});

function read(payload: Buffer) {
  const payloadType = "application/vnd.in-toto+json";
  return readStatement({ kind: "dsse", payloadType, payload, signature: Buffer.from("x") });
}

describe("a statement", () => {
  test("is read from UTF-8", () => {
    expect(read(Buffer.from(TEXT.replace("#", "é"))).predicate).toEqual({ builder: "é" });
  });

  test.each([
    ["one byte of Latin-1", "latin1", "é"],
    ["UTF-16", "utf16le", "#"],
  ] as const)("bytes that are not UTF-8 are refused: %s", (_, encoding, character) => {
    expect(() => read(Buffer.from(TEXT.replace("#", character), encoding))).toThrow(
      expect.objectContaining({ code: "STATEMENT_INVALID" }),
    );
  });

  test("an overlong spelling of a quote is refused", () => {
    const payload = Buffer.from(TEXT.replace("#", "\u0001\u0002"), "latin1");
    payload.set([0xc0, 0xa2], payload.indexOf("\u0001\u0002", 0, "latin1"));
    expect(() => read(payload)).toThrow(expect.objectContaining({ code: "STATEMENT_INVALID" }));
  });
});
