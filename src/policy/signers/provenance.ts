import type { Attestation } from "../../model/attestation.ts";
import type { Comparison } from "../../model/codes.ts";
import type { Rule } from "../schema/index.ts";
import { type StatedBuild, buildOf } from "./build.ts";
import { contradictions } from "./contradictions.ts";
import { said } from "./said.ts";

const ABSENT = "(the provenance does not say)";

/**
 * What of the rule's `provenance` an attestation's SLSA predicate does not say, and where a rule that asks for SLSA
 * provenance gets one that contradicts its certificate; empty: all of it. A predicate is written by the build itself: where
 * it contradicts the certificate, the certificate wins.
 */
export function compareProvenance(rule: Rule, attestation: Attestation): readonly Comparison[] {
  const { provenance, slsa } = rule;
  if (provenance === undefined && slsa === undefined) return [];
  return [...compareWords(provenance ?? {}, buildOf(attestation)), ...contradictions(attestation)];
}

function compareWords(
  { builder, buildType, repository, commit, entryPoint, parameters = {} }: NonNullable<Rule["provenance"]>,
  build: StatedBuild,
): readonly Comparison[] {
  return [
    ...compare("builder", builder, build.builder),
    ...compare("buildType", buildType, build.buildType),
    ...compare("repository", repository, build.repository),
    ...compare("commit", commit, commitOf(build, commit)),
    ...compare("entryPoint", entryPoint, build.entryPoint),
    ...Object.entries(parameters).flatMap(([pointer, expected]) =>
      compare(`parameters${pointer}`, JSON.stringify(expected), parameterAt(build.parameters, pointer)),
    ),
  ];
}

function compare(name: string, expected: string | undefined, found: string | undefined): readonly Comparison[] {
  return expected === undefined || expected === found ? [] : [{ name, expected, found: found ?? ABSENT }];
}

/** v1 has it among what was taken in of the repository, of which there may be several commits. */
function commitOf({ repository, commit, inputs }: StatedBuild, wanted: string | undefined): string | undefined {
  if (commit !== undefined) return commit;
  const taken = inputs.flatMap((one) => (one.repository === repository ? (one.commit ?? []) : []));
  return taken.find((one) => one === wanted) ?? taken[0];
}

/** Of a text, a number or a truth value, as JSON; RFC 6901. */
function parameterAt(parameters: unknown, pointer: string): string | undefined {
  const path = pointer.split("/").slice(1);
  const found = said.part(parameters, ...path.map((one) => one.replaceAll("~1", "/").replaceAll("~0", "~")));
  return typeof found === "object" || found === undefined ? undefined : JSON.stringify(found);
}
