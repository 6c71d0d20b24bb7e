import { type Filled, fillCache } from "./cache.ts";
import type { Workplace } from "../locate.ts";
import { effectiveUrl, isOwnOrigin, type Registries, registryOf } from "../origin.ts";
import { folderName, type LockResolution } from "../resolve/places.ts";
import { type NpmSettings, offlineSettings } from "./offline.ts";
import { join } from "node:path";
import semver from "semver";

interface Unpacking {
  readonly packages: readonly Filled[];
  readonly registries: Registries;
  readonly resolution: LockResolution;
  /** package.json and the lock were changed before, and stay as they are now. */
  readonly lands: boolean;
  readonly runsScripts: boolean;
}

/** Everything on disk that npm will read, and the settings that make it read nothing else. */
export async function settingsFor(set: Unpacking, place: Workplace): Promise<NpmSettings> {
  return offlineSettings(
    {
      name: "npm-handoff",
      fill: (cache) => fillCache(cache, set.packages, set.registries, set.resolution.conflicts),
      own: (folder) => ownSettings(set, place, folder),
    },
    place,
  );
}

function ownSettings(
  { packages, registries, resolution, lands, runsScripts }: Unpacking,
  place: Workplace,
  folder: string,
): NpmSettings {
  const { version } = place.npm;
  const settings: Record<string, string> = {
    "dry-run": "false",
    "package-lock": "true",
    "package-lock-only": "false",
    global: "false",
    ...(lands ? { save: "false" } : {}),
    ...(runsScripts ? {} : { "ignore-scripts": "true" }),
  };
  // Before it knew a setting for that, npm has to find no git.
  if (semver.gte(version, "11.9.0")) settings["allow-git"] = "none";
  else settings["git"] = join(folder, "no-git");
  if (semver.gte(version, "11.14.0")) {
    settings["allow-remote"] = allowRemote(packages, registries, place);
    settings["allow-file"] = packages.some(({ locked }) => (locked.archive?.file ?? null) !== null) ? "all" : "none";
    // To npm, workspaces and folders of the project are folders, too.
    if (resolution.notGated.every(({ kind }) => kind !== "workspace" && kind !== "first-party"))
      settings["allow-directory"] = "none";
  }
  return settings;
}

/** npm does as it would without us where a registry of the project has all; the policy may name more. The cache decides what there is. */
function allowRemote(
  packages: readonly Filled[],
  registries: Registries,
  { npm: { version }, config }: Workplace,
): string {
  if (packages.some((one) => isForeign(one, registries))) return "all";
  if (!packages.some((one) => isRemote(one, registries, version))) return "none";
  const isChosen = (config.find("allow-remote") ?? "default") !== "default";
  if (isChosen) return String(config.get("allow-remote"));
  return semver.gte(version, "12.0.0") ? "none" : "all";
}

/** An archive by its address, or of a registry that only the policy names. */
function isForeign({ locked: { archive, places, package: ref } }: Filled, registries: Registries): boolean {
  if (archive !== undefined) return archive.file === null;
  const urls = places.flatMap(({ resolved }) => (resolved === null ? [] : (effectiveUrl(resolved, registries) ?? [])));
  return urls.some((url) => !isOwnOrigin(url, ref.name, registries));
}

/**
 * What npm takes for remote although a registry has it: all that has an address before 11.15, then all but what lies below the
 * registry of the folder's scope (arborist's `#isRegistryResolvedTarball`).
 */
function isRemote({ locked: { archive, places } }: Filled, registries: Registries, version: string): boolean {
  if (archive !== undefined) return false;
  return places.some(({ location, resolved }) => {
    if (resolved === null) return false;
    const url = semver.gte(version, "11.18.0") ? effectiveUrl(resolved, registries) : resolved;
    return semver.lt(version, "11.15.0") || !isBelow(url, registryOf(folderName(location), registries));
  });
}

function isBelow(url: string | null, registry: string): boolean {
  if (url === null || !URL.canParse(url)) return false;
  const [found, expected] = [new URL(url), new URL(registry)];
  return found.origin === expected.origin && found.pathname.startsWith(expected.pathname);
}

/** Ours last, where npm's parser lets the last one win, but before a `--` that would make them words. */
export function compose(args: readonly string[], settings: NpmSettings): readonly string[] {
  const end = args.findIndex((word) => /^-{2,}$/.test(word));
  const cut = end < 0 ? args.length : end;
  return [
    ...args.slice(0, cut),
    ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`),
    ...args.slice(cut),
  ];
}
