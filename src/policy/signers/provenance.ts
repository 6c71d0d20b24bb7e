import type { Attestation } from "../../model/attestation.ts";
import type { Comparison } from "../../model/codes.ts";
import type { Rule } from "../schema/index.ts";

const RUNNER = "https://github.com/actions/runner/";
const ABSENT = "(the provenance does not say)";

/**
 * What of the rule's `provenance` an attestation's SLSA predicate does not say; empty: all of it.
 * A predicate is written by the build itself: where it contradicts the certificate, the certificate wins.
 * Source: slsa.dev/spec v0.2 and v1 provenance.
 */
export function compareProvenance(rule: Rule, attestation: Attestation): readonly Comparison[] {
  const { builder, buildType } = rule.provenance ?? {};
  const said = provenanceOf(attestation);
  return [
    ...compare("builder", builder, said.builder),
    ...compare("buildType", buildType, said.buildType),
    ...(rule.provenance === undefined ? [] : contradictions(said.builder, attestation)),
  ];
}

function compare(name: string, expected: string | undefined, found: string | undefined): readonly Comparison[] {
  return expected === undefined || expected === found ? [] : [{ name, expected, found: found ?? ABSENT }];
}

function contradictions(builder: string | undefined, { signer }: Attestation): readonly Comparison[] {
  const environment = signer.kind === "certificate" ? signer.claims.runnerEnvironment : undefined;
  if (environment === undefined || builder === undefined || !builder.startsWith(RUNNER)) return [];
  const certified = `${RUNNER}${environment}`;
  if (certified === builder) return [];
  return [{ name: "builder", expected: `${certified} (so says the certificate)`, found: builder }];
}

interface Said {
  readonly builder: string | undefined;
  readonly buildType: string | undefined;
}

function provenanceOf({ predicateType, predicate }: Attestation): Said {
  if (predicateType === "https://slsa.dev/provenance/v0.2") {
    return { builder: text(predicate, "builder", "id"), buildType: text(predicate, "buildType") };
  }
  return {
    builder: text(predicate, "runDetails", "builder", "id"),
    buildType: text(predicate, "buildDefinition", "buildType"),
  };
}

function text(value: unknown, ...path: readonly string[]): string | undefined {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return typeof at === "string" ? at : undefined;
}
