import type { Denial } from "../model/codes.ts";
import type { Decision, Ground, LayerDecision } from "../model/decision.ts";

/**
 * What of a decision counts where something is promoted: each layer must rest on a signer that its rule names. Known bytes,
 * a registry's word and an exception say that somebody has seen them, not who built them.
 * @param allowsBaseline whoever promotes lets such grounds pass; what is denied, or only audited, stays so
 */
export function promotable(decision: Decision, allowsBaseline: boolean): Decision {
  const layers = decision.layers.map((layer) => held(layer, allowsBaseline));
  const denials = layers.flatMap((layer) => (layer.outcome === "allowed" ? [] : layer.denials));
  return { ...decision, layers, denials, outcome: denials.length === 0 ? "allowed" : "denied" };
}

function held(layer: LayerDecision, allowsBaseline: boolean): LayerDecision {
  if (layer.outcome === "audited") return { ...layer, outcome: "denied" };
  if (layer.outcome === "denied" || layer.ground.kind === "signed" || allowsBaseline) return layer;
  const { layer: name, rule } = layer;
  return { layer: name, rule, outcome: "denied", denials: [notPromotable(layer.ground, rule)] };
}

function notPromotable({ kind }: Ground, rule: string | null): Denial {
  return {
    code: "NOT_PROMOTABLE",
    message: "allowed, but not by a signer that the rule names: nobody says who built it",
    details: [{ name: "ground", expected: "signed", found: kind }],
    hint: `have it signed and name the signer in ${rule ?? "a rule"}; --allow-baseline promotes it as it is`,
  };
}
