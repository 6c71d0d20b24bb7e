import { readStatement } from "../../src/verify/statement.ts";
import { LIMITS } from "../../src/limits.ts";
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

describe("each part of a statement", () => {
  const HEX = "a".repeat(64);
  const whole = JSON.parse(TEXT) as Record<string, unknown>;
  const of = (more: object) => read(Buffer.from(JSON.stringify({ ...whole, ...more })));
  const subjects = (...all: readonly unknown[]) => of({ subject: all }).subjects;
  const digest = { sha256: HEX };

  test.each([
    ["type", { _type: "https://in-toto.io/Statement/v2" }, "type is not one that is known"],
    ["type at all", { _type: undefined }, "type is not one that is known"],
    ["predicate type", { predicateType: "" }, "no predicate type"],
    ["predicate type that is a text", { predicateType: 7 }, "no predicate type"],
    ["subject", { subject: [] }, "no subject"],
    ["list of subjects", { subject: { 0: { name: "x", digest }, length: 1 } }, "no subject"],
    ["subject that is an object", { subject: ["x"] }, "not an object"],
    ["subject that is no list", { subject: [[]] }, "not an object"],
    ["subject that is there", { subject: [null] }, "not an object"],
    ["name that is a text", { subject: [{ name: 7, digest }] }, "name is not a text"],
    ["digest", { subject: [{ name: "x" }] }, "has no digest"],
    ["digest that is an object", { subject: [{ name: "x", digest: [HEX] }] }, "has no digest"],
    ["digest that is there", { subject: [{ name: "x", digest: null }] }, "has no digest"],
    ["digest that is a text", { subject: [{ name: "x", digest: { sha256: 7 } }] }, "digest is not a text"],
    ["weak digest that is a text", { subject: [{ name: "x", digest: { sha1: 7 } }] }, "digest is not a text"],
    ["digest as long as it says", { subject: [{ name: "x", digest: { sha512: HEX } }] }, "sha512 digest is malformed"],
    [
      "subject of its own name",
      {
        subject: [
          { name: "x", digest },
          { name: "x", digest },
        ],
      },
      "names a subject twice",
    ],
  ])("it has no other %s", (_, more, message) => {
    expect(() => of(more)).toThrow(
      expect.objectContaining({
        code: "STATEMENT_INVALID",
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  test.each(["[]", "null", "7", '"text"', "{", '{"a":1,"a":2}'])("%s is none", (text) => {
    expect(() => read(Buffer.from(text))).toThrow(expect.objectContaining({ code: "STATEMENT_INVALID" }) as Error);
  });

  test("the payload says that it is one", () => {
    const payload = Buffer.from(TEXT);
    expect(() => readStatement({ kind: "dsse", payloadType: "text/plain", payload, signature: payload })).toThrow(
      "not an in-toto statement",
    );
  });

  test("digests that bind no bytes are left out, and subjects need no name", () => {
    const strong = { sha256: HEX, sha384: "b".repeat(96), sha512: "c".repeat(128) };
    expect(subjects({ name: "x", digest: { ...strong, sha1: "d", gitCommit: "e" } })).toEqual([
      { name: "x", digests: Object.entries(strong).map(([algorithm, hex]) => ({ algorithm, hex })) },
    ]);
    expect(
      subjects({ digest }, { digest }, { name: "_", digest }, { name: "_", digest }, { name: "", digest }),
    ).toHaveLength(5);
    expect(subjects({ name: null, digest: {} })).toEqual([{ name: null, digests: [] }]);
    expect(of({ _type: "https://in-toto.io/Statement/v0.1" }).predicateType).toBe("https://slsa.dev/provenance/v1");
  });

  test("as many subjects and digests as are looked at, and no more", () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `x${at}`, digest }));
    const digests = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, "y"]));
    expect(subjects(...many(LIMITS.subjects))).toHaveLength(LIMITS.subjects);
    expect(subjects({ digest: digests(LIMITS.digestsPerSubject) })).toHaveLength(1);
    for (const over of [many(LIMITS.subjects + 1), [{ digest: digests(LIMITS.digestsPerSubject + 1) }]])
      expect(() => subjects(...over)).toThrow(expect.objectContaining({ code: "BUNDLE_TOO_LARGE" }) as Error);
  });
});
