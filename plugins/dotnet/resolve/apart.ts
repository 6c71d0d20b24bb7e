import { type Bounds, isInside, type Proven, wayTo } from "../../../src/plugin.ts";
import { type Mirror, mirrorOf } from "../add/mirror.ts";
import type { NuGetSettings } from "../feed/settings.ts";
import { settingsFile } from "../feed/settings-file.ts";
import { outsideProject } from "../installer.ts";
import type { HookedTarget } from "../reading/closure.ts";
import { withoutTargets } from "../reading/leave-out.ts";
import { requireQuiet } from "../reading/reading.ts";
import type { Dotnet } from "../run.ts";
import type { RestoreTarget } from "../target.ts";
import { attribute } from "../xml.ts";
import { namesGiven } from "./given.ts";
import type { DotnetProject } from "./graph.ts";
import type { PackageSet } from "./lock.ts";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The projects in a private copy of the repository, in which nothing of theirs runs while they are read. */
export interface Apart {
  readonly dotnet: Dotnet;
  readonly target: RestoreTarget;
  readonly bounds: Bounds;
  readonly settings: NuGetSettings;
  /** The same, as they lie in the repository. */
  inPlace(project: DotnetProject): DotnetProject;
  named(resolution: PackageSet): PackageSet;
}

interface Asked {
  readonly dotnet: Dotnet;
  readonly target: RestoreTarget;
  readonly bounds: Bounds;
  readonly settings: NuGetSettings;
  readonly words: readonly string[];
  /** Project SDKs in packages. */
  readonly sdks: readonly Proven[];
}

/**
 * Copies the repository and leaves out of the copy what these targets do. The copy is then read as a project is that nobody
 * knows: what would still run there, because it is reached in some other way, is refused.
 * @throws SafeInstallError PROJECT_RUNS
 */
export async function readApart(
  { dotnet, target, bounds, settings, words, sdks }: Asked,
  left: readonly HookedTarget[],
): Promise<Apart> {
  const { host, cwd } = dotnet;
  const root = bounds.repositoryRoot;
  const { text, env } = settingsFile(settings);
  const mirror = await mirrorOf(root, await host.temporary("dotnet-apart"), text);
  for (const file of new Set(left.map((one) => one.file))) await leaveOut(file, left, mirror);
  const place = { file: mirror.at(target.file), folder: mirror.at(target.folder) };
  const given = await namesGiven(dotnet.file, { words, sdks });
  await requireQuiet(place, { root: mirror.root, copyOf: { root, given } }, host).catch((error: Error) => {
    error.message = error.message.replaceAll(mirror.root, root);
    throw error;
  });
  const inRepository = (path: string) => (isInside(path, mirror.root) ? join(root, wayTo(mirror.root, path)) : path);
  return {
    dotnet: {
      ...dotnet,
      cwd: isInside(cwd, root) ? mirror.at(cwd) : mirror.root,
      host: { ...host, env: { ...(await outsideProject(cwd, host.env)), ...env } },
      said: (words) => words.replaceAll(mirror.root, root),
    },
    target: place,
    bounds: { ...bounds, repositoryRoot: mirror.root },
    settings,
    inPlace: (project) => ({
      ...project,
      file: inRepository(project.file),
      output: inRepository(project.output),
      lock: inRepository(project.lock),
    }),
    named: ({ wanted, unbound, notGated }) => ({
      wanted: new Map([...wanted].map(([key, one]) => [key, { ...one, locations: one.locations.map(inRepository) }])),
      unbound: unbound.map((one) => ({ ...one, location: one.location.replaceAll(mirror.root, root) })),
      notGated,
    }),
  };
}

/** What cannot be left out stays, and is found when the copy is read. */
async function leaveOut(file: string, left: readonly HookedTarget[], mirror: Mirror): Promise<void> {
  const copy = mirror.at(file);
  const content = await readFile(copy).catch(() => null);
  const names = left.filter((one) => one.file === file).map(({ element }) => attribute(element, "Name") ?? "");
  const without = content === null ? null : withoutTargets(content, new Set(names));
  if (without !== null) await writeFile(copy, without);
}
