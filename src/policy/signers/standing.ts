import type { Attestation } from "../../model/attestation.ts";
import type { Layer } from "../layer.ts";
import { trustOf } from "./notary.ts";
import { signerOf } from "./signer.ts";

/** What an attestation stands on for one signer, whatever it stands on for others. */
export interface SignedStanding {
  /** Null: nobody whom the signer trusts says when. */
  readonly signedAt: Date | null;
  /**
   * `sha256:HEX` over the keys (SPKI) of the authorities up to the one that the signer names: each could have made it, so that
   * signatures that share one are of one hand.
   */
  readonly anchors: readonly string[];
}

export function standingOf(layer: Layer, signerName: string, { signer, signedAt }: Attestation): SignedStanding {
  if (signer.kind !== "key") return { signedAt, anchors: [] };
  if (signer.notary !== undefined) {
    const trust = trustOf(layer, signerName);
    const held = signer.notary.heldBy.find((one) => one.trust === trust);
    return { signedAt: held?.signedAt ?? null, anchors: held?.authorities ?? [] };
  }
  const named = signerOf(layer, signerName)?.nugetSignature?.issuer?.fingerprints ?? [];
  const authorities = signer.words?.authorities ?? [];
  const last = authorities.findIndex(({ fingerprint }) => named.includes(fingerprint));
  return { signedAt, anchors: authorities.slice(0, last + 1).map(({ key }) => key) };
}
