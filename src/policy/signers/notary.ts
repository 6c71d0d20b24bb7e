import { type Attestation, NOTARY_SIGNATURES } from "../../model/attestation.ts";
import type { Comparison } from "../../model/codes.ts";
import type { NotarySigner } from "../../model/notary.ts";
import type { Layer } from "../layer.ts";
import type { Signer } from "../schema/index.ts";
import { compareName, parseName } from "./distinguished-name.ts";

type Notary = NonNullable<Signer["notary"]>;

/** How an identity begins (trust-store-trust-policy.md, "Trusted Identities"). */
export const SUBJECT = "x509.subject:";

/** What of a signer an envelope does not meet: it holds under the signer's own trust, and has one of its names. */
export function compareNotary(
  layer: Layer,
  signerName: string,
  is: Notary,
  { signer }: Attestation,
): readonly Comparison[] {
  if (signer.kind !== "key" || signer.usage !== NOTARY_SIGNATURES || signer.notary === undefined) {
    const found = signer.kind === "key" ? `a signature of kind ${signer.usage}` : "a Sigstore certificate";
    return [{ name: "signer", expected: `${signerName}: a signature of the Notary Project`, found }];
  }
  const trust = trustOf(layer, signerName);
  if (trust === undefined || !signer.notary.heldBy.some((one) => one.trust === trust)) {
    const expected = `${is.type ?? "ca"}: ${is.trustStore.join(" or ")}, level ${is.level ?? "strict"}`;
    return [{ name: "trustStore", expected, found: "holds under another signer's trust alone" }];
  }
  return compareIdentities(is.identities, signer.notary);
}

/** Whether it is one that the signer trusts, of one of its names, whatever its level says of it: a signer that is revoked is revoked everywhere. */
export function isByNotary(layer: Layer, signerName: string, is: Notary, { signer }: Attestation): boolean {
  const trust = trustOf(layer, signerName);
  if (signer.kind !== "key" || signer.notary === undefined || trust === undefined) return false;
  return signer.notary.anchoredBy.includes(trust) && compareIdentities(is.identities, signer.notary).length === 0;
}

export function trustOf({ notary = {} }: Layer, signerName: string): string | undefined {
  return Object.hasOwn(notary, signerName) ? notary[signerName]?.trust : undefined;
}

/** One of the names; without any, the trust store holds the leaf itself. The nearest miss is told. */
export function compareIdentities(
  identities: readonly string[] | undefined,
  { subject }: Pick<NotarySigner, "subject">,
): readonly Comparison[] {
  if (identities === undefined) return [];
  const compared = identities.map((text) => {
    const name = parseName(text.startsWith(SUBJECT) ? text.slice(SUBJECT.length) : text);
    return typeof name === "string" ? [{ name: "identity", expected: text, found: name }] : compareName(name, subject);
  });
  return compared.find((one) => one.length === 0) ?? compared.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
