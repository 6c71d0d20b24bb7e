import type { PackageRef } from "../../model/package.ts";
import type { Layer } from "../../policy/layer.ts";
import { azureFindings } from "./azure.ts";
import { type Ending, endingsOf } from "../../policy/expiry.ts";
import { type LintFinding, finding } from "./finding.ts";
import { identityFindings } from "./identities.ts";
import { looseFindings } from "./loosening.ts";
import { notaryFindings, nugetFindings } from "./notary.ts";
import { reachFindings } from "./reach.ts";
import { ruleFindings } from "./rules.ts";
import type { Policy } from "../../policy/schema/index.ts";
import { daysUntil } from "../../policy/day.ts";

export type { LintFinding } from "./finding.ts";

/**
 * What is wrong, risky or about to end in one policy whose shape is right.
 * `endings`: of the trust roots and keys that it stands on. `locked`: the packages of the lockfiles here; null: not known, so that nothing is said about what rules cover.
 */
export function lint(
  layer: Layer,
  locked: readonly PackageRef[] | null,
  now: Date,
  endings: readonly Ending[] = [],
): readonly LintFinding[] {
  return [
    ...ruleFindings(layer),
    ...identityFindings(layer.policy),
    ...azureFindings(layer.policy),
    ...notaryFindings(layer),
    ...nugetFindings(layer.policy),
    ...looseFindings(layer, now),
    ...unusedFindings(layer.policy),
    ...expiryFindings(layer.policy, endings, now),
    ...(locked === null ? [] : reachFindings(layer, locked)),
  ];
}

/** Names that nothing refers to. */
function unusedFindings(policy: Policy): readonly LintFinding[] {
  const { signers = {}, trust = {}, rules = [], revoked = [], recorded } = policy;
  const named = new Set([
    ...rules.flatMap(({ signedBy = [], baseline = [] }) => [...signedBy, ...baseline]),
    ...revoked.flatMap(({ signer }) => signer ?? []),
  ]);
  const roots = new Set(Object.values(signers).map((signer) => signer.trust));
  const isRecorded = rules.some(({ unsigned }) => unsigned === "recorded");
  return [
    ...Object.keys(signers)
      .filter((name) => !named.has(name))
      .map((name) => finding("warning", "unused-signer", ["signers", name], "no rule names this signer")),
    ...Object.keys(trust)
      .filter((name) => !roots.has(name))
      .map((name) => finding("warning", "unused-trust", ["trust", name], "no signer is under this trust root")),
    ...(recorded !== undefined && !isRecorded
      ? [finding("warning", "unused-recorded", ["recorded"], 'no rule says "unsigned": "recorded"')]
      : []),
  ];
}

/** Days ahead at which an end is worth a word, and from which it is urgent. */
const SOON = 60;
const URGENT = 14;

/** `further`: the ends of the trust roots and keys that the policy stands on. */
function expiryFindings(policy: Policy, further: readonly Ending[], now: Date): readonly LintFinding[] {
  return [...endingsOf({ policy }), ...further].flatMap((one) => ending(one, now));
}

function ending({ what, ends, path, hint }: Ending, now: Date): readonly LintFinding[] {
  const days = daysUntil(ends, now);
  if (days <= 0) return [finding("error", "expired", path, `${what} expired on ${dayOf(ends)}`, hint)];
  if (days > SOON) return [];
  const message = `${what} expires in ${days} days, on ${dayOf(ends)}`;
  return [finding(days <= URGENT ? "warning" : "note", "expires-soon", path, message, hint)];
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
