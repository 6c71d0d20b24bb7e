import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

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
