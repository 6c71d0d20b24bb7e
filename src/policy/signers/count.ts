import { formatDigest } from "../../model/digest.ts";
import type { Attestation } from "../../model/attestation.ts";

/** An attestation that one of the rule's signers made. */
export interface Counted {
  readonly signer: string;
  readonly attestation: Attestation;
  /** See `Standing`. */
  readonly anchors?: readonly string[];
}

/** The largest set of differently named signers that each have a hand of their own: another bundle and another key. */
export function assignHands(counted: readonly Counted[]): readonly Counted[] {
  const hands = handsOf(counted);
  const holder = new Map<number, Counted>();
  for (const signer of new Set(counted.map((one) => one.signer))) {
    seat(signer, { counted, hands, holder, tried: new Set() });
  }
  return [...holder.values()];
}

interface Seats {
  readonly counted: readonly Counted[];
  readonly hands: ReadonlyMap<Attestation, number>;
  readonly holder: Map<number, Counted>;
  readonly tried: Set<number>;
}

/** Finds the signer a hand, moving others to another of theirs where that helps (augmenting paths). */
function seat(signer: string, seats: Seats): boolean {
  for (const one of seats.counted.filter((candidate) => candidate.signer === signer)) {
    const hand = seats.hands.get(one.attestation) ?? -1;
    if (seats.tried.has(hand)) continue;
    seats.tried.add(hand);
    const sitting = seats.holder.get(hand);
    if (sitting === undefined || seat(sitting.signer, seats)) {
      seats.holder.set(hand, one);
      return true;
    }
  }
  return false;
}

/** Attestations that share a key, a bundle or the key of an authority that they rest on are one hand. */
function handsOf(counted: readonly Counted[]): ReadonlyMap<Attestation, number> {
  const hands = new Map<Attestation, number>();
  const marks = new Map<string, number>();
  for (const { attestation, anchors = [] } of counted) {
    const own = [attestation.leafKey, formatDigest(attestation.bundleDigest)].concat(anchors);
    const met = new Set(own.flatMap((mark) => marks.get(mark) ?? []));
    const hand = Math.min(hands.size, ...met);
    hands.set(attestation, hand);
    for (const mark of own) marks.set(mark, hand);
    for (const [mark, other] of marks) if (met.has(other)) marks.set(mark, hand);
    for (const [one, other] of hands) if (met.has(other)) hands.set(one, hand);
  }
  return hands;
}
