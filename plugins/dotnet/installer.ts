import { type Command, type Host, SafeInstallError, isInside } from "../../src/plugin.ts";
import { requireInstalledSdk } from "./local-sdk.ts";
import { projectAround } from "./surroundings.ts";
import { realpath } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/**
 * The first dotnet on PATH that is not inside the project that `cwd` belongs to. Relative entries are passed over.
 * @throws SafeInstallError kind "installer" where there is none.
 */
export async function findDotnet(cwd: string, env: Host["env"]): Promise<string> {
  const here = await realpath(cwd);
  const project = await projectAround(here);
  await requireInstalledSdk(here, project);
  const name = process.platform === "win32" ? "dotnet.exe" : "dotnet";
  for (const folder of (env["PATH"] ?? env["Path"] ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = await realpath(join(folder, name)).catch(() => null);
    if (file !== null && !isInside(join(folder, name), project) && !isInside(file, project)) return file;
  }
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
  return { file, args, cwd, env: startsProgram ? host.env : { ...host.env, MSBUILDDISABLENUGETSDKRESOLVER: "1" } };
}
