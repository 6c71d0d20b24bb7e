import { type Host, type Paths, type Proven, SafeInstallError } from "../../../src/plugin.ts";
import { type Filled, fillCache } from "../cache.ts";
import { loadConfig, type NpmConfig } from "../config.ts";
import { compose, filled, logsOf } from "../handoff.ts";
import { type Installer, npmCommand } from "../installer.ts";
import { assertSettings } from "../options.ts";
import { choosesScripts } from "../scripts.ts";
import type { NpmSession } from "../session.ts";
import { writeScriptShell } from "../shell.ts";
import type { GlobalTask } from "../task.ts";
import { renderOptions } from "../words.ts";
import { assertGlobal } from "./compare.ts";
import { binsToMove, type GlobalFolder, listGlobal } from "./folder.ts";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";

export interface GlobalHandoff {
  readonly task: GlobalTask;
  readonly folder: GlobalFolder;
  readonly npm: Installer;
  readonly config: NpmConfig;
  readonly cwd: string;
  readonly host: Host;
}

/**
 * The real npm installs offline from the proven bytes. The old folders and commands of these packages wait aside, so that
 * nothing of them is taken for installed already; they come back whatever goes wrong.
 */
export async function installGlobally(
  proven: readonly Proven[],
  names: readonly string[],
  session: NpmSession,
  handoff: GlobalHandoff,
): Promise<number> {
  const { folder, host } = handoff;
  const packages = proven.map((one) => filled(one, session));
  const tops = names.map((name) => topOf(name, packages));
  const chosen = choosesScripts(proven);
  const settings = await prepareGlobal(packages, session, handoff, chosen ? { "ignore-scripts": "true" } : {});
  const before = await listGlobal(folder);
  const bins = await binsToMove(
    folder,
    names,
    tops.flatMap(({ bytes }) => [...bytes.bin.keys()]),
  );
  const places = [...names.map((name) => join(folder.packages, name)), ...bins];
  return host.transaction(replacing(folder, places), async () => {
    await mkdir(folder.prefix, { recursive: true });
    const specs = tops.map((one, at) => specOf(names[at] ?? "", one));
    const code = await runGlobal(["install", ...specs], settings, handoff);
    if (code !== 0) return code;
    await assertGlobal({ folder, names, before, packages, tops }, handoff);
    return chosen ? buildChosen(proven, names, settings, handoff) : 0;
  });
}

/** @param names relative to the prefix */
export function replacing({ prefix }: GlobalFolder, names: readonly string[]): Paths {
  return { root: prefix, found: [], replaces: names.map((name) => ({ path: join(prefix, name) })) };
}

function topOf(name: string, packages: readonly Filled[]): Filled {
  const location = `node_modules/${name}`;
  const found = packages.find(({ locked }) => locked.places.some((place) => place.location === location));
  if (found === undefined) throw new SafeInstallError("unbound", "NOT_OBTAINED", `${name} was not resolved`);
  return found;
}

/** Exactly the version that was judged; a name may be an alias. */
function specOf(name: string, { locked }: Filled): string {
  const { name: real, version } = locked.package;
  return name === real ? `${name}@${version}` : `${name}@npm:${real}@${version}`;
}

/** A cache that holds these bytes and nothing else, and the settings that make npm read nothing else. */
export async function prepareGlobal(
  packages: readonly Filled[],
  session: Pick<NpmSession, "registries"> | null,
  { npm, config, host }: GlobalHandoff,
  more: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const place = await host.temporary("npm-global");
  const cache = join(place, "cache");
  await mkdir(cache);
  if (session !== null) await fillCache(cache, packages, session.registries, [], true);
  const settings: Record<string, string> = {
    fund: "false",
    audit: "false",
    "update-notifier": "false",
    global: "true",
    offline: "true",
    "prefer-online": "false",
    "prefer-offline": "false",
    cache,
    "logs-dir": logsOf(config),
    "dry-run": "false",
    "package-lock-only": "false",
    ...(semver.gte(npm.version, "11.9.0") ? { "allow-git": "none" } : {}),
    // npm 12 takes the archive of a package that bundles others for a dependency by URL; the cache decides what there is.
    ...(semver.gte(npm.version, "11.14.0") ? { "allow-remote": "all", "allow-file": "none" } : {}),
    ...more,
  };
  const shell = await writeScriptShell(settings, config, place, host);
  return shell === null ? settings : { ...settings, "script-shell": shell };
}

/** @param words the subcommand and its words; the user's options come before ours */
export async function runGlobal(
  words: readonly string[],
  settings: Readonly<Record<string, string>>,
  { task, npm, config, cwd, host }: GlobalHandoff,
): Promise<number> {
  const [command = "", ...rest] = words;
  const options = renderOptions(task.options, (key) => key !== "global" && key !== "location");
  const args = compose([command, ...options, "--", ...rest], settings);
  const effective = await loadConfig(npm, args, cwd, host.env);
  assertSettings(effective, settings, config.prefix);
  return host.run(npmCommand(npm, args, cwd, host.env));
}

/** Where the policy says whose scripts run, npm unpacks without any, and then builds exactly those packages. */
async function buildChosen(
  proven: readonly Proven[],
  names: readonly string[],
  settings: Readonly<Record<string, string>>,
  handoff: GlobalHandoff,
): Promise<number> {
  if (handoff.config.get("ignore-scripts") === true) return 0;
  const { foldersOf } = await import("./compare.ts");
  const named = proven.filter(({ artifact, scripts }) => artifact.runsScripts && scripts !== "skip");
  const folders = await foldersOf(new Set(named.map(({ artifact }) => artifact.package.purl)), names, handoff);
  if (folders.length === 0) return 0;
  const given = semver.gte(handoff.npm.version, "11.16.0") ? { "dangerously-allow-all-scripts": "true" } : {};
  return runGlobal(["rebuild", ...folders], { ...settings, ...given, "ignore-scripts": "false" }, handoff);
}
