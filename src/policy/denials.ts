/** The words of the denials that a rule gives. */
import type { Code, Comparison, Denial } from "../model/codes.ts";
import type { Unavailable } from "../model/decision.ts";
import { formatDigest } from "../model/digest.ts";
import type { Facts } from "../model/facts.ts";
import type { Layer } from "./layer.ts";
import { describeType } from "./predicate.ts";
import type { Rule } from "./schema/index.ts";
import type { Pair } from "./ruling.ts";

/** No statement of the wanted kind; "could not find out" where a source could not be asked. */
export function noEvidence(facts: Facts, wanted: string): Denial {
  const [unavailable] = facts.unavailable;
  if (unavailable !== undefined) {
    return {
      code: "EVIDENCE_UNAVAILABLE",
      message: `unavailable: nobody can say whether there is ${wanted}: ${unavailable.reason}`,
      details: [],
      location: unavailable.location,
      hint: "run it again when the source answers; nothing was installed",
    };
  }
  const others = facts.verdicts.map((verdict) =>
    verdict.status === "verified" ? describeType(verdict.attestation) : `a ${verdict.status} bundle`,
  );
  return {
    code: "NO_EVIDENCE",
    message: `found no ${wanted.replace(/^an? /, "")}${others.length === 0 ? "" : `, only ${[...new Set(others)].join(", ")}`}`,
    details: missingCompanions(facts),
    hint: exceptionHint(facts, "NO_EVIDENCE"),
  };
}

/** A package of its own can get lost alone; that it is missing says nothing against the other. */
function missingCompanions({ asked = [], artifact: { package: ref } }: Facts): readonly Comparison[] {
  return asked.flatMap((source) => {
    if (source.kind !== "companion") return [];
    const expected = `${source.template.replaceAll("{id}", ref.name)} ${ref.version}, in the feed of the package`;
    return [{ name: "companion", expected, found: "no such package: never pushed, or deleted (retention)" }];
  });
}

/** Not known, whatever evidence there is. */
export function rootUnavailable({ location, reason }: Unavailable): Denial {
  return {
    code: "EVIDENCE_UNAVAILABLE",
    message: `unavailable: nobody can say who signed it: ${reason}`,
    details: [],
    location,
    hint: "safe-install trust update says whether its mirror answers; nothing was installed",
  };
}

export function untrusted(facts: Facts, { signer, mismatches, location }: Pair, expected: readonly string[]): Denial {
  return {
    code: "UNTRUSTED_SIGNER",
    message:
      expected.length === 1
        ? `signed, but not by "${signer}"`
        : `signed, but not by any of ${expected.map((name) => `"${name}"`).join(", ")}; closest to "${signer}"`,
    details: withoutRepetition(mismatches),
    location,
    hint: `safe-install explain ${facts.artifact.package.purl}`,
  };
}

/** For the screen only: a path that is shown whole because it lies in another repository adds nothing to that. */
function withoutRepetition(details: readonly Comparison[]): readonly Comparison[] {
  const elsewhere = details.some(({ name }) => name === "repository" || name === "project");
  return elsewhere ? details.filter(({ name, expected }) => name !== "workflow" || !expected.includes("://")) : details;
}

export function notProvenance(rule: Rule, { signer, location }: Pair, details: readonly Comparison[]): Denial {
  const [key, what] = rule.vsa === undefined ? [keyOf(rule), "provenance"] : ["vsa", "verification summary"];
  return {
    code: "PROVENANCE_MISMATCH",
    message: `signed by "${signer}", but the ${what} does not say what the rule requires`,
    details,
    location,
    hint: `if the build changed on purpose, change "${key}" in the rule`,
  };
}

function keyOf({ slsa, provenance }: Rule): string {
  return slsa !== undefined && provenance === undefined ? "slsa" : "provenance";
}

/** A bill of materials of something else, or without digests. */
export function notListed(type: string, { signer, location }: Pair, { digests }: Facts): Denial {
  return {
    code: "PROVENANCE_MISMATCH",
    message: `signed by "${signer}", but the ${type} statement does not list the package itself`,
    details: [{ name: "contains", expected: digests.map(formatDigest).join(" or "), found: "no such digest" }],
    location,
    hint: "have it made from the package as it is published, with its SHA-256 or SHA-512",
  };
}

/** A verification summary that `attestations` asks for, and that is no good news of this package. */
export function notPassed(type: string, { signer, location }: Pair, details: readonly Comparison[]): Denial {
  return {
    code: "PROVENANCE_MISMATCH",
    message: `signed by "${signer}", but the ${type} statement does not say that this package passed`,
    details,
    location,
    hint: 'a summary in place of provenance is asked for with "vsa", which names its verifier and levels',
  };
}

export function notEnough(wanted: number, signers: readonly string[], by: readonly string[]): Denial {
  return {
    code: "COUNT_NOT_MET",
    message: `${wanted} different signers are asked for, each with a bundle and a key of its own`,
    details: [{ name: "signers", expected: `${wanted} of ${signers.join(", ")}`, found: by.join(", ") || "none" }],
    hint: `have it signed by ${signers.filter((name) => !by.includes(name)).join(" or ") || "another of them"} as well`,
  };
}

export function notOldEnough(minimumAge: string, signedAt: Date | null): Denial {
  return {
    code: "TOO_NEW",
    message:
      signedAt === null
        ? "no verified time says when it was signed, and the rule has a minimumAge"
        : "younger than the rule's minimumAge",
    details: [{ name: "minimumAge", expected: minimumAge, found: signedAt?.toISOString() ?? "(no verified time)" }],
    hint:
      signedAt === null
        ? "use a signer whose bundles carry a log entry or a timestamp"
        : "wait, or use an older version",
  };
}

export function noRule({ name }: Layer, facts: Facts): Denial {
  const { ecosystem, name: packageName } = facts.artifact.package;
  const rule = JSON.stringify({ packages: [`${ecosystem}:${packageName}`], signedBy: ["..."] });
  return {
    code: "NO_RULE",
    message: `no rule of ${name} is for this package`,
    details: [],
    hint: `after review: safe-install policy pin ${packageName} --write, or add to "rules": ${rule}`,
  };
}

export function versionNotCovered({ name }: Layer, rules: string, { artifact }: Facts): Denial {
  return {
    code: "NO_RULE",
    message: `${rules} of ${name} ${rules.includes(", ") ? "are" : "is"} for this package, but not for version ${artifact.package.version}`,
    details: [],
    hint: 'widen "versions", or add a rule with the same pattern for this version; wider patterns are not asked',
  };
}

export function ambiguous({ name }: Layer, rules: string): Denial {
  return {
    code: "RULE_AMBIGUOUS",
    message: `${rules} of ${name} are for this version alike`,
    details: [],
    hint: 'make their "versions" apart, or join the rules',
  };
}

export function ruleExpired(rule: Rule, ruleName: string): Denial {
  return {
    code: "RULE_EXPIRED",
    message: `${ruleName} expired on ${rule.expires}`,
    details: [],
    hint: 'move "expires" after review, or replace the rule',
  };
}

export function deniedByRule(ruleName: string, facts: Facts): Denial {
  return {
    code: "DENIED_BY_RULE",
    message: `${ruleName} admits neither a signature nor unsigned bytes`,
    details: [],
    hint: `add "signedBy", or a rule for ${facts.artifact.package.ecosystem}:${facts.artifact.package.name} alone`,
  };
}

function exceptionHint({ artifact }: Facts, code: Code): string {
  const { name, version } = artifact.package;
  return `if it may be installed without, after review: safe-install policy except ${name}@${version} --code ${code} --reason "..." --days 30 --write`;
}
