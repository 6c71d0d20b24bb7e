import { noEvidence, unsupported, untrusted } from "./denials.ts";
import type { Facts } from "./facts.ts";
import type { Layer } from "./layer.ts";
import { isRegistrySignature } from "./predicate.ts";
import type { Ruling } from "./ruling.ts";
import { namesOf, pairsOf } from "./signed.ts";
import { isKnownKind } from "./signer.ts";

/** Whether one of the rule's registries says that it published these bytes. Nothing but its own signature counts here. */
export function judgeBaseline(layer: Layer, baseline: readonly string[], facts: Facts): Ruling {
  const notYet = baseline.filter((name) => !isKnownKind(layer, name));
  if (notYet.length === baseline.length) return { denials: [unsupported(notYet)] };
  const known = baseline.filter((name) => !notYet.includes(name));
  const pairs = pairsOf(layer, known, facts).filter(({ attestation }) => isRegistrySignature(attestation));
  const proven = pairs.filter(({ mismatches }) => mismatches.length === 0);
  if (proven.length > 0) return { ground: { kind: "baseline", signers: namesOf(proven) } };
  const [closest] = pairs;
  const denial = closest === undefined ? noEvidence(facts, "a registry signature") : untrusted(facts, closest, known);
  return { denials: [denial, ...(notYet.length === 0 ? [] : [unsupported(notYet)])] };
}
