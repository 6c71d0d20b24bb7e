import {
  type Command,
  executableName,
  groundsOf,
  type Host,
  isInside,
  JsonError,
  leadsInside,
  parseJson,
  SafeInstallError,
  which,
  withPathOutside,
} from "../../src/plugin.ts";
import { lstat, readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * The first dotnet on PATH that is not inside the project that `cwd` belongs to. Relative entries are passed over.
 * @throws SafeInstallError kind "installer" where there is none.
 */
export async function findDotnet(cwd: string, env: Host["env"]): Promise<string> {
  const outside = await groundsOf(cwd);
  await requireInstalledSdk(await realpath(cwd), outside);
  const program = await which([executableName("dotnet")], { outside, env });
  if (program !== null) return program.file;
  throw new SafeInstallError("installer", "DOTNET_NOT_FOUND", "dotnet is not on PATH outside of this project", {
    hint: "install the .NET SDK, or put its folder on PATH",
  });
}

/**
 * The user's words for the user's dotnet, in the user's surroundings; but project SDKs, which MSBuild would download and run
 * while it reads a project, are not taken from any feed.
 */
export async function dotnetCommand(args: readonly string[], cwd: string, host: Pick<Host, "env">): Promise<Command> {
  const file = await findDotnet(cwd, host.env);
  const startsProgram = args[0] === "tool" || args[0]?.toLowerCase().endsWith(".dll") === true;
  return { file, args, cwd, env: startsProgram ? host.env : { ...host.env, ...FETCHES_NOTHING } };
}

/** Nor are packages that only say which workloads are new, which dotnet would fetch in passing. */
const FETCHES_NOTHING = {
  MSBUILDDISABLENUGETSDKRESOLVER: "1",
  DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE: "true",
} as const;

/** The environment without the folders on PATH that are relative, or lie in the project: NuGet starts what it finds there. */
export async function outsideProject(cwd: string, env: Host["env"]): Promise<Host["env"]> {
  return withPathOutside(await groundsOf(cwd), env);
}

/**
 * An SDK that lies in the project is a program of the project: `sdk.paths` of global.json would have dotnet start it, also
 * to say its version (learn.microsoft.com, global.json overview). @throws SafeInstallError kind "installer"
 */
export async function requireInstalledSdk(cwd: string, project: string): Promise<void> {
  const found = await nearestGlobalJson(cwd);
  if (found === null) return;
  for (const path of sdkPathsIn(found.text)) {
    const place = path === "$host$" ? null : resolve(dirname(found.file), path);
    if (place === null || (await isMissing(place))) continue;
    if (!isInside(place, project) && !(await leadsInside(place, project))) continue;
    throw new SafeInstallError(
      "installer",
      "SDK_IN_PROJECT",
      `${found.file} names an SDK inside of the project: ${path}`,
      {
        hint: `nothing that a repository holds is started: install the SDK outside of the project; where ${path} is not there, dotnet takes the next of the paths`,
      },
    );
  }
}

/** dotnet passes it by (dotnet/runtime, hostfxr). */
async function isMissing(place: string): Promise<boolean> {
  return lstat(place).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}

/** Only the first one on the way up counts. */
async function nearestGlobalJson(cwd: string): Promise<{ readonly file: string; readonly text: string } | null> {
  for (let at = cwd; ; at = dirname(at)) {
    const file = join(at, "global.json");
    const text = await readFile(file, "utf8").catch(() => null);
    if (text !== null) return { file, text };
    if (dirname(at) === at) return null;
  }
}

/** dotnet reads comments, and we read none: of what is no strict JSON and speaks of paths, the worst is assumed. */
function sdkPathsIn(text: string): readonly string[] {
  try {
    const { sdk } = parseJson(text.replace(/^\uFEFF/, "")) as { sdk?: { paths?: unknown } };
    return Array.isArray(sdk?.paths) ? sdk.paths.map(String) : [];
  } catch (error) {
    if (!(error instanceof JsonError || error instanceof TypeError)) throw error;
    return /paths|\\u/.test(text) ? ["."] : [];
  }
}
