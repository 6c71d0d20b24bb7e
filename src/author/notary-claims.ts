import type { Attestation } from "../model/attestation.ts";
import type { Layer } from "../policy/layer.ts";
import type { Signer } from "../policy/schema/index.ts";
import { parseName } from "../policy/signers/distinguished-name.ts";
import { compareIdentities, compareNotary, SUBJECT } from "../policy/signers/notary.ts";
import type { ClaimBeside } from "./claim-beside.ts";

/** What a signer of the Notary Project asks for beside what an envelope has: each attribute, and the trust store. */
export function notaryClaims(
  layer: Layer,
  name: string,
  is: NonNullable<Signer["notary"]>,
  attestation: Attestation,
): readonly ClaimBeside[] {
  const { signer } = attestation;
  const wrong = compareNotary(layer, name, is, attestation);
  if (signer.kind !== "key" || signer.notary === undefined)
    return wrong.map((one) => ({ ...one, key: one.name, claim: "signature", holds: false }));
  const { notary } = signer;
  const nearest = nearestOf(is.identities, notary);
  const isHeld = wrong.every((one) => one.name !== "trustStore");
  const anchors = notary.heldBy.map(({ anchor }) => anchor).join(" or ");
  return [
    ...nearest.map(({ type, value }) => {
      const found = notary.subject.filter((one) => one.type === type).map((one) => one.value ?? "(not readable)");
      const holds = found.length === 1 && found[0] === value;
      const shown = found.join(" and ") || "(the subject has no such attribute)";
      return { key: type, claim: "subject", expected: value, found: shown, holds };
    }),
    {
      key: "trustStore",
      claim: is.type ?? "ca",
      expected: is.trustStore.join(" or "),
      found: isHeld ? anchors : "another signer's",
      holds: isHeld,
    },
    ...notary.heldBy
      .flatMap(({ passedOver }) => passedOver)
      .map((found) => ({ key: "level", claim: "passed over", expected: is.level ?? "strict", found, holds: true })),
  ];
}

/** The identity that is met, or nearest to it. */
function nearestOf(identities: readonly string[] = [], subject: Parameters<typeof compareIdentities>[1]) {
  const [nearest] = identities
    .map((text) => ({ text, missing: compareIdentities([text], subject).length }))
    .toSorted((left, right) => left.missing - right.missing);
  const read = nearest === undefined ? [] : parseName(nearest.text.slice(SUBJECT.length));
  return typeof read === "string" ? [] : read;
}
