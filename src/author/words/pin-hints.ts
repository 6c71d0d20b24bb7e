import type { Denial } from "../../model/codes.ts";
import type { Decision, LayerDecision } from "../../model/decision.ts";
import type { ProjectReport } from "../../model/report.ts";
import type { Typed } from "../draft.ts";
import { pinCommand } from "./change.ts";

/** What no lock names yet is pinned with the command that would install it: hints of a denied installation say so. */
export function withPinHints(report: ProjectReport, typed: Typed): ProjectReport {
  return { ...report, decisions: report.decisions.map((decision) => ofDecision(decision, typed)) };
}

function ofDecision(decision: Decision, typed: Typed): Decision {
  const pinned = (denial: Denial) => ofDenial(denial, decision.artifact.package.name, typed);
  const layers = decision.layers.map((layer): LayerDecision => {
    if (layer.outcome === "allowed") return layer;
    const [first, ...others] = layer.denials;
    return { ...layer, denials: [pinned(first), ...others.map(pinned)] };
  });
  return { ...decision, denials: decision.denials.map(pinned), layers };
}

function ofDenial(denial: Denial, name: string, typed: Typed): Denial {
  const { hint } = denial;
  if (hint === undefined) return denial;
  const written = `safe-install policy pin ${name} --write`;
  return { ...denial, hint: hint.replace(written, () => pinCommand([name], typed)) };
}
