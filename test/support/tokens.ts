/** Identity tokens as pipelines get them; nobody here judges their signatures. */
export interface TokenKnobs {
  /** Seconds from now. */
  readonly exp?: number;
  readonly [claim: string]: unknown;
}

export function tokenOf(claims: Readonly<Record<string, unknown>>, { exp = 300, ...more }: TokenKnobs = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = { aud: "sigstore", iat: now - 10, nbf: now - 10, ...claims, ...more, exp: now + exp };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", kid: "k", typ: "JWT" })}.${part(payload)}.${Buffer.from("of no key").toString("base64url")}`;
}

export const SHA = "0123456789abcdef0123456789abcdef01234567";

/** GitHub documentation, "Understanding the OIDC token". */
export const GITHUB_CLAIMS = {
  iss: "https://token.actions.githubusercontent.com",
  sub: "repo:acme/widget:ref:refs/tags/v1.0.0",
  repository: "acme/widget",
  repository_owner: "acme",
  repository_id: "123456",
  repository_owner_id: "4242",
  repository_visibility: "private",
  ref: "refs/tags/v1.0.0",
  sha: SHA,
  workflow: "Release",
  workflow_ref: "acme/widget/.github/workflows/release.yml@refs/tags/v1.0.0",
  workflow_sha: SHA,
  job_workflow_ref: "acme/widget/.github/workflows/release.yml@refs/tags/v1.0.0",
  job_workflow_sha: SHA,
  event_name: "push",
  runner_environment: "github-hosted",
  run_id: "7",
  run_attempt: "1",
} as const;

/** GitLab documentation, "ID token authentication". */
export const GITLAB_CLAIMS = {
  iss: "https://gitlab.com",
  sub: "project_path:group/project:ref_type:branch:ref:main",
  project_path: "group/project",
  project_id: "77",
  namespace_path: "group",
  namespace_id: "7",
  ref: "main",
  ref_path: "refs/heads/main",
  ref_type: "branch",
  sha: SHA,
  ci_config_ref_uri: "gitlab.com/group/project//.gitlab-ci.yml@refs/heads/main",
  ci_config_sha: SHA,
  pipeline_source: "push",
  runner_environment: "gitlab-hosted",
  job_id: "1",
  project_visibility: "private",
} as const;

export const ORGANIZATION = "11111111-2222-3333-4444-555555555555";
export const PROJECT = "66666666-7777-8888-9999-000000000000";

/** A pipeline's own token; its audience is fixed. */
export const AZURE_CLAIMS = {
  iss: `https://vstoken.dev.azure.com/${ORGANIZATION}`,
  sub: "p://contoso/widgets/release",
  aud: "api://AzureADTokenExchange",
  org_id: ORGANIZATION,
  prj_id: PROJECT,
  def_id: "42",
  rpo_id: "88888888-0000-0000-0000-000000000000",
  rpo_uri: "https://dev.azure.com/contoso/widgets/_git/widget",
  rpo_ver: SHA,
  rpo_ref: "refs/heads/main",
  run_id: "9",
} as const;

export const TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
export const CONNECTION = "12121212-3434-5656-7878-909090909090";

/** A service connection's, by Entra. */
export const ENTRA_CLAIMS = {
  iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  sub: `/eid1/c/pub/t/qqqqqru7zMzd3e7u7u7u7g/a/rISbSSETf0KqFyZ8ppdXmA/sc/${ORGANIZATION}/${CONNECTION}`,
  aud: "api://AzureADTokenExchange",
} as const;

export const GITHUB_ENV = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/widget",
  GITHUB_REF: "refs/tags/v1.0.0",
  GITHUB_SHA: SHA,
  GITHUB_WORKFLOW_REF: GITHUB_CLAIMS.workflow_ref,
  GITHUB_EVENT_NAME: "push",
  GITHUB_REPOSITORY_ID: "123456",
  GITHUB_REPOSITORY_OWNER_ID: "4242",
  GITHUB_RUN_ID: "7",
  GITHUB_RUN_ATTEMPT: "1",
  RUNNER_ENVIRONMENT: "github-hosted",
} as const;

export const GITLAB_ENV = {
  GITLAB_CI: "true",
  CI_PROJECT_URL: "https://gitlab.com/group/project",
  CI_PROJECT_ID: "77",
  CI_COMMIT_SHA: SHA,
  CI_COMMIT_BRANCH: "main",
  CI_CONFIG_PATH: ".gitlab-ci.yml",
  CI_PIPELINE_SOURCE: "push",
  CI_JOB_NAME: "release",
  CI_JOB_URL: "https://gitlab.com/group/project/-/jobs/1",
  CI_RUNNER_ID: "12",
} as const;

export const AZURE_ENV = {
  TF_BUILD: "True",
  BUILD_REPOSITORY_URI: "https://contoso@dev.azure.com/contoso/widgets/_git/widget",
  BUILD_SOURCEBRANCH: "refs/heads/main",
  BUILD_SOURCEVERSION: SHA,
  BUILD_REASON: "IndividualCI",
  BUILD_BUILDID: "9",
  SYSTEM_COLLECTIONURI: "https://dev.azure.com/contoso/",
  SYSTEM_TEAMPROJECT: "widgets",
  SYSTEM_TEAMPROJECTID: PROJECT,
  SYSTEM_DEFINITIONID: "42",
  AGENT_ISSELFHOSTED: "0",
} as const;
