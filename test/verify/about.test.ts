import { bind } from "../../src/verify/about.ts";
import type { Bundle, Content } from "../../src/verify/bundle/bundle.ts";
import type { Digest } from "../../src/model/digest.ts";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";

const BYTES = Buffer.from("bytes");
const hash = (algorithm: Digest["algorithm"], bytes = BYTES): Digest => ({
  algorithm,
  hex: createHash(algorithm).update(bytes).digest("hex"),
});
const OTHERS = Buffer.from("others");
const evidence = (statedPredicateType?: string) =>
  ({
    source: "registry",
    location: "x",
    bundle: {},
    ...(statedPredicateType === undefined ? {} : { statedPredicateType }),
  }) as never;
const about = (content: Content, digests: readonly Digest[], bytes: Buffer | null = null, stated?: string) =>
  bind({ content } as Bundle, evidence(stated), { names: [], digests, bytes });
const message = (digest: Digest) =>
  ({
    kind: "message",
    algorithm: digest.algorithm,
    digest: Buffer.from(digest.hex, "hex"),
    signature: Buffer.alloc(1),
  }) as Content;
const statement = (predicateType = "https://slsa.dev/provenance/v1"): Content => ({
  kind: "dsse",
  payloadType: "application/vnd.in-toto+json",
  payload: Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "x", digest: { sha256: hash("sha256").hex } }],
      predicateType,
      predicate: { a: 1 },
    }),
  ),
  signature: Buffer.alloc(1),
});
const fails = (code: string, text: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(text) as string }) as Error;

describe("a statement", () => {
  it("is about what it names, with what it says of it", () => {
    const expected = {
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: { a: 1 },
      matched: [hash("sha256")],
    };
    expect(about(statement(), [hash("sha256")])).toEqual(expected);
    expect(about(statement(), [hash("sha256")], null, "https://slsa.dev/provenance/v1")).toEqual(expected);
    expect(about(statement(), [hash("sha512")])).toBe("unknown");
  });

  it("is of the type that it was given out as", () => {
    expect(() => about(statement("https://a"), [hash("sha256")], null, "https://b")).toThrow(
      fails("PREDICATE_TYPE_MISMATCH", 'stated as "https://b", signed as "https://a"'),
    );
  });
});

describe("a signature over a file", () => {
  it("is over the digest that is known, or that the bytes have", () => {
    for (const [digests, bytes] of [
      [[hash("sha256")], null],
      [[hash("sha256"), hash("sha512")], null],
      [[hash("sha512")], BYTES],
      [[], BYTES],
    ] as const)
      expect(about(message(hash("sha256")), digests, bytes)).toEqual({
        predicateType: null,
        predicate: undefined,
        matched: [hash("sha256")],
      });
  });

  it.each<[string, readonly Digest[], Buffer | null]>([
    ["another digest", [hash("sha256", OTHERS)], null],
    ["no digest that can be compared", [hash("sha512")], null],
    ["other bytes", [], OTHERS],
    ["bytes that are not those of the lock", [hash("sha512", OTHERS)], BYTES],
    ["bytes that are not those of the signature", [hash("sha256")], OTHERS],
  ])("is over nothing of an artifact with %s", (_, digests, bytes) => {
    expect(() => about(message(hash("sha256")), digests, bytes)).toThrow(fails("SUBJECT_MISMATCH", "over other bytes"));
  });

  it("says nothing, and was not given out as saying something", () => {
    expect(() => about(message(hash("sha256")), [hash("sha256")], null, "https://a")).toThrow(
      fails("PREDICATE_TYPE_MISMATCH", 'stated as "https://a", but no statement is signed'),
    );
  });
});
