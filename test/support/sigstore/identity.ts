import { createHash } from "node:crypto";
import type { San } from "./certificate.ts";
import type { Claims } from "../../../src/model/claims.ts";

/** Who asks Fulcio for a certificate. The claims are those that the shorthands of a policy expand to, and realistic others. */
export interface Identity {
  readonly san: San;
  readonly claims: Claims;
}

export interface GitHub {
  /** `owner/name`. */
  readonly repository: string;
  /** Path in the repository, for instance `.github/workflows/release.yml`. */
  readonly workflow: string;
  readonly ref: string;
  readonly environment?: string;
  readonly trigger?: string;
  readonly runner?: "github-hosted" | "self-hosted";
  readonly repositoryId?: string;
  readonly ownerId?: string;
  /** A reusable workflow that signs: `owner/repo/path@ref`. */
  readonly signerWorkflow?: string;
  readonly run?: string;
  readonly issuer?: string;
}

export function githubIdentity(of: GitHub): Identity {
  const source = `https://github.com/${of.repository}`;
  const config = `${source}/${of.workflow}@${of.ref}`;
  const signer = of.signerWorkflow === undefined ? config : `https://github.com/${of.signerWorkflow}`;
  const commit = commitOf(config);
  const claims: Claims = {
    issuer: of.issuer ?? "https://token.actions.githubusercontent.com",
    buildSignerURI: signer,
    buildSignerDigest: commit,
    runnerEnvironment: of.runner ?? "github-hosted",
    sourceRepositoryURI: source,
    sourceRepositoryDigest: commit,
    sourceRepositoryRef: of.ref,
    sourceRepositoryIdentifier: of.repositoryId ?? "123456",
    sourceRepositoryOwnerURI: `https://github.com/${of.repository.split("/")[0]}`,
    sourceRepositoryOwnerIdentifier: of.ownerId ?? "4242",
    buildConfigURI: config,
    buildConfigDigest: commit,
    buildTrigger: of.trigger ?? "push",
    runInvocationURI: `${source}/actions/runs/${of.run ?? "1"}/attempts/1`,
    sourceRepositoryVisibilityAtSigning: "public",
    ...(of.environment === undefined ? {} : { deploymentEnvironment: of.environment }),
    tokenSubject: `repo:${of.repository}:${of.environment === undefined ? `ref:${of.ref}` : `environment:${of.environment}`}`,
  };
  return { san: { type: "uri", value: signer }, claims };
}

export interface GitLab {
  /** `group/project`. */
  readonly project: string;
  readonly configPath?: string;
  readonly ref: string;
  readonly environment?: string;
  readonly host?: string;
}

export function gitlabIdentity(of: GitLab): Identity {
  const host = of.host ?? "https://gitlab.com";
  const source = `${host}/${of.project}`;
  const config = `${source}//${of.configPath ?? ".gitlab-ci.yml"}@${of.ref}`;
  const commit = commitOf(config);
  const claims: Claims = {
    issuer: host,
    buildSignerURI: config,
    buildSignerDigest: commit,
    runnerEnvironment: "gitlab-hosted",
    sourceRepositoryURI: source,
    sourceRepositoryDigest: commit,
    sourceRepositoryRef: of.ref,
    sourceRepositoryIdentifier: "77",
    sourceRepositoryOwnerURI: `${host}/${of.project.split("/").slice(0, -1).join("/")}`,
    sourceRepositoryOwnerIdentifier: "7",
    buildConfigURI: config,
    buildConfigDigest: commit,
    buildTrigger: "push",
    runInvocationURI: `${source}/-/jobs/1`,
    sourceRepositoryVisibilityAtSigning: "public",
    ...(of.environment === undefined ? {} : { deploymentEnvironment: of.environment }),
  };
  return { san: { type: "uri", value: config }, claims };
}

export interface AzurePipelines {
  /** GUID. */
  readonly organization: string;
  /** GUID. */
  readonly project: string;
  readonly definitionId: string;
  readonly ref: string;
  /** Claims that the certificate template adds or overrides. */
  readonly claims?: Claims;
}

/** As a private Fulcio issues it with the template that safe-install documents. */
export function azurePipelinesIdentity(of: AzurePipelines): Identity {
  const config = `https://dev.azure.com/${of.organization}/${of.project}/_build?definitionId=${of.definitionId}`;
  const claims: Claims = {
    issuer: `https://vstoken.dev.azure.com/${of.organization}`,
    sourceRepositoryRef: of.ref,
    sourceRepositoryDigest: commitOf(config),
    buildConfigURI: config,
    ...of.claims,
  };
  return { san: { type: "uri", value: `${config}@${of.ref}` }, claims };
}

export function emailIdentity(email: string, issuer = "https://accounts.example.com"): Identity {
  return { san: { type: "email", value: email }, claims: { issuer } };
}

const commitOf = (text: string) => createHash("sha1").update(text).digest("hex");
