import { type Bounds, type Command, groundsOf, type Host, type Plugin, SafeInstallError } from "../../src/plugin.ts";
import { configFilesFor, readConfigFiles } from "./feed/config-files.ts";
import { refuseRepositoryConfig } from "./feed/repository-config.ts";
import { refuseRepositoryPlaces } from "./feed/repository-places.ts";
import { dotnetCommand, outsideProject } from "./installer.ts";

/**
 * dotnet with the user's words, for what passes by the gate. Where it asks a feed, or empties folders, a NuGet.config of the
 * repository is held to what a restore asks of it, and NuGet starts no program of the project.
 * @throws SafeInstallError REPOSITORY_NUGET_CONFIG
 */
export const passingCommand: Plugin["command"] = async (args, cwd, host, _, admitted) => {
  const command = await dotnetCommand(args, cwd, host);
  const [first = "", second = ""] = args;
  const use = `${first} ${second}`;
  if (!ASKS_FEEDS.has(use) && use !== EMPTIES) return command;
  const furthestFirst = (await readConfigFiles(await configFilesFor(cwd, host), host)).toReversed();
  const bounds = { repositoryRoot: await groundsOf(cwd), registries: [] };
  if (use === EMPTIES) await refuseRepositoryPlaces(furthestFirst, bounds, host.env);
  else await refuseLeaks(furthestFirst, bounds, { env: host.env, admitted: () => admitted(cwd) });
  return outside(command, cwd);
};

/** They go to the sources that are configured. With a key for one of them, which NuGet knows by its name. */
const ASKS_FEEDS: ReadonlySet<string> = new Set(["package search", "nuget trust", "nuget push", "nuget delete"]);

const EMPTIES = "nuget locals";

type Files = Parameters<typeof refuseRepositoryConfig>[0];

async function refuseLeaks(
  files: Files,
  bounds: Bounds,
  { env, admitted }: { readonly env: Host["env"]; readonly admitted: () => Promise<readonly string[]> },
): Promise<void> {
  const refuse = (registries: readonly string[]) =>
    refuseRepositoryConfig(files, { ...bounds, registries }, env, { namesAreBound: true });
  try {
    await refuse([]);
  } catch (error) {
    if (!(error instanceof SafeInstallError)) throw error;
    // A feed that only the policy names is the rare case: policies are read for it alone.
    await refuse(await admitted());
  }
}

async function outside(command: Command, cwd: string): Promise<Command> {
  return { ...command, env: await outsideProject(cwd, command.env) };
}
