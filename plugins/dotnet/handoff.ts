import { type Host, type Proven, SafeInstallError } from "../../src/plugin.ts";
import { compareAssets, readAssets } from "./assets.ts";
import { type Edit, requireUnchanged, writeEdits } from "./edits.ts";
import { readIntent } from "./args.ts";
import { comparePackages } from "./unpacked.ts";
import { type FolderFeed, writeFeed } from "./folder-feed.ts";
import { GUARD, guardOf, GUARD_NOTE } from "./guard.ts";
import { outputsOf, type Project } from "./graph.ts";
import { newPackagesFolder } from "./packages-folder.ts";
import { hashesOf } from "./proven-hashes.ts";
import { type Dotnet, environment } from "./run.ts";
import type { Target } from "./target.ts";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, sep } from "node:path";

export interface Handoff {
  readonly dotnet: Dotnet;
  readonly target: Target;
  readonly projects: readonly Project[];
  /** Absolute; what is moved aside lies below it. */
  readonly root: string;
  /** Words that every restore gets. */
  readonly words: readonly string[];
  readonly lockedMode: boolean;
  /** Changes that the restore rests on: they are made first, and undone with it. */
  readonly edits: readonly Edit[];
  /** The user's own words where there is more to do than to restore; null: restoring is all. */
  readonly afterwards: readonly string[] | null;
}

/**
 * Lets the real dotnet restore from a folder that holds the proven packages and nothing else, into an empty packages
 * folder, and compares what it says it took. What it wrote before is put back whatever goes wrong.
 */
export async function handOff(proven: readonly Proven[], handoff: Handoff): Promise<number> {
  const { dotnet, target, projects, root, edits } = handoff;
  const { host } = dotnet;
  const feed = await writeFeed(await host.temporary("dotnet-feed"), proven);
  const locks = await Promise.all(
    projects.map(async ({ lock }) => [lock, await readFile(lock).catch(() => null)] as const),
  );
  const files = [...projects.flatMap(outputsOf), ...projects.map(({ lock }) => lock), ...edits.map(({ path }) => path)];
  await requireUnchanged(edits);
  const packages = await newPackagesFolder(target.folder);
  const replaces = [...files.map((path) => ({ path })), ...packages.replaces];
  const code = await host.transaction({ root, found: [], replaces }, async () => {
    await packages.make();
    for (const [lock, content] of locks) if (content !== null) await writeFile(lock, content);
    await writeEdits(edits);
    const code = await restore(handoff, feed, packages.folder);
    if (code !== 0) return code;
    await requireProven(projects, proven, packages.folder, host);
    await writeGuards(projects, packages.folder);
    return 0;
  });
  if (code !== 0) return code;
  host.notice(GUARD_NOTE);
  return handoff.afterwards === null ? 0 : continueWith(handoff.afterwards, handoff, feed, packages.folder);
}

/** Ours come last: MSBuild lets the last property of a name win, and a property from the command line wins over every file. */
async function restore(
  { dotnet, target, words, lockedMode }: Handoff,
  { config, folder }: FolderFeed,
  packages: string,
): Promise<number> {
  const { file, cwd, host } = dotnet;
  const ours = [
    "--configfile",
    config,
    "--packages",
    packages,
    "--no-http-cache",
    "--force",
    ...(lockedMode ? ["--locked-mode"] : []),
    ...onlyFrom(folder),
    "-p:RestoreIgnoreFailedSources=false",
    "-p:NuGetAudit=false",
  ];
  const args = ["restore", target.file, "-noAutoResponse", ...words, ...ours];
  return host.run({ file, args, cwd, env: await environment(dotnet, packages) });
}

function onlyFrom(folder: string): readonly string[] {
  return [
    `-p:RestoreSources=${folder}`,
    "-p:RestoreAdditionalProjectSources=",
    "-p:RestoreFallbackFolders=",
    "-p:RestoreAdditionalProjectFallbackFolders=",
  ];
}

async function requireProven(
  projects: readonly Project[],
  proven: readonly Proven[],
  packages: string,
  host: Host,
): Promise<void> {
  const hashes = hashesOf(proven);
  const differences = [...(await comparePackages(packages, hashes))];
  for (const { file, output, style } of projects) {
    const assets = await readAssets(output, host);
    if (assets !== null) differences.push(...compareAssets(assets, hashes, packages));
    else if (style === "PackageReference") differences.push(`${basename(file)} was not restored`);
  }
  if (differences.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH",
    `what dotnet restored is not what was proven: ${differences.slice(0, 5).join("; ")}`,
    {
      hint: "everything was put back; what changed while this ran?",
    },
  );
}

async function writeGuards(projects: readonly Project[], packages: string): Promise<void> {
  for (const { file, output } of projects.filter(({ style }) => style === "PackageReference")) {
    await mkdir(output, { recursive: true });
    await writeFile(join(output, basename(file) + GUARD), guardOf(packages, file));
  }
}

/**
 * What follows builds from what was restored, and builds what was judged. Where it restores after all (by a response file
 * of the project), then into nowhere: the guard stops what would be built from there.
 */
async function continueWith(
  words: readonly string[],
  { dotnet, target }: Handoff,
  { config, folder }: FolderFeed,
  packages: string,
): Promise<number> {
  const [command = "", ...rest] = words;
  const { file, cwd, host } = dotnet;
  const nowhere = await host.temporary("dotnet-none");
  const closed = [
    ...onlyFrom(folder),
    `-p:RestoreConfigFile=${config}`,
    `-p:RestorePackagesPath=${nowhere}`,
    `-p:NuGetPackageRoot=${asValue(packages + sep)}`,
  ];
  const args = [command, "--no-restore", ...closed, ...namingTarget(words, target), ...rest];
  // What a build starts may well be a program of the project; what a restore starts may not.
  const { PATH } = host.env;
  return host.run({
    file,
    args,
    cwd,
    env: { ...(await environment(dotnet, nowhere)), ...(PATH === undefined ? {} : { PATH }) },
  });
}

/** As MSBuild escapes what separates properties on a command line. */
function asValue(text: string): string {
  return text.replaceAll(/[%;,]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
}

/** Where the words name no project, dotnet looks for one by rules of its own: it is told. (`test` has two ways of naming.) */
function namingTarget(words: readonly string[], { file }: Target): readonly string[] {
  const intent = readIntent(words);
  if ("refused" in intent || intent.target !== null) return [];
  if (intent.command === "run") return ["--project", file];
  return intent.command === "test" ? [] : [file];
}
