import { GUARD } from "../handoff/guard.ts";
import { type Host, LIMITS, parseJson, SafeInstallError } from "../../../src/plugin.ts";
import { type Dotnet, taskStep } from "../run.ts";
import { namesIn } from "../reading/solutions.ts";
import type { RestoreTarget } from "../target.ts";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** One project as NuGet would restore it. */
export interface DotnetProject {
  /** Absolute. */
  readonly file: string;
  readonly style: string;
  /** The folder of project.assets.json. */
  readonly output: string;
  readonly lock: string;
  /** The project restores with a lock, whether or not it is there yet. */
  readonly usesLock: boolean;
  readonly lockedMode: boolean;
  readonly sources: readonly string[];
  readonly configFiles: readonly string[];
  /** Package id and exact version that are downloaded beside the resolved ones (PackageDownload, targeting packs). */
  readonly downloads: readonly (readonly [string, string])[];
  readonly hasDependencies: boolean;
}

/**
 * What NuGet would be asked to restore, from the SDK's own evaluation of the projects: nothing is resolved, downloaded
 * or written in the project. Package SDKs are not loaded.
 */
export async function readGraph(
  dotnet: Dotnet,
  target: RestoreTarget,
  words: readonly string[],
  folder: string,
): Promise<readonly DotnetProject[]> {
  const output = join(folder, "graph.json");
  const properties = { RestoreGraphOutputPath: output, ...NO_PACKAGES };
  const task = { file: target.file, target: "GenerateRestoreGraphFile", properties } as const;
  const given = { words: words.filter((word) => word.startsWith("-p:")), packages: join(folder, "none") };
  await taskStep(dotnet, "read the projects", task, given);
  return parseGraph(await readText(output, target, dotnet.host));
}

/** What an earlier restore left in obj names files of packages: none of them takes part. */
export const NO_PACKAGES = { ImportProjectExtensionProps: "false", ImportProjectExtensionTargets: "false" } as const;

async function readText(path: string, { file }: RestoreTarget, host: Host): Promise<string> {
  const content = await host.read(path, { maxBytes: LIMITS.lockfileBytes });
  if (content !== null) return content.toString("utf8");
  // A solution may hold nothing that dotnet knows to restore: then it says so, and is content.
  if (/\.sln[xf]?$/i.test(file) && (await solutionsOf(file, host)).every((one) => !hasTargets(one))) return "{}";
  throw new SafeInstallError("unavailable", "DOTNET_FAILED", "dotnet wrote no restore graph");
}

/** Itself, and of a filter what may be its solution too. */
async function solutionsOf(file: string, host: Host): Promise<readonly string[]> {
  const content = /\.slnf$/i.test(file) ? await host.read(file, { maxBytes: LIMITS.manifestBytes }) : null;
  const named = content === null ? [] : (namesIn(file, content.toString("utf8")) ?? []);
  const solutions = named.filter((name) => /\.slnx?$/i.test(name));
  return [file, ...solutions.map((name) => resolve(dirname(file), name.replaceAll("\\", "/")))];
}

/**
 * Whether files beside or above a solution add to what MSBuild does with it: one may stand where the graph would be written, and
 * where the restore that follows does what no graph said (MSBuild, SolutionProjectGenerator).
 */
function hasTargets(solution: string): boolean {
  const beside = ["before", "after"].map((when) => join(dirname(solution), `${when}.${basename(solution)}.targets`));
  const shared = above(dirname(solution)).flatMap((folder) =>
    ["props", "targets"].map((ending) => join(folder, `Directory.Solution.${ending}`)),
  );
  return [...beside, ...shared].some((path) => existsSync(path));
}

function above(folder: string): readonly string[] {
  return folder === dirname(folder) ? [folder] : [folder, ...above(dirname(folder))];
}

interface Spec {
  readonly restore?: {
    readonly projectPath?: string;
    readonly projectStyle?: string;
    readonly outputPath?: string;
    readonly sources?: Readonly<Record<string, unknown>>;
    readonly configFilePaths?: readonly string[];
    readonly restoreLockProperties?: Readonly<Record<string, unknown>>;
  };
  readonly frameworks?: Readonly<Record<string, Framework>>;
}

interface Framework {
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly downloadDependencies?: readonly { readonly name: string; readonly version: string }[];
}

/** The dgspec (NuGet.ProjectModel, DependencyGraphSpec). */
function parseGraph(text: string): readonly DotnetProject[] {
  const { projects = {} } = parseWritten(text) as { projects?: Readonly<Record<string, Spec>> };
  return Object.entries(projects).map(([key, { restore = {}, frameworks = {} }]) => {
    const file = restore.projectPath ?? key;
    const { restorePackagesWithLockFile, nuGetLockFilePath, restoreLockedMode } = restore.restoreLockProperties ?? {};
    const all = Object.values(frameworks);
    return {
      file,
      style: restore.projectStyle ?? "Unknown",
      output: restore.outputPath ?? join(dirname(file), "obj"),
      lock: typeof nuGetLockFilePath === "string" ? nuGetLockFilePath : lockBeside(file),
      usesLock: restorePackagesWithLockFile === "true" || restorePackagesWithLockFile === true,
      lockedMode: restoreLockedMode === true || restoreLockedMode === "true",
      sources: Object.keys(restore.sources ?? {}),
      configFiles: restore.configFilePaths ?? [],
      downloads: all.flatMap(({ downloadDependencies = [] }) =>
        downloadDependencies.flatMap(({ name, version }) => exactly(version).map((one) => [name, one] as const)),
      ),
      hasDependencies: all.some(({ dependencies = {} }) => Object.keys(dependencies).length > 0),
    };
  });
}

/** The lock of that project's own name, where it is there (NuGet.ProjectModel, PackagesLockFileUtilities). */
function lockBeside(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, "")
    .replaceAll(" ", "_");
  const own = join(dirname(file), `packages.${name}.lock.json`);
  return existsSync(own) ? own : join(dirname(file), "packages.lock.json");
}

/** `[8.0.31, 8.0.31]`, several of them joined by `;`. */
export function exactly(range: string): readonly string[] {
  return range.split(";").flatMap((one) => /^\[\s*([^,\]]+?)\s*(?:,\s*\1\s*)?\]$/.exec(one.trim())?.[1] ?? []);
}

/** The files that a restore writes for one project. */
export function outputsOf({ file, output }: Pick<DotnetProject, "file" | "output">): readonly string[] {
  const name = basename(file);
  const own = [".nuget.g.props", ".nuget.g.targets", ".nuget.dgspec.json", GUARD].map((ending) => name + ending);
  return ["project.assets.json", "project.nuget.cache", ...own].map((one) => join(output, one));
}

/**
 * Parses what NuGet wrote: strictly, but for the sources of a restore, which are names of nothing (`"sources": {"URL": {}}`)
 * and written once for every name that an address has. @throws JsonError
 */
export function parseWritten(text: string): unknown {
  return parseJson(
    text.replaceAll(SOURCES, (_, sources: string) => `"sources": ${JSON.stringify(JSON.parse(sources))}`),
  );
}

const SOURCES = /"sources": (\{\s*(?:"[^"\\]*": \{\},?\s*)*\})/g;
