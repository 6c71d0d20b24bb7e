import { type KeyObject, createHash, generateKeyPairSync, sign } from "node:crypto";

export type Curve = "P-256" | "P-384" | "Ed25519";

export interface Key {
  readonly curve: Curve;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly spki: Buffer;
}

export function newKey(curve: Curve = "P-256"): Key {
  const pair = curve === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: curve });
  return { curve, ...pair, spki: pair.publicKey.export({ format: "der", type: "spki" }) };
}

/** With the digest that belongs to the curve, as Sigstore's algorithm registry has it. */
export function signWith(key: Key, data: Buffer, digest = digestFor(key.curve)): Buffer {
  return sign(digest, data, key.privateKey);
}

export function digestFor(curve: Curve): "sha256" | "sha384" | null {
  return curve === "P-384" ? "sha384" : curve === "P-256" ? "sha256" : null;
}

/** protobuf-specs PublicKeyDetails. */
export function keyDetails(curve: Curve): string {
  return { "P-256": "PKIX_ECDSA_P256_SHA_256", "P-384": "PKIX_ECDSA_P384_SHA_384", Ed25519: "PKIX_ED25519" }[curve];
}

export function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

export function pem(label: "CERTIFICATE" | "PUBLIC KEY", der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString("base64").replace(/(.{64})(?=.)/g, "$1\n")}\n-----END ${label}-----\n`;
}
