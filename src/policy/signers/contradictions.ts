import type { Attestation } from "../../model/attestation.ts";
import type { Claims } from "../../model/claims.ts";
import type { Comparison } from "../../model/codes.ts";
import { type StatedBuild, buildOf, isSameRepository } from "./build.ts";
import { knownBuilder, workflowIn } from "./builders.ts";

const RUNNER = "https://github.com/actions/runner/";

/**
 * Where provenance says something else of a build than the certificate does, which the identity provider filled in: runner,
 * builder, repository, ref, commit, workflow. What one of them does not say contradicts nothing.
 */
export function contradictions(attestation: Attestation): readonly Comparison[] {
  const { signer } = attestation;
  if (signer.kind !== "certificate") return [];
  return contradicting(signer.claims, buildOf(attestation)).map((one) => ({
    ...one,
    expected: `${one.expected} (so says the certificate)`,
  }));
}

/** The same of claims that are known already, of what is not signed yet. */
export function contradicting(claims: Claims, build: StatedBuild): readonly Comparison[] {
  return [
    ...runner(claims, build),
    ...builder(claims, build),
    ...(isSameRepository(claims.sourceRepositoryURI, build.repository)
      ? []
      : differs("repository", claims.sourceRepositoryURI, build.repository)),
    ...started(claims, build),
    ...commits(claims, build),
  ];
}

function runner({ runnerEnvironment: is }: Claims, { builder: found }: StatedBuild): readonly Comparison[] {
  return is !== undefined && found?.startsWith(RUNNER) === true ? differs("builder", RUNNER + is, found) : [];
}

/** One that is a workflow is the workflow that signed, unless that is known to sign for others, which it has looked at. */
function builder({ buildSignerURI: signer }: Claims, { builder: found = "" }: StatedBuild): readonly Comparison[] {
  const isWorkflow = /\/\.github\/workflows\/[^@]+@/.test(found);
  return isWorkflow && knownBuilder(workflowIn(signer))?.delegates !== true ? differs("builder", signer, found) : [];
}

/** The workflow and its ref, where it lies in the source's own repository (else the certificate has two refs), in GitHub's own words. */
function started(claims: Claims, { ref, entryPoint }: StatedBuild): readonly Comparison[] {
  const { sourceRepositoryURI: own, sourceRepositoryRef, buildConfigURI = "" } = claims;
  const config = own !== undefined && buildConfigURI.startsWith(`${own}/`) ? workflowIn(buildConfigURI) : null;
  if (own === undefined || config === null) return [];
  // npm's first builds wrote OWNER/REPOSITORY/PATH@REF; what else is called so is a job, or a title.
  const [, , path] = /^([^/]+\/[^/]+\/)?(\.github\/workflows\/[^@]+)(?:@.*)?$/.exec(entryPoint ?? "") ?? [];
  const isRef = ref?.startsWith("refs/") === true && ref !== config.ref;
  return [
    ...(isRef ? differs("ref", sourceRepositoryRef, ref) : []),
    ...differs("entryPoint", config.path.slice(own.length + 1), path),
  ];
}

/** Of what it took in of its own repository one suffices: workflows may come from another commit of it. */
function commits(claims: Claims, { commit, inputs }: StatedBuild): readonly Comparison[] {
  const { sourceRepositoryURI: own, sourceRepositoryDigest: certified } = claims;
  const taken = inputs.flatMap((one) =>
    isSameRepository(own, one.repository) && one.commit !== undefined ? [one.commit] : [],
  );
  const other = taken.some((one) => one === certified) ? undefined : taken[0];
  return differs("commit", certified, commit === certified ? other : (commit ?? other));
}

function differs(name: string, certified: string | undefined, found: string | undefined): readonly Comparison[] {
  if (certified === undefined || found === undefined || certified === found) return [];
  return [{ name, expected: certified, found }];
}
