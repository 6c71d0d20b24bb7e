import { type Host, SafeInstallError } from "../../src/plugin.ts";
import type { Installer } from "./installer.ts";
import Config from "@npmcli/config";
import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import type { Options } from "npm-registry-fetch";

/** npm's effective configuration for one command line: options, environment and every npmrc, as npm itself weighs them. */
export interface NpmConfig {
  /** The project: where package.json and the lockfile are. */
  readonly prefix: string;
  /** Where global packages and their commands are. */
  readonly globalPrefix: string;
  /** What npm's own libraries take as options. */
  readonly flat: FlatOptions;
  readonly positional: readonly string[];
  get(key: string): unknown;
  /** Which layer decides: "cli", "env", "project", "user", "global", "builtin" or "default"; null for a key that nobody names. */
  find(key: string): string | null;
  /** The project's own `.npmrc`, before npm expands `${VARIABLE}` in it. */
  readonly projectNpmrc: Readonly<Record<string, unknown>>;
  /** Registries and credential keys that the user's side names: npm's defaults, its builtin, global and user npmrc, environment, command line. */
  readonly ownHosts: readonly string[];
  /** What lifecycle scripts of this command line would see as environment. */
  readonly exported: Readonly<Record<string, string | undefined>>;
}

export interface FlatOptions extends Options {
  readonly [key: string]: unknown;
  readonly registry: string;
  readonly omit: readonly string[];
  /** npm's content-addressed cache (`_cacache`). */
  readonly cache: string;
  readonly timeout?: number;
}

/** @throws SafeInstallError kind "usage" where npm would refuse this configuration. */
export async function loadConfig(
  npm: Installer,
  args: readonly string[],
  cwd: string,
  env: Host["env"],
): Promise<NpmConfig> {
  const exported = { ...env };
  const config = new Config({
    ...npmDefinitions,
    npmPath: npm.folder,
    env: exported,
    argv: [process.execPath, npm.entry, ...args],
    platform: process.platform,
    execPath: process.execPath,
    cwd,
  });
  // npm takes this default from the environment at the time when its table is loaded.
  config.defaults = { ...config.defaults, omit: env["NODE_ENV"] === "production" ? ["dev"] : [] };
  try {
    await config.load();
  } catch (error) {
    throw new SafeInstallError("usage", "NPM_CONFIG", `npm's configuration: ${(error as Error).message}`, {
      hint: "write options out in full; `npm config list` shows where a value comes from",
      cause: error,
    });
  }
  return {
    prefix: config.localPrefix,
    globalPrefix: config.globalPrefix,
    flat: config.flat as FlatOptions,
    positional: config.parsedArgv.remain,
    get: (key) => config.get(key),
    find: (key) => config.find(key),
    projectNpmrc: config.data.get("project")?.raw ?? {},
    ownHosts: OWN_LAYERS.flatMap((layer) => hostsIn(config.data.get(layer)?.data ?? {})),
    exported,
  };
}

const OWN_LAYERS = ["default", "builtin", "global", "user", "env", "cli"] as const;

/** `registry`, `@scope:registry` by their values, `//host/:_authToken` by itself. Own keys: a layer inherits from those below. */
function hostsIn(layer: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(layer).flatMap((key) => {
    if (key.startsWith("//")) return [key];
    return key === "registry" || key.endsWith(":registry") ? [String(layer[key])] : [];
  });
}
