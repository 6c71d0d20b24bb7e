import { constants, type KeyObject, verify } from "node:crypto";
import type { DigestAlgorithm } from "../../model/digest.ts";
import { describeKey } from "../trust/algorithm.ts";
import { fail } from "../fault.ts";
import type { NotaryEnvelope } from "./envelope.ts";

/** A key has one algorithm, and an algorithm one hash (signature-specification.md, "Signature Algorithm Requirements"). */
interface Algorithm {
  readonly type: "rsa" | "ec";
  /** The modulus in bits, or OpenSSL's name of the curve. */
  readonly size: number | string;
  readonly hash: DigestAlgorithm;
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  PS256: { type: "rsa", size: 2048, hash: "sha256" },
  PS384: { type: "rsa", size: 3072, hash: "sha384" },
  PS512: { type: "rsa", size: 4096, hash: "sha512" },
  ES256: { type: "ec", size: "prime256v1", hash: "sha256" },
  ES384: { type: "ec", size: "secp384r1", hash: "sha384" },
  ES512: { type: "ec", size: "secp521r1", hash: "sha512" },
};

/** The algorithm that a key signs in; null: it is none that may sign. */
export function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject): string | null {
  const size = details.modulusLength ?? details.namedCurve;
  const found = Object.entries(ALGORITHMS).find(([, one]) => one.type === type && one.size === size);
  return found === undefined ? null : found[0];
}

/** The envelope is signed by this key, in the key's own algorithm. @returns the hash of it @throws Fault */
export function requireSignature({ algorithm, signed, signature }: NotaryEnvelope, key: KeyObject): DigestAlgorithm {
  const own = algorithmOf(key);
  if (own === null) return fail("CERTIFICATE_INVALID", `a key of kind ${describeKey(key)} may not sign`);
  if (own !== algorithm)
    return fail("SIGNATURE_INVALID", `signed in ${algorithm.slice(0, 40)}, and the certificate's key signs in ${own}`);
  const { type, hash } = ALGORITHMS[own]!;
  if (!holds(type, hash, { key, signed, signature })) fail("SIGNATURE_INVALID", "the signature does not verify");
  return hash;
}

/** PSS with a salt as long as the hash (RFC 7518 section 3.5, RFC 8230 section 2); ECDSA as r and s (RFC 7518 section 3.4). */
function holds(
  type: Algorithm["type"],
  hash: string,
  { key, signed, signature }: Pick<NotaryEnvelope, "signed" | "signature"> & { readonly key: KeyObject },
): boolean {
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  const how =
    type === "rsa"
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
      : { key, dsaEncoding: "ieee-p1363" as const };
  try {
    return verify(hash, signed, how, signature);
  } catch {
    return false;
  }
}
