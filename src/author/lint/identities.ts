import { OUTSIDE_EVENTS } from "../../report/figures/looks.ts";
import type { Policy, Signer } from "../../policy/schema/index.ts";
import { type LintFinding, finding } from "./finding.ts";

/** Identities that others than those who release could have: by a fork, a pull request, any branch or any workflow. */
export function identityFindings({ signers = {} }: Policy): readonly LintFinding[] {
  return Object.entries(signers).flatMap(([name, signer]) =>
    [...github(signer), ...gitlab(signer), ...certificate(signer), ...publicKey(signer)].map((one) => ({
      ...one,
      path: ["signers", name, ...one.path],
    })),
  );
}

type Pipeline = NonNullable<Signer["githubActions"]> | NonNullable<Signer["gitlab"]>;

function github({ githubActions: is }: Signer): readonly LintFinding[] {
  if (is === undefined) return [];
  return [
    ...refs("githubActions", is),
    ...triggers("githubActions", is),
    ...(is.workflow === undefined && is.signerWorkflow === undefined
      ? [
          finding(
            "warning",
            "any-workflow",
            ["githubActions"],
            `any workflow of ${is.repository} can be this signer`,
            '"workflow": ".github/workflows/release.yml"',
          ),
        ]
      : []),
    ...(is.workflow?.includes("*") === true
      ? [
          finding(
            "warning",
            "any-workflow",
            ["githubActions", "workflow"],
            "every workflow that * stands for can be this signer",
          ),
        ]
      : []),
    ...(is.runner === "self-hosted" ? [selfHosted("githubActions")] : []),
    ...foreignWorkflow(is),
    ...(is.repositoryId === undefined
      ? [
          finding(
            "note",
            "no-id",
            ["githubActions"],
            `${is.repository} is pinned by name only: who takes over the name takes over the signer`,
            "repositoryId and ownerId, as safe-install explain NAME shows them",
          ),
        ]
      : []),
  ];
}

/** Whoever may push to that branch writes what this repository releases. */
function foreignWorkflow({
  repository,
  signerWorkflow = "",
}: NonNullable<Signer["githubActions"]>): readonly LintFinding[] {
  const [owner = ""] = repository.split("/");
  if (!/@refs\/heads\//.test(signerWorkflow) || signerWorkflow.startsWith(`${owner}/`)) return [];
  const message = `${signerWorkflow} is another owner's, at a branch: whoever may push there builds what this signer signs`;
  const path = ["githubActions", "signerWorkflow"];
  return [finding("warning", "foreign-workflow", path, message, "pin a tag, or a commit, of that repository")];
}

function gitlab({ gitlab: is }: Signer): readonly LintFinding[] {
  if (is === undefined) return [];
  return [
    ...refs("gitlab", is),
    ...triggers("gitlab", is),
    ...(is.runner === "self-hosted" ? [selfHosted("gitlab")] : []),
  ];
}

/** Without a ref, or with one that a contributor can make. */
function refs(kind: string, { ref }: Pipeline): readonly LintFinding[] {
  if (ref === undefined) {
    const message = "no ref is pinned: a build of any branch, also of a pull request, can be this signer";
    return [finding("warning", "any-ref", [kind], message, '"ref": "refs/tags/v{version}" or "refs/heads/main"')];
  }
  const path = [kind, "ref"];
  if (/^refs\/(?:pull|merge-requests)\//.test(ref)) {
    return [finding("warning", "pull-request", path, `${ref}: whoever opens a pull request can be this signer`)];
  }
  if (ref.startsWith("refs/heads/") && ref.includes("*")) {
    return [
      finding("warning", "any-branch", path, `${ref}: whoever may push a branch of such a name can be this signer`),
    ];
  }
  if (ref.startsWith("refs/tags/") && ref.includes("*") && !ref.includes("{version")) {
    const message = `${ref}: a tag for one version admits every other version; pin the version`;
    return [finding("warning", "any-tag", path, message, '"ref": "refs/tags/v{version}"')];
  }
  if (ref.startsWith("refs/tags/*{version")) {
    const message = `${ref}: a tag that only ends like the version admits it, too: v11.0.0 for 1.0.0`;
    return [finding("warning", "wide-tag", path, message, '"ref": "refs/tags/v{version}"')];
  }
  return [];
}

function triggers(kind: string, { trigger, ref }: Pipeline): readonly LintFinding[] {
  const outside = [trigger ?? []].flat().filter((event) => OUTSIDE_EVENTS.includes(event));
  if (outside.length > 0) {
    const message = `${outside.join(", ")}: code from outside of the repository can start such a build`;
    return [finding("warning", "outside-trigger", [kind, "trigger"], message)];
  }
  if (kind !== "githubActions" || trigger !== undefined || ref?.startsWith("refs/heads/") !== true) return [];
  const message = `no trigger is pinned: pull_request_target, which a fork can start, also builds on ${ref}`;
  return [finding("warning", "any-trigger", [kind], message, '"trigger": ["push", "release", "workflow_dispatch"]')];
}

function publicKey({ publicKey: is }: Signer): readonly LintFinding[] {
  if (is?.tlog !== 0) return [];
  const message = "no log is asked for: nobody would see what a stolen key signs, and no time is proven";
  return [finding("note", "no-log", ["publicKey", "tlog"], message, '"tlog": 1, and sign with a transparency log')];
}

function selfHosted(kind: string): LintFinding {
  return finding("warning", "self-hosted", [kind, "runner"], "a self-hosted runner is as trustworthy as its machine");
}

function certificate({ certificate: is }: Signer): readonly LintFinding[] {
  if (is === undefined) return [];
  const path = ["certificate"];
  const san = is.subjectAlternativeName ?? "";
  if (/^[^\s@/]+@[^\s@/]+$/.test(san)) {
    const message = `${san} is a person: whoever can log in as them can be this signer`;
    return [finding("note", "person", [...path, "subjectAlternativeName"], message)];
  }
  const isShared = /^https:\/\/(?:token\.actions\.|gitlab\.)/.test(is.issuer);
  const event = is.buildTrigger;
  const findings = [
    ...(event !== undefined && OUTSIDE_EVENTS.includes(event)
      ? [finding("warning", "outside-trigger", [...path, "buildTrigger"], `${event}: code from outside can start it`)]
      : []),
    ...(is.runnerEnvironment === "self-hosted"
      ? [{ ...selfHosted("certificate"), path: [...path, "runnerEnvironment"] }]
      : []),
    ...(isShared && event === undefined && is.sourceRepositoryRef?.startsWith("refs/heads/") === true
      ? [finding("warning", "any-trigger", path, "no trigger is pinned: a fork could start one", '"buildTrigger"')]
      : []),
  ];
  const isPinned = [is.sourceRepositoryRef, is.buildConfigURI, is.subjectAlternativeName].some(
    (one) => one !== undefined,
  );
  if (!isShared || isPinned) return findings;
  const message =
    "neither ref nor pipeline is pinned: a build of any branch, also of a pull request, can be this signer";
  return [...findings, finding("warning", "any-ref", path, message, '"sourceRepositoryRef" or "buildConfigURI"')];
}
