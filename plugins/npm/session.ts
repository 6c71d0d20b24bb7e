import { type Context, type Host, type Request, SafeInstallError, type Session } from "../../src/plugin.ts";
import type { Obtained } from "./bytes.ts";
import { loadConfig, type NpmConfig } from "./config.ts";
import { contentsOf } from "./contents.ts";
import { handOff } from "./handoff.ts";
import { findNpm, type Installer, npmCommand } from "./installer.ts";
import { asIn, assertUnchanged, type Lock, readLock } from "./lock.ts";
import { refuseOptions } from "./options.ts";
import { type Registries, registriesOf } from "./origin.ts";
import type { Resolution } from "./places.ts";
import { refuseProjectNpmrc } from "./project-npmrc.ts";
import { resolveTree } from "./resolve.ts";
import { type Landing, landingOf } from "./stage/landing.ts";
import { stage } from "./stage/stage.ts";
import { isUnsaved } from "./stage/staging.ts";
import { landingArgs, type ProjectTask } from "./task.ts";
import { loadTree } from "./tree.ts";
import { renderOptions } from "./words.ts";
import { realpath, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** A session, and what npm's hand-offs need to know of it. */
export interface NpmSession extends Session {
  readonly resolution: Resolution;
  readonly registries: Registries;
  readonly obtained: ReadonlyMap<string, Obtained>;
}

/** Reads the dependency set that a command would install. Writes nothing in the project, runs nothing of it. */
export async function openProject(
  request: Request,
  task: ProjectTask,
  args: readonly string[],
  outside: Host,
): Promise<NpmSession> {
  const cwd = request.lockfile === undefined ? request.cwd : dirname(resolve(request.cwd, request.lockfile));
  const installer = await findNpm(cwd, outside.env);
  const config = await loadConfig(installer, args, cwd, outside.env);
  // Who tells npm to stay offline means us too.
  const host: Host = { ...outside, offline: outside.offline || config.get("offline") === true };
  if (request.purpose === "install") refuseOptions(config);
  const project = request.lockfile === undefined ? config.prefix : cwd;

  const context = await request.context(project);
  refuseProjectNpmrc(config, context.registries);
  return openAsked({ task, cwd, project, installer, config, context, host }, request);
}

export async function openAsked(asked: Asked, request: Pick<Request, "lockfile" | "everything">): Promise<NpmSession> {
  const { task, cwd, project, installer, config, context, host } = asked;
  const { lock, place, landing } = await locate(asked, request.lockfile);
  const tree = lock.unbound.length > 0 ? NOTHING : await loadTree(place.project, place.lock, config, installer);
  const { replaceRegistryHost } = tree;
  const registries = registriesOf(config.flat, replaceRegistryHost, context.registries);
  const scope = { ...place, registries, omit: config.flat.omit };
  const resolution = await resolveTree(tree, { ...scope, everything: request.everything ?? false });
  await assertUnchanged(place.lock, host);

  const folder = await host.temporary("npm-bytes");
  const { obtained, ...contents } = contentsOf(resolution, { registries, folder, host });
  return {
    resolution,
    registries,
    obtained,
    project,
    lockfile: lock.path,
    ...contents,
    unbound: [...lock.unbound, ...resolution.unbound],
    notGated: resolution.notGated,
    everything: async () => {
      const all = await resolveTree(tree, { ...scope, everything: true });
      return contentsOf(all, { registries, folder: await host.temporary("npm-bytes"), host });
    },
    handoff: (proven) => {
      if (lock.unbound.length + resolution.unbound.length > 0) throw nothingToHandOff();
      const command = task.kind === "clean" ? { args: task.args, cwd } : { args: landingArgs(task), cwd: project };
      const found = { npm: installer, config, registries, lock, resolution, landing, obtained, host };
      const handed = handOff(proven, { ...found, ...command });
      const next = followUp(task);
      return next === null ? handed : handed.then((code) => (code === 0 ? runNext(next, asked) : code));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const NOTHING = { nodes: [], loose: [], replaceRegistryHost: "never", conflicts: [] } as const;

export interface Asked {
  readonly task: ProjectTask;
  readonly cwd: string;
  readonly project: string;
  readonly installer: Installer;
  readonly config: NpmConfig;
  readonly context: Context;
  readonly host: Host;
}

/** What is judged: the project's own lock, or the one that npm would make of it. */
interface Located {
  /** As it lies in the project, or will. */
  readonly lock: Lock;
  /** Where it is read. Absolute, links resolved. */
  readonly place: { readonly project: string; readonly repositoryRoot: string; readonly lock: Lock };
  readonly landing: Landing | null;
}

async function locate(asked: Asked, wanted: string | undefined): Promise<Located> {
  const { task, cwd, project, installer: npm, config, context, host } = asked;
  const { repositoryRoot } = context;
  const real = await realpath(project);
  if (task.kind === "clean") {
    const lock = await readLock(project, wanted, npm, host);
    return { lock, place: { project: real, repositoryRoot, lock }, landing: null };
  }
  const origin = { repositoryRoot, project: real, cwd: await realpath(cwd) };
  const staged = await stage({ origin, task, npm, config, host });
  const lock = await readLock(staged.project, undefined, npm, host);
  const landing = landingOf(project, staged.files, isUnsaved(task, config), host);
  return { lock: asIn(project, lock), place: { ...staged, lock }, landing };
}

/** As `npm install-test` goes on after it has installed; `npm audit fix` ends with what it could not fix, and the code for it. */
function followUp(task: ProjectTask): string | null {
  if (task.tests) return "test";
  return task.kind === "change" && task.change === "audit fix" ? "audit" : null;
}

function runNext(command: string, { task, installer, cwd, host }: Asked): Promise<number> {
  const options = task.kind === "clean" ? task.args.slice(1) : renderOptions(task.options);
  return host.run(npmCommand(installer, [command, ...options], cwd, host.env));
}

function nothingToHandOff(): SafeInstallError {
  return new SafeInstallError(
    "unbound",
    "LOCK_UNSUPPORTED",
    "dependencies that cannot be bound to bytes are never installed",
  );
}
