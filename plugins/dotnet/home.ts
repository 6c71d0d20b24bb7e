import type { Host } from "../../src/plugin.ts";
import { homeOf } from "./feed/config-files.ts";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * A home for the runs of dotnet that are ours: what a run of dotnet leaves in a home (first-use marks, tools that it found, a
 * NuGet.Config of its own, scratch) ends with it. The user's settings, credential providers and workloads are seen through links.
 */
export async function makeHome(host: Host): Promise<string> {
  const home = await host.temporary("dotnet");
  for (const one of SEEN) await link(join(homeOf(host.env), one), join(home, one));
  await mkdir(join(home, "t"));
  return home;
}

/** Read by NuGet and the SDK below the home, and not written by a restore. */
const SEEN = [
  ...["NuGet", "config", "plugins"].map((name) => join(".nuget", name)),
  ...["metadata", "packs", "sdk-manifests", "library-packs", "template-packs", "tool-packs"].map((name) =>
    join(".dotnet", name),
  ),
];

async function link(from: string, to: string): Promise<void> {
  if ((await readdir(from).catch(() => null)) === null) return;
  await mkdir(dirname(to), { recursive: true });
  await symlink(from, to, "junction");
}

/** What dotnet finds in a home that `makeHome` made. */
export function inHome(home: string): Host["env"] {
  return {
    DOTNET_CLI_HOME: home,
    DOTNET_SKIP_FIRST_TIME_EXPERIENCE: "1",
    DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
    DOTNET_ADD_GLOBAL_TOOLS_TO_PATH: "false",
    DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE: "true",
    DOTNET_CLI_TELEMETRY_OPTOUT: "1",
    NUGET_SCRATCH: join(home, "s"),
    TMPDIR: join(home, "t"),
  };
}

/** For what runs after the verdict: the tools that dotnet found for the user before. They stay the user's; what is added is not kept. */
export async function seeTools(home: string, env: Host["env"]): Promise<void> {
  const cache = join(".dotnet", "toolResolverCache");
  await cp(join(homeOf(env), cache), join(home, cache), { recursive: true, force: false }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    },
  );
}
