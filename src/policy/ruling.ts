import type { Comparison, Denial } from "../model/codes.ts";
import type { Ground } from "../model/decision.ts";
import type { Counted } from "./signers/count.ts";

/** What one rule says of one artifact before exceptions and mode. */
export type Ruling = { readonly ground: Ground } | { readonly denials: readonly [Denial, ...Denial[]] };

/** A verified attestation beside one of the rule's signers, and what it does not meet of it. */
export interface Pair extends Counted {
  readonly location: string;
  /** Under the signer's own trust. */
  readonly signedAt: Date | null;
  readonly mismatches: readonly Comparison[];
}
