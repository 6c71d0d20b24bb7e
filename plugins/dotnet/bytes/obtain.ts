import {
  ArtifactError,
  type Bytes,
  type Digest,
  formatDigest,
  type Host,
  LIMITS,
  type PackageRef,
  redactUrl,
  SourceUnavailable,
} from "../../../src/plugin.ts";
import { download, type Feed } from "../feed/feed.ts";
import type { WantedPackage } from "../resolve/lock.ts";
import { fileName, lower, packageKey } from "../names.ts";
import { bytesOf, type OpenedPackage, openPackage } from "./package.ts";
import { nothingLearnt } from "../feed/feed.ts";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type ObtainedPackage = OpenedPackage & Bytes;

/** Where bytes may come from, the first that has them. */
interface Places {
  /** Private folder for the bytes. */
  readonly folder: string;
  /** Packages that a quarantine restore brought; null: the feeds are asked. */
  readonly quarantine: string | null;
  /** The user's packages folder: believed by digest only. */
  readonly globalPackages: string;
  readonly feeds: readonly Feed[];
  readonly host: Host;
}

/** Fetches one package and binds it to the lock's hash, its id and its version. @throws ArtifactError */
export async function obtainPackage(wanted: WantedPackage, places: Places): Promise<ObtainedPackage> {
  const file = join(places.folder, `${createHash("sha256").update(packageKey(wanted.package)).digest("hex")}.nupkg`);
  const kept = await fromStore(wanted, file, places);
  if (kept !== null) return obtained(kept, file);
  const { bytes, opened } = (await fromGlobalPackages(wanted, places)) ?? (await fromFeeds(wanted, places));
  await writeFile(file, bytes, { mode: 0o600 });
  await places.host.store.keep(file, { digests: opened.rawDigests, aliases: opened.digests.map(aliasOf) });
  return obtained(opened, file);
}

function obtained(opened: OpenedPackage, file: string): ObtainedPackage {
  return { ...opened, ...bytesOf(opened, () => readFile(file)) };
}

/**
 * The store holds the file as it came, by its own digest; a lock states the digest of its content. Only taken apart does
 * it show whether it is what the name promised: one that does not hold is none, and without a hash nothing tells.
 */
async function fromStore(
  { package: ref, stated }: WantedPackage,
  file: string,
  { host }: Places,
): Promise<OpenedPackage | null> {
  if (stated.length === 0) return null;
  const taken = await host.store.take({ digests: [], aliases: stated.map(aliasOf) }, file);
  return taken === null ? null : openIfSound(taken.few ?? (await readFile(file)), ref, stated, file);
}

function aliasOf(content: Digest): string {
  return `nuget:${formatDigest(content)}`;
}

interface Read {
  readonly bytes: Buffer;
  readonly opened: OpenedPackage;
}

/** A copy that does not hold is no copy: the feeds are asked as if it were not there. */
async function fromGlobalPackages({ package: ref, stated }: WantedPackage, places: Places): Promise<Read | null> {
  if (stated.length === 0) return null;
  const local = join(places.globalPackages, lower(ref.name), lower(ref.version), fileName(ref));
  const bytes = await places.host.read(local, { maxBytes: LIMITS.artifactBytes }).catch(() => null);
  const opened = bytes === null ? null : openIfSound(bytes, ref, stated, local);
  return bytes === null || opened === null ? null : { bytes, opened };
}

function openIfSound(
  bytes: Buffer,
  ref: PackageRef,
  stated: readonly Digest[],
  location: string,
): OpenedPackage | null {
  try {
    return openPackage(bytes, ref, stated, location);
  } catch (error) {
    if (error instanceof ArtifactError) return null;
    throw error;
  }
}

async function fromFeeds({ package: ref, stated }: WantedPackage, places: Places): Promise<Read> {
  const { quarantine, feeds, host } = places;
  const quarantined = quarantine === null ? feeds : [folderAt(quarantine)];
  let fault: ArtifactError | null = null;
  for (const feed of quarantined) {
    try {
      const found = await download(feed, ref, host);
      if (found !== null) return { bytes: found.bytes, opened: openPackage(found.bytes, ref, stated, found.location) };
    } catch (error) {
      fault = worse(fault, error);
    }
  }
  throw fault ?? gone(ref, quarantined);
}

/** What dotnet itself has fetched for this run. */
function folderAt(address: string): Feed {
  return { name: "quarantine", address, credentials: null, project: address, learnt: nothingLearnt() };
}

/** Bytes that contradict are worse than a feed that does not answer: another feed with the right bytes still wins. */
function worse(known: ArtifactError | null, error: unknown): ArtifactError {
  if (error instanceof ArtifactError) return error;
  if (!(error instanceof SourceUnavailable)) throw error;
  return known ?? unavailable(error.location, `could not be fetched: ${error.reason}`);
}

function gone(ref: PackageRef, feeds: readonly Feed[]): ArtifactError {
  const names = feeds.map(({ name }) => redactUrl(name)).join(", ") || "(no feed is configured for it)";
  return unavailable(ref.purl, `no feed has this version: ${names}; a feed may have deleted it (retention)`);
}

function unavailable(location: string, message: string): ArtifactError {
  return new ArtifactError({ code: "ARTIFACT_UNAVAILABLE", message, details: [], location });
}
