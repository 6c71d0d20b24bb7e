import { type Draft, left } from "../draft.ts";
import { unboundJson } from "../../report/json.ts";

interface Drafted {
  readonly drafted: Draft;
  /** For people. */
  readonly written: readonly string[];
}

/** What drafts, one after the other, write; and what the last of them leaves open, for machines. */
export function draftJson(rounds: readonly Drafted[]) {
  const drafts = rounds.map(({ drafted }) => drafted);
  const last = drafts.at(-1);
  return {
    lockfiles: last?.survey.lockfiles ?? [],
    policy: last?.foundation.shown ?? null,
    changes: drafts.some(({ policyText, recordedText }) => policyText !== null || recordedText !== null),
    written: rounds.flatMap(({ written }) => written),
    signers: Object.fromEntries(drafts.flatMap(signersIn)),
    packages: drafts.flatMap(packagesIn),
    pruned: drafts.flatMap(({ pruned }) => pruned),
    looks: drafts.flatMap(({ looks }) => looks),
    open: (last === undefined ? [] : left(last)).map(({ sighting, status, denials }) => ({
      purl: sighting.package.purl,
      status,
      codes: denials.map(({ code }) => code),
    })),
    unbound: (last?.survey.unbound ?? []).map(unboundJson),
  };
}

function signersIn({ plan }: Draft) {
  return Object.entries(plan.policy.signers ?? {}).filter(([name]) => plan.added.has(name));
}

function packagesIn({ plan }: Draft) {
  return plan.pinned.map(({ signer, standing: { sighting, status } }) => ({
    purl: sighting.package.purl,
    status,
    signer,
  }));
}
