import { type Host, LIMITS, SafeInstallError } from "../../../src/plugin.ts";
import { loadConfig, type NpmConfig } from "../config.ts";
import type { Installer } from "../installer.ts";
import { refuseOptions } from "../options.ts";
import { renderOptions, type Words } from "../words.ts";
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** An empty project of our own, with the user's npm configuration: packages that belong to no project are proven in it. */
export interface Workshop {
  /** Private. Absolute, links resolved. */
  readonly folder: string;
  readonly config: NpmConfig;
  readonly options: Words["options"];
  /** npm says what it does into a file: standard output is the tool's. */
  readonly host: Host;
  /** What npm said. */
  said(): Promise<string>;
}

/**
 * The settings are those of the project where the command was typed: registries, scopes and credentials may stand in its .npmrc.
 * @param project null: npm's global mode, where no project's .npmrc counts
 * @throws SafeInstallError where an option would make npm do something else than is judged.
 */
export async function makeWorkshop(
  project: string | null,
  typed: Words["options"],
  npm: Installer,
  host: Host,
): Promise<Workshop> {
  const outer = await realpath(await host.temporary("npm-run"));
  // One level down, so that what npm writes beside it (its log) is not in the project.
  const folder = join(outer, "run");
  await mkdir(folder, { mode: 0o700 });
  const file = project === null ? null : join(project, ".npmrc");
  const npmrc = file === null ? null : await host.read(file, { maxBytes: LIMITS.manifestBytes });
  if (npmrc !== null) await writeFile(join(folder, ".npmrc"), npmrc, { mode: 0o600 });
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

const NOT_FOR_INSTALLING: ReadonlySet<string> = new Set([
  ..."package call yes script-shell workspace workspaces include-workspace-root global location save".split(" "),
  ..."save-dev save-prod save-optional save-peer save-bundle save-exact init-module scope".split(" "),
]);

/** npm takes a folder above for the project where that one says so: a temporary folder is not ours alone. */
function notEmpty(prefix: string): SafeInstallError {
  return new SafeInstallError("usage", "PROJECT_OUTSIDE", `npm takes ${prefix} for the project of a temporary folder`, {
    hint: "remove package.json from there, or let TMPDIR name another folder",
  });
}
