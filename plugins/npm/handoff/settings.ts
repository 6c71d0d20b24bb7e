import { type Filled, fillCache } from "./cache.ts";
import type { NpmConfig } from "../config.ts";
import type { Workplace } from "../locate.ts";
import { isOwnOrigin, type Registries, urlVariants } from "../origin.ts";
import type { LockResolution } from "../resolve/places.ts";
import { writeScriptShell } from "./shell.ts";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
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
export async function settingsFor(
  { packages, registries, resolution, lands, runsScripts }: Unpacking,
  { npm, config, host, bounds }: Workplace,
): Promise<Readonly<Record<string, string>>> {
  const folder = await host.temporary("npm-handoff");
  const cache = join(folder, "cache");
  await mkdir(cache);
  await fillCache(cache, packages, registries, resolution.conflicts);
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
    ...(lands ? { save: "false" } : {}),
    ...(runsScripts ? {} : { "ignore-scripts": "true" }),
  };
  // Before it knew a setting for that, npm has to find no git.
  if (semver.gte(npm.version, "11.9.0")) settings["allow-git"] = "none";
  else settings["git"] = join(folder, "no-git");
  // npm counts an archive from a registry that only the policy names as remote; the cache decides what there is.
  if (semver.gte(npm.version, "11.14.0"))
    settings["allow-remote"] = packages.every((one) => isFromOwnRegistry(one, registries)) ? "none" : "all";
  if (semver.gte(npm.version, "11.14.0")) {
    settings["allow-file"] = packages.some(({ locked }) => (locked.archive?.file ?? null) !== null) ? "all" : "none";
    // To npm, workspaces and folders of the project are folders, too.
    if (resolution.notGated.every(({ kind }) => kind !== "workspace" && kind !== "first-party"))
      settings["allow-directory"] = "none";
  }
  const shell = await writeScriptShell(settings, config, folder, host, bounds.repositoryRoot);
  return shell === null ? settings : { ...settings, "script-shell": shell };
}

/** Where npm would have kept its log: the private cache is gone by the time when somebody reads it. */
export function logsOf(config: NpmConfig): string {
  const folder = config.get("logs-dir");
  return typeof folder === "string" ? folder : join(dirname(config.flat.cache), "_logs");
}

function isFromOwnRegistry({ locked }: Filled, registries: Registries): boolean {
  if (locked.archive !== undefined) return locked.archive.file !== null;
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
