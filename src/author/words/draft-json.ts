import { type Draft, left } from "../draft.ts";
import { unboundJson } from "../../report/json.ts";

/** What a draft would write, and what it leaves open, for machines. `written`: what has been. */
export function draftJson(draft: Draft, written: readonly string[]) {
  const { plan, foundation, survey, policyText, recordedText } = draft;
  return {
    lockfiles: survey.lockfiles,
    policy: foundation.shown,
    changes: policyText !== null || recordedText !== null,
    written,
    signers: Object.fromEntries(Object.entries(plan.policy.signers ?? {}).filter(([name]) => plan.added.has(name))),
    packages: plan.pinned.map(({ signer, standing: { sighting, status } }) => ({
      purl: sighting.package.purl,
      status,
      signer,
    })),
    pruned: draft.pruned,
    looks: draft.looks,
    open: left(draft).map(({ sighting, status, denials }) => ({
      purl: sighting.package.purl,
      status,
      codes: denials.map(({ code }) => code),
    })),
    unbound: survey.unbound.map(unboundJson),
  };
}
