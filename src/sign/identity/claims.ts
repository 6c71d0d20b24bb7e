import type { Claims } from "../../model/claims.ts";
import { GITHUB_ACTIONS } from "../../policy/signers/expand.ts";
import type { Token } from "./token.ts";

/** What a certificate for a token will say. */
export interface ForeseenClaims {
  readonly claims: Claims;
  /** Every claim is foreseen, so that one that is missing will be missing; else only those that are here are known. */
  readonly isWhole: boolean;
}

/** Issuers of Azure DevOps' own tokens, by organization. */
const AZURE = "https://vstoken.dev.azure.com/";

/**
 * As Fulcio's configuration maps tokens to certificates (sigstore/fulcio `config/identity/config.yaml`, `docs/oidc.md`); for
 * Azure Pipelines the templates of docs/private.md, which are its operator's choice.
 */
export function claimsForeseen({ issuer, subject, claims }: Token): ForeseenClaims {
  const said = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
  };
  const common: Claims = { issuer, tokenSubject: subject };
  if (issuer === GITHUB_ACTIONS || issuer.startsWith(`${GITHUB_ACTIONS}/`))
    return { claims: { ...common, ...present(ofGithub(said)) }, isWhole: true };
  if (said("ci_config_ref_uri") !== undefined)
    return { claims: { ...common, ...present(ofGitlab(said, issuer)) }, isWhole: true };
  if (issuer.startsWith(AZURE)) return { claims: { ...common, ...present(ofAzure(said)) }, isWhole: false };
  return { claims: common, isWhole: false };
}

export function isOfAzure({ issuer, audiences }: Pick<Token, "issuer" | "audiences">): boolean {
  return issuer.startsWith(AZURE) || audiences.includes("api://AzureADTokenExchange");
}

type Said = (name: string) => string | undefined;
type Mapped = Readonly<Partial<Record<keyof Claims, string | undefined>>>;

function ofGithub(said: Said): Mapped {
  const at = (path: string | undefined) => (path === undefined ? undefined : `https://github.com/${path}`);
  const repository = at(said("repository"));
  return {
    subjectAlternativeName: at(said("job_workflow_ref")),
    buildSignerURI: at(said("job_workflow_ref")),
    buildSignerDigest: said("job_workflow_sha"),
    runnerEnvironment: said("runner_environment"),
    sourceRepositoryURI: repository,
    sourceRepositoryDigest: said("sha"),
    sourceRepositoryRef: said("ref"),
    sourceRepositoryIdentifier: said("repository_id"),
    sourceRepositoryOwnerURI: at(said("repository_owner")),
    sourceRepositoryOwnerIdentifier: said("repository_owner_id"),
    buildConfigURI: at(said("workflow_ref")),
    buildConfigDigest: said("workflow_sha"),
    buildTrigger: said("event_name"),
    runInvocationURI: `${repository}/actions/runs/${said("run_id")}/attempts/${said("run_attempt")}`,
    sourceRepositoryVisibilityAtSigning: said("repository_visibility"),
    deploymentEnvironment: said("environment"),
  };
}

function ofGitlab(said: Said, issuer: string): Mapped {
  const at = (path: string | undefined) => (path === undefined ? undefined : `${issuer}/${path}`);
  const config = `https://${said("ci_config_ref_uri")}`;
  return {
    subjectAlternativeName: config,
    buildSignerURI: config,
    buildSignerDigest: said("ci_config_sha"),
    runnerEnvironment: said("runner_environment"),
    sourceRepositoryURI: at(said("project_path")),
    sourceRepositoryDigest: said("sha"),
    sourceRepositoryRef: said("ref_path"),
    sourceRepositoryIdentifier: said("project_id"),
    sourceRepositoryOwnerURI: at(said("namespace_path")),
    sourceRepositoryOwnerIdentifier: said("namespace_id"),
    buildConfigURI: config,
    buildConfigDigest: said("ci_config_sha"),
    buildTrigger: said("pipeline_source"),
    runInvocationURI: `${at(said("project_path"))}/-/jobs/${said("job_id")}`,
    sourceRepositoryVisibilityAtSigning: said("project_visibility"),
    deploymentEnvironment: said("environment"),
  };
}

function ofAzure(said: Said): Mapped {
  const project = `https://dev.azure.com/${said("org_id")}/${said("prj_id")}/_build`;
  const config = `${project}?definitionId=${said("def_id")}`;
  return {
    subjectAlternativeName: `${config}@${said("rpo_ref")}`,
    buildConfigURI: config,
    sourceRepositoryURI: said("rpo_uri"),
    sourceRepositoryDigest: said("rpo_ver"),
    sourceRepositoryRef: said("rpo_ref"),
    runInvocationURI: `${project}/results?buildId=${said("run_id")}`,
  };
}

function present(mapped: Mapped): Claims {
  return Object.fromEntries(Object.entries(mapped).filter(([, value]) => value !== undefined));
}
