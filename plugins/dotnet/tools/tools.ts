import type { Bounds, Handoff, Host, Project, Proven, Stages } from "../../../src/plugin.ts";
import { writeFeed } from "../handoff/folder-feed.ts";
import { findManifests, toolsOf } from "./manifests.ts";
import { newPackagesFolder } from "../handoff/packages-folder.ts";
import { partOf, together, without } from "../part.ts";
import { ridChain } from "../platform.ts";
import { type Dotnet, dotnetFor, environment } from "../run.ts";
import { settingsFor } from "../feed/default-source.ts";
import { keepResolved } from "./cache.ts";
import { requireFrom } from "../handoff/compare.ts";
import { platformPackages } from "./settings.ts";
import { realpath } from "node:fs/promises";

/**
 * `dotnet tool restore`: what the manifests name, without starting dotnet. A tool for several platforms says which further
 * package holds it, in its own proven bytes.
 */
export async function* toolStages(
  { request, folder, root, name = folder }: Project,
  bounds: Bounds,
  host: Host,
): Stages {
  const cwd = await realpath(request.cwd);
  const settings = await settingsFor(cwd, bounds, host);
  const around = { project: folder, settings, folder: await host.temporary("dotnet-bytes"), learnt: new Map(), host };
  const tools = toolsOf(await findManifests(request.args, cwd, host));
  const early = yield { ...partOf(tools, around), opens: true };
  const plain = await dotnetFor(request.cwd, host);
  const platform = await platformPackages(early, () => ridChain(plain));
  const proven = yield partOf(without(platform, early), around);
  return toolHandoff(together(early, proven), { project: folder, root, name, dotnet: plain, args: request.args });
}

interface ToolRestore {
  readonly project: string;
  readonly root: string;
  readonly name: string;
  readonly dotnet: Dotnet;
  readonly args: readonly string[];
}

/**
 * dotnet believes its own cache of resolved tools before it looks at any package: it gets an empty one, and what it wrote
 * there goes to the user's afterwards.
 */
async function toolHandoff(
  proven: readonly Proven[],
  { project, root, name, dotnet, args }: ToolRestore,
): Promise<Handoff> {
  const { file, cwd, host, home } = dotnet;
  const packages = await newPackagesFolder(project, name, ".safe-install-tools");
  let config = "";
  return {
    root,
    name,
    found: [],
    replaces: packages.replaces,
    async prepare() {
      ({ config } = await writeFeed(await host.temporary("dotnet-feed"), proven));
    },
    async install() {
      await packages.make();
      const env = await environment(dotnet, packages.folder);
      return host.run({ file, args: [...args, "--configfile", config, "--no-http-cache"], cwd, env });
    },
    async compare() {
      await requireFrom(packages.folder, proven);
      await keepResolved(home, packages.folder, host);
    },
  };
}
