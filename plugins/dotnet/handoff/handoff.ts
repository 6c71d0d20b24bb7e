import { type Handoff, type Host, type Proven, SafeInstallError } from "../../../src/plugin.ts";
import { compareAssets, readAssets } from "../resolve/assets.ts";
import { type Edit, requireUnchanged, writeEdits } from "../add/mirror.ts";
import { readIntent } from "../args.ts";
import { comparePackages, hashesOf } from "./compare.ts";
import { type FolderFeed, writeFeed } from "./folder-feed.ts";
import type { HookedRun } from "./hooked.ts";
import { together } from "../part.ts";
import { GUARD, guardOf, GUARD_NOTE } from "./guard.ts";
import { type Laid, layPackages } from "./lay.ts";
import { outputsOf, type DotnetProject } from "../resolve/graph.ts";
import { newPackagesFolder } from "./packages-folder.ts";
import { seeTools } from "../home.ts";
import { type Dotnet, environment, forSdks } from "../run.ts";
import { asWords } from "../session/task.ts";
import type { RestoreTarget } from "../target.ts";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { onlyFrom, restoreClosed } from "./restore.ts";
import { basename, join, sep } from "node:path";

interface Restore {
  readonly dotnet: Dotnet;
  readonly target: RestoreTarget;
  readonly projects: readonly DotnetProject[];
  /** Of the transaction. */
  readonly root: string;
  /** Words that every restore gets. */
  readonly words: readonly string[];
  readonly lockedMode: boolean;
  /** Changes that the restore rests on: they are made first, and undone with it. */
  readonly edits: readonly Edit[];
  /** The user's own words where there is more to do than to restore; null: restoring is all. */
  readonly afterwards: readonly string[] | null;
  /** Where targets of the project run as part of the restore. */
  readonly hooked: HookedRun | null;
}

/**
 * Lets the real dotnet restore from a folder that holds the proven packages and nothing else, with a packages folder in
 * which nothing else lies either, and compares what it says it took.
 */
export async function dotnetHandoff(proven: readonly Proven[], restore: Restore): Promise<Handoff> {
  const { target, projects, root, edits, hooked } = restore;
  const { host } = restore.dotnet;
  const packages = await newPackagesFolder(target.folder, target.file);
  const written = [
    ...projects.flatMap(outputsOf),
    ...projects.map(({ lock }) => lock),
    ...edits.map(({ path }) => path),
  ];
  let feed: FolderFeed | null = null;
  let laid: Laid = new Map();
  let locks: readonly (readonly [string, Buffer | null])[] = [];
  return {
    root,
    // Targets of the project run under settings that are closed in the whole repository: nobody else may read those.
    ...(hooked === null ? { name: target.file } : {}),
    found: [],
    replaces: [...written.map((path) => ({ path })), ...packages.replaces, ...(hooked?.replaces ?? [])],
    async prepare() {
      feed = await writeFeed(await host.temporary("dotnet-feed"), together(proven, hooked?.proven ?? []));
      locks = await Promise.all(
        projects.map(async ({ lock }) => [lock, await readFile(lock).catch(() => null)] as const),
      );
      await requireUnchanged(edits);
    },
    async install() {
      await packages.make();
      for (const [lock, content] of locks) if (content !== null) await writeFile(lock, content);
      await writeEdits(edits);
      const from = prepared(feed);
      const asked = proven.map(({ artifact }) => artifact.package);
      laid = await layPackages(asked, { into: packages.folder, feed: from.folder, hashes: hashesOf(proven) }, host);
      const run = (dotnet: Dotnet, others: string) =>
        restoreClosed({ ...restore, dotnet }, from, packages.folder, others);
      return hooked === null ? run(restore.dotnet, packages.folder) : hooked.run(from, run);
    },
    async compare() {
      await requireProven(projects, proven, { folder: packages.folder, laid }, host);
      await hooked?.requireProven();
      await writeGuards(projects, packages.folder);
    },
    async next() {
      host.notice(GUARD_NOTE);
      if (edits.length > 0) host.notice(`changed: ${edits.map(({ path }) => basename(path)).join(", ")}`);
      const { afterwards } = restore;
      return afterwards === null ? 0 : continueWith(afterwards, restore, prepared(feed), packages.folder);
    },
  };
}

function prepared(feed: FolderFeed | null): FolderFeed {
  if (feed === null) throw new TypeError("a hand-off is prepared before it installs");
  return feed;
}

async function requireProven(
  projects: readonly DotnetProject[],
  proven: readonly Proven[],
  { folder, laid }: { readonly folder: string; readonly laid: Laid },
  host: Host,
): Promise<void> {
  const hashes = hashesOf(proven);
  const differences = [...(await comparePackages(folder, hashes, laid))];
  for (const { file, output, style } of projects) {
    const assets = await readAssets(output, host);
    if (assets !== null) differences.push(...compareAssets(assets, hashes, folder));
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

async function writeGuards(projects: readonly DotnetProject[], packages: string): Promise<void> {
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
  { dotnet, target }: Restore,
  { config, folder }: FolderFeed,
  packages: string,
): Promise<number> {
  const [command = "", ...rest] = words;
  const { file, cwd, host } = dotnet;
  const nowhere = await host.temporary("dotnet-none");
  const closed = asWords({
    ...onlyFrom(folder),
    RestoreConfigFile: config,
    RestorePackagesPath: nowhere,
    NuGetPackageRoot: packages + sep,
  });
  // What a program or its tests get is theirs alone.
  const more = /^(?:build|publish|pack)$/.test(command) ? forSdks(dotnet) : [];
  const args = [command, "--no-restore", ...closed, ...more, ...namingTarget(words, target), ...rest];
  // What a build starts may well be a program of the project, and leave files behind; what a restore starts may not.
  const users = Object.entries(host.env).filter(([name]) => /^(?:PATH|TMPDIR|XDG_DATA_HOME)$/.test(name));
  await seeTools(dotnet.home, host.env);
  const { TMPDIR: _, XDG_DATA_HOME: __, ...env } = await environment(dotnet, nowhere);
  return host.run({
    file,
    args,
    cwd,
    env: { ...env, ...Object.fromEntries(users) },
  });
}

/** Where the words name no project, dotnet looks for one by rules of its own: it is told. (`test` has two ways of naming.) */
function namingTarget(words: readonly string[], { file }: RestoreTarget): readonly string[] {
  const intent = readIntent(words);
  if ("refused" in intent || intent.target !== null) return [];
  if (intent.command === "run") return ["--project", file];
  return intent.command === "test" ? [] : [file];
}
