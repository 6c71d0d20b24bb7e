import { type Bounds, isInside, type Proven, type Unbound, wayTo } from "../../../src/plugin.ts";
import { resolutionOf } from "./assets.ts";
import { type DotnetProject, readGraph } from "./graph.ts";
import { join as joinResolutions, readLock, type PackageSet } from "./lock.ts";
import { packageKey, refOf } from "../names.ts";
import { passedBy, unboundProjects } from "./projects.ts";
import { layOverlay } from "../sdk/overlay.ts";
import { restoreInQuarantine } from "./quarantine.ts";
import type { Dotnet } from "../run.ts";
import { homeOf } from "../feed/config-files.ts";
import { readSettingsFiles, type NuGetSettings } from "../feed/settings.ts";
import type { RestoreTarget } from "../target.ts";
import { access } from "node:fs/promises";
import { join } from "node:path";

/** What is to be read. */
export interface RestoreRequest {
  /** Without package SDKs. */
  readonly dotnet: Dotnet;
  readonly target: RestoreTarget;
  readonly bounds: Bounds;
  /** Project SDKs that were proven before the projects could be read. */
  readonly early: readonly Proven[];
  readonly words: readonly string[];
  /** What NuGet is told where the projects lie in a copy; absent: what the files say that it finds. */
  readonly settings?: NuGetSettings;
}

/** The projects behind a command line as they are now. */
export interface Read {
  readonly dotnet: Dotnet;
  readonly target: RestoreTarget;
  readonly projects: readonly DotnetProject[];
  readonly settings: NuGetSettings;
  /** Projects that nothing can be done with. */
  readonly unbound: readonly Unbound[];
  /** Private, for what resolving makes. */
  readonly folder: string;
}

/** Evaluates the projects with proven SDKs only; nothing is resolved. */
export async function readProjects({
  dotnet: plain,
  target,
  bounds,
  early,
  words,
  settings,
}: RestoreRequest): Promise<Read> {
  const { host } = plain;
  const folder = await host.temporary("dotnet-resolve");
  const dotnet = early.length === 0 ? plain : { ...plain, sdks: await layOverlay(plain, early, folder) };
  const projects = await readGraph(dotnet, target, words, folder);
  const said = settings ?? (await readSettingsFiles(await configFilesOf(projects, dotnet), bounds, host));
  return {
    dotnet,
    target,
    projects,
    settings: withSources(said, projects),
    unbound: await unboundProjects(projects, bounds.repositoryRoot),
    folder,
  };
}

/** What the projects would restore: from their locks, or by a restore in quarantine. */
export async function setOf(
  { dotnet, target, projects, unbound, folder }: Read,
  words: readonly string[],
  locked: boolean,
): Promise<{ readonly resolution: PackageSet; readonly quarantine: string | null }> {
  const found =
    locked || unbound.length > 0
      ? { resolution: await fromLocks(projects, dotnet.host), quarantine: null }
      : await fromQuarantine(dotnet, target, projects, { words, folder });
  const { resolution } = found;
  const notGated = [...resolution.notGated, ...passedBy(projects)];
  return { ...found, resolution: { ...resolution, unbound: [...unbound, ...resolution.unbound], notGated } };
}

/** As the user knows them: those of the private home are links, but where dotnet has just made one. */
async function configFilesOf(projects: readonly DotnetProject[], { home, host }: Dotnet): Promise<readonly string[]> {
  const files = [...new Set(projects.flatMap(({ configFiles }) => configFiles))];
  return Promise.all(
    files.map(async (file) => {
      if (!isInside(file, home)) return file;
      const users = join(homeOf(host.env), wayTo(home, file));
      return access(users).then(
        () => users,
        () => file,
      );
    }),
  );
}

/** The sources that the SDK worked out count (a project may name more); the files give their names and credentials. */
function withSources(settings: NuGetSettings, projects: readonly DotnetProject[]): NuGetSettings {
  const names = new Map([...settings.sources].map(([name, address]) => [address, name]));
  const addresses = new Set(projects.flatMap(({ sources }) => sources));
  return { ...settings, sources: new Map([...addresses].map((address) => [names.get(address) ?? address, address])) };
}

/** A lock for every project that restores packages by reference. */
export async function areAllLocked(projects: readonly DotnetProject[]): Promise<boolean> {
  const needed = projects.filter(({ style }) => style === "PackageReference");
  const found = await Promise.all(
    needed.map(({ lock }) =>
      access(lock).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

async function fromLocks(projects: readonly DotnetProject[], host: Dotnet["host"]): Promise<PackageSet> {
  const needed = projects.filter(({ style }) => style === "PackageReference");
  const locks = await Promise.all(needed.map(({ lock }) => readLock(lock, host)));
  return joinResolutions([...locks, ...projects.map(downloadsOf)]);
}

/** What the SDK downloads beside what is locked: known by exact version, bound by evidence alone. */
function downloadsOf({ file, downloads }: DotnetProject): PackageSet {
  const wanted = downloads.flatMap(([id, version]) => {
    const ref = refOf(id, version);
    return ref === null ? [] : [[packageKey(ref), { package: ref, stated: [], locations: [file] }] as const];
  });
  return { wanted: new Map(wanted), unbound: [], notGated: [] };
}

async function fromQuarantine(
  dotnet: Dotnet,
  target: RestoreTarget,
  projects: readonly DotnetProject[],
  how: { readonly words: readonly string[]; readonly folder: string },
) {
  const { packages, assets } = await restoreInQuarantine(dotnet, target, projects, how);
  return { resolution: joinResolutions(assets.map(resolutionOf)), quarantine: join(packages) };
}
