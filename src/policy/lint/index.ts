import type { PackageRef } from "../../model/package.ts";
import type { Layer } from "../layer.ts";
import { azureFindings } from "./azure.ts";
import type { Ending } from "../expiry.ts";
import { expiryFindings } from "./expiry.ts";
import type { Finding } from "./finding.ts";
import { identityFindings } from "./identities.ts";
import { reachFindings } from "./reach.ts";
import { ruleFindings } from "./rules.ts";
import { unusedFindings } from "./unused.ts";

export type { Finding } from "./finding.ts";

/**
 * What is wrong, risky or about to end in one policy whose shape is right.
 * `endings`: of the trust roots and keys that it stands on. `locked`: the packages of the lockfiles here; null: not known, so that nothing is said about what rules cover.
 */
export function lint(
  layer: Layer,
  locked: readonly PackageRef[] | null,
  now: Date,
  endings: readonly Ending[] = [],
): readonly Finding[] {
  return [
    ...ruleFindings(layer),
    ...identityFindings(layer.policy),
    ...azureFindings(layer.policy),
    ...unusedFindings(layer.policy),
    ...expiryFindings(layer.policy, endings, now),
    ...(locked === null ? [] : reachFindings(layer, locked)),
  ];
}
