import { noEvidence, untrusted } from "./denials.ts";
import type { Facts } from "../model/facts.ts";
import type { Layer } from "./layer.ts";
import { isRegistrySignature } from "./predicate.ts";
import type { Ruling } from "./ruling.ts";
import { namesOf, pairsOf } from "./signed.ts";

/** Whether one of the rule's registries says that it published these bytes. Nothing but its own signature counts here. */
export function judgeBaseline(layer: Layer, baseline: readonly string[], facts: Facts): Ruling {
  const pairs = pairsOf(layer, baseline, facts).filter(({ attestation }) => isRegistrySignature(attestation));
  const proven = pairs.filter(({ mismatches }) => mismatches.length === 0);
  if (proven.length > 0) return { ground: { kind: "baseline", signers: namesOf(proven) } };
  const [closest] = pairs;
  if (closest === undefined) return { denials: [noEvidence(facts, "a registry signature")] };
  return { denials: [untrusted(facts, closest, baseline)] };
}
