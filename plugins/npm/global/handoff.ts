import { type Handoff, type Proven, SafeInstallError } from "../../../src/plugin.ts";
import { type Filled, fillCache } from "../handoff/cache.ts";
import { loadConfig } from "../config.ts";
import { prepared, type ProvenLock } from "../handoff/handoff.ts";
import { npmCommand } from "../installer.ts";
import type { Workplace } from "../locate.ts";
import { assertSettings } from "../options.ts";
import type { Registries } from "../origin.ts";
import { choosesScripts } from "../handoff/scripts.ts";
import { type NpmSettings, offlineSettings } from "../handoff/offline.ts";
import { compose } from "../handoff/settings.ts";
import type { GlobalTask } from "../task.ts";
import { renderOptions } from "../words.ts";
import { assertGlobal, foldersOf } from "./compare.ts";
import { binsToMove, commandsOf, type GlobalFolder, listGlobal } from "./folder.ts";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";

export interface GlobalPlace extends Workplace<GlobalTask> {
  readonly globals: GlobalFolder;
}

/**
 * The real npm installs offline from the proven bytes. The old folders and commands of these packages wait aside, so that
 * nothing of them is taken for installed already.
 * @param names the folders of the named packages, at the top
 */
export async function globalHandoff(
  { proven, packages, registries }: ProvenLock,
  names: readonly string[],
  place: GlobalPlace,
): Promise<Handoff> {
  const { globals, root } = place;
  const tops = names.map((name) => topOf(name, packages));
  const chosen = choosesScripts(proven);
  const before = await listGlobal(globals);
  const added = tops.flatMap(commandsOf);
  const bins = await binsToMove(globals, names, added);
  let settings: NpmSettings | null = null;
  const compare = () => assertGlobal({ folder: globals, names, before, packages, tops }, place);
  return {
    root,
    found: [],
    replaces: [...names.map((name) => join(root, globals.packages, name)), ...bins].map((path) => ({ path })),
    async prepare() {
      settings = await prepareGlobal(packages, registries, place, chosen ? { "ignore-scripts": "true" } : {});
      await mkdir(root, { recursive: true });
    },
    async install() {
      const specs = tops.map((one, at) => specOf(names[at] ?? "", one));
      const code = await runGlobal(["install", ...specs], prepared(settings), place);
      if (code !== 0 || !chosen) return code;
      await compare();
      return buildChosen(proven, names, prepared(settings), place);
    },
    compare,
  };
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
  registries: Registries | null,
  place: GlobalPlace,
  more: NpmSettings = {},
): Promise<NpmSettings> {
  const { version } = place.npm;
  const fill = async (cache: string) => {
    if (registries !== null) await fillCache(cache, packages, registries, [], true);
  };
  const own = () => ({
    global: "true",
    "dry-run": "false",
    "package-lock-only": "false",
    ...(semver.gte(version, "11.9.0") ? { "allow-git": "none" } : {}),
    // npm 12 takes the archive of a package that bundles others for a dependency by URL; the cache decides what there is.
    ...(semver.gte(version, "11.14.0") ? { "allow-remote": "all", "allow-file": "none" } : {}),
    ...more,
  });
  return offlineSettings({ name: "npm-global", fill, own }, place);
}

/** @param words the subcommand and its words; the user's options come before ours */
export async function runGlobal(
  words: readonly string[],
  settings: NpmSettings,
  { task, npm, config, cwd, host }: GlobalPlace,
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
  settings: NpmSettings,
  place: GlobalPlace,
): Promise<number> {
  if (place.config.get("ignore-scripts") === true) return 0;
  const named = proven.filter(({ artifact, scripts }) => artifact.runsScripts && scripts !== "skip");
  const folders = await foldersOf(new Set(named.map(({ artifact }) => artifact.package.purl)), names, {
    folder: place.globals,
    host: place.host,
  });
  if (folders.length === 0) return 0;
  const given = semver.gte(place.npm.version, "11.16.0") ? { "dangerously-allow-all-scripts": "true" } : {};
  return runGlobal(["rebuild", ...folders], { ...settings, ...given, "ignore-scripts": "false" }, place);
}
