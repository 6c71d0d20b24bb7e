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

/**
 * A `.npmrc` in the project may come with a stranger's clone: it may name registries and hold tokens of its own, but not
 * turn the user's connections elsewhere, nor send the user's environment to an origin that only it names.
 * @throws SafeInstallError PROJECT_NPMRC, before anything is asked of the network.
 */
export function refuseProjectNpmrc(config: NpmConfig, admitted: readonly string[]): void {
  const known = new Set([...admitted.map(hostOf), ...config.ownHosts.map(hostOf)]);
  for (const [key, value] of Object.entries(config.projectNpmrc)) {
    const why = TRANSPORT.test(key) ? "turns connections elsewhere" : leakOf(key, value, known);
    if (why !== null) throw refusal(key, why);
  }
}

/** npm's options that decide where a connection goes, whom it believes, and what it proves of the user. */
const TRANSPORT =
  /^(?:proxy|https?-proxy|noproxy|no-proxy|strict-ssl|ca|ca\[\]|cafile|cert|key|local-address|userconfig|globalconfig|\/\/.*:(?:certfile|keyfile))$/i;

/** npm's options that are headers of its requests, or a part of one. */
const HEADERS = /^(?:user-agent|ci-name|otp|scope)$/i;

const EXPANSION = /\$\{[^}]+\}/;

/** `${VARIABLE}` in a place that travels: an address; or a credential for a host that only this file knows. */
function leakOf(key: string, value: unknown, known: ReadonlySet<string>): string | null {
  const text = [value].flat().map(String).join(" ");
  if (!EXPANSION.test(`${key} ${text}`)) return null;
  if (key === "registry" || key.endsWith(":registry")) return "would send your environment as part of an address";
  if (HEADERS.test(key)) return "would send your environment with every request";
  if (!key.startsWith("//")) return null;
  if (EXPANSION.test(key)) return "would send your environment as part of an address";
  return known.has(hostOf(key)) ? null : "would send your environment to an origin that only this file names";
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
