import { type Attestation } from "../../src/model/attestation.ts";

/** For tests of judgement only: an Attestation without cryptography. */
export function attestation(part: Partial<Attestation> = {}): Attestation {
  return {
    signer: { kind: "certificate", claims: {} },
    roots: ["public-good"],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {},
    signedAt: new Date("2026-01-01T00:00:00Z"),
    leafKey: `sha256:${"1".repeat(64)}`,
    bundleDigest: { algorithm: "sha256", hex: "2".repeat(64) },
    matched: [{ algorithm: "sha512", hex: "a".repeat(128) }],
    ...part,
  } as Attestation;
}
