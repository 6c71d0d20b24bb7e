import { type Command, type Host, SafeInstallError, isInside } from "../../src/plugin.ts";
import { access, readFile, realpath } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import gte from "semver/functions/gte.js";
import valid from "semver/functions/valid.js";

/** The user's npm: its folder, the file that node runs, and its version. */
export interface Installer {
  readonly folder: string;
  readonly entry: string;
  readonly version: string;
}

const OLDEST = "10.0.0";

/**
 * The first npm on PATH that is not inside the project that `cwd` belongs to. Relative entries of PATH are passed over.
 * @throws SafeInstallError kind "installer" where there is none, or only one that is too old.
 */
export async function findNpm(cwd: string, env: Host["env"]): Promise<Installer> {
  const project = await projectAround(await realpath(cwd));
  for (const folder of (env["PATH"] ?? env["Path"] ?? "").split(delimiter)) {
    if (!isAbsolute(folder) || folder.split(/[\\/]/).includes("node_modules")) continue;
    const found = await npmIn(folder, project);
    if (found === null) continue;
    if (gte(found.version, OLDEST)) return found;
    throw new SafeInstallError("installer", "NPM_TOO_OLD", `npm ${found.version} is older than ${OLDEST}`, {
      hint: "npm install -g npm@11",
    });
  }
  throw new SafeInstallError("installer", "NPM_NOT_FOUND", "npm is not on PATH outside of this project", {
    hint: "install Node.js with npm, or put its folder on PATH; node_modules/.bin does not count",
  });
}

/** Our own node on npm's own file: nothing that a project put on PATH takes part. */
export function npmCommand(npm: Installer, args: readonly string[], cwd: string, env: Host["env"]): Command {
  return { file: process.execPath, args: [npm.entry, ...args], cwd, env };
}

/** The nearest folder with `.git`, else the nearest with package.json, else the folder itself. */
async function projectAround(cwd: string): Promise<string> {
  const ancestors = [cwd];
  for (let folder = cwd; dirname(folder) !== folder; folder = dirname(folder)) ancestors.push(dirname(folder));
  for (const mark of [".git", "package.json"]) {
    for (const folder of ancestors) if (await exists(join(folder, mark))) return folder;
  }
  return cwd;
}

async function npmIn(folder: string, project: string): Promise<Installer | null> {
  const launcher = join(folder, process.platform === "win32" ? "npm.cmd" : "npm");
  const real = await realpath(launcher).catch(() => null);
  if (real === null || isInside(launcher, project) || isInside(real, project)) return null;
  for (const entry of entriesOf(real, folder)) {
    const found = await readEntry(entry, project);
    if (found !== null) return found;
  }
  return null;
}

/** npm's file itself, or where it lies beside a launcher (Windows, version managers), or beside our own node. */
function entriesOf(real: string, folder: string): readonly string[] {
  const cli = join("node_modules", "npm", "bin", "npm-cli.js");
  const own = dirname(process.execPath);
  const beside = [join(dirname(folder), "lib", cli), join(folder, cli), join(dirname(own), "lib", cli), join(own, cli)];
  return basename(real) === "npm-cli.js" ? [real] : beside;
}

async function readEntry(path: string, project: string): Promise<Installer | null> {
  const entry = await realpath(path).catch(() => null);
  if (entry === null || isInside(entry, project)) return null;
  const folder = dirname(dirname(entry));
  const manifest = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  const { name, version } = JSON.parse(manifest) as { name?: unknown; version?: unknown };
  return name === "npm" && typeof version === "string" && valid(version) ? { folder, entry, version } : null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
