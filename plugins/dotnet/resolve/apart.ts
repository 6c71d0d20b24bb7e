import { type Bounds, isInside, type Proven, SafeInstallError, wayTo } from "../../../src/plugin.ts";
import { isLeftBehind, type Mirror, mirrorOf } from "../add/mirror.ts";
import type { NuGetSettings } from "../feed/settings.ts";
import { settingsFile } from "../feed/settings-file.ts";
import { outsideProject } from "../installer.ts";
import type { HookedTarget } from "../reading/closure.ts";
import { withoutTargets } from "../reading/leave-out.ts";
import { type LeftOut, requireQuiet } from "../reading/reading.ts";
import { type Dotnet, environment } from "../run.ts";
import type { RestoreTarget } from "../target.ts";
import { attribute } from "../xml.ts";
import { namesGiven } from "./given.ts";
import type { DotnetProject } from "./graph.ts";
import type { PackageSet } from "./lock.ts";
import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The projects in a private copy of the repository, in which nothing of theirs runs while they are read. */
export interface Apart {
  readonly dotnet: Dotnet;
  readonly target: RestoreTarget;
  readonly bounds: Bounds;
  readonly settings: NuGetSettings;
  /** The same, as they lie in the repository. */
  inPlace(project: DotnetProject): DotnetProject;
  named(resolution: PackageSet): PackageSet;
  sourcesInPlace(settings: NuGetSettings): NuGetSettings;
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
  left: LeftOut,
): Promise<Apart> {
  const { host, cwd } = dotnet;
  const root = bounds.repositoryRoot;
  const { text, env } = settingsFile(settings);
  const folder = await realpath(await host.temporary("dotnet-apart"));
  const mirror = await mirrorOf(root, folder, text);
  for (const file of left.files) await bring(file, { root, mirror });
  for (const file of new Set(left.targets.map((one) => one.file)))
    await leaveOut(file, left.targets, { folder, mirror });
  const place = { file: mirror.at(target.file), folder: mirror.at(target.folder) };
  const given = await namesGiven(dotnet.file, { words, sdks, env: await environment(dotnet, root) });
  const copyOf = { root, given, isSealed: mirror.isSealed };
  await requireQuiet(place, { root: mirror.root, copyOf }, host).catch((error: Error) => {
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
    sourcesInPlace: (read) => ({
      ...read,
      sources: new Map([...read.sources].map(([name, address]) => [inRepository(name), inRepository(address)])),
    }),
    named: ({ wanted, unbound, notGated }) => ({
      wanted: new Map([...wanted].map(([key, one]) => [key, { ...one, locations: one.locations.map(inRepository) }])),
      unbound: unbound.map((one) => ({ ...one, location: one.location.replaceAll(mirror.root, root) })),
      notGated,
    }),
  };
}

/** A file that a mirror has no place for, or passes by with the folder that it lies in. @throws SafeInstallError PROJECT_RUNS */
async function bring(
  file: string,
  { root, mirror }: { readonly root: string; readonly mirror: Mirror },
): Promise<void> {
  if (isLeftBehind(file)) return;
  if (isInside(file, root)) {
    await mkdir(dirname(mirror.at(file)), { recursive: true });
    await copyFile(file, mirror.at(file), constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    return;
  }
  if (existsSync(mirror.at(file))) return;
  throw new SafeInstallError(
    "unbound",
    "PROJECT_RUNS",
    `nothing was read: targets of the project run as part of restore, and ${file}, which it may read, lies outside of the repository`,
    { hint: "keep the file in the repository, or let the targets hook into Build, not into restore" },
  );
}

/** What cannot be left out stays, and is found when the copy is read. */
async function leaveOut(
  file: string,
  left: readonly HookedTarget[],
  { folder, mirror }: { readonly folder: string; readonly mirror: Mirror },
): Promise<void> {
  const copy = await realpath(mirror.at(file)).catch(() => null);
  if (copy === null || !isInside(copy, folder)) return;
  const content = await readFile(copy);
  const names = left.filter((one) => one.file === file).map(({ element }) => attribute(element, "Name") ?? "");
  const without = withoutTargets(content, new Set(names));
  if (without !== null) await writeFile(copy, without);
}
