import { type Bounds, type Host, type Project, type Request, SafeInstallError } from "../../src/plugin.ts";
import { CHANGES, CLEAN_INSTALL, CLEAN_INSTALL_TEST, isGlobal } from "./task.ts";
import { loadConfig, type NpmConfig, requireAddresses } from "./config.ts";
import { npmWords } from "./npx.ts";
import { findNpm, type Installer } from "./installer.ts";
import { countsForTools } from "./exec/project-settings.ts";
import { refuseOptions } from "./options.ts";
import { type ProjectTask, type Task, taskOf } from "./task.ts";
import { parseWords, renderOptions } from "./words.ts";
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
export async function locate(request: Request, host: Pick<Host, "env">): Promise<NpmProject> {
  const there = inNamedFolder(request);
  if (there === null) return locateFrom(request, host);
  const folder = await realpath(there.cwd).catch(() => null);
  if (folder === null) throw notThere(there.cwd, "there is no such folder");
  const project = await locateFrom({ ...there, cwd: folder }, host);
  // From inside, npm may take a folder around it for the project: then it would not be the one that was named.
  if ((await realpath(project.folder)) !== folder)
    throw notThere(folder, `npm takes ${project.folder} for the project`);
  return project;
}

/** `npm ci --prefix DIR`, `-C DIR`: the same as without it in that folder, whose policy counts. null: none was typed. */
function inNamedFolder(request: Request): Request | null {
  if (request.lockfile !== undefined || request.program?.[0] === "npx") return null;
  const { positional, options } = parseWords(request.args);
  const { prefix } = options;
  const [command = "", ...specs] = positional;
  if (typeof prefix !== "string" || isGlobal(options)) return null;
  if (!CLEAN_INSTALL.has(command) && !CLEAN_INSTALL_TEST.has(command) && !CHANGES.has(command)) return null;
  const path = specs.find(isPath);
  if (path !== undefined) throw notThere(prefix, `"${path}" could be a path from here or from there`);
  const words = [command, ...renderOptions(options, (key) => key !== "prefix"), ...(specs.length > 0 ? ["--"] : [])];
  return { ...request, args: [...words, ...specs], cwd: resolve(request.cwd, prefix) };
}

function isPath(spec: string): boolean {
  return (
    /^(?:(?:@[^/@]+\/)?[^@]*@)?(?:file:|[.~]?[.]?\/)/.test(spec) ||
    /\.(?:tgz|tar|tar\.gz)$/.test(spec) ||
    spec === "." ||
    spec === ".."
  );
}

function notThere(folder: string, why: string): SafeInstallError {
  const hint = "run safe-install in that folder";
  return new SafeInstallError("usage", "REFUSED_OPTION", `prefix=${folder} (command line): ${why}`, { hint });
}

async function locateFrom(request: Request, { env }: Pick<Host, "env">): Promise<NpmProject> {
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
