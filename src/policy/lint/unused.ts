import type { Policy } from "../schema.ts";
import { type Finding, finding } from "./finding.ts";

/** Names that nothing refers to. */
export function unusedFindings(policy: Policy): readonly Finding[] {
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
