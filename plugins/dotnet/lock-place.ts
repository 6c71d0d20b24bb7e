import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** The lock that a project goes by where it names none: one of its own name comes first (NuGet, PackagesLockFileUtilities). */
export function lockOf(project: string): string {
  const name = basename(project, extname(project)).replaceAll(" ", "_");
  const own = join(dirname(project), `packages.${name}.lock.json`);
  return existsSync(own) ? own : join(dirname(project), PLAIN);
}

/**
 * The locks that the projects of a folder may go by when this one is asked for. Which of them a project takes is known
 * only by its name, and the one without a name may be one that nobody reads: all of them are meant.
 */
export async function locksMeantBy(lockfile: string): Promise<readonly string[]> {
  if (basename(lockfile) !== PLAIN) return [lockfile];
  const names = await readdir(dirname(lockfile)).catch(() => []);
  return [lockfile, ...names.filter((name) => OWN.test(name)).map((name) => join(dirname(lockfile), name))];
}

const PLAIN = "packages.lock.json";
const OWN = /^packages\..+\.lock\.json$/;

/** NuGet takes any name (`NuGetLockFilePath`); this ending is what people give it. */
export function isLockName(name: string): boolean {
  return name.endsWith(".lock.json");
}
