import { preAuthEncoding, signedContent } from "../../src/verify/content.ts";
import type { Bundle, Content } from "../../src/verify/bundle/bundle.ts";
import type { Subject } from "../../src/model/subject.ts";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";

const BYTES = Buffer.from("what was built");
const hash = (algorithm: string, bytes: Buffer = BYTES) => createHash(algorithm).update(bytes).digest();
const KEYS = {
  p256: { ...generateKeyPairSync("ec", { namedCurve: "prime256v1" }), digest: "sha256" },
  p384: { ...generateKeyPairSync("ec", { namedCurve: "secp384r1" }), digest: "sha384" },
  p521: { ...generateKeyPairSync("ec", { namedCurve: "secp521r1" }), digest: "sha512" },
  rsa: { ...generateKeyPairSync("rsa", { modulusLength: 2048 }), digest: "sha256" },
  ed25519: { ...generateKeyPairSync("ed25519"), digest: null },
} as const;
type Name = keyof typeof KEYS;
const NAMES = Object.keys(KEYS) as Name[];
const CURVES = ["p256", "p384", "p521"] as const;
const unusable = generateKeyPairSync("ec", { namedCurve: "secp256k1" });

const subject = (algorithms: readonly string[], bytes: Buffer | null = null): Subject => ({
  names: [],
  digests: algorithms.map((algorithm) => ({ algorithm, hex: hash(algorithm).toString("hex") })) as Subject["digests"],
  bytes,
});
const open = (content: Content, about = subject([]), keys: readonly KeyObject[] = []) =>
  signedContent({ content } as Bundle, about, () => keys);
const changed = (bytes: Buffer): Buffer<ArrayBuffer> =>
  Buffer.from([...bytes.subarray(0, -1), (bytes.at(-1) ?? 0) ^ 1]);

describe("an envelope", () => {
  const envelope = { kind: "dsse", payloadType: "text/ä", payload: BYTES, signature: Buffer.from("sig") } as const;
  const signed = preAuthEncoding(envelope);

  it("is signed with its type and both lengths", () => {
    expect(signed.toString("utf8")).toBe("DSSEv1 7 text/ä 14 what was built");
  });

  it.each(NAMES)("holds under the key that signed it, %s, and no other", (name) => {
    const { privateKey, publicKey, digest } = KEYS[name];
    const signature = sign(digest, signed, privateKey);
    const content = open({ ...envelope, signature })!;
    for (const other of NAMES) expect(content.verifySignature(KEYS[other].publicKey)).toBe(other === name);
    expect(content.verifySignature(unusable.publicKey)).toBe(false);
    expect(open({ ...envelope, signature, payload: changed(BYTES) })!.verifySignature(publicKey)).toBe(false);
    expect(open({ ...envelope, signature, payloadType: "text" })!.verifySignature(publicKey)).toBe(false);
    expect(open({ ...envelope, signature: Buffer.alloc(0) })!.verifySignature(publicKey)).toBe(false);
    expect(content.deprecated(publicKey)).toBeNull();
  });

  it("has the digests of its payload and of what is signed, by whichever hash is as long", () => {
    const content = open(envelope)!;
    for (const algorithm of ["sha256", "sha384", "sha512"]) {
      expect(content.compareDigest(hash(algorithm))).toBe(true);
      expect(content.compareDigest(changed(hash(algorithm)))).toBe(false);
      expect(content.compareSignedDigest(hash(algorithm, signed))).toBe(true);
      expect(content.compareSignedDigest(hash(algorithm))).toBe(false);
    }
    for (const digest of [hash("sha1"), Buffer.alloc(0)]) expect(content.compareDigest(digest)).toBe(false);
  });

  it("has one signature", () => {
    const content = open(envelope)!;
    expect(content.signature).toEqual(envelope.signature);
    expect(content.compareSignature(Buffer.from("sig"))).toBe(true);
    for (const other of ["sih", "si", "sigs", ""]) expect(content.compareSignature(Buffer.from(other))).toBe(false);
  });

  it.each([
    ["p384", "sha256", "ECDSA on P-384 with SHA-256"],
    ["p521", "sha256", "ECDSA on P-521 with SHA-256"],
    ["p384", "sha512", null],
    ["p256", "sha256", null],
    ["rsa", "sha256", null],
  ] as const)("by %s with %s is named where it was taken once: %s", (name, digest, expected) => {
    const { privateKey, publicKey } = KEYS[name];
    const signature = sign(digest, signed, privateKey);
    const byBytes = sign(digest, BYTES, privateKey);
    const message = { kind: "message", algorithm: "sha256", digest: hash("sha256"), signature: byBytes } as const;
    expect(open({ ...envelope, signature })!.deprecated(publicKey)).toBe(expected);
    expect(open(message, subject([], BYTES))!.deprecated(publicKey)).toBe(expected);
    expect(open(message, subject(["sha256"]), [])!.deprecated(publicKey)).toBeNull();
  });
});

