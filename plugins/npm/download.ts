import { ArtifactError, type Denial, type Host, LIMITS } from "../../src/plugin.ts";
import {
  conventionalUrl,
  effectiveUrl,
  isAdmitted,
  type Registries,
  registryOf,
  withoutCredentials,
} from "./origin.ts";
import type { Locked } from "./places.ts";
import fetch, { type Options } from "npm-registry-fetch";
import pacote from "pacote";

/** Bytes as they come, and where they come from. */
export interface Download {
  readonly url: string;
  readonly body: AsyncIterable<Buffer>;
}

/**
 * Asks the registry for a tarball with npm's credentials, proxies and retries; nothing is kept in npm's cache.
 * A lock that names no place gets the conventional one first: most registries answer without the packument.
 * @throws ArtifactError ARTIFACT_UNAVAILABLE, or FOREIGN_REGISTRY where the packument points elsewhere.
 */
export async function download(locked: Locked, registries: Registries, host: Host): Promise<Download> {
  const { name, version } = locked.package;
  const resolved = locked.places.find((place) => place.resolved !== null)?.resolved ?? null;
  const stated = resolved === null ? null : effectiveUrl(resolved, registries);
  if (stated !== null) return get(stated, registries, host);
  const guess = conventionalUrl(name, version, registries);
  try {
    return await get(guess, registries, host);
  } catch (error) {
    if (!(error instanceof ArtifactError) || host.offline) throw error;
    const url = await findInPackument(locked, registries, host);
    if (url === null || url === guess) throw error;
    return get(url, registries, host);
  }
}

/** How every request of ours goes out: npm's own options (credentials, proxies, retries), but without npm's cache. */
export function requestOptions({ flat }: Registries, host: Host): Options {
  const timeout = Math.min(flat.timeout ?? LIMITS.httpTimeoutMs, LIMITS.httpTimeoutMs);
  const signal = AbortSignal.any([host.signal, AbortSignal.timeout(10 * timeout)]);
  const uncached = { cache: undefined, otp: undefined, offline: false, preferOffline: false, preferOnline: false };
  return { ...flat, ...uncached, timeout, signal };
}

async function get(url: string, registries: Registries, host: Host): Promise<Download> {
  if (host.offline) throw unavailable(url, "offline, and neither npm nor we have it in a cache");
  try {
    const response = await fetch(url, requestOptions(registries, host));
    return { url, body: response.body as unknown as AsyncIterable<Buffer> };
  } catch (error) {
    throw unavailable(url, describe(error));
  }
}

/** pacote reads the packument as npm does; its cache is a private folder, never npm's. */
async function findInPackument({ package: ref }: Locked, registries: Registries, host: Host): Promise<string | null> {
  const cache = await host.temporary("npm-packuments");
  const url = registryOf(ref.name, registries);
  const tarball = await pacote
    .manifest(`${ref.name}@${ref.version}`, { ...requestOptions(registries, host), cache })
    .then(({ dist }) => dist?.tarball)
    .catch((error: unknown) => Promise.reject(unavailable(url, describe(error))));
  if (tarball === undefined) return null;
  const effective = effectiveUrl(tarball, registries);
  if (effective === null || isAdmitted(effective, ref.name, registries)) return effective;
  throw foreign(url, effective);
}

/** For instance `503 Service Unavailable`, `ECONNREFUSED`. Never a message with credentials in it. */
export function describe(error: unknown): string {
  const { statusCode, code, name } = error as { statusCode?: number; code?: string; name?: string };
  if (statusCode !== undefined) return `answered ${statusCode}`;
  if (name === "AbortError" || name === "TimeoutError") return "timed out";
  return code ?? name ?? "failed";
}

export function unavailable(url: string, reason: string): ArtifactError {
  const location = withoutCredentials(url);
  const denial: Denial = {
    code: "ARTIFACT_UNAVAILABLE",
    message: `could not be fetched: ${reason}`,
    details: [],
    location,
  };
  return new ArtifactError(denial);
}

function foreign(packument: string, url: string): ArtifactError {
  const location = withoutCredentials(packument);
  const found = new URL(url).origin;
  const message = "the registry points to an origin that is neither configured nor in the policy";
  const details = [{ name: "origin", expected: new URL(location).origin, found }];
  const hint = `"registries": { "npm": [${JSON.stringify(found)}] } in the policy, if that origin is meant`;
  return new ArtifactError({ code: "FOREIGN_REGISTRY", message, details, location, hint });
}
