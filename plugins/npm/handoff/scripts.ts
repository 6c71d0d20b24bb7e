import { type Host, LIMITS, type Proven } from "../../../src/plugin.ts";
import { readOwn } from "../package-json.ts";
import type { NpmConfig } from "../config.ts";
import type { Installer } from "../installer.ts";
import { npmCommand } from "../installer.ts";
import type { Placement, LockResolution } from "../resolve/places.ts";
import { access, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import npa from "npm-package-arg";
import semver from "semver";

/**
 * Where the policy says whose scripts run, npm unpacks without any, and then builds exactly those packages by their
 * folders (`npm rebuild`): a script that nobody named is never started, whatever npm's own configuration says.
 */
interface Scripts {
  readonly npm: Installer;
  readonly config: NpmConfig;
  readonly resolution: LockResolution;
  /** Of the hand-off. */
  readonly settings: Readonly<Record<string, string>>;
  /** Also the project's: npm runs them after a whole installation, not after a change by name. */
  readonly ownScripts: boolean;
  readonly host: Host;
}

interface Chosen extends Placement {
  readonly name: string;
  /** By the policy; otherwise npm's own rules decide. */
  readonly named: boolean;
}

/** The policy says whose scripts run, and the user does not forbid all of them. */
export function choosesScripts(proven: readonly Proven[]): boolean {
  return proven.some(({ scripts }) => scripts !== undefined);
}

/** Runs the scripts that may run, in npm's order: dependencies, folders of the repository, the project. @returns an exit code */
export async function runScripts(proven: readonly Proven[], scripts: Scripts): Promise<number> {
  const { config, resolution } = scripts;
  if (config.get("ignore-scripts") === true) return 0;
  const project = await realpath(config.prefix);
  const manifest = await readManifest(project, scripts.host);
  const chosen = await chosenOf(proven, scripts, project, manifest);
  for (const one of chosen.filter(({ optional }) => optional)) {
    const code = await rebuild([join(project, one.location)], one.named, scripts);
    if (code !== 0) await leaveOut(one, project, scripts.host);
  }
  const needed = chosen.filter(({ optional }) => !optional);
  const links = resolution.notGated.filter(({ kind }) => kind === "workspace" || kind === "first-party");
  const groups = [
    { named: true, locations: needed.filter(({ named }) => named).map(({ location }) => location) },
    { named: false, locations: needed.filter(({ named }) => !named).map(({ location }) => location) },
    { named: true, locations: links.map(({ name }) => name) },
  ];
  for (const { named, locations } of groups) {
    const folders = await present(locations, project);
    const code = folders.length === 0 ? 0 : await rebuild(folders, named, scripts);
    if (code !== 0) return code;
  }
  return !scripts.ownScripts ? 0 : runOwn(project, manifest, scripts);
}

async function chosenOf(
  proven: readonly Proven[],
  { resolution }: Scripts,
  project: string,
  manifest: Manifest,
): Promise<readonly Chosen[]> {
  const places = proven
    .filter(
      ({ artifact, scripts }) => artifact.runsScripts && scripts !== "skip" && !isDenied(artifact.package, manifest),
    )
    .flatMap(({ artifact, scripts }) => {
      const { name, purl } = artifact.package;
      const named = scripts === "run";
      return (resolution.locked.get(purl)?.places ?? []).map((place) => ({ ...place, name, named }));
    });
  const there = new Set(
    await present(
      places.map(({ location }) => location),
      project,
    ),
  );
  return places.filter(({ location }) => there.has(join(project, location)));
}

/** npm leaves out what is optional and cannot be built; so do we. */
async function leaveOut({ name, location }: Chosen, project: string, host: Host): Promise<void> {
  await rm(join(project, location), { recursive: true, force: true });
  host.notice(`safe-install: ${name} is optional and could not be built: left out (${location})`);
}

/** Only what npm has put there: it may have left out what is optional, or other workspaces. */
async function present(locations: readonly string[], project: string): Promise<readonly string[]> {
  const folders = locations.map((location) => join(project, location));
  const there = await Promise.all(
    folders.map((folder) =>
      access(folder).then(
        () => true,
        () => false,
      ),
    ),
  );
  return folders.filter((_, at) => there[at]);
}

/** Folders, not names: npm matches them with exactly one place of the tree. */
async function rebuild(folders: readonly string[], named: boolean, scripts: Scripts): Promise<number> {
  const { npm } = scripts;
  // npm 11.16 and later ask package.json who may run scripts; the policy has decided that.
  const bypass = named && semver.gte(npm.version, "11.16.0") ? GIVEN : {};
  return runNpm(["rebuild", ...folders], { ...bypass, "ignore-scripts": "false" }, scripts);
}

const GIVEN = { "dangerously-allow-all-scripts": "true", "strict-allow-scripts": "false" };

/** The project's own, as `npm ci` runs them (`lib/commands/ci.js`); `ignore-scripts` keeps npm from adding pre and post. */
async function runOwn(project: string, { scripts: own = {} }: Manifest, scripts: Scripts): Promise<number> {
  const events = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];
  for (const event of events.filter((name) => typeof own[name] === "string")) {
    const code = await runNpm(["run", event], { "ignore-scripts": "true" }, scripts);
    if (code !== 0) return code;
  }
  const gyp = own["install"] === undefined && own["preinstall"] === undefined;
  return gyp && (await present(["binding.gyp"], project)).length > 0 ? rebuild([project], true, scripts) : 0;
}

function runNpm(words: readonly string[], more: Readonly<Record<string, string>>, scripts: Scripts): Promise<number> {
  const { npm, config, settings, host } = scripts;
  const shown = Object.fromEntries(
    KEPT.filter((key) => config.find(key) === "cli").map((key) => [key, String(config.get(key))]),
  );
  const options = Object.entries({ ...settings, ...shown, ...more }).map(([key, value]) => `--${key}=${value}`);
  const [command = "", ...rest] = words;
  return host.run(npmCommand(npm, [command, ...options, ...rest], config.prefix, host.env));
}

/** What the user may have said on the command line about how scripts run and what is shown of them. */
const KEPT = ["foreground-scripts", "loglevel"] as const;

interface Manifest {
  readonly scripts?: Readonly<Record<string, unknown>>;
  readonly allowScripts?: Readonly<Record<string, unknown>>;
}

async function readManifest(project: string, host: Host): Promise<Manifest> {
  const content = await host.read(join(project, "package.json"), { maxBytes: LIMITS.manifestBytes });
  return readOwn((content ?? Buffer.from("{}")).toString("utf8")).content;
}

/** The project's own "no" (npm 11.16, `allowScripts`) stays one, whatever version it is for. */
function isDenied({ name }: { readonly name: string }, { allowScripts = {} }: Manifest): boolean {
  return Object.entries(allowScripts ?? {}).some(([spec, allowed]) => allowed === false && nameOf(spec) === name);
}

function nameOf(spec: string): string | null {
  try {
    return npa(spec).name;
  } catch {
    return null;
  }
}
