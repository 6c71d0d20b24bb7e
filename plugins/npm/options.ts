import { SafeInstallError } from "../../src/plugin.ts";
import { CLEAN_INSTALL } from "./task.ts";
import type { NpmConfig } from "./config.ts";

interface Refusal {
  readonly option: string;
  readonly why: string;
  readonly hint: string;
  readonly applies: (config: NpmConfig) => boolean;
}

const CHECK = "what is locked: safe-install check; what it would bring: safe-install policy pin -- npm install NAME";

/** Settings under which npm would not do, or not only do, what was judged. */
const REFUSED: readonly Refusal[] = [
  refuse("global", "a global installation has no lockfile", "leave it out", (c) => c.get("global") === true),
  refuse("location", "a global installation has no lockfile", "leave it out", (c) => c.get("location") === "global"),
  refuse(
    "offline",
    "npm must take nothing from the network after the judgement",
    "leave it out",
    (c) => c.get("offline") === false && c.find("offline") !== "default",
  ),
  refuse(
    "prefer-online",
    "npm would ask the network again for what was judged",
    "leave it out",
    (c) => c.get("prefer-online") === true,
  ),
  refuse(
    "cache-max",
    "npm would ask the network again for what was judged",
    "leave it out",
    (c) => c.flat["preferOnline"] === true,
  ),
  refuse(
    "install-strategy",
    "packages would lie outside of the places that the lockfile names",
    "use hoisted, nested or shallow",
    (c) => c.get("install-strategy") === "linked",
  ),
  refuse("dry-run", "nothing would be installed", CHECK, (c) => c.get("dry-run") === true),
  refuse("package-lock-only", "nothing would be installed", CHECK, (c) => c.get("package-lock-only") === true),
  refuse(
    "package-lock",
    "without the lockfile there is nothing to judge",
    "leave it out",
    (c) => c.get("package-lock") === false,
  ),
  // npm 10 and 11 know it as another name of package-lock; the table of npm 12 does not.
  refuse("shrinkwrap", "without the lockfile there is nothing to judge", "leave it out", (c) =>
    String(c.get("shrinkwrap")).includes("false"),
  ),
  refuse("extension-file", "project code would run while npm resolves", "leave it out", (c) =>
    Boolean(c.get("extension-file")),
  ),
  refuse(
    "ignore-patch-failures",
    "patches change what was proven",
    "leave it out",
    (c) => c.get("ignore-patch-failures") === true,
  ),
  ...["cache", "prefix"].map((option) =>
    refuse(option, "the command line of the hand-off needs it", elsewhere(option), (c) => c.find(option) === "cli"),
  ),
];

/** @throws SafeInstallError REFUSED_OPTION, by npm's effective configuration wherever it was set. */
export function refuseOptions(config: NpmConfig, meant: readonly string[] = []): void {
  const refused = REFUSED.find(({ option, applies }) => !meant.includes(option) && applies(config));
  if (refused === undefined) return;
  const { option, why, hint } = refused;
  const value = String(config.get(option));
  const layer = LAYERS[config.find(option) ?? "default"] ?? "npm's configuration";
  throw new SafeInstallError("usage", "REFUSED_OPTION", `${option}=${value} (${layer}): ${why}`, { hint });
}

/**
 * Parses what npm will get once more, with npm's own library: each of our settings must be the effective one.
 * @throws SafeInstallError REFUSED_OPTION naming the setting that is not.
 */
export function assertEffective(config: NpmConfig, settings: Readonly<Record<string, string>>, prefix: string): void {
  const [command = "", ...specs] = config.positional;
  const isClean = CLEAN_INSTALL.has(command);
  const installs = isClean || (LANDING.has(command) && specs.length === 0 && settings["save"] === "false");
  if (!installs) throw undone("the command line");
  assertSettings(config, settings, prefix);
}

/** @throws SafeInstallError REFUSED_OPTION naming the setting of ours that is not the effective one. */
export function assertSettings(config: NpmConfig, settings: Readonly<Record<string, string>>, prefix: string): void {
  if (config.prefix !== prefix) throw undone("the command line");
  for (const [key, value] of Object.entries(settings)) {
    if (config.find(key) !== "cli" || String(config.get(key)) !== value) throw undone(key);
  }
}

/** They install what the lockfile holds when they are given nothing else (`task.ts`). */
const LANDING: ReadonlySet<string> = new Set(["install", "prune"]);

function undone(what: string): SafeInstallError {
  return new SafeInstallError("usage", "REFUSED_OPTION", `${what}: npm would not take the setting of the hand-off`, {
    hint: "leave out options of npm one by one to find the one that stands in the way",
  });
}

const LAYERS: Readonly<Record<string, string>> = {
  cli: "command line",
  env: "environment",
  project: "the project's .npmrc",
  user: "the user's .npmrc",
  global: "the global npmrc",
  builtin: "npm's own npmrc",
};

function refuse(option: string, why: string, hint: string, applies: Refusal["applies"]): Refusal {
  return { option, why, hint, applies };
}

function elsewhere(option: string): string {
  return option === "prefix" ? "run safe-install in that folder" : `set ${option} in .npmrc or as npm_config_${option}`;
}
