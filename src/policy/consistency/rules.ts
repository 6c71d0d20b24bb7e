import { dayOf } from "../day.ts";
import { weakerThanRule } from "./notary.ts";
import { nearest } from "../../nearest.ts";
import { isSummary } from "../predicate.ts";
import { parsePackagePattern } from "../package-pattern.ts";
import type { Problem } from "../read/problem.ts";
import type { Policy, Rule, Signer } from "../schema/index.ts";
import { parseRange } from "../../ecosystems/index.ts";

export function ruleProblems(policy: Policy): readonly Problem[] {
  return (policy.rules ?? []).flatMap((rule, at) =>
    [
      ...packageProblems(rule),
      ...groundProblems(policy, rule),
      ...signedByProblems(policy, rule),
      ...baselineProblems(policy, rule),
      ...companionProblems(rule),
      ...dateProblems(rule),
    ].map(({ path, message }) => ({ path: ["rules", at, ...path], message })),
  );
}

function packageProblems({ packages, versions }: Rule): readonly Problem[] {
  const patterns = packages.map(parsePackagePattern);
  const wrong = patterns.flatMap((pattern, at) =>
    typeof pattern === "string" ? [{ path: ["packages", at], message: pattern }] : [],
  );
  if (versions === undefined) return wrong;
  const path = ["versions"];
  const ecosystems = [
    ...new Set(patterns.flatMap((pattern) => (typeof pattern === "string" ? [] : [pattern.ecosystem]))),
  ];
  if (ecosystems.length > 1) return [...wrong, { path, message: "goes with packages of one ecosystem only" }];
  const ranges = ecosystems.map((ecosystem) => parseRange(ecosystem, versions));
  return [...wrong, ...ranges.flatMap((range) => (typeof range === "string" ? [{ path, message: range }] : []))];
}

/** What a rule rests on: identities, a baseline, or nothing. */
function groundProblems(policy: Policy, rule: Rule): readonly Problem[] {
  const grounds = (["signedBy", "baseline", "unsigned"] as const).filter((key) => rule[key] !== undefined);
  if (grounds.length > 1) return [{ path: [grounds[1] ?? ""], message: `${grounds.join(" and ")} exclude each other` }];
  const path = ["unsigned"];
  if (rule.unsigned === "recorded" && policy.recorded === undefined) {
    return [{ path, message: '"recorded" needs the policy\'s "recorded": { "file", "reason", "expires" }' }];
  }
  if (rule.unsigned === "allow" && (rule.reason === undefined || rule.expires === undefined)) {
    return [{ path, message: '"allow" needs a reason and the day on which it expires' }];
  }
  return [];
}

function signedByProblems(policy: Policy, rule: Rule): readonly Problem[] {
  const { signedBy = [], count = 1 } = rule;
  const named = signedBy.flatMap((name, at) =>
    nameProblems(policy, signedBy, at, ["signedBy", at]).concat(
      isBaseline(signerOf(policy, name))
        ? [
            {
              path: ["signedBy", at],
              message: `"${name}" proves what was published, not who built it: name it in baseline`,
            },
          ]
        : weakerThanRule(signerOf(policy, name), policy, rule).map((message) => ({ path: ["signedBy", at], message })),
    ),
  );
  if (count <= 1 || named.length > 0) return named;
  const path = ["count"];
  if (signedBy.length > 0 && count > signedBy.length) {
    return [{ path, message: `asks for ${count} of ${signedBy.length} signers` }];
  }
  const same = sharedSource(signedBy.map((name) => [name, signerOf(policy, name)] as const));
  return same === null ? [] : [{ path, message: `${same.join(" and ")} pin the same source and cannot count as two` }];
}

function baselineProblems(policy: Policy, { baseline = [] }: Rule): readonly Problem[] {
  return baseline.flatMap((name, at) => {
    const path = ["baseline", at];
    const signer = signerOf(policy, name);
    const wrong = nameProblems(policy, baseline, at, path);
    if (wrong.length > 0 || isBaseline(signer)) return wrong;
    return [{ path, message: `"${name}" is not a registry's or feed's signature: name it in signedBy` }];
  });
}

function nameProblems(policy: Policy, names: readonly string[], at: number, path: Problem["path"]): Problem[] {
  const name = names[at] ?? "";
  if (names.indexOf(name) < at) return [{ path, message: `"${name}" is named twice` }];
  if (signerOf(policy, name) !== undefined) return [];
  return [{ path, message: `there is no signer "${name}"${nearest(name, Object.keys(policy.signers ?? {}))}` }];
}

