import { type KeyObject, createHash, createPublicKey } from "node:crypto";
import { describeKey, signs } from "./algorithm.ts";
import type { Thresholds } from "../../model/trust.ts";
import { SafeInstallError } from "../../errors.ts";

/** A public key that somebody trusts for one thing. */
export interface HeldKey {
  /** A digest of the key and of what it rests on, so that one key under two thresholds or roots is never mixed up. */
  readonly id: string;
  /** `sha256:HEX` over the SPKI DER. */
  readonly fingerprint: string;
  /** Names under which a bundle may ask for it: npm key ids, digests of the SPKI. */
  readonly hints: readonly string[];
  /** "npm:attestations", "policy" for bundles; "npm:signatures" for registry signatures; anything else verifies nothing. */
  readonly usage: string;
  readonly spki: Buffer;
  /** Both ends inclusive. */
  readonly validFor: { readonly start?: Date; readonly end?: Date };
  readonly thresholds: Thresholds;
  /** Ids of the trust roots whose logs and timestamps may vouch; null: of any root that is given. */
  readonly roots: readonly string[] | null;
}

/**
 * Reads a PEM or DER SubjectPublicKeyInfo. The hints are the digests that cosign and others write:
 * base64 and hex of SHA-256 over the SPKI. @throws SafeInstallError kind "policy"
 */
export function heldKey(
  encoded: Buffer,
  what: Pick<HeldKey, "usage" | "thresholds"> & Partial<Pick<HeldKey, "validFor" | "roots" | "hints">>,
): HeldKey {
  const spki = publicKeyOf(encoded).export({ format: "der", type: "spki" });
  const { usage, thresholds, roots = null } = what;
  const digest = createHash("sha256").update(spki).digest();
  const hints = [
    digest.toString("base64"),
    digest.toString("hex"),
    `SHA256:${digest.toString("base64").replace(/=+$/, "")}`,
  ];
  const { tlog, timestamps } = thresholds;
  const rests = JSON.stringify([usage, tlog, timestamps, roots, digest.toString("hex")]);
  return {
    id: `sha256:${createHash("sha256").update(rests).digest("hex")}`,
    fingerprint: `sha256:${digest.toString("hex")}`,
    hints: [...hints, ...(what.hints ?? [])],
    usage,
    spki,
    validFor: what.validFor ?? {},
    thresholds,
    roots,
  };
}

function publicKeyOf(encoded: Buffer): KeyObject {
  const key = parsed(encoded);
  if (signs(key) !== null) return inOneSpelling(key);
  throw new SafeInstallError("policy", "KEY_UNUSABLE", `a key of kind ${describeKey(key)} is not one that signs here`, {
    hint: "ECDSA on P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits (PKCS#1 v1.5, or PSS with SHA-256), or Ed25519",
  });
}

/** One key and nothing else: of a file with two, the second would be passed over in silence. */
const PEM = /^-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----$/;

function parsed(encoded: Buffer): KeyObject {
  const text = encoded.toString("latin1").trim();
  try {
    if (PEM.test(text)) return createPublicKey(text);
    if (!text.startsWith("-----")) return createPublicKey({ key: encoded, format: "der", type: "spki" });
  } catch {
    // Said below, as of any other file.
  }
  throw new SafeInstallError(
    "policy",
    "KEY_UNREADABLE",
    "the file is not one public key (PEM or DER, SubjectPublicKeyInfo)",
  );
}

/** A point may be written compressed or not (SEC 1 section 2.3.3): one key in two spellings would count as two. */
function inOneSpelling(key: KeyObject): KeyObject {
  return key.asymmetricKeyType === "ec" ? createPublicKey({ key: key.export({ format: "jwk" }), format: "jwk" }) : key;
}
