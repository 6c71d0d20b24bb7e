import {
  type Evidence,
  type Host,
  type PackageRef,
  type RegistrySignature,
  SourceUnavailable,
  type Thin,
} from "../../../src/plugin.ts";
import { meansNone } from "../../../src/evidence/url.ts";
import { describe } from "../bytes/download.ts";
import { retryOf } from "./index.ts";
import { registryOf, type Registries, withoutCredentials } from "../origin.ts";
import { readPackument, readSignature, soughtOf } from "./packument.ts";
import type { LockResolution } from "../resolve/places.ts";
import { requestThin } from "../request.ts";
import { Buffer } from "node:buffer";

type Ask = (ref: PackageRef, fresh: boolean) => Promise<readonly Evidence[]>;

/** What a packument says of the locked versions of one package; or why it is none. */
type Said = ReadonlyMap<string, RegistrySignature> | { readonly malformed: string };

/**
 * Asks for the registry's own signature of one version: `dist.signatures` of the full packument, because only that one
 * has `time`. One request a name and run, for all versions that the lock has of it; what was said of each is kept for the
 * next run, and that there was nothing is not. @throws SourceUnavailable
 */
export function registrySignatures({ locked }: LockResolution, registries: Registries, host: Host): Ask {
  const underWay = new Map<string, Promise<Said>>();
  return async ({ name, version }, fresh) => {
    const registry = registryOf(name, registries);
    const url = `${registry}${name.replace("/", "%2f")}`;
    const about = { source: "registry", location: withoutCredentials(url), registry: withoutCredentials(registry) };
    const known = fresh || underWay.has(url) ? null : await keptOf(about.location, version, host);
    if (known !== null) return [{ ...about, registrySignature: known, cached: true }];
    const said = await (underWay.get(url) ?? start(url, name));
    if ("malformed" in said) return [{ source: about.source, location: about.location, malformed: said.malformed }];
    const registrySignature = said.get(version);
    return registrySignature === undefined ? [] : [{ ...about, registrySignature }];
  };

  function start(url: string, name: string): Promise<Said> {
    const versions = [...locked.values()].filter((one) => one.package.name === name).map((one) => one.package.version);
    const work = ask(url, name, versions, registries, host);
    underWay.set(url, work);
    return work;
  }
}

async function ask(
  url: string,
  name: string,
  versions: readonly string[],
  registries: Registries,
  host: Host,
): Promise<Said> {
  const location = withoutCredentials(url);
  if (host.offline) throw new SourceUnavailable(location, "offline, and not in the cache");
  const answer = await fullPackument(url, location, versions, registries, host);
  if (answer === null) return new Map();
  const said = readPackument(answer, name, versions);
  if (said instanceof Map) {
    for (const [version, one] of said) await host.cache.put(keyOf(location, version), Buffer.from(JSON.stringify(one)));
  }
  return said;
}

async function fullPackument(
  url: string,
  location: string,
  versions: readonly string[],
  registries: Registries,
  host: Host,
): Promise<Thin | null> {
  try {
    const asked = { accept: "application/json", retry: retryOf(registries), sought: soughtOf(versions) };
    return await requestThin(url, registries, host, asked);
  } catch (error) {
    if (error instanceof SourceUnavailable) throw error;
    if (meansNone((error as { statusCode?: number }).statusCode ?? 0)) return null;
    throw new SourceUnavailable(location, describe(error));
  }
}

/** Our own text, verified as any other; what cannot be read as one was never kept. */
async function keptOf(location: string, version: string, host: Host): Promise<RegistrySignature | null> {
  const kept = await host.cache.get(keyOf(location, version));
  return kept === null ? null : readSignature(kept.toString("utf8"));
}

function keyOf(location: string, version: string): string {
  return `registry-signature:${location}@${version}`;
}
