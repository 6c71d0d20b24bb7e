/** A reusable workflow that builds, or attests, for whoever calls it. */
interface KnownBuilder {
  /** `buildSignerURI` without its ref. */
  readonly workflow: string;
  /** The SLSA Build Level (v1.0) that its own documents claim, and no more. */
  readonly level: 2 | 3;
  /** Whether it signs for further workflows, whose names it takes from the platform's token and not from its caller. */
  readonly delegates?: true;
  /** Where its level is documented. */
  readonly source: string;
}

const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/";
/** "SLSA Build Level 3 provenance for native GitHub projects" */
const README = `${GENERATOR}blob/v2.1.0/README.md`;
const BYOB = `${GENERATOR}blob/v2.1.0/BYOB.md`;
/** They name no level; GitHub's attestations are of level 2 by themselves (docs.github.com, "Artifact attestations"). */
const BCR = "https://blog.bazel.build/2025/08/01/enhancing-security-metadata-in-bcr.html";
const DOCKER = "https://docs.docker.com/build/ci/github-actions/github-builder";
const GITHUB = "https://docs.github.com/actions/concepts/security/artifact-attestations";

/** By the workflow that signs. Whatever is not here is of the level that its platform gives. */
export const KNOWN_BUILDERS: readonly KnownBuilder[] = [
  { workflow: `${GENERATOR}.github/workflows/generator_generic_slsa3.yml`, level: 3, source: README },
  { workflow: `${GENERATOR}.github/workflows/generator_container_slsa3.yml`, level: 3, source: README },
  { workflow: `${GENERATOR}.github/workflows/builder_go_slsa3.yml`, level: 3, source: README },
  { workflow: `${GENERATOR}.github/workflows/builder_container-based_slsa3.yml`, level: 3, source: README },
  { workflow: `${GENERATOR}.github/workflows/delegator_generic_slsa3.yml`, level: 3, delegates: true, source: BYOB },
  {
    workflow: `${GENERATOR}.github/workflows/delegator_lowperms-generic_slsa3.yml`,
    level: 3,
    delegates: true,
    source: BYOB,
  },
  {
    workflow: "https://github.com/bazel-contrib/.github/.github/workflows/release_ruleset.yaml",
    level: 2,
    source: BCR,
  },
  { workflow: "https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml", level: 2, source: BCR },
  { workflow: "https://github.com/docker/github-builder/.github/workflows/build.yml", level: 2, source: DOCKER },
  { workflow: "https://github.com/docker/github-builder/.github/workflows/bake.yml", level: 2, source: DOCKER },
  {
    workflow: "https://github.com/github/artifact-attestations-workflows/.github/workflows/attest.yml",
    level: 2,
    source: GITHUB,
  },
];

/** Those of level 3 check this of themselves. */
const RELEASE = /^refs\/tags\/v\d+\.\d+\.\d+$/;
const OWN_REF = /^refs\/(?:tags|heads)\/./;

/** A workflow and the ref that it came from. */
export interface Workflow {
  readonly path: string;
  readonly ref: string;
}

/** Of `buildSignerURI` and the like; null: it is none. */
export function workflowIn(uri: string | undefined): Workflow | null {
  const [, path, ref] = /^([^@]+)@([^@]+)$/.exec(uri ?? "") ?? [];
  return path === undefined || ref === undefined ? null : { path, ref };
}

/**
 * null where nobody knows it, or at a ref that its owner does not write: GitHub finds a commit by its hash, or by a pull
 * request, in any fork as well.
 */
export function knownBuilder(workflow: Workflow | null): KnownBuilder | null {
  if (workflow === null || !isOwnRef(workflow)) return null;
  const found = KNOWN_BUILDERS.find((one) => one.workflow === workflow.path);
  if (found === undefined) return null;
  return found.level === 3 && !RELEASE.test(workflow.ref) ? null : found;
}

/** Whether it is a tag or a branch of the repository. */
export function isOwnRef({ ref }: Workflow): boolean {
  return OWN_REF.test(ref);
}
