import type { KeyObject } from "node:crypto";
import { p256, p384, p521 } from "@noble/curves/nist.js";

const CURVES = { prime256v1: p256, secp384r1: p384, secp521r1: p521 } as const;

/** ECDSA over a digest that is given instead of the bytes; node:crypto only takes bytes. */
export function verifyDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const curve = curveOf(key);
  if (curve === undefined) return false;
  try {
    return curve.verify(signature, digest, pointOf(key), { prehash: false, format: "der", lowS: false });
  } catch {
    return false;
  }
}

export function canVerifyDigest(key: KeyObject): boolean {
  return curveOf(key) !== undefined;
}

function curveOf(key: KeyObject) {
  const name = key.asymmetricKeyDetails?.namedCurve;
  return name !== undefined && Object.hasOwn(CURVES, name) ? CURVES[name as keyof typeof CURVES] : undefined;
}

/** The uncompressed point (SEC 1 section 2.3.3). */
function pointOf(key: KeyObject): Uint8Array {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([Buffer.from([0x04]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}
