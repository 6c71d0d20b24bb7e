import { constants, createPublicKey, type KeyObject } from "node:crypto";

/** A key algorithm of Sigstore's registry (sigstore/protobuf-specs `PublicKeyDetails`; architecture-docs, "Sigstore Public Key and Signature Algorithms"). */
interface Algorithm {
  readonly type: "ec" | "ed25519" | "rsa";
  /** OpenSSL's name of the curve, or the modulus in bits; absent: any that `signs` takes. */
  readonly size?: string | number;
  readonly pss?: true;
  /** The key is written as PKCS#1 RSAPublicKey: old logs. */
  readonly pkcs1?: true;
  /** What a log signs with it, verification cannot be told to hash so. */
  readonly notForLogs?: true;
}

/** Those under which a trust root may hold a key. The deprecated two are here because the root itself names them. */
const NAMED: Readonly<Record<string, Algorithm>> = {
  PKIX_ECDSA_P256_SHA_256: { type: "ec", size: "prime256v1" },
  PKIX_ECDSA_P384_SHA_384: { type: "ec", size: "secp384r1", notForLogs: true },
  PKIX_ECDSA_P521_SHA_512: { type: "ec", size: "secp521r1", notForLogs: true },
  PKIX_ECDSA_P384_SHA_256: { type: "ec", size: "secp384r1" },
  PKIX_ECDSA_P521_SHA_256: { type: "ec", size: "secp521r1" },
  PKIX_ED25519: { type: "ed25519" },
  PKIX_RSA_PKCS1V15_2048_SHA256: { type: "rsa", size: 2048 },
  PKIX_RSA_PKCS1V15_3072_SHA256: { type: "rsa", size: 3072 },
  PKIX_RSA_PKCS1V15_4096_SHA256: { type: "rsa", size: 4096 },
  PKIX_RSA_PSS_2048_SHA256: { type: "rsa", size: 2048, pss: true },
  PKIX_RSA_PSS_3072_SHA256: { type: "rsa", size: 3072, pss: true },
  PKIX_RSA_PSS_4096_SHA256: { type: "rsa", size: 4096, pss: true },
  PKIX_RSA_PKCS1V5: { type: "rsa" },
  PKIX_RSA_PSS: { type: "rsa", pss: true },
  PKCS1_RSA_PKCS1V5: { type: "rsa", pkcs1: true },
  PKCS1_RSA_PSS: { type: "rsa", pkcs1: true, pss: true },
};

/** A log's key, as Node's `verify` takes it. */
export interface NamedKey {
  readonly key: KeyObject;
  /** Why no signature of it can be verified; null: it can. */
  readonly unusable: string | null;
}

/** @returns the key, or in words why it is none that counts */
export function namedKey(der: Buffer, details: unknown): NamedKey | string {
  const name = typeof details === "string" ? details : "without an algorithm";
  const algorithm = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (algorithm === undefined) return `a key of algorithm ${name.slice(0, 60)} is not one that counts`;
  const key = parsed(der, algorithm);
  if (key === null) return "holds no readable key";
  if (signs(key) === null || !fits(key, algorithm)) return `says ${name}, and the key is ${describeKey(key)}`;
  const padded = algorithm.pss === true ? withPss(key) : key;
  return { key: padded, unusable: algorithm.notForLogs === true ? name : null };
}

function parsed(der: Buffer, { pkcs1 }: Algorithm): KeyObject | null {
  try {
    return createPublicKey({ key: der, format: "der", type: pkcs1 === true ? "pkcs1" : "spki" });
  } catch {
    return null;
  }
}

function fits(key: KeyObject, { type, size, pss }: Algorithm): boolean {
  const { asymmetricKeyType: found, asymmetricKeyDetails: { namedCurve, modulusLength } = {} } = key;
  if (found !== type && !(found === "rsa-pss" && pss === true)) return false;
  return size === undefined || size === (namedCurve ?? modulusLength);
}

/** The library hands a log's key to Node as it is: there it may say its padding (`crypto.verify`, RFC 8017 section 8.1). */
function withPss(key: KeyObject): KeyObject {
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING } as unknown as KeyObject;
}

/** Digest under which a key of this kind signs, by the registry; "none": the bytes themselves; null: no kind that counts. */
export function signs(key: KeyObject): "sha256" | "sha384" | "sha512" | "none" | null {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  if (type === "ed25519") return "none";
  if (type === "rsa") return isModulus(details.modulusLength) ? "sha256" : null;
  if (type === "rsa-pss") return isModulus(details.modulusLength) && isSha256(details) ? "sha256" : null;
  if (type !== "ec") return null;
  const curves = { prime256v1: "sha256", secp384r1: "sha384", secp521r1: "sha512" } as const;
  const curve = details.namedCurve ?? "";
  return Object.hasOwn(curves, curve) ? curves[curve as keyof typeof curves] : null;
}

function isModulus(bits: number | undefined): boolean {
  return bits === 2048 || bits === 3072 || bits === 4096;
}

/** A key that is for PSS alone may leave its parameters open (RFC 4055 section 1.2), or must name SHA-256 twice. */
function isSha256({ hashAlgorithm, mgf1HashAlgorithm }: NonNullable<KeyObject["asymmetricKeyDetails"]>): boolean {
  return [hashAlgorithm, mgf1HashAlgorithm].every((one) => one === undefined || one === "sha256");
}

/** For messages: `ec secp256k1`, `rsa 1024`, `rsa-pss 2048 sha512`. */
export function describeKey(key: KeyObject): string {
  const { asymmetricKeyType: type = "key", asymmetricKeyDetails: details = {} } = key;
  const { namedCurve, modulusLength, hashAlgorithm } = details;
  return [type, namedCurve ?? modulusLength, hashAlgorithm].filter((one) => one !== undefined).join(" ");
}
