import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * The locks that the projects of a folder may go by when this one is asked for: NuGet takes one of the project's own name
 * before `packages.lock.json`, which may then be one that nobody reads. All of them are meant.
 */
export async function locksMeantBy(lockfile: string): Promise<readonly string[]> {
  if (basename(lockfile) !== "packages.lock.json") return [lockfile];
  const names = await readdir(dirname(lockfile)).catch(() => []);
  const own = names.filter((name) => /^packages\..+\.lock\.json$/i.test(name));
  return [lockfile, ...own.map((name) => join(dirname(lockfile), name))];
}
