import type { Host, NotGated } from "../../../src/plugin.ts";
import type { PackageSet, WantedPackage } from "./lock.ts";
import { packageKey, refOf } from "../names.ts";
import { lockElsewhere } from "./lock-path.ts";
import { findSdkReferences } from "../sdk/references.ts";
import { LOCK, TOOLS } from "../table.ts";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * What a restore brings and a lock does not list (NuGet/Home#12326): project SDKs are found in the text of the projects beside
 * the lock, and judged too; the rest is known to a restore alone, and named.
 */
export async function unlockedBeside(lockfile: string, host: Host): Promise<PackageSet> {
  const projects = await projectsOf(lockfile);
  const found = await Promise.all(projects.map((file) => findSdkReferences(file, host)));
  const elsewhere = (await Promise.all(projects.map((file) => lockElsewhere(file, host)))).flat();
  const wanted = new Map<string, WantedPackage>();
  for (const { id, version, location } of found.flatMap(({ references }) => references)) {
    const ref = refOf(id, version);
    if (ref !== null) wanted.set(packageKey(ref), { package: ref, stated: [], locations: [location] });
  }
  const notGated = projects.map((file): NotGated => ({
    kind: "not-locked",
    name: `what the SDK downloads for ${basename(file)}`,
    detail: "targeting, runtime and apphost packs, and PackageDownload: dotnet restore judges them",
  }));
  return {
    wanted,
    unbound: [...found.flatMap(({ unbound }) => unbound), ...elsewhere],
    notGated: [...notGated, ...(await tools(lockfile))],
  };
}

async function projectsOf(lockfile: string): Promise<readonly string[]> {
  const folder = dirname(lockfile);
  const [, named] = LOCK.exec(basename(lockfile)) ?? [];
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.[a-z]*proj$/i.test(name));
  const mine = names.filter((name) => named === undefined || lockNameOf(name) === named.toLowerCase());
  return mine.map((name) => join(folder, name));
}

function lockNameOf(project: string): string {
  return project
    .replace(/\.[^.]*$/, "")
    .replaceAll(" ", "_")
    .toLowerCase();
}

/** Tools have a manifest of their own. */
async function tools(lockfile: string): Promise<readonly NotGated[]> {
  const names: readonly string[] = await readdir(join(dirname(lockfile), ".config")).catch(() => []);
  if (!names.includes(TOOLS)) return [];
  const detail = "safe-install check .config/dotnet-tools.json judges them";
  return [{ kind: "not-locked", name: "the tools of .config/dotnet-tools.json", detail }];
}

/**
 * The locks that the projects of a folder may go by when this one is asked for: NuGet takes one of the project's own name
 * before `packages.lock.json`, which may then be one that nobody reads. All of them are meant;
 * that one only where it is there, or was named.
 */
export async function locksMeantBy(lockfile: string, isNamed: boolean): Promise<readonly string[]> {
  if (basename(lockfile) !== "packages.lock.json") return [lockfile];
  const names: readonly string[] = await readdir(dirname(lockfile)).catch(() => []);
  const own = names.filter(isOwnLock).map((name) => join(dirname(lockfile), name));
  return !isNamed && own.length > 0 && !names.includes(basename(lockfile)) ? own : [lockfile, ...own];
}

/** `packages.NAME.lock.json`: of one project's own name. */
function isOwnLock(name: string): boolean {
  return /^packages\..+\.lock\.json$/i.test(name);
}
