import { REGISTRY_SIGNATURES, type SignedBy } from "../../model/attestation.ts";
import type { ClaimName } from "../../model/claims.ts";
import { expandSigner, type ExpectedClaim } from "../../policy/signers/expand.ts";
import type { Signer } from "../../policy/schema/index.ts";

/** Who is supposed to have signed; a sentence where that cannot be said of one certificate. */
export function signerIn(signer: Signer): SignedBy | string {
  if (signer.npmRegistry !== undefined)
    return { kind: "key", fingerprint: "sha256:", usage: REGISTRY_SIGNATURES, registry: signer.npmRegistry };
  const expected = expandSigner(signer, { version: null });
  if (expected.length === 0) return "a key is not supposed: keep a bundle that it has signed, as evidence";
  const claims: Partial<Record<ClaimName, string>> = {};
  // What another claim ends is written once that one is.
  for (const one of expected.toSorted((left, right) => Number(left.after !== null) - Number(right.after !== null))) {
    const text = textOf(one);
    if (text === null) return `${one.key}: one certificate has one value, without * or {version}`;
    claims[one.claim] = one.after === null ? text : `${text}@${claims[one.after] ?? ""}`;
  }
  return { kind: "certificate", claims };
}

function textOf({ before, written }: ExpectedClaim): string | null {
  const [text = "", ...others] = written;
  return others.length > 0 || /\*|\{version\}/.test(text) ? null : `${before}${text}`;
}
