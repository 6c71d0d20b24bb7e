import { userInfo } from "node:os";

/** Who runs it, as far as this machine says: the user, and the run of a pipeline. Not proven; a certificate proves its own. */
export function callerHere(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const run = runOf(env);
  return { user: userName(), ...(run === null ? {} : { run }) };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A number without a name, as in many containers.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** The address of the pipeline's run. */
export function runOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  if (server !== undefined && repository !== undefined && id !== undefined) {
    return `${server}/${repository}/actions/runs/${id}/attempts/${env["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
  }
  if (env["CI_JOB_URL"] !== undefined) return env["CI_JOB_URL"];
  const { SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build } = env;
  if (collection === undefined || project === undefined || build === undefined) return null;
  return `${collection}${encodeURIComponent(project)}/_build/results?buildId=${build}`;
}
