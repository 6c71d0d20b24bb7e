import { OUTSIDE_EVENTS } from "../propose/second-look.ts";
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
    ...(is.repositoryId === undefined
      ? [
          finding(
            "note",
            "no-id",
            ["githubActions"],
            `${is.repository} is pinned by name only: who takes over the name takes over the signer`,
            "repositoryId and ownerId; safe-install explain shows them",
          ),
        ]
      : []),
  ];
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
  if (/^refs\/tags\/\*$/.test(ref)) {
    const message = `${ref}: a tag for one version admits every other version; pin the version`;
    return [finding("warning", "any-tag", path, message, '"ref": "refs/tags/v{version}"')];
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
  return finding("note", "self-hosted", [kind, "runner"], "a self-hosted runner is as trustworthy as its machine");
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
  const isPinned = [is.sourceRepositoryRef, is.buildConfigURI, is.subjectAlternativeName].some(
    (one) => one !== undefined,
  );
  if (!isShared || isPinned) return [];
  const message =
    "neither ref nor pipeline is pinned: a build of any branch, also of a pull request, can be this signer";
  return [finding("warning", "any-ref", path, message, '"sourceRepositoryRef" or "buildConfigURI"')];
}
