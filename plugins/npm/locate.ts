import type { Bounds, Host, Project, Request } from "../../src/plugin.ts";
import { CLEAN_INSTALL } from "./task.ts";
import { loadConfig, type NpmConfig, requireAddresses } from "./config.ts";
import { npmWords } from "./npx.ts";
import { findNpm, type Installer } from "./installer.ts";
import { countsForTools } from "./exec/project-settings.ts";
import { refuseOptions } from "./options.ts";
import { type ProjectTask, type Task, taskOf } from "./task.ts";
import { renderOptions } from "./words.ts";
import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** A project of npm's, and what is to be done with it. */
export interface NpmProject<T extends Task = Task> extends Project {
  readonly task: T;
  /** Where npm is started. Absolute. */
  readonly cwd: string;
  readonly npm: Installer;
  /** npm's own, for the command as it was typed. */
  readonly config: NpmConfig;
}

/** A project, the user's or an empty one of our own, with what bounds it. */
export interface Workplace<T extends Task = ProjectTask> extends NpmProject<T> {
  readonly bounds: Bounds;
  readonly host: Host;
}

/**
 * npm's prefix, as npm itself finds it; for `check` of a named lockfile the folder of that.
 * @throws SafeInstallError NPM_NOT_FOUND, NPM_TOO_OLD, NPM_CONFIG; REFUSED_OPTION: an option may name another project
 */
export async function locate(request: Request, { env }: Pick<Host, "env">): Promise<NpmProject> {
  const args = wordsOf(request);
  const task = taskOf(args);
  const cwd = request.lockfile === undefined ? request.cwd : dirname(resolve(request.cwd, request.lockfile));
  const npm = await findNpm(cwd, env);
  const config = await loadConfig(npm, task.kind === "global" ? globally(task) : args, cwd, env, countsIn(task));
  requireAddresses(config);
  if (request.purpose === "install" && (task.kind === "clean" || task.kind === "change")) refuseOptions(config);
  const folder = request.lockfile === undefined ? await projectOf(task, config, cwd, npm, env) : cwd;
  const changed = task.kind === "global" ? config.globalPrefix : folder;
  const root = await realpath(changed).catch(() => resolve(changed));
  const inProject = task.kind === "clean" || task.kind === "change";
  const replaces = inProject ? [{ path: join(root, "node_modules") }] : [];
  return { request, task, cwd, npm, config, folder, root, found: [], replaces };
}

/** Global packages are judged by the policy of where they were asked for; with --global, `--prefix` names where they go. */
async function projectOf(
  task: Task,
  config: NpmConfig,
  cwd: string,
  npm: Installer,
  env: Host["env"],
): Promise<string> {
  if (task.kind !== "global" || task.options["prefix"] === undefined) return config.prefix;
  return (await loadConfig(npm, globally(task, ["location", "prefix"]), cwd, env)).prefix;
}

/** A tool is no part of the project: what its `.npmrc` says of other things does not count. */
function countsIn({ kind }: Task): ((key: string) => boolean) | undefined {
  return kind === "exec" ? countsForTools : undefined;
}

function wordsOf({ purpose, args, program }: Request): readonly string[] {
  const words = npmWords(args, program);
  return purpose === "install" ? words : ["ci", ...words.filter((word) => !CLEAN_INSTALL.has(word))];
}

/** As npm does with --global: the project's .npmrc does not count. */
function globally(
  { change, options }: Extract<Task, { readonly kind: "global" }>,
  without: readonly string[] = ["location"],
): readonly string[] {
  return [change, "--global", ...renderOptions(options, (key) => !without.includes(key))];
}
