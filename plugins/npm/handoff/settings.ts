import { type Filled, fillCache } from "./cache.ts";
import type { Workplace } from "../locate.ts";
import { isOwnOrigin, type Registries, urlVariants } from "../origin.ts";
import type { LockResolution } from "../resolve/places.ts";
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
      own: (folder) => ownSettings(set, place.npm.version, folder),
    },
    place,
  );
}

function ownSettings(
  { packages, registries, resolution, lands, runsScripts }: Unpacking,
  version: string,
  folder: string,
): NpmSettings {
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
  // npm counts an archive from a registry that only the policy names as remote; the cache decides what there is.
  if (semver.gte(version, "11.14.0"))
    settings["allow-remote"] = packages.every((one) => isFromOwnRegistry(one, registries)) ? "none" : "all";
  if (semver.gte(version, "11.14.0")) {
    settings["allow-file"] = packages.some(({ locked }) => (locked.archive?.file ?? null) !== null) ? "all" : "none";
    // To npm, workspaces and folders of the project are folders, too.
    if (resolution.notGated.every(({ kind }) => kind !== "workspace" && kind !== "first-party"))
      settings["allow-directory"] = "none";
  }
  return settings;
}

function isFromOwnRegistry({ locked }: Filled, registries: Registries): boolean {
  if (locked.archive !== undefined) return locked.archive.file !== null;
  const urls = locked.places.flatMap(({ resolved }) =>
    resolved === null ? [] : urlVariants(resolved, registries).slice(0, 1),
  );
  return urls.every((url) => isOwnOrigin(url, locked.package.name, registries));
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
