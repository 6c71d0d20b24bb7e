import type { Attestation } from "../model/attestation.ts";
import type { Rule } from "./schema.ts";

export const SLSA_TYPES: readonly string[] = ["https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1"];
export const PYPI_PUBLISH = "https://docs.pypi.org/attestations/publish/v1";

/**
 * Whether a statement of this type says "I made these bytes": a signature over the bytes themselves, SLSA provenance,
 * PyPI's publish attestation, or a type that the rule names. With `provenance`: SLSA only.
 */
export function admits(rule: Rule, { predicateType }: Attestation): boolean {
  if (predicateType !== null && SLSA_TYPES.includes(predicateType)) return true;
  if (rule.provenance !== undefined) return false;
  return (
    predicateType === null || predicateType === PYPI_PUBLISH || (rule.predicateTypes ?? []).includes(predicateType)
  );
}

/** `null` spelled for people. */
export function describeType({ predicateType }: Attestation): string {
  return predicateType ?? "a signature over the file";
}
