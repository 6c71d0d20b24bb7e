import type { Denial } from "../../model/codes.ts";
import type { Decision, LayerDecision } from "../../model/decision.ts";
import type { PackageRef } from "../../model/package.ts";
import type { ProjectReport } from "../../model/report.ts";
import type { Typed } from "../draft.ts";
import { behind, explainCommand, pinCommand } from "./change.ts";

/** What no lock names yet is pinned with the command that would install it: hints of a denied installation say so. */
export function withPinHints(report: ProjectReport, typed: Typed): ProjectReport {
  return { ...report, decisions: report.decisions.map((decision) => ofDecision(decision, typed)) };
}

function ofDecision(decision: Decision, typed: Typed): Decision {
  const pinned = (denial: Denial) => ofDenial(denial, decision.artifact.package, typed);
  const layers = decision.layers.map((layer): LayerDecision => {
    if (layer.outcome === "allowed") return layer;
    const [first, ...others] = layer.denials;
    return { ...layer, denials: [pinned(first), ...others.map(pinned)] };
  });
  return { ...decision, denials: decision.denials.map(pinned), layers };
}

function ofDenial(denial: Denial, { name, purl }: PackageRef, typed: Typed): Denial {
  const { hint } = denial;
  if (hint === undefined) return denial;
  const explain = `safe-install explain ${purl}`;
  if (hint === explain) return { ...denial, hint: explainCommand(purl, typed) };
  const pin = `safe-install policy pin ${name} --write`;
  const changed = hint.replace(pin, () => pinCommand([name], typed));
  return { ...denial, hint: changed.replace(/safe-install policy except .*$/, (except) => behind(except, typed)) };
}
