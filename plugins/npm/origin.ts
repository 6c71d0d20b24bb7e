import { type FlatOptions, noAddress } from "./config.ts";

/** Where packages come from, by npm's configuration and by the policy. */
export interface Registries {
  readonly flat: FlatOptions;
  readonly replaceRegistryHost: string;
  /** Further origins that the policy admits. */
  readonly admitted: readonly string[];
  /** Scopes that have a registry of their own, and it; "": all others. Each ends with a slash. */
  readonly byScope: ReadonlyMap<string, string>;
  /** Of all registries that npm is configured for. */
  readonly origins: ReadonlySet<string>;
}

/** Made once a run. */
export function registriesOf(flat: FlatOptions, replaceRegistryHost: string, admitted: readonly string[]): Registries {
  return { flat, replaceRegistryHost, admitted, byScope: byScope(flat), origins: configuredOrigins(flat) };
}

/** As `pickRegistry` of npm-registry-fetch: by the package's scope, then by the configured one, then the registry of all. */
function byScope(flat: FlatOptions): ReadonlyMap<string, string> {
  const scope = typeof flat["scope"] === "string" ? flat["scope"].replace(/^@?/, "@") : "";
  const scoped = flat[`${scope}:registry`];
  const other = typeof scoped === "string" && scoped !== "" ? scoped : flat.registry;
  const own = Object.entries(flat).flatMap(([key, url]) => {
    const [, scope] = /^(@[^/]+):registry$/.exec(key) ?? [];
    return scope === undefined || typeof url !== "string" || url === "" ? [] : [[scope, url] as const];
  });
  return new Map([["", other] as const, ...own].map(([scope, url]) => [scope, url.replace(/\/*$/, "/")]));
}

/**
 * The registry of a package's scope, with a slash at the end.
 * @throws SafeInstallError NPM_CONFIG where it is no address, as npm fails when it asks it
 */
export function registryOf(name: string, { byScope }: Pick<Registries, "byScope">): string {
  const scope = name.startsWith("@") ? name.slice(0, name.indexOf("/")) : "";
  const url = byScope.get(scope) ?? byScope.get("") ?? "";
  if (!URL.canParse(url)) throw noAddress(byScope.has(scope) && scope !== "" ? `${scope}:registry` : "registry", url);
  return url;
}

/** Whether tarballs of this package may come from there: its registry's origin, or one that the policy names. */
export function isAdmitted(url: string, name: string, registries: Registries): boolean {
  const { origin } = new URL(url);
  return isOwnOrigin(url, name, registries) || registries.admitted.some((one) => new URL(one).origin === origin);
}

/** Of all registries that npm is configured for. */
export function configuredOrigins(flat: FlatOptions): ReadonlySet<string> {
  const urls = Object.entries(flat).filter(([key]) => key === "registry" || key.endsWith(":registry"));
  return new Set(urls.flatMap(([, url]) => (URL.canParse(String(url)) ? [new URL(String(url)).origin] : [])));
}

export function isOwnOrigin(url: string, name: string, registries: Registries): boolean {
  return new URL(url).origin === new URL(registryOf(name, registries)).origin;
}

/**
 * The URL that npm asks for a lock's `resolved`: npm replaces hosts by `replace-registry-host` (arborist
 * `#registryResolved`, npm 10 to 12). Null where it is no URL.
 */
export function effectiveUrl(resolved: string, { flat, replaceRegistryHost }: Registries): string | null {
  if (!URL.canParse(resolved)) return null;
  const url = new URL(resolved);
  const match = URL.canParse(replaceRegistryHost) ? new URL(replaceRegistryHost) : null;
  const host = match?.hostname ?? replaceRegistryHost;
  const path = match?.pathname.replace(/\/$/, "") ?? "";
  if (host !== "always" && host !== url.hostname) return url.href;
  if (path !== "" && !isBelow(url.pathname, path)) return url.href;
  const registry = new URL(flat.registry);
  const base = registry.pathname.replace(/\/$/, "");
  url.protocol = registry.protocol;
  url.hostname = registry.hostname;
  url.port = registry.port;
  if (path !== "") url.pathname = base + url.pathname.slice(path.length);
  else if (base !== "" && !isBelow(url.pathname, base)) url.pathname = base + url.pathname;
  return url.href;
}

/**
 * Every URL under which some line of npm may ask for it: older ones always put the registry's path in front; pacote replaces
 * hosts once more, without the path.
 */
export function urlVariants(resolved: string, registries: Registries): readonly string[] {
  const effective = effectiveUrl(resolved, registries);
  if (effective === null) return [];
  const { flat, replaceRegistryHost } = registries;
  const url = new URL(effective);
  const again = replaceRegistryHost === "always" || replaceRegistryHost === url.host;
  const stated = new URL(resolved);
  const isReplaced = replaceRegistryHost === "always" || replaceRegistryHost === stated.hostname;
  return [
    ...new Set([
      effective,
      stated.href,
      ...(isReplaced ? [`${flat.registry.replace(/\/*$/, "")}${stated.pathname}`] : []),
      ...(again ? [new URL(url.pathname, flat.registry).href] : []),
    ]),
  ];
}

/** The place that registries give a tarball; used where a lock names none. */
export function conventionalUrl(name: string, version: string, registries: Registries): string {
  return `${registryOf(name, registries)}${name}/-/${name.split("/").at(-1)}-${version}.tgz`;
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** For messages and keys: a URL without user name and password. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare.href;
}
