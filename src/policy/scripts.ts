import type { Decision, LayerDecision } from "../model/decision.ts";
import type { PackageRef } from "../model/package.ts";
import type { Layer } from "./layer.ts";
import { covers, parsePackagePattern } from "./package-pattern.ts";
import type { Policy } from "./schema.ts";

/**
 * Whether the scripts of a package that is let in run while it is installed: every layer that speaks for it and has
 * `scripts` must let them. Absent where none has: then the installer decides as it always did.
 */
export function scriptsOf(
  layers: readonly Layer[],
  decisions: readonly LayerDecision[],
  ref: PackageRef,
): Pick<Decision, "scripts"> {
  const answers = decisions.flatMap((decision) => {
    const { scripts } = layers.find(({ name }) => name === decision.layer)?.policy ?? {};
    return scripts === undefined ? [] : [lets(scripts, decision, ref)];
  });
  if (answers.length === 0) return {};
  return { scripts: answers.every(Boolean) ? "run" : "skip" };
}

function lets(scripts: NonNullable<Policy["scripts"]>, decision: LayerDecision, ref: PackageRef): boolean {
  switch (scripts) {
    case "all":
      return true;
    case "none":
      return false;
    case "signed":
      return decision.outcome === "allowed" && decision.ground.kind === "signed";
    default:
      return scripts.some((text) => {
        const pattern = parsePackagePattern(text);
        return typeof pattern !== "string" && covers(pattern, ref);
      });
  }
}
