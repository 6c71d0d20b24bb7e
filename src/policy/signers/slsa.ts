import type { Attestation } from "../../model/attestation.ts";
import type { Claims } from "../../model/claims.ts";
import type { Comparison } from "../../model/codes.ts";
import { isProvenance } from "../predicate.ts";
import type { Rule } from "../schema/index.ts";
import { buildOf } from "./build.ts";
import { isOwnRef, knownBuilder, type Workflow, workflowIn } from "./builders.ts";

/** An enterprise may have its own path there. */
const GITHUB = /^https:\/\/token\.actions\.githubusercontent\.com(?:\/[A-Za-z0-9-]+)?$/;
const GITLAB = "https://gitlab.com";
const RUNNER = "https://github.com/actions/runner/";

/** What of the rule's `slsa` an attestation does not reach; empty: all of it. */
export function compareSlsa({ slsa }: Rule, attestation: Attestation): readonly Comparison[] {
  if (slsa === undefined) return [];
  const { buildLevel, builders } = slsa;
  const found = buildLevelOf(attestation);
  const workflow = signingWorkflow(attestation);
  const expected = builders === "known" ? "a known builder" : (builders ?? []).join(" or ");
  const isNamed =
    builders === undefined || (builders === "known" ? knownBuilder(workflow) !== null : isOneOf(builders, workflow));
  return [
    ...(found >= buildLevel ? [] : [{ name: "buildLevel", expected: `${buildLevel} or more`, found: String(found) }]),
    ...(isNamed
      ? []
      : [{ name: "builder", expected, found: workflow === null ? "none" : `${workflow.path}@${workflow.ref}` }]),
  ];
}

/** At a tag or a branch of its own, or at exactly the ref that is named: a commit may lie in anybody's fork. */
function isOneOf(builders: readonly string[], workflow: Workflow | null): boolean {
  if (workflow === null) return false;
  const { path, ref } = workflow;
  return builders.includes(`${path}@${ref}`) || (builders.includes(path) && isOwnRef(workflow));
}

/**
 * The SLSA Build Level (v1.0) that a certificate supports. Whoever signs writes the predicate, `builder.id` too: it can lower
 * the level, and never raise it. A key says nothing of a build: 0.
 */
export function buildLevelOf(attestation: Attestation): 0 | 1 | 2 | 3 {
  const { signer } = attestation;
  if (signer.kind !== "certificate" || !isProvenance(attestation)) return 0;
  const { builder } = buildOf(attestation);
  if (builder === undefined) return 0;
  const { claims } = signer;
  if (!isHosted(claims) || builder === `${RUNNER}self-hosted`) return 1;
  const workflow = signingWorkflow(attestation);
  const known = knownBuilder(workflow);
  if (workflow === null || known?.level !== 3) return 2;
  // A delegator signs for the builder that called it, and names that one: of the same repository.
  const isOwn =
    known.delegates === true && builder.startsWith(known.workflow.slice(0, known.workflow.lastIndexOf("/") + 1));
  return builder === `${workflow.path}@${workflow.ref}` || isOwn ? 3 : 2;
}

/** The platform itself runs it, and hands out the identity: GitHub says so in the certificate, gitlab.com in its runner's words. */
function isHosted({ issuer, runnerEnvironment }: Claims): boolean {
  if (issuer !== undefined && GITHUB.test(issuer)) return runnerEnvironment === "github-hosted";
  return issuer === GITLAB && runnerEnvironment === "gitlab-hosted";
}

function signingWorkflow({ signer }: Attestation): Workflow | null {
  return signer.kind === "certificate" ? workflowIn(signer.claims.buildSignerURI) : null;
}
