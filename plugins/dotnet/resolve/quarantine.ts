import { type Dotnet, taskStep } from "../run.ts";
import { errorsInto } from "../session/session.ts";
import { inMsbuild, type BuildTask } from "../session/task.ts";
import { layKnown } from "./known.ts";
import { refusedIn } from "./refused.ts";
import { type Assets, readAssets } from "./assets.ts";
import { NO_PACKAGES, outputsOf, type DotnetProject } from "./graph.ts";
import type { RestoreTarget } from "../target.ts";
import { SafeInstallError } from "../../../src/plugin.ts";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A restore that happened, but not in the project. */
interface Quarantine {
  /** What came, unpacked and not to be built from. */
  readonly packages: string;
  readonly assets: readonly Assets[];
}

/**
 * The real restore with the user's feeds, credentials and settings, of which nothing lands in the project: packages,
 * assets and locks are written to a private folder, and nothing is built from it.
 */
export async function restoreInQuarantine(
  dotnet: Dotnet,
  target: RestoreTarget,
  projects: readonly DotnetProject[],
  { words, folder }: { readonly words: readonly string[]; readonly folder: string },
): Promise<Quarantine> {
  const packages = join(folder, "packages");
  const hook = join(folder, "quarantine.targets");
  const places = projects.map((project, index) => ({ project, place: join(folder, "out", String(index)) }));
  for (const { project, place } of places) {
    await mkdir(place, { recursive: true });
    await copyFile(project.lock, join(place, "packages.lock.json")).catch(() => {});
  }
  await writeFile(hook, hookOf(places));
  await mkdir(join(folder, "no-fallback"));
  await layKnown(target, packages, dotnet.host);
  const kept = await keep(projects.flatMap((project) => [...outputsOf(project), project.lock]));
  let changed: readonly string[] = [];
  try {
    const errors = join(folder, "errors.txt");
    const task = { file: target.file, target: "Restore", properties: quarantined(packages, hook) } as const;
    const given = { words: [...words, errorsInto(errors)], packages };
    await taskStep(dotnet, "restore in quarantine", task, given).catch(async (error: unknown) => {
      const said = dotnet.session?.errors() ?? readFile(errors, "utf8").catch(() => "");
      throw refusedIn(await said) ?? error;
    });
  } finally {
    changed = await kept.putBack();
  }
  if (changed[0] !== undefined) throw notLedAway(changed[0]);
  const assets = await Promise.all(places.map(({ place }) => readAssets(place, dotnet.host)));
  return { packages, assets: assets.flatMap((one) => one ?? []) };
}

function quarantined(packages: string, hook: string): BuildTask["properties"] {
  return {
    RestorePackagesPath: packages,
    RestoreNoHttpCache: "true",
    ...NO_PACKAGES,
    CustomBeforeMicrosoftCommonTargets: hook,
    CustomBeforeMicrosoftCommonCrossTargetingTargets: hook,
    // A word for "none" is not understood here, and an empty value asks NuGet.config: an empty folder it is.
    RestoreFallbackFolders: `${dirname(packages)}/no-fallback`,
    RestoreAdditionalProjectFallbackFolders: "",
  };
}

function notLedAway(path: string): SafeInstallError {
  const message = `the project restores to ${path}, wherever it is told to`;
  const hint =
    "it was put back; a project must import Microsoft.Common.targets, and not set RestoreOutputPath behind it";
  return new SafeInstallError("unbound", "RESTORE_INCOMPLETE", message, { hint });
}

interface Place {
  readonly project: DotnetProject;
  readonly place: string;
}

/** Imported by every project behind its own text: where its restore writes, and which lock it reads. */
function hookOf(places: readonly Place[]): string {
  const groups = places.map(
    ({ project, place }) => `  <PropertyGroup Condition="'$(MSBuildProjectFullPath)' == '${inMsbuild(project.file)}'">
    <RestoreOutputPath>${inMsbuild(place)}/</RestoreOutputPath>
    <NuGetLockFilePath>${inMsbuild(place)}/packages.lock.json</NuGetLockFilePath>
  </PropertyGroup>`,
  );
  return `<Project>\n${groups.join("\n")}\n</Project>\n`;
}

/** Files of the project as they were before something ran that must not change them. */
interface Kept {
  /** @returns the files that were changed, and are now as they were */
  putBack(): Promise<readonly string[]>;
}

export async function keep(paths: readonly string[]): Promise<Kept> {
  const before = await Promise.all([...new Set(paths)].map(async (path) => [path, await contentOf(path)] as const));
  return { putBack };

  async function putBack(): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const [path, content] of before) {
      const now = await contentOf(path);
      if (content === null ? now === null : now?.equals(content) === true) continue;
      changed.push(path);
      if (content === null) await rm(path, { force: true });
      else await mkdir(dirname(path), { recursive: true }).then(() => writeFile(path, content));
    }
    return changed;
  }
}

async function contentOf(path: string): Promise<Buffer | null> {
  return readFile(path).catch(() => null);
}
