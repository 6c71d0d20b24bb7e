import { SafeInstallError } from "../../src/plugin.ts";
import { readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** What is restored: one project or solution file. */
export interface RestoreTarget {
  /** Absolute. */
  readonly file: string;
  /** The folder whose policy counts. */
  readonly folder: string;
}

const SOLUTION = /\.(?:slnx?|slnf)$/i;
/** Counts where it is named, or where nothing else is there: a solution may have several (MSBuild 18, as `dotnet restore` does). */
const FILTER = /\.slnf$/i;
const WHOLE = /\.slnx?$/i;
const PROJECT = /\.[a-z]*proj$/i;

/**
 * The file that was named, or the only one in the folder that was: a solution before a project, as MSBuild has it;
 * `dotnet run` looks for projects alone. @throws SafeInstallError
 */
export async function findTarget(named: string | null, cwd: string, command = "restore"): Promise<RestoreTarget> {
  const place = resolve(cwd, named ?? ".");
  const stats = await stat(place).catch(() => null);
  if (stats === null) throw none(`${named} does not exist`);
  const file = stats.isDirectory()
    ? await onlyIn(place, command === "run" ? [PROJECT] : [WHOLE, FILTER, PROJECT])
    : place;
  if (!SOLUTION.test(file) && !PROJECT.test(file)) throw none(`${named} is neither a project nor a solution`);
  return { file, folder: dirname(file) };
}

async function onlyIn(folder: string, patterns: readonly RegExp[]): Promise<string> {
  const names = await readdir(folder);
  for (const pattern of patterns) {
    const found = names.filter((name) => pattern.test(name));
    if (found.length > 1) throw none(`${folder} holds several: ${found.sort().join(", ")}`);
    if (found[0] !== undefined) return join(folder, found[0]);
  }
  throw none(`${folder} holds neither a project nor a solution`);
}

function none(message: string): SafeInstallError {
  return new SafeInstallError("usage", "NO_PROJECT", message, { hint: "name a project or a solution file" });
}
