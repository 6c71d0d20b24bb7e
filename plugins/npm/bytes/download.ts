import { ArtifactError, type Denial, type Host, LIMITS, parseJson, SourceUnavailable } from "../../../src/plugin.ts";
import {
  conventionalUrl,
  effectiveUrl,
  isAdmitted,
  type Registries,
  registryOf,
  withoutCredentials,
} from "../origin.ts";
import type { Locked, Outside } from "../resolve/places.ts";
import { request, requestThin } from "../request.ts";
import { soughtOf } from "../evidence/packument.ts";
import { createReadStream } from "node:fs";

/** Called for each attempt; takes its bytes as they come. */
export type Receive = () => (chunk: Buffer) => void;

/**
 * Asks the registry for a tarball with npm's credentials, proxies and retries; nothing is kept in npm's cache.
 * A lock that names no place gets the conventional one first: most registries answer without the packument.
 * @throws ArtifactError ARTIFACT_UNAVAILABLE, or FOREIGN_REGISTRY where the packument points elsewhere.
 */
export async function download(locked: Locked, registries: Registries, host: Host, receive: Receive): Promise<void> {
  const { name, version } = locked.package;
  if (locked.archive !== undefined) return getArchive(locked.archive, registries, host, receive);
  const resolved = locked.places.find((place) => place.resolved !== null)?.resolved ?? null;
  const stated = resolved === null ? null : effectiveUrl(resolved, registries);
  if (stated !== null) return get(stated, name, registries, host, receive);
  const guess = conventionalUrl(name, version, registries);
  try {
    return await get(guess, name, registries, host, receive);
  } catch (error) {
    if (!(error instanceof ArtifactError) || host.offline) throw error;
    const url = await findInPackument(locked, registries, host);
    if (url === null || url === guess) throw error;
    return get(url, name, registries, host, receive);
  }
}

/** Nobody's credentials go to an address that a package.json names, whatever npm is configured for there. */
export async function getArchive(
  { place, file }: Outside,
  registries: Registries,
  host: Host,
  receive: Receive,
): Promise<void> {
  if (file === null) return get(place.url ?? "", null, registries, host, receive);
  try {
    const take = receive();
    for await (const chunk of createReadStream(file)) take(chunk as Buffer);
  } catch (error) {
    throw error instanceof ArtifactError ? error : unavailable(file, describe(error));
  }
}

/** Where a tarball is without asking anybody; null where the lock names a place that no registry in use is at. */
export function tarballUrl({ package: { name, version }, places }: Locked, registries: Registries): string | null {
  const resolved = places.find((place) => place.resolved !== null)?.resolved ?? null;
  if (resolved === null) return conventionalUrl(name, version, registries);
  const url = effectiveUrl(resolved, registries);
  return url !== null && isAdmitted(url, name, registries) ? url : null;
}

/** @param of the package whose registry's credentials npm would send; null: none are sent */
async function get(
  url: string,
  of: string | null,
  registries: Registries,
  host: Host,
  receive: Receive,
): Promise<void> {
  if (host.offline) throw unavailable(url, "offline, and neither npm nor we have it in a cache");
  try {
    await request(url, registries, host, {
      maxBytes: LIMITS.artifactBytes,
      receive,
      ...(of === null ? { anonymous: true } : { of }),
    });
  } catch (error) {
    throw error instanceof ArtifactError ? error : unavailable(url, describe(error), isAbsent(error));
  }
}

/** An answer that says that there is no such archive. */
function isAbsent(error: unknown): boolean {
  return [404, 410].includes((error as { readonly statusCode?: number }).statusCode ?? 0);
}

async function findInPackument({ package: ref }: Locked, registries: Registries, host: Host): Promise<string | null> {
  const { name, version } = ref;
  const url = `${registryOf(name, registries)}${name.replace("/", "%2f")}`;
  const { versions } = await packumentAt(url, version, registries, host);
  const tarball = versions?.[version]?.dist?.tarball;
  if (typeof tarball !== "string") return null;
  const effective = effectiveUrl(tarball, registries);
  if (effective === null || isAdmitted(effective, name, registries)) return effective;
  throw foreign(url, effective);
}

interface Packument {
  readonly versions?: Readonly<Record<string, { readonly dist?: { readonly tarball?: unknown } } | undefined>>;
}

async function packumentAt(url: string, version: string, registries: Registries, host: Host): Promise<Packument> {
  try {
    const accept = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*";
    const sought = soughtOf([version]);
    return parseJson((await requestThin(url, registries, host, { accept, sought })).end()) ?? {};
  } catch (error) {
    throw unavailable(url, describe(error), isAbsent(error));
  }
}

/** For instance `503 Service Unavailable`, `ECONNREFUSED`. Never a message with credentials in it. */
export function describe(error: unknown): string {
  if (error instanceof SourceUnavailable) return error.reason;
  const { statusCode, code, name } = error as { statusCode?: number; code?: string; name?: string };
  if (statusCode !== undefined) return `answered ${statusCode}`;
  if (name === "AbortError" || name === "TimeoutError") return "timed out";
  return code ?? name ?? "failed";
}

export function unavailable(url: string, reason: string, isGone = false): ArtifactError {
  const location = withoutCredentials(url);
  const denial: Denial = {
    code: "ARTIFACT_UNAVAILABLE",
    message: `could not be fetched: ${reason}`,
    details: [],
    location,
    ...(isGone ? { absent: true } : {}),
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
