import { type Host, LIMITS, SafeInstallError } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";
import { type Installer, npmCommand } from "../installer.ts";
import { EXTENSIONS, readsShrinkwrap } from "../lock.ts";
import { LOCKFILES } from "../lockfiles.ts";
import type { Changing } from "../task.ts";
import { renderOptions } from "../words.ts";
import { type Origin, readManifests, type Source } from "./manifests.ts";
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import semver from "semver";

/** What npm made of the project, in a private copy of what it reads. */
export interface Staged {
  /** The copy's own repository root and project. Absolute, links resolved. */
  readonly repositoryRoot: string;
  readonly project: string;
  /** What is different from the project now, or new in it; null where it is gone. Relative to the project. */
  readonly changes: readonly Changed[];
}

export interface Changed {
  readonly path: string;
  readonly before: Buffer | null;
  readonly after: Buffer | null;
}

export interface Staging {
  readonly origin: Origin;
  readonly task: Changing;
  readonly npm: Installer;
  readonly config: NpmConfig;
  readonly host: Host;
}

/**
 * Lets the user's own npm resolve, in a folder of our own that holds only what npm reads: manifests, the lock and .npmrc.
 * Nothing is installed, no script runs, no git is started, and the project is not touched.
 * @throws SafeInstallError where something in it could not be bound anyway, or where npm cannot resolve.
 */
export async function stage(staging: Staging): Promise<Staged> {
  const { origin, task, host } = staging;
  if (task.change === "audit fix" && host.offline) throw noAdvisories();
  await refuseExtensions(origin.project, host);
  const locks = await readLocks(staging);
  const lock = locks.find(({ content }) => content !== null)?.content ?? null;
  const specs = staging.task.change === "install" ? staging.task.specs : [];
  const sources = [...(await readManifests(origin, specs, lock, host)), ...locks];
  const folder = await host.temporary("npm-stage");
  const copy = await lay(folder, sources, staging);
  await resolveIn(copy, folder, staging);
  const { repositoryRoot, project } = copy;
  return { repositoryRoot, project, changes: await compare(copy, sources, origin) };
}

async function refuseExtensions(project: string, host: Host): Promise<void> {
  for (const name of EXTENSIONS) {
    if ((await host.read(join(project, name), { maxBytes: LIMITS.manifestBytes })) === null) continue;
    throw new SafeInstallError("unbound", "LOCK_EXTENSION", `${name} would change what npm resolves`, {
      hint: "use overrides in package.json instead",
    });
  }
}

async function readLocks({ origin, npm, host }: Staging): Promise<readonly Source[]> {
  const names = readsShrinkwrap(npm) ? LOCKFILES : LOCKFILES.slice(1);
  return Promise.all(
    names.map(async (name) => {
      const file = join(origin.project, name);
      const content = await host.read(file, { maxBytes: LIMITS.lockfileBytes });
      return { path: relative(origin.repositoryRoot, file), content };
    }),
  );
}

interface Copy extends Pick<Staged, "repositoryRoot" | "project"> {
  readonly cwd: string;
  readonly hasManifest: boolean;
}

