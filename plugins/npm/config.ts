import { type Host, SafeInstallError } from "../../src/plugin.ts";
import type { Installer } from "./installer.ts";
import { meaningOf } from "./settings/project-keys.ts";
import { type ProjectSettings, turnedBy } from "./settings/project-npmrc.ts";
import Config from "@npmcli/config";
import { npmDefinitions } from "./private.ts";
import type { Options } from "npm-registry-fetch";

/** npm's effective configuration for one command line: options, environment and every npmrc, as npm itself weighs them. */
export interface NpmConfig extends ProjectSettings {
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
  /** The keys of that file as npm has taken them, expanded. */
  readonly projectKeys: readonly string[];
  /** Of those, what does not count here. */
  readonly dropped: readonly string[];
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

/**
 * @param counts which keys of the project's `.npmrc` are weighed and exported: all of them, unless it is for a tool
 * @throws SafeInstallError kind "usage" where npm would refuse this configuration.
 */
export async function loadConfig(
  npm: Installer,
  args: readonly string[],
  cwd: string,
  env: Host["env"],
  counts: (key: string) => boolean = () => true,
): Promise<NpmConfig> {
  const load = (keeps: typeof counts) => read([process.execPath, npm.entry, ...args], npm.folder, cwd, env, keeps);
  try {
    const { config, flat, projectKeys, dropped, exported } = await load(counts);
    const elsewhere = projectKeys.filter((key) => meaningOf(key) === "elsewhere");
    const [own, bare] =
      elsewhere.length === 0 ? [] : [await load(() => true), await load((key) => !elsewhere.includes(key))];
    return {
      prefix: config.localPrefix,
      globalPrefix: config.globalPrefix,
      flat,
      positional: config.parsedArgv.remain,
      get: (key) => config.get(key),
      find: (key) => config.find(key),
      projectNpmrc: config.data.get("project")?.raw ?? {},
      projectKeys,
      dropped,
      turned: own === undefined || bare === undefined ? [] : turnedBy(elsewhere, own, bare),
      ownHosts: OWN_LAYERS.flatMap((layer) => hostsIn(config.data.get(layer)?.data ?? {})),
      exported,
    };
  } catch (error) {
    throw wrong((error as Error).message, error);
  }
}

interface Loaded extends Pick<NpmConfig, "flat" | "projectKeys" | "dropped" | "exported"> {
  readonly config: Config;
}

async function read(
  argv: readonly string[],
  npmPath: string,
  cwd: string,
  env: Host["env"],
  counts: (key: string) => boolean,
): Promise<Loaded> {
  const exported = { ...env };
  const { platform, execPath } = process;
  const definitions = npmDefinitions();
  const config = new Config({ ...definitions, npmPath, env: exported, argv: [...argv], platform, execPath, cwd });
  // npm takes this default from the environment at the time when its table is loaded.
  config.defaults = { ...config.defaults, omit: env["NODE_ENV"] === "production" ? ["dev"] : [] };
  const projectKeys: string[] = [];
  const dropped: string[] = [];
  const loadProject = config.loadProjectConfig.bind(config);
  config.loadProjectConfig = async () => {
    const restore = rememberDefaults(config);
    await loadProject();
    const layer: Record<string, unknown> = config.data.get("project")?.data ?? {};
    const keys = [...Object.keys(layer), ...Object.keys(config.data.get("project")?.raw ?? {})];
    projectKeys.push(...new Set(keys));
    dropped.push(...projectKeys.filter((key) => !counts(key)));
    for (const key of dropped) delete layer[key];
    restore(dropped);
  };
  await config.load();
  takeOutInvalid(config);
  const flat = config.flat as FlatOptions;
  return { config, flat, projectKeys, dropped, exported };
}

/** As npm does before it runs a command: what is none of the values that a key may have does not count. */
function takeOutInvalid(config: Config): void {
  try {
    config.validate();
  } catch (error) {
    // Credentials without a registry, or with none that is an address: `npm config` is there to mend that.
    if (!["ERR_INVALID_AUTH", "ERR_INVALID_URL"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/**
 * npm asks registries as they stand, and fails where the one of all is no address; that of a scope when it comes to it.
 * @throws SafeInstallError NPM_CONFIG
 */
export function requireAddresses({ flat }: Pick<NpmConfig, "flat">): void {
  if (!URL.canParse(flat.registry)) throw noAddress("registry", flat.registry);
}

export function noAddress(key: string, value: unknown): SafeInstallError {
  return wrong(`${key} is no URL: ${JSON.stringify(value)}`);
}

function wrong(message: string, cause?: unknown): SafeInstallError {
  const hint = "write options out in full; `npm config list` shows where a value comes from";
  return new SafeInstallError("usage", "NPM_CONFIG", `npm's configuration: ${message}`, { hint, cause });
}

/** Some defaults are computed, and are set where any layer says something of them (`config.loadDefaults`). */
function rememberDefaults(config: Config): (dropped: readonly string[]) => void {
  const defaults = config.data.get("default")?.data ?? {};
  const computed = Object.entries(Object.getOwnPropertyDescriptors(defaults)).filter(([, one]) => "get" in one);
  return (dropped) => {
    if (dropped.length === 0) return;
    for (const [key, descriptor] of computed) Object.defineProperty(defaults, key, descriptor);
  };
}

const OWN_LAYERS = ["default", "builtin", "global", "user", "env", "cli"] as const;

/** `registry`, `@scope:registry` by their values, `//host/:_authToken` by itself. Own keys: a layer inherits from those below. */
function hostsIn(layer: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(layer).flatMap((key) => {
    if (key.startsWith("//")) return [key];
    const value = layer[key];
    return (key === "registry" || key.endsWith(":registry")) && typeof value === "string" ? [value] : [];
  });
}
