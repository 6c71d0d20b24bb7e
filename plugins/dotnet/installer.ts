import {
  type Command,
  type Host,
  SafeInstallError,
  executableName,
  groundsOf,
  which,
  withPathOutside,
} from "../../src/plugin.ts";
import { requireInstalledSdk } from "./local-sdk.ts";
import { realpath } from "node:fs/promises";

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
  return { file, args, cwd, env: startsProgram ? host.env : { ...host.env, MSBUILDDISABLENUGETSDKRESOLVER: "1" } };
}

/** The environment without the folders on PATH that are relative, or lie in the project: NuGet starts what it finds there. */
export async function outsideProject(cwd: string, env: Host["env"]): Promise<Host["env"]> {
  return withPathOutside(await groundsOf(cwd), env);
}
