import type { JsonEvidence, JsonPackage } from "../json-schema.ts";
import { byText } from "../json.ts";
import { printable } from "../text.ts";

/** CycloneDX 1.6, `evidence.identity`. */
export interface Identity {
  readonly field: "purl" | "hash";
  readonly confidence: number;
  readonly concludedValue: string;
  readonly methods: readonly { readonly technique: string; readonly confidence: number; readonly value: string }[];
}

/** Only what it was let in for: a signature that no rule asked for proves nothing here. */
export function identityOf({ purl, ground, digests, evidence }: JsonPackage): readonly Identity[] {
  if (ground === "signed" || ground === "baseline") {
    const methods = inOrder(evidence).flatMap((one) => {
      const value = signedBy(one);
      return value === null ? [] : [{ technique: "attestation", confidence: 1, value }];
    });
    return methods.length === 0 ? [] : [{ field: "purl", confidence: 1, concludedValue: purl, methods }];
  }
  if (ground !== "recorded" && ground !== "archive") return [];
  const [strongest] = digests.toSorted((left, right) => right.length - left.length);
  if (strongest === undefined) return [];
  const methods = [{ technique: "hash-comparison", confidence: 1, value: strongest }];
  return [{ field: "hash", confidence: 1, concludedValue: strongest, methods }];
}

/**
 * What verified, where it lies and who signed it. The digest is of the signed envelope, not of what the address answers
 * with: it stands in the comment, for a reader of `hashes` would compare it with the latter.
 */
export function referencesOf({ evidence }: JsonPackage): readonly { readonly url: string; readonly comment: string }[] {
  return inOrder(evidence).flatMap((one) => {
    const comment = signedBy(one);
    return comment === null ? [] : [{ url: asIri(one.location), comment }];
  });
}

/** RFC 3987: what stands in none is percent-encoded. */
function asIri(location: string): string {
  return location
    .replaceAll(/\p{Cs}/gu, "\u{fffd}")
    .replaceAll(/[\p{C}\p{Z}<>"\\^`{|}]/gu, (sign) => encodeURIComponent(sign));
}

function inOrder(evidence: JsonPackage["evidence"]): JsonPackage["evidence"] {
  return evidence.toSorted(
    (left, right) => byText(left.location, right.location) || byText(left.bundle ?? "", right.bundle ?? ""),
  );
}

function signedBy({ status, signer, bundle, predicateType, signedAt }: JsonEvidence): string | null {
  if (status !== "verified" || signer === undefined) return null;
  const { issuer, subjectAlternativeName } = signer.kind === "certificate" ? signer.claims : {};
  const facts = {
    signer: signer.kind === "key" ? signer.fingerprint : subjectAlternativeName,
    issuer,
    usage: signer.kind === "key" ? signer.usage : undefined,
    registry: signer.kind === "key" ? signer.registry : undefined,
    bundle,
    predicate: predicateType ?? undefined,
    signed: signedAt ?? undefined,
  };
  return Object.entries(facts)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${printable(value)}`]))
    .join("; ");
}