/** A registry's or a feed's own signature. */
function isBaseline(signer: Signer | undefined): boolean {
  return signer?.npmRegistry !== undefined || signer?.nugetSignature?.kind === "repository";
}

function signerOf({ signers = {} }: Policy, name: string): Signer | undefined {
  return Object.hasOwn(signers, name) ? signers[name] : undefined;
}

/** Keys that say something about `signedBy` and nothing without it. */
function companionProblems(rule: Rule): readonly Problem[] {
  const needing = ["count", "provenance", "slsa", "vsa", "attestations", "predicateTypes", "minimumAge"] as const;
  if (rule.signedBy === undefined) {
    return needing
      .filter((key) => rule[key] !== undefined)
      .map((key) => ({ path: [key], message: `${key} means something beside signedBy only` }));
  }
  const { provenance, predicateTypes } = rule;
  const summary = (predicateTypes ?? []).findIndex(isSummary);
  if (summary !== -1)
    return [{ path: ["predicateTypes", summary], message: "a summary may say FAILED: ask for it with vsa" }];
  const beside = (["provenance", "slsa", "predicateTypes"] as const).find((key) => rule[key] !== undefined);
  if (rule.vsa !== undefined && beside !== undefined)
    return [
      { path: [beside], message: `${beside} has no meaning beside vsa: a summary takes the place of provenance` },
    ];
  if (rule.slsa !== undefined && predicateTypes !== undefined)
    return [{ path: ["predicateTypes"], message: "slsa admits SLSA statements only" }];
  if (provenance === undefined) return [];
  const { parameters = {}, ...words } = provenance;
  const isEmpty = Object.keys({ ...words, ...parameters }).length === 0;
  return [
    ...(isEmpty ? [{ path: ["provenance"], message: "must say something: builder, buildType, repository" }] : []),
    ...(predicateTypes === undefined
      ? []
      : [{ path: ["predicateTypes"], message: "provenance admits SLSA statements only" }]),
  ];
}

function dateProblems({ expires }: Rule): readonly Problem[] {
  if (expires === undefined || dayOf(expires) !== null) return [];
  return [{ path: ["expires"], message: `the calendar has no ${expires}` }];
}

/** Two of the signers that pin the same source, so that they are one hand; null where all differ. */
function sharedSource(
  signers: readonly (readonly [name: string, signer: Signer | undefined])[],
): readonly [string, string] | null {
  const seen = new Map<string, string>();
  for (const [name, signer] of signers) {
    for (const source of signer === undefined ? [] : sourcesOf(signer)) {
      const other = seen.get(source);
      if (other !== undefined && other !== name) return [other, name];
      seen.set(source, name);
    }
  }
  return null;
}

/** What names the source, in a spelling of its own for each kind; hosts compare repositories without case. */
function sourcesOf(signer: Signer): readonly string[] {
  const { githubActions, gitlab, azurePipelines, certificate, publicKey, nugetSignature, notary } = signer;
  return [
    ...(githubActions === undefined ? [] : [`https://github.com/${githubActions.repository}`]),
    ...(githubActions?.repositoryId === undefined ? [] : [`github id ${githubActions.repositoryId}`]),
    ...(gitlab === undefined ? [] : [`https://gitlab.com/${gitlab.project}`]),
    ...(azurePipelines === undefined ? [] : [azureSource(azurePipelines)]),
    ...(certificate === undefined ? [] : certificateSources(certificate)),
    ...(publicKey?.files ?? []).map((file) => `key ${file}`),
    ...(nugetSignature?.fingerprints ?? []),
    ...(nugetSignature?.subject === undefined ? [] : [`nuget ${nugetSignature.subject}`]),
    ...(notary?.trustStore ?? []).map((file) => `key ${file}`),
  ].map((source) => source.toLowerCase());
}

function azureSource(is: NonNullable<Signer["azurePipelines"]>): string {
  return `azure ${is.organizationId} ${is.projectId ?? is.serviceConnectionId}`;
}

function certificateSources(is: NonNullable<Signer["certificate"]>): readonly string[] {
  const repository = is.sourceRepositoryURI;
  const github = is.issuer === "https://token.actions.githubusercontent.com";
  const id = is.sourceRepositoryIdentifier;
  const named = [
    ...(repository === undefined ? [] : [repository]),
    ...(id === undefined ? [] : [github ? `github id ${id}` : `${is.issuer} id ${id}`]),
  ];
  if (named.length > 0) return named;
  return [`${is.issuer} ${is.tokenSubject ?? is.buildConfigURI ?? is.subjectAlternativeName}`];
}
