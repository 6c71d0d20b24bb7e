import { type Host, SafeInstallError } from "../../../src/plugin.ts";
import { loadConfig, type NpmConfig } from "../config.ts";
import type { Installer } from "../installer.ts";
import type { Workplace } from "../locate.ts";
import { refuseOptions } from "../options.ts";
import type { Task } from "../task.ts";
import { npmrcForTools } from "./project-settings.ts";
import { renderOptions, type NpmWords } from "../words.ts";
import { lstat, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** An empty project of our own, with the user's npm configuration: packages that belong to no project are proven in it. */
export interface Workshop {
  /** Private. Absolute, links resolved. */
  readonly folder: string;
  readonly config: NpmConfig;
  readonly options: NpmWords["options"];
  /** npm says what it does into a file: standard output is the tool's. */
  readonly host: Host;
  /** What npm said. */
  said(): Promise<string>;
}

/**
 * The settings are those of the project where the command was typed: registries, scopes and credentials may stand in its .npmrc.
 * Everything else stays the user's.
 * @param settings of the project's .npmrc; null: npm's global mode, where none counts
 * @throws SafeInstallError where an option would make npm do something else than is judged.
 */
export async function makeWorkshop(
  settings: NpmConfig["projectNpmrc"] | null,
  typed: NpmWords["options"],
  npm: Installer,
  host: Host,
): Promise<Workshop> {
  const outer = await realpath(await host.temporary("npm-run"));
  // One level down, so that what npm writes beside it (its log) is not in the project.
  const folder = join(outer, "run");
  await mkdir(folder, { mode: 0o700 });
  await refuseNeighbours(folder);
  if (settings !== null) await writeFile(join(folder, ".npmrc"), npmrcForTools(settings), { mode: 0o600 });
  await writeFile(join(folder, "package.json"), "{}\n");
  const options = Object.fromEntries(Object.entries(typed).filter(([key]) => !NOT_FOR_INSTALLING.has(key)));
  const config = await loadConfig(npm, ["install", ...renderOptions(options)], folder, host.env);
  refuseOptions(config);
  if (config.prefix !== folder) throw notEmpty(config.prefix);
  const log = join(outer, "npm.log");
  return {
    folder,
    config,
    options,
    host: { ...host, run: (command) => host.run({ log, ...command }) },
    said: () => readFile(log, "utf8").catch(() => ""),
  };
}

/** `npm install SPECS` in that project. */
export function installingIn(
  { folder, config, options, host }: Workshop,
  specs: readonly string[],
  { request, npm, bounds }: Workplace<Task>,
): Workplace {
  return {
    request: { purpose: request.purpose, args: [], cwd: folder },
    task: { kind: "change", change: "install", specs, options, tests: false },
    folder,
    cwd: folder,
    root: folder,
    found: [],
    replaces: [],
    npm,
    config,
    bounds: { ...bounds, repositoryRoot: folder },
    host,
  };
}

const NOT_FOR_INSTALLING: ReadonlySet<string> = new Set([
  ..."package call yes script-shell workspace workspaces include-workspace-root global location save".split(" "),
  ..."save-dev save-prod save-optional save-peer save-bundle save-exact init-module scope".split(" "),
]);

/**
 * Node.js looks for packages in the folders above, too, and a temporary folder is not ours alone.
 * @throws SafeInstallError PROJECT_OUTSIDE where a tool would find some there (the root of the file system is its owner's).
 */
export async function refuseNeighbours(folder: string): Promise<void> {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const place = join(above, "node_modules");
    if ((await lstat(place).catch(() => null)) === null) continue;
    throw new SafeInstallError(
      "usage",
      "PROJECT_OUTSIDE",
      `a tool would take packages from ${place}, which nobody proved`,
      {
        hint: "remove that folder, or let TMPDIR name another place",
      },
    );
  }
}

/** npm takes a folder above for the project where that one says so: a temporary folder is not ours alone. */
function notEmpty(prefix: string): SafeInstallError {
  return new SafeInstallError("usage", "PROJECT_OUTSIDE", `npm takes ${prefix} for the project of a temporary folder`, {
    hint: "remove package.json from there, or let TMPDIR name another folder",
  });
}
