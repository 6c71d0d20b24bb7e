import { type KeyObject, createHash, createPublicKey } from "node:crypto";
import type { Thresholds } from "../model/trust.ts";
import { SafeInstallError } from "../errors.ts";

/** A public key that somebody trusts for one thing. */
export interface HeldKey {
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
  const digest = createHash("sha256").update(spki).digest();
  const hints = [
    digest.toString("base64"),
    digest.toString("hex"),
    `SHA256:${digest.toString("base64").replace(/=+$/, "")}`,
  ];
  return {
    fingerprint: `sha256:${digest.toString("hex")}`,
    hints: [...hints, ...(what.hints ?? [])],
    usage: what.usage,
    spki,
    validFor: what.validFor ?? {},
    thresholds: what.thresholds,
    roots: what.roots ?? null,
  };
}

function publicKeyOf(encoded: Buffer): KeyObject {
  const pem = encoded.toString("latin1").trim();
  try {
    if (pem.startsWith("-----BEGIN PUBLIC KEY-----")) return createPublicKey(pem);
    return createPublicKey({ key: encoded, format: "der", type: "spki" });
  } catch {
    throw new SafeInstallError(
      "policy",
      "KEY_UNREADABLE",
      "the file is not a public key (PEM or DER, SubjectPublicKeyInfo)",
    );
  }
}
