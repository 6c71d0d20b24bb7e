import type { Host, Proven } from "../../src/plugin.ts";
import { isInside, SafeInstallError } from "../../src/plugin.ts";
import type { Obtained } from "./bytes.ts";
import { type Filled, fillCache } from "./cache.ts";
import { loadConfig, type NpmConfig } from "./config.ts";
import { assertInstalled } from "./installed.ts";
import { type Installer, npmCommand } from "./installer.ts";
import { assertUnchanged, type Lock } from "./lock.ts";
import { assertEffective } from "./options.ts";
import { isOwnOrigin, type Registries, urlVariants } from "./origin.ts";
import type { Resolution } from "./places.ts";
import { choosesScripts, runScripts } from "./scripts.ts";
import { writeScriptShell } from "./shell.ts";
import type { Landing } from "./stage/landing.ts";
import { lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import semver from "semver";

export interface Handoff {
  readonly npm: Installer;
  readonly config: NpmConfig;
  readonly registries: Registries;
  readonly lock: Lock;
  readonly resolution: Resolution;
  /** The command that installs what the lock holds, with the user's options. */
  readonly args: readonly string[];
  /** What is put in place first; null where the project's own lock was judged. */
  readonly landing: Landing | null;
  readonly cwd: string;
  readonly obtained: ReadonlyMap<string, Obtained>;
  readonly host: Host;
}

/**
 * Lets the real npm install, offline, from a cache that holds the proven bytes and nothing else. The old node_modules,
 * and the files that change, wait aside and come back whatever goes wrong.
 */
export async function handOff(proven: readonly Proven[], handoff: Handoff): Promise<number> {
  const { lock, host, config, resolution } = handoff;
  const packages = proven.map((one) => filled(one, handoff));
  const { args, cwd, landing } = handoff;
  await (landing === null ? assertUnchanged(lock, host) : landing.assertReady());
  const chosen = choosesScripts(proven);
  const settings = await prepare(packages, chosen, handoff);
  const command = npmCommand(handoff.npm, compose(args, settings), cwd, host.env);
  const effective = await loadConfig(handoff.npm, command.args.slice(1), cwd, host.env);
  assertEffective(effective, settings, config.prefix);

  const folders = await foldersOf(resolution, config.prefix);
  const replaces = [...folders, ...(landing?.files ?? [])].map((name) => ({ path: join(config.prefix, name) }));
  return host.transaction({ root: config.prefix, found: [], replaces }, async () => {
    await landing?.land();
    await assertUnchanged(lock, host);
    const partial = asList(effective.get("workspace")).length > 0 || effective.get("workspaces") !== null;
    const expected = { project: config.prefix, resolution, proven: packages, registries: handoff.registries, partial };
    let code = await host.run(command);
    if (chosen && code === 0) {
      await assertInstalled(expected, host);
      code = await runScripts(proven, { ...handoff, settings, ownScripts: args[0] !== "prune" });
    }
    await assertUnchanged(lock, host);
    if (code !== 0) return code;
    await assertInstalled(expected, host);
    await landing?.settle();
    return 0;
  });
}

export function filled(
  { artifact }: Proven,
  { resolution, obtained }: Pick<Handoff, "resolution" | "obtained">,
): Filled {
  const locked = resolution.locked.get(artifact.package.purl);
  const bytes = obtained.get(artifact.package.purl);
  if (locked === undefined || bytes === undefined)
    throw new SafeInstallError(
      "unbound",
      "NOT_OBTAINED",
      `${artifact.package.purl} is not one of this project's packages`,
    );
  return { locked, bytes };
}

/** Everything on disk that npm will read, and the settings that make it read nothing else. */
async function prepare(
  packages: readonly Filled[],
  withoutScripts: boolean,
  handoff: Handoff,
): Promise<Readonly<Record<string, string>>> {
  const { npm, config, registries, host } = handoff;
  const folder = await host.temporary("npm-handoff");
  const cache = join(folder, "cache");
  await mkdir(cache);
  await fillCache(cache, packages, registries, handoff.resolution.conflicts);
  const settings: Record<string, string> = {
    // A switch that no line of npm lacks comes first: an option of the user's that takes the next word gets this one.
    fund: "false",
    audit: "false",
    "update-notifier": "false",
    offline: "true",
    "prefer-online": "false",
    "prefer-offline": "false",
    cache,
    "logs-dir": logsOf(config),
    "dry-run": "false",
    "package-lock": "true",
    "package-lock-only": "false",
    global: "false",
    ...(handoff.landing === null ? {} : { save: "false" }),
    ...(withoutScripts ? { "ignore-scripts": "true" } : {}),
  };
  // Before it knew a setting for that, npm has to find no git.
  if (semver.gte(npm.version, "11.9.0")) settings["allow-git"] = "none";
  else settings["git"] = join(folder, "no-git");
  // npm counts an archive from a registry that only the policy names as remote; the cache decides what there is.
  if (semver.gte(npm.version, "11.14.0"))
    settings["allow-remote"] = packages.every((one) => isFromOwnRegistry(one, registries)) ? "none" : "all";
  if (semver.gte(npm.version, "11.14.0")) {
    settings["allow-file"] = "none";
    // To npm, workspaces and folders of the project are folders, too.
    if (handoff.resolution.notGated.every(({ kind }) => kind !== "workspace" && kind !== "first-party"))
      settings["allow-directory"] = "none";
  }
  const shell = await writeScriptShell(settings, config, folder, host);
  return shell === null ? settings : { ...settings, "script-shell": shell };
}

/** Where npm would have kept its log: the private cache is gone by the time when somebody reads it. */
export function logsOf(config: NpmConfig): string {
  const folder = config.get("logs-dir");
  return typeof folder === "string" ? folder : join(dirname(config.flat.cache), "_logs");
}

function isFromOwnRegistry({ locked }: Filled, registries: Registries): boolean {
  const urls = locked.places.flatMap(({ resolved }) =>
    resolved === null ? [] : urlVariants(resolved, registries).slice(0, 1),
  );
  return urls.every((url) => isOwnOrigin(url, locked.package.name, registries));
}

/** Ours last, where npm's parser lets the last one win, but before a `--` that would make them words. */
export function compose(args: readonly string[], settings: Readonly<Record<string, string>>): readonly string[] {
  const end = args.findIndex((word) => /^-{2,}$/.test(word));
  const cut = end < 0 ? args.length : end;
  return [
    ...args.slice(0, cut),
    ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`),
    ...args.slice(cut),
  ];
}

/**
 * npm empties these itself (`npm ci` removes node_modules of the root and of each workspace).
 * @throws SafeInstallError OUTSIDE_PROJECT where one cannot be put aside
 */
async function foldersOf({ locked, linkedFolders }: Resolution, project: string): Promise<readonly string[]> {
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
