import { CONTENT, cose, FORMATS, jws, outcomeOf } from "../../support/notary/judged.ts";
import { newKey, newLeaf } from "../../support/notary/mint.ts";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";

const OWN = newLeaf("own");
const stores = [["ca", OWN]] as const;
const hex = (algorithm: string, bytes = CONTENT) => createHash(algorithm).update(bytes).digest("hex");

describe.each(FORMATS)("the payload (%s)", (_, written) => {
  const outcome = (target: Readonly<Record<string, unknown>>) =>
    outcomeOf(written({ by: OWN, above: [], content: CONTENT, target }), { stores });
  const raw = (payload: string) =>
    outcomeOf(written({ by: OWN, above: [], content: CONTENT, payload: Buffer.from(payload) }), { stores });

  it("may hold annotations, and members that nobody knows", () => {
    expect(outcome({ annotations: { build: "17" } })).toBe("verified");
    expect(outcome({ platform: "any" })).toBe("verified");
  });

  it.each([
    [
      "another digest",
      { digest: `sha256:${hex("sha256", Buffer.from("other"))}` },
      /^SUBJECT_MISMATCH: .* other bytes/,
    ],
    [
      "another size",
      { size: CONTENT.length + 1 },
      /^SUBJECT_MISMATCH: the signature is over 13 bytes, and there are 12/,
    ],
    [
      "a digest in another hash",
      { digest: `sha512:${hex("sha512")}` },
      /a digest of sha512, and .* hashes with sha256/,
    ],
    ["a digest in capitals", { digest: `sha256:${hex("sha256").toUpperCase()}` }, /signs no digest/],
    ["a digest without its name", { digest: hex("sha256") }, /signs no digest/],
    ["SHA-1", { digest: `sha1:${hex("sha1")}` }, /signs no digest/],
    ["a size as a text", { size: "12" }, /signs no size/],
    ["a size below zero", { size: -12 }, /signs no size/],
    ["a size that is no integer", { size: 12.5 }, /signs no size|not written as an integer/],
    ["no size", { size: undefined }, /signs no size/],
    ["no media type", { mediaType: undefined }, /signs no media type/],
    ["an empty media type", { mediaType: "" }, /signs no media type/],
    ["a member that looks like its size", { Size: 1 }, /"Size", which looks like size/],
  ])("does not hold with %s", (_, target, why) => expect(outcome(target)).toMatch(why));

  it.each([
    ["nothing in it", "{}", "signs no targetArtifact"],
    ["a list around it", "[]", "signs what is not a JSON object"],
    ["text", "hello", "signs what is not a JSON object"],
    ["a second value behind it", '{"targetArtifact":{}} {}', "signs what is not a JSON object"],
    ["a member twice", '{"targetArtifact":{},"targetArtifact":{}}', "duplicate name"],
    ["a name in other letters", '{"TargetArtifact":{}}', "looks like targetArtifact"],
  ])("does not hold with %s", (_, payload, why) => expect(raw(payload)).toContain(why));

  it("does not hold with a size as a fraction", () => {
    const digest = `sha256:${hex("sha256")}`;
    const artifact = (size: string) => `{"targetArtifact":{"mediaType":"a/b","digest":"${digest}","size":${size}}}`;
    expect(raw(artifact("12"))).toBe("verified");
    expect(raw(artifact("12.0"))).toContain("not written as an integer");
    expect(raw(artifact("1.2e1"))).toContain("not written as an integer");
  });
});

describe("the digest", () => {
  it.each([
    ["secp384r1", "sha384"],
    ["secp521r1", "sha512"],
  ])("is in the hash of the signature: %s, %s", (curve) => {
    const own = newLeaf("own", { key: newKey(curve) });
    for (const written of [jws, cose])
      expect(outcomeOf(written({ by: own, above: [], content: CONTENT }), { stores: [["ca", own]] })).toBe("verified");
  });

  it("is over the bytes, whatever is known of them", async () => {
    const { createVerifier } = await import("../../../src/verify/verifier.ts");
    const own = newLeaf("own", { key: newKey("secp384r1") });
    const notary = jws({ by: own, above: [], content: CONTENT });
    const subject = { names: [], digests: [], bytes: Buffer.from("other bytes!") };
    const verifier = createVerifier([], [], new Date("2026-12-01"), []);
    expect(verifier.verify({ source: "file", location: "test", notary }, subject)).toMatchObject({
      code: "SUBJECT_MISMATCH",
    });
  });

  it("asks for the bytes, whatever is known of them", async () => {
    const { createVerifier } = await import("../../../src/verify/verifier.ts");
    const evidence = { source: "file", location: "test", notary: jws({ by: OWN, above: [], content: CONTENT }) };
    const verifier = createVerifier([], [], new Date("2026-12-01"), []);
    const digests = [{ algorithm: "sha256" as const, hex: hex("sha256") }];
    expect(verifier.verify(evidence, { names: [], digests, bytes: null })).toEqual({ status: "needs-bytes" });
    const other = [{ algorithm: "sha256" as const, hex: hex("sha256", Buffer.from("x")) }];
    expect(verifier.verify(evidence, { names: [], digests: other, bytes: null })).toMatchObject({
      status: "broken",
      code: "SUBJECT_MISMATCH",
    });
  });
});