const message = (algorithm: "sha256" | "sha384" | "sha512", signature: Buffer, digest = hash(algorithm)) =>
  ({ kind: "message", algorithm, digest, signature }) as const;

describe("a message whose bytes are here", () => {
  it.each(NAMES)("holds over the bytes, under %s, whatever digest nobody signed", (name) => {
    const { privateKey, digest } = KEYS[name];
    const signature = sign(digest, BYTES, privateKey);
    for (const algorithm of ["sha256", "sha512"] as const) {
      const content = open(message(algorithm, signature), subject([], BYTES))!;
      for (const other of NAMES) expect(content.verifySignature(KEYS[other].publicKey)).toBe(other === name);
      for (const [digest, expected] of [
        [hash(algorithm), true],
        [changed(hash(algorithm)), false],
        [hash("sha384"), false],
      ] as const)
        expect([content.compareDigest(digest), content.compareSignedDigest(digest)]).toEqual([expected, expected]);
    }
    const others = open(message("sha256", signature), subject([], changed(BYTES)))!;
    expect(others.verifySignature(KEYS[name].publicKey)).toBe(false);
  });
});

describe("a message whose bytes are not here", () => {
  it.each(CURVES)("holds over the digest, under %s", (name) => {
    const { privateKey, publicKey, digest } = KEYS[name];
    const signature = sign(digest, BYTES, privateKey);
    const content = open(message(digest, signature), subject([digest]), [publicKey])!;
    for (const other of NAMES) expect(content.verifySignature(KEYS[other].publicKey)).toBe(other === name);
    expect(content.verifySignature(unusable.publicKey)).toBe(false);
    expect(content.compareDigest(hash(digest))).toBe(true);
    expect(content.compareSignedDigest(changed(hash(digest)))).toBe(false);
    const wrong = [message(digest, changed(signature)), message(digest, signature, changed(hash(digest)))];
    for (const one of [...wrong, message(digest, Buffer.from("no DER"))])
      expect(open(one, subject([digest]), [publicKey])!.verifySignature(publicKey)).toBe(false);
  });

  it("is not judged without the bytes where no digest of its kind is known, or a key signs no digests", () => {
    const signature = Buffer.from("sig");
    const ask = (algorithms: readonly string[], ...keys: readonly KeyObject[]) =>
      open(message("sha256", signature), subject(algorithms), keys) !== null;
    const { p256, p384, rsa, ed25519 } = KEYS;
    expect(ask(["sha256"], p256.publicKey)).toBe(true);
    expect(ask(["sha512", "sha256"], p256.publicKey)).toBe(true);
    expect(ask(["sha256"])).toBe(true);
    expect(ask(["sha512"], p256.publicKey)).toBe(false);
    expect(ask([], p256.publicKey)).toBe(false);
    for (const key of [p384, rsa, ed25519, unusable]) {
      expect(ask(["sha256"], key.publicKey)).toBe(false);
      expect(ask(["sha256"], p256.publicKey, key.publicKey)).toBe(false);
    }
  });
});
