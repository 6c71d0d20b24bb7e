import { type Command, type Handoff, isInside, type Proven, SafeInstallError } from "../../../src/plugin.ts";
import type { Filled } from "./cache.ts";
import { loadConfig } from "../config.ts";
import { assertInstalled, type Expectation } from "./compare.ts";
import { npmCommand } from "../installer.ts";
import type { Workplace } from "../locate.ts";
import { assertUnchanged, type NpmLock } from "../resolve/lock.ts";
import { assertEffective } from "../options.ts";
import type { Registries } from "../origin.ts";
import type { LockResolution } from "../resolve/places.ts";
import { choosesScripts, runScripts } from "./scripts.ts";
import { compose, settingsFor } from "./settings.ts";
import type { Landing } from "./landing.ts";
import { landingArgs, type ProjectTask } from "../task.ts";
import { renderOptions } from "../words.ts";
import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";

/** All of a lock's packages, proven, and how they come to lie in the project. */
export interface ProvenLock {
  readonly lock: NpmLock;
  /** What is put in place first; null where the project's own lock was judged. */
  readonly landing: Landing | null;
  readonly registries: Registries;
  readonly resolution: LockResolution;
  readonly proven: readonly Proven[];
  readonly packages: readonly Filled[];
}

/**
 * Lets the real npm install, offline, from a cache that holds the proven bytes and nothing else. The old node_modules,
 * and the files that change, wait aside meanwhile.
 * @throws SafeInstallError OUTSIDE_PROJECT where one of them cannot
 */
export async function npmHandoff(set: ProvenLock, at: Workplace): Promise<Handoff> {
  const { lock, landing, resolution, registries, packages, proven } = set;
  const { npm, config, cwd, root, host } = at;
  const chosen = choosesScripts(proven);
  const { args, from } = commandOf(at);
  const folders = await foldersOf(resolution, config.prefix);
  const next = followUp(at.task);
  let ready: Ready | null = null;
  return {
    root,
    found: [],
    replaces: [...folders, ...(landing?.files ?? [])].map((path) => ({ path: join(root, path) })),
    async prepare() {
      await (landing === null ? assertUnchanged(lock, host) : landing.assertReady());
      const settings = await settingsFor({ ...set, lands: landing !== null, runsScripts: !chosen }, at);
      const command = npmCommand(npm, compose(args, settings), from, host.env);
      const effective = await loadConfig(npm, command.args.slice(1), from, host.env);
      assertEffective(effective, settings, config.prefix);
      const partial = asList(effective.get("workspace")).length > 0 || effective.get("workspaces") !== null;
      ready = {
        settings,
        command,
        expected: { project: config.prefix, resolution, proven: packages, registries, partial },
      };
    },
    async install() {
      const { settings, command, expected } = prepared(ready);
      await landing?.land();
      await assertUnchanged(lock, host);
      let code = await host.run(command);
      if (chosen && code === 0) {
        await assertInstalled(expected, host);
        const ownScripts = args[0] !== "prune";
        code = await runScripts(proven, { npm, config, resolution, settings, ownScripts, host });
      }
      await assertUnchanged(lock, host);
      if (code === 0) await landing?.settle();
      return code;
    },
    compare: () => assertInstalled(prepared(ready).expected, host),
    ...(next === null ? {} : { next: () => host.run(npmCommand(npm, next, cwd, host.env)) }),
  };
}

interface Ready {
  readonly settings: Readonly<Record<string, string>>;
  readonly command: Command;
  readonly expected: Expectation;
}

/** The steps of a hand-off come in this order. */
export function prepared<T>(ready: T | null): T {
  if (ready === null) throw new TypeError("this hand-off was not prepared");
  return ready;
}

/** The command that installs what the lock holds, with the user's options. */
function commandOf({ task, cwd, folder }: Workplace): { readonly args: readonly string[]; readonly from: string } {
  return task.kind === "clean" ? { args: task.args, from: cwd } : { args: landingArgs(task), from: folder };
}

/** As `npm install-test` goes on after it has installed; `npm audit fix` ends with what it could not fix, and the code for it. */
function followUp(task: ProjectTask): readonly string[] | null {
  const options = task.kind === "clean" ? task.args.slice(1) : renderOptions(task.options);
  if (task.tests) return ["test", ...options];
  return task.kind === "change" && task.change === "audit fix" ? ["audit", ...options] : null;
}

/**
 * npm empties these itself (`npm ci` removes node_modules of the root and of each workspace).
 * @throws SafeInstallError OUTSIDE_PROJECT where one cannot be put aside
 */
async function foldersOf({ locked, linkedFolders }: LockResolution, project: string): Promise<readonly string[]> {
  const locations = [...locked.values()].flatMap(({ places }) => places.map(({ location }) => location));
  const filled = locations.map((location) =>
    location.slice(0, location.indexOf("node_modules") + "node_modules".length),
  );
  const below = linkedFolders.filter((folder) => !folder.startsWith("../"));
  const linked = await Promise.all(below.map(async (folder) => ((await isOutside(folder, project)) ? [] : [folder])));
  return [...new Set(["node_modules", ...filled, ...linked.flat().map((folder) => `${folder}/node_modules`)])];
}

/** A link leads out of the project; nothing is unpacked there (see `resolveTree`), and nothing may be there to be emptied. */
async function isOutside(folder: string, project: string): Promise<boolean> {
  const real = await realpath(join(project, folder)).catch(() => join(project, folder));
  if (isInside(real, await realpath(project))) return false;
  if ((await lstat(join(real, "node_modules")).catch(() => null)) === null) return true;
  throw new SafeInstallError(
    "unavailable",
    "OUTSIDE_PROJECT",
    `${folder} is a link to ${real}, and npm would empty the node_modules there`,
    { hint: `remove ${join(real, "node_modules")}; what it depends on is installed in the project` },
  );
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
