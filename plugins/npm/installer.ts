import {
  type Command,
  type Host,
  SafeInstallError,
  groundsOf,
  mayBeInside,
  type Program,
  programsOnPath,
} from "../../src/plugin.ts";
import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
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
  const outside = await groundsOf(cwd, "package.json");
  const launcher = process.platform === "win32" ? "npm.cmd" : "npm";
  for (const program of await programsOnPath(launcher, { outside, env })) {
    const found = await npmOf(program, outside);
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

async function npmOf({ path, file }: Program, outside: string): Promise<Installer | null> {
  for (const entry of entriesOf(file, dirname(path))) {
    const found = await readEntry(entry, outside);
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

async function readEntry(path: string, outside: string): Promise<Installer | null> {
  const entry = await realpath(path).catch(() => null);
  if (entry === null || (await mayBeInside(entry, outside))) return null;
  const folder = dirname(dirname(entry));
  const manifest = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  const { name, version } = JSON.parse(manifest) as { name?: unknown; version?: unknown };
  return name === "npm" && typeof version === "string" && valid(version) ? { folder, entry, version } : null;
}