/** The same folders under the same names: npm writes both into the lock. */
async function lay(folder: string, sources: readonly Source[], { origin, host }: Staging): Promise<Copy> {
  const repositoryRoot = join(await realpath(folder), basename(origin.repositoryRoot) || "root");
  const inCopy = (path: string) => join(repositoryRoot, relative(origin.repositoryRoot, path));
  const npmrc = await host.read(join(origin.project, ".npmrc"), { maxBytes: LIMITS.manifestBytes });
  const files = [...sources, { path: relative(origin.repositoryRoot, join(origin.project, ".npmrc")), content: npmrc }];
  for (const place of [origin.project, origin.cwd]) await mkdir(inCopy(place), { recursive: true, mode: 0o700 });
  for (const { path, content } of files) {
    if (content === null) continue;
    await mkdir(dirname(join(repositoryRoot, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(repositoryRoot, path), content, { mode: 0o600 });
  }
  const project = inCopy(origin.project);
  const hasManifest = sources.some(({ path, content }) => content !== null && path === manifestOf(origin));
  return { repositoryRoot, project, cwd: inCopy(origin.cwd), hasManifest };
}

function manifestOf({ repositoryRoot, project }: Origin): string {
  return relative(repositoryRoot, join(project, "package.json"));
}

async function resolveIn(copy: Copy, folder: string, staging: Staging): Promise<void> {
  const { npm, task, host } = staging;
  const settings = Object.entries(settingsOf(copy, folder, staging)).map(([key, value]) => `--${key}=${value}`);
  const words = [...task.change.split(" "), ...renderOptions(task.options), ...settings, "--", ...task.specs];
  const log = join(folder, "npm.log");
  const code = await host.run({ ...npmCommand(npm, words, copy.cwd, host.env), log });
  if (code === 0) return;
  throw notResolved(await readFile(log, "utf8").catch(() => ""), code, folder);
}

/** Ours come last, where npm's parser lets the last one win. */
function settingsOf(
  copy: Copy,
  folder: string,
  { npm, config, host, task }: Staging,
): Readonly<Record<string, string>> {
  const cafile = config.get("cafile");
  return {
    "package-lock-only": "true",
    "ignore-scripts": "true",
    "package-lock": "true",
    "dry-run": "false",
    global: "false",
    audit: "false",
    fund: "false",
    "update-notifier": "false",
    progress: "false",
    // No program that the project's .npmrc could name, and none at all.
    git: join(folder, "no-git"),
    ...(semver.gte(npm.version, "11.9.0") ? { "allow-git": "none" } : {}),
    ...(host.offline ? { offline: "true" } : {}),
    // Without it nothing would be written down; what was there comes back after the installation.
    ...(isUnsaved(task, config) ? { save: "true" } : {}),
    // What cannot be fixed is no failure of resolving; `npm audit` says it afterwards.
    ...(task.change === "audit fix" ? { "audit-level": "none" } : {}),
    ...(typeof cafile === "string" && cafile !== "" ? { cafile } : {}),
    // npm looks for package.json upward: here that would lead out of the copy.
    ...(copy.hasManifest ? {} : { prefix: copy.project }),
  };
}

/** `--no-save`: package.json and the lock stay as they are, the packages are installed. */
export function isUnsaved({ change }: Changing, config: NpmConfig): boolean {
  return (change === "install" || change === "uninstall") && config.get("save") === false;
}

async function compare(copy: Copy, sources: readonly Source[], origin: Origin): Promise<readonly Changed[]> {
  const compared = await Promise.all(
    sources.map(async ({ path, content }) => {
      const after = await readFile(join(copy.repositoryRoot, path)).catch(() => null);
      return { path: relative(origin.project, join(origin.repositoryRoot, path)), before: content, after };
    }),
  );
  return compared.filter(({ before, after }) => !(before === null ? after === null : after?.equals(before) === true));
}

function notResolved(output: string, code: number, folder: string): SafeInstallError {
  const text = output.replaceAll(folder, "").trim();
  if (/\bEALLOWGIT\b/.test(text))
    return unbound("GIT_DEPENDENCY", "a git dependency has no archive that could be proven");
  if (/\bEALLOWREMOTE\b/.test(text))
    return unbound("REMOTE_DEPENDENCY", "a dependency by URL is outside of every registry");
  const said = text.split("\n").slice(-SHOWN_LINES).join("\n");
  return new SafeInstallError(
    "unavailable",
    "NOT_RESOLVED",
    `npm could not resolve the dependencies (${code}):\n${said}`,
    {
      hint: "nothing was changed; plain npm would say the same",
    },
  );
}

const SHOWN_LINES = 40;

/** npm would say nothing, and fix nothing. */
function noAdvisories(): SafeInstallError {
  const hint = "leave out --offline";
  return new SafeInstallError("unavailable", "NOT_RESOLVED", "advisories are asked of the registry", { hint });
}

function unbound(code: string, message: string): SafeInstallError {
  return new SafeInstallError("unbound", code, message, { hint: "take it from a registry" });
}
