import { type Host, SafeInstallError } from "../../src/plugin.ts";
import type { Installer } from "./installer.ts";
import { meaningOf } from "./project-keys.ts";
import Config from "@npmcli/config";
import { npmDefinitions } from "./private.ts";
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
  /** The keys of that file as npm has taken them, expanded. */
  readonly projectKeys: readonly string[];
  /** Of those, what does not count here. */
  readonly dropped: readonly string[];
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
  const exported = { ...env };
  const config = new Config({
    ...npmDefinitions(),
    npmPath: npm.folder,
    env: exported,
    argv: [process.execPath, npm.entry, ...args],
    platform: process.platform,
    execPath: process.execPath,
    cwd,
  });
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
    projectKeys,
    dropped,
    ownHosts: OWN_LAYERS.flatMap((layer) => hostsIn(config.data.get(layer)?.data ?? {})),
    exported,
  };
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
    return key === "registry" || key.endsWith(":registry") ? [String(layer[key])] : [];
  });
}

/**
 * A `.npmrc` in the project may come with a stranger's clone: it may name registries and hold tokens of its own, but not
 * turn the user's connections elsewhere, nor send the user's environment to an origin that only it names.
 * @throws SafeInstallError PROJECT_NPMRC, before anything is asked of the network.
 */
export function refuseProjectNpmrc(config: Judged, admitted: readonly string[]): void {
  const known = new Set([...admitted.map(hostOf), ...config.ownHosts.map(hostOf)]);
  for (const [key, value] of Object.entries(config.projectNpmrc)) {
    const why = EXPANSION.test(key) ? EXPANDED : (turnOf(key) ?? leakOf(key, value, known));
    if (why !== null) throw refusal(key, why);
  }
  for (const key of config.projectKeys) {
    const why = turnOf(key);
    if (why !== null) throw refusal(key, why);
  }
}

type Judged = Pick<NpmConfig, "projectNpmrc" | "projectKeys" | "ownHosts">;

function turnOf(key: string): string | null {
  return meaningOf(key) === "elsewhere" ? "turns connections elsewhere" : null;
}

/** Also with a backslash before it, or where npm would leave it as it stands: nobody needs that in a name. */
const EXPANSION = /\$\{[^}]*\}/;

const EXPANDED = "is the name of another key as soon as npm expands it; in an address it would send your environment";

/** `${VARIABLE}` in a place that travels: an address; or a credential for a host that only this file knows. */
function leakOf(key: string, value: unknown, known: ReadonlySet<string>): string | null {
  const text = [value].flat().map(String).join(" ");
  if (!EXPANSION.test(text)) return null;
  const meaning = meaningOf(key);
  if (meaning === "address") return "would send your environment as part of an address";
  if (meaning === "sent") return "would send your environment with every request";
  if (meaning !== "credential" || known.has(hostOf(key))) return null;
  return "would send your environment to an origin that only this file names";
}

/** `host:port` of a registry URL or of a key `//host:port/path/:_authToken`. */
function hostOf(address: string): string {
  const url = address.startsWith("//") ? `https:${address.replace(/:_?[A-Za-z]+$/, "")}` : address;
  return URL.canParse(url) ? new URL(url).host : "";
}

function refusal(key: string, why: string): SafeInstallError {
  return new SafeInstallError("usage", "PROJECT_NPMRC", `the project's .npmrc: ${key} ${why}`, {
    hint: 'put it into your own ~/.npmrc; or name the registry\'s origin in the policy: "registries": { "npm": [...] }',
  });
}
