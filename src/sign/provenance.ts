import { ArtifactError, SafeInstallError } from "../errors.ts";
import { buildOf } from "../policy/signers/build.ts";
import { contradicting } from "../policy/signers/contradictions.ts";
import { said } from "../policy/signers/said.ts";
import { runOf } from "./caller.ts";
import type { ForeseenClaims } from "./identity/claims.ts";
import type { Predicate } from "./statement.ts";

export const SLSA_V1 = "https://slsa.dev/provenance/v1";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a pipeline's variables say of a build. */
interface BuildSaid {
  readonly buildType: string;
  readonly repository: string;
  readonly ref: string;
  readonly commit: string;
  /** The file that describes the pipeline. */
  readonly path: string | undefined;
  readonly internal: Readonly<Record<string, string | undefined>>;
  readonly builder: string;
}

/**
 * SLSA provenance v1 (slsa.dev/spec/v1.0/provenance) by the variables of GitHub Actions, GitLab CI or Azure Pipelines.
 * @throws SafeInstallError NO_PROVENANCE: the environment is none of these
 */
export function provenanceOf(env: Variables): Predicate {
  const said = ofGithub(env) ?? ofGitlab(env) ?? ofAzure(env);
  if (said === null) {
    throw new SafeInstallError(
      "usage",
      "NO_PROVENANCE",
      "the environment names no build whose provenance could be stated",
      {
        hint: "--predicate FILE --type URI states another one; --blob signs the file alone",
      },
    );
  }
  const { buildType, repository, ref, commit, path, internal, builder } = said;
  const run = runOf(env);
  const value = {
    buildDefinition: {
      buildType,
      externalParameters: { workflow: { ref, repository, ...(path === undefined ? {} : { path }) } },
      internalParameters: internal,
      resolvedDependencies: [{ uri: `git+${repository}@${ref}`, digest: { gitCommit: commit } }],
    },
    runDetails: { builder: { id: builder }, metadata: run === null ? {} : { invocationId: run } },
  };
  return { type: SLSA_V1, value };
}

/**
 * What is stated is what the identity says too: variables can be set by any step, and who installs denies what contradicts the
 * certificate. @throws ArtifactError PROVENANCE_MISMATCH
 */
export function requireAgreeing({ type, value }: Predicate, { claims, isWhole }: ForeseenClaims): void {
  const build = buildOf({ predicateType: type, predicate: value });
  const found = contradicting(claims, build);
  const further = [
    ["ref", claims.sourceRepositoryRef, build.ref],
    ["run", claims.runInvocationURI, said.text(value, "runDetails", "metadata", "invocationId")],
  ] as const;
  // Of others the words are their operator's choice.
  const whole = further.flatMap(([name, expected = "", stated = ""]) =>
    expected === stated || found.some((one) => one.name === name) ? [] : [{ name, expected, found: stated }],
  );
  const details = [...found, ...(isWhole ? whole : [])];
  if (details.length === 0) return;
  const message = "the environment names another build than the identity token; nothing was signed or logged";
  throw new ArtifactError({ code: "PROVENANCE_MISMATCH", message, details });
}

/** As GitHub's own attestations (actions.github.io/buildtypes/workflow/v1). */
function ofGithub(env: Variables): BuildSaid | null {
  const { GITHUB_REPOSITORY: name, GITHUB_REF: ref, GITHUB_SHA: commit, GITHUB_WORKFLOW_REF: workflow } = env;
  if (env["GITHUB_ACTIONS"] !== "true" || name === undefined || ref === undefined || commit === undefined) return null;
  const repository = `${env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${name}`;
  return {
    buildType: "https://actions.github.io/buildtypes/workflow/v1",
    repository,
    ref,
    commit,
    path: workflow?.replace(`${name}/`, "").replace(/@.*$/, ""),
    internal: {
      event_name: env["GITHUB_EVENT_NAME"],
      repository_id: env["GITHUB_REPOSITORY_ID"],
      repository_owner_id: env["GITHUB_REPOSITORY_OWNER_ID"],
      runner_environment: env["RUNNER_ENVIRONMENT"],
    },
    builder: `https://github.com/actions/runner/${env["RUNNER_ENVIRONMENT"] ?? "self-hosted"}`,
  };
}

function ofGitlab(env: Variables): BuildSaid | null {
  const { CI_PROJECT_URL: repository, CI_COMMIT_SHA: commit } = env;
  if (env["GITLAB_CI"] !== "true" || repository === undefined || commit === undefined) return null;
  const { CI_COMMIT_TAG: tag, CI_COMMIT_BRANCH: branch, CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: source = "" } = env;
  return {
    buildType: "urn:safe-install:build:gitlab-ci:v1",
    repository,
    // Of a merge request the branch that it comes from, as in its token.
    ref: tag === undefined ? `refs/heads/${branch ?? source}` : `refs/tags/${tag}`,
    commit,
    path: env["CI_CONFIG_PATH"],
    internal: { pipeline_source: env["CI_PIPELINE_SOURCE"], job: env["CI_JOB_NAME"], project_id: env["CI_PROJECT_ID"] },
    builder: `${repository}/-/runners/${env["CI_RUNNER_ID"] ?? "unknown"}`,
  };
}

function ofAzure(env: Variables): BuildSaid | null {
  const { BUILD_REPOSITORY_URI: repository, BUILD_SOURCEBRANCH: ref, BUILD_SOURCEVERSION: commit } = env;
  if (env["TF_BUILD"]?.toLowerCase() !== "true") return null;
  if (repository === undefined || ref === undefined || commit === undefined) return null;
  const {
    SYSTEM_COLLECTIONURI: collection = "",
    SYSTEM_TEAMPROJECTID: project = "",
    SYSTEM_DEFINITIONID: id = "",
  } = env;
  return {
    buildType: "urn:safe-install:build:azure-pipelines:v1",
    repository: withoutUser(repository),
    ref,
    commit,
    path: undefined,
    internal: {
      reason: env["BUILD_REASON"],
      definition_id: id,
      agent: env["AGENT_ISSELFHOSTED"] === "0" ? "microsoft-hosted" : "self-hosted",
    },
    builder: `${collection}${project}/_build?definitionId=${id}`,
  };
}

/** Azure writes the organization as a user into addresses of its repositories. */
function withoutUser(repository: string): string {
  return repository.replace(/^(https?:\/\/)[^/@]*@/, "$1");
}
