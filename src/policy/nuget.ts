import type { Attestation } from "../model/attestation.ts";
import type { Comparison } from "../model/codes.ts";
import type { Signer } from "./schema.ts";

/** What of a pinned NuGet signature an attestation does not meet: the kind of signature, and the certificate. */
export function compareNugetSignature(
  signerName: string,
  { kind, fingerprints }: NonNullable<Signer["nugetSignature"]>,
  { signer }: Attestation,
): readonly Comparison[] {
  if (signer.kind !== "key" || signer.usage !== `nuget:${kind}`) {
    const found = signer.kind === "key" ? `a signature of kind ${signer.usage}` : "a Sigstore certificate";
    return [{ name: "signer", expected: `${signerName}: NuGet's ${kind} signature`, found }];
  }
  if (fingerprints.includes(signer.fingerprint)) return [];
  return [{ name: "fingerprint", expected: fingerprints.join(" or "), found: signer.fingerprint }];
}
