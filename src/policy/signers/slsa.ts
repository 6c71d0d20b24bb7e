import type { Attestation } from "../../model/attestation.ts";
import type { Claims } from "../../model/claims.ts";
import type { Comparison } from "../../model/codes.ts";
import { isProvenance } from "../predicate.ts";
import type { Rule } from "../schema/index.ts";
import { said } from "./said.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const GITLAB = "https://gitlab.com";
const RUNNER = "https://github.com/actions/runner/";
const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";

/**
 * Workflows that build, or sign, apart from the workflow that calls them, at Build Level 3 by their own documentation: its
 * README, "Build Level 3" (slsa-framework/slsa-github-generator). They count at a release tag alone, which they check themselves.
 */
const LEVEL_3: ReadonlySet<string> = new Set(
  [
    "generator_generic_slsa3.yml",
    "generator_container_slsa3.yml",
    "builder_go_slsa3.yml",
    "builder_container-based_slsa3.yml",
    "delegator_generic_slsa3.yml",
    "delegator_lowperms-generic_slsa3.yml",
  ].map((name) => GENERATOR + name),
);

const DELEGATOR = `${GENERATOR}delegator_`;
const RELEASE = /^refs\/tags\/v\d+\.\d+\.\d+$/;

/** What of the rule's `slsa` an attestation does not reach; empty: all of it. */
export function compareSlsa({ slsa }: Rule, attestation: Attestation): readonly Comparison[] {
  if (slsa === undefined) return [];
  const { buildLevel, builders } = slsa;
  const found = buildLevelOf(attestation);
  const builder = signingWorkflow(attestation)?.path;
  const admitted =
    builders === undefined || (builders === "known" ? LEVEL_3.has(builder ?? "") : builders.includes(builder ?? ""));
  return [
    ...(found >= buildLevel ? [] : [{ name: "buildLevel", expected: `${buildLevel} or more`, found: String(found) }]),
    ...(admitted
      ? []
      : [
          {
            name: "builder",
            expected: builders === "known" ? "a known builder" : builders.join(" or "),
            found: builder ?? "none",
          },
        ]),
    ...contradictions(attestation),
  ];
}

/**
 * The SLSA Build Level (v1.0) that a certificate supports. Whoever signs writes the predicate, `builder.id` too: it can lower
 * the level, and never raise it. A key says nothing of a build: 0.
 */
export function buildLevelOf(attestation: Attestation): 0 | 1 | 2 | 3 {
  const { signer, predicate } = attestation;
  if (signer.kind !== "certificate" || !isProvenance(attestation)) return 0;
  const builder = said.text(predicate, "runDetails", "builder", "id") ?? said.text(predicate, "builder", "id");
  if (builder === undefined) return 0;
  const { claims } = signer;
  if (!isHosted(claims) || builder === `${RUNNER}self-hosted`) return 1;
  const workflow = signingWorkflow(attestation);
  const isApart = workflow !== null && LEVEL_3.has(workflow.path) && RELEASE.test(workflow.ref);
  if (!isApart) return 2;
  // A delegator signs for the builder that called it, and names that one: of the same repository.
  const isNamed =
    builder === `${workflow.path}@${workflow.ref}` ||
    (workflow.path.startsWith(DELEGATOR) && builder.startsWith(GENERATOR));
  return isNamed ? 3 : 2;
}

/** The platform itself runs it, and hands out the identity: GitHub says so in the certificate, gitlab.com in its runner's words. */
function isHosted({ issuer, runnerEnvironment }: Claims): boolean {
  if (issuer === GITHUB) return runnerEnvironment === "github-hosted";
  return issuer === GITLAB && runnerEnvironment === "gitlab-hosted";
}

function signingWorkflow({ signer }: Attestation): { readonly path: string; readonly ref: string } | null {
  const [, path, ref] =
    /^([^@]+)@([^@]+)$/.exec(signer.kind === "certificate" ? (signer.claims.buildSignerURI ?? "") : "") ?? [];
  return path === undefined || ref === undefined ? null : { path, ref };
}

/** Where the predicate names a source repository or commit, it is that of the certificate. */
function contradictions({ signer, predicate }: Attestation): readonly Comparison[] {
  if (signer.kind !== "certificate") return [];
  const { sourceRepositoryURI, sourceRepositoryDigest } = signer.claims;
  const uri =
    said.text(predicate, "buildDefinition", "externalParameters", "workflow", "repository") ??
    said.text(predicate, "invocation", "configSource", "uri");
  const commit = said.text(predicate, "invocation", "configSource", "digest", "sha1");
  // What a build took in of its own repository (v1): workflows may come from another commit of it.
  const taken = said
    .items(predicate, "buildDefinition", "resolvedDependencies")
    .filter((one) => repositoryIn(said.text(one, "uri")) === sourceRepositoryURI)
    .flatMap((one) => said.text(one, "digest", "gitCommit") ?? []);
  const source = taken.find((one) => one === sourceRepositoryDigest) ?? taken[0];
  return [
    ...differs("repository", sourceRepositoryURI, repositoryIn(uri)),
    ...differs("commit", sourceRepositoryDigest, commit ?? source),
  ];
}

function repositoryIn(uri: string | undefined): string | undefined {
  return uri
    ?.replace(/^git\+/, "")
    .split("@")[0]
    ?.replace(/\.git$/, "");
}

function differs(name: string, certified: string | undefined, found: string | undefined): readonly Comparison[] {
  if (certified === undefined || found === undefined || certified === found) return [];
  return [{ name, expected: `${certified} (so says the certificate)`, found }];
}
