import { createHash, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import type { Bundle, Content, Envelope, MessageSignature } from "./bundle/bundle.ts";
import type { Subject } from "../model/subject.ts";
import { signs } from "./trust/algorithm.ts";
import { createRequire } from "node:module";
import type * as Curves from "@noble/curves/nist.js";

/** What was signed, as the library asks for it. */
export interface SignedContent {
  readonly signature: Buffer;
  compareSignature(signature: Buffer): boolean;
  /** Of the DSSE payload, or of the artifact: what Rekor's payloadHash records. */
  compareDigest(digest: Buffer): boolean;
  /** Of the bytes that the signature is over. */
  compareSignedDigest(digest: Buffer): boolean;
  verifySignature(key: KeyObject): boolean;
  /** The key's algorithm, where it made the signature in one that is not taken any more; else null. */
  deprecated(key: KeyObject): string | null;
}

/** null where the artifact's bytes are needed and not there: no digest of the signed kind is known, or the key signs no digests. */
export function signedContent(
  { content }: Bundle,
  { digests, bytes }: Subject,
  keys: () => readonly KeyObject[],
): SignedContent | null {
  if (content.kind === "dsse") return ofEnvelope(content);
  if (bytes !== null) return ofBytes(content, bytes);
  const known = digests.some(({ algorithm }) => algorithm === content.algorithm);
  return known && keys().every((key) => canVerifyDigest(key) && isOf(content, key)) ? ofDigest(content) : null;
}

/** DSSE v1 pre-authentication encoding: the bytes that an envelope's signature is over. */
export function preAuthEncoding({ payloadType, payload }: Envelope): Buffer {
  const header = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(header, "utf8"), payload]);
}

function ofEnvelope(envelope: Envelope): SignedContent {
  const signed = preAuthEncoding(envelope);
  return {
    ...signatureOf(envelope),
    compareDigest: (digest) => hashesTo(envelope.payload, digest),
    compareSignedDigest: (digest) => hashesTo(signed, digest),
    verifySignature: (key) => digestsFor(key).some((digest) => verifies(digest, signed, key, envelope.signature)),
    deprecated: (key) => deprecatedBy(key, (digest) => verifies(digest, signed, key, envelope.signature)),
  };
}

/** Which hash was signed is the key's to say: `messageDigest` is signed by nobody. */
function ofBytes(message: MessageSignature, bytes: Buffer): SignedContent {
  const compareDigest = (digest: Buffer) => same(digest, message.digest);
  return {
    ...signatureOf(message),
    compareDigest,
    compareSignedDigest: compareDigest,
    verifySignature: (key) => digestsFor(key).some((digest) => verifies(digest, bytes, key, message.signature)),
    deprecated: (key) => deprecatedBy(key, (digest) => verifies(digest, bytes, key, message.signature)),
  };
}

function ofDigest(message: MessageSignature): SignedContent {
  const compareDigest = (digest: Buffer) => same(digest, message.digest);
  return {
    ...signatureOf(message),
    compareDigest,
    compareSignedDigest: compareDigest,
    verifySignature: (key) => isOf(message, key) && verifyDigest(key, message.digest, message.signature),
    deprecated: () => null,
  };
}

/** Whether the key signs digests of this kind. */
function isOf({ algorithm }: MessageSignature, key: KeyObject): boolean {
  return digestsFor(key).includes(algorithm);
}

function signatureOf({ signature }: Content): Pick<SignedContent, "signature" | "compareSignature"> {
  return { signature, compareSignature: (other) => same(other, signature) };
}

const BY_LENGTH: Readonly<Record<number, string>> = { 32: "sha256", 48: "sha384", 64: "sha512" };

function hashesTo(bytes: Buffer, digest: Buffer): boolean {
  const algorithm = BY_LENGTH[digest.length];
  return algorithm !== undefined && same(createHash(algorithm).update(bytes).digest(), digest);
}

function same(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Which digest a key signs, as Sigstore's algorithm registry pairs them; `null`: the bytes themselves. */
function digestsFor(key: KeyObject): readonly (string | null)[] {
  const digest = signs(key);
  return digest === null ? [] : [digest === "none" ? null : digest];
}

/** P-384 and P-521 with SHA-256, from before the registry. A weaker digest is no other signature: it is said by its name. */
function deprecatedBy(key: KeyObject, holds: (digest: string) => boolean): string | null {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if ((curve !== "secp384r1" && curve !== "secp521r1") || !holds("sha256")) return null;
  return `ECDSA on ${curve === "secp384r1" ? "P-384" : "P-521"} with SHA-256`;
}

function verifies(digest: string | null, bytes: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(digest, bytes, key, signature);
  } catch {
    return false;
  }
}

const NAMES = { prime256v1: "p256", secp384r1: "p384", secp521r1: "p521" } as const;

/** ECDSA over a digest that is given instead of the bytes; node:crypto only takes bytes. */
function verifyDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const name = nameOf(key);
  if (name === undefined) return false;
  try {
    return curves()[name].verify(signature, digest, pointOf(key), { prehash: false, format: "der", lowS: false });
  } catch {
    return false;
  }
}

function canVerifyDigest(key: KeyObject): boolean {
  return nameOf(key) !== undefined;
}

function nameOf(key: KeyObject) {
  const name = key.asymmetricKeyDetails?.namedCurve;
  return name !== undefined && Object.hasOwn(NAMES, name) ? NAMES[name as keyof typeof NAMES] : undefined;
}

/** Loaded when it is first needed: few signatures are judged by digest alone. */
function curves() {
  return createRequire(import.meta.url)("@noble/curves/nist.js") as typeof Curves;
}

/** The uncompressed point (SEC 1 section 2.3.3). */
function pointOf(key: KeyObject): Uint8Array {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([Buffer.from([0x04]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}
