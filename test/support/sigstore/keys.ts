import { constants, type KeyObject, createHash, generateKeyPairSync, sign } from "node:crypto";

/** `RSA-PSS`: of 2048 bits with SHA-256; `SHA-1`: the same in PKCS#1 v1.5 with SHA-1. */
export type Curve = "P-256" | "P-384" | "Ed25519" | "RSA-PSS" | "SHA-1";

export interface Key {
  readonly curve: Curve;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly spki: Buffer;
}

export function newKey(curve: Curve = "P-256"): Key {
  const pair = newPair(curve);
  return { curve, ...pair, spki: pair.publicKey.export({ format: "der", type: "spki" }) };
}

function newPair(curve: Curve) {
  if (curve === "Ed25519") return generateKeyPairSync("ed25519");
  if (curve === "RSA-PSS" || curve === "SHA-1") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  return generateKeyPairSync("ec", { namedCurve: curve });
}

/** With the digest that belongs to the curve, as Sigstore's algorithm registry has it. */
export function signWith(key: Key, data: Buffer, digest = digestFor(key.curve)): Buffer {
  const pss = { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return sign(digest, data, key.curve === "RSA-PSS" ? pss : key.privateKey);
}

export function digestFor(curve: Curve) {
  const digests = {
    "P-256": "sha256",
    "P-384": "sha384",
    Ed25519: null,
    "RSA-PSS": "sha256",
    "SHA-1": "sha1",
  } as const;
  return digests[curve];
}

/** protobuf-specs PublicKeyDetails. */
export function keyDetails(curve: Curve): string {
  return {
    "P-256": "PKIX_ECDSA_P256_SHA_256",
    "P-384": "PKIX_ECDSA_P384_SHA_384",
    Ed25519: "PKIX_ED25519",
    "RSA-PSS": "PKIX_RSA_PSS_2048_SHA256",
    "SHA-1": "PKIX_RSA_PKCS1V5",
  }[curve];
}

export function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

export function pem(label: "CERTIFICATE" | "PUBLIC KEY", der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString("base64").replace(/(.{64})(?=.)/g, "$1\n")}\n-----END ${label}-----\n`;
}
