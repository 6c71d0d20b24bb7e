import type { KeyObject } from "node:crypto";
import { createRequire } from "node:module";
import type * as Curves from "@noble/curves/nist.js";

const NAMES = { prime256v1: "p256", secp384r1: "p384", secp521r1: "p521" } as const;

/** ECDSA over a digest that is given instead of the bytes; node:crypto only takes bytes. */
export function verifyDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const name = nameOf(key);
  if (name === undefined) return false;
  try {
    return curves()[name].verify(signature, digest, pointOf(key), { prehash: false, format: "der", lowS: false });
  } catch {
    return false;
  }
}

export function canVerifyDigest(key: KeyObject): boolean {
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
