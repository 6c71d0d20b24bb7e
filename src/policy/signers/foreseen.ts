import type { Claims } from "../../model/claims.ts";
import type { Comparison } from "../../model/codes.ts";
import type { Layer } from "../layer.ts";
import { expandSigner } from "./expand.ts";
import { compareClaim, signerOf } from "./signer.ts";

interface Foreseen {
  readonly claims: Claims;
  /** What is missing here will be missing; else it is not known yet, and not compared. */
  readonly isWhole: boolean;
  /** Fills `{version}`; null: there is none. */
  readonly version: string | null;
}

/**
 * What of a layer's signer a certificate with these claims would not meet, before there is an attestation: a comparison alone,
 * on which nothing is installed.
 */
export function compareForeseen(
  layer: Layer,
  name: string,
  { claims, isWhole, version }: Foreseen,
): readonly Comparison[] {
  const signer = signerOf(layer, name);
  const expected = signer === null ? [] : expandSigner(signer, { version });
  if (expected.length === 0) return [{ name: "signer", expected: name, found: "a certificate" }];
  const known = expected.filter(
    ({ claim, after }) => isWhole || (claims[claim] !== undefined && (after === null || claims[after] !== undefined)),
  );
  return known.flatMap((one) => compareClaim(one, claims));
}
