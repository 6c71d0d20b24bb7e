import { type Attestation, REGISTRY_SIGNATURES, REPOSITORY_SIGNATURES } from "../model/attestation.ts";
import type { Rule } from "./schema/index.ts";

export const SLSA_V1 = "https://slsa.dev/provenance/v1";

const SLSA_TYPES: readonly string[] = ["https://slsa.dev/provenance/v0.2", SLSA_V1];
/** Verification Summary Attestation v1 (slsa.dev/spec/v1.0/verification_summary). */
export const VSA = "https://slsa.dev/verification_summary/v1";
const SUMMARIES = "https://slsa.dev/verification_summary/";
export const PYPI_PUBLISH = "https://docs.pypi.org/attestations/publish/v1";

/**
 * Whether a statement of this type says "I made these bytes": a signature over the bytes themselves, SLSA provenance,
 * PyPI's publish attestation, or a type that the rule names. With `provenance` or `slsa`: SLSA only; with `vsa` a summary in its place. A registry's own signature never.
 */
export function admits(rule: Rule, attestation: Attestation): boolean {
  if (isRegistrySignature(attestation)) return false;
  const { predicateType } = attestation;
  if (rule.vsa !== undefined) return predicateType === VSA;
  if (isProvenance(attestation)) return true;
  if (rule.provenance !== undefined || rule.slsa !== undefined) return false;
  return (
    predicateType === null || predicateType === PYPI_PUBLISH || (rule.predicateTypes ?? []).includes(predicateType)
  );
}

export function isProvenance({ predicateType }: Pick<Attestation, "predicateType">): boolean {
  return predicateType !== null && SLSA_TYPES.includes(predicateType);
}

/** A verification summary, of whichever version. */
export function isSummary(predicateType: string | null): boolean {
  return predicateType?.startsWith(SUMMARIES) === true;
}

/** What a registry says of its own: good for a baseline alone, and nothing else is. */
export function isRegistrySignature({ signer }: Attestation): boolean {
  return signer.kind === "key" && [REGISTRY_SIGNATURES, REPOSITORY_SIGNATURES].includes(signer.usage);
}

/** `null` spelled for people. */
export function describeType(attestation: Attestation): string {
  if (isRegistrySignature(attestation)) return "a registry's signature";
  return attestation.predicateType ?? "a signature over the file";
}
