import {
  ArtifactError,
  type Bytes,
  type Digest,
  formatDigest,
  type Host,
  type PackageRef,
  redactUrl,
  SourceUnavailable,
} from "../../../src/plugin.ts";
import { copyInto, downloadInto } from "../feed/download.ts";
import type { Feed } from "../feed/feed.ts";
import type { WantedPackage } from "../resolve/lock.ts";
import { fileName, lower, packageKey } from "../names.ts";
import { inFile } from "./archive.ts";
import { bytesOf, type OpenedPackage, openPackage } from "./package.ts";
import { nothingLearnt } from "../feed/feed.ts";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
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
  const kept = await takeFromStore(wanted, file, places.host);
  if (kept !== null) return obtained(kept, file);
  const opened = (await fromGlobalPackages(wanted, file, places)) ?? (await fromFeeds(wanted, file, places));
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
export async function takeFromStore(
  { package: ref, stated }: WantedPackage,
  file: string,
  host: Host,
): Promise<OpenedPackage | null> {
  if (stated.length === 0) return null;
  const taken = await host.store.take({ digests: [], aliases: stated.map(aliasOf) }, file);
  return taken === null ? null : openIfSound(file, ref, stated, file);
}

function aliasOf(content: Digest): string {
  return `nuget:${formatDigest(content)}`;
}

/** A copy that does not hold is no copy: the feeds are asked as if it were not there. */
async function fromGlobalPackages(
  { package: ref, stated }: WantedPackage,
  file: string,
  places: Places,
): Promise<OpenedPackage | null> {
  if (stated.length === 0) return null;
  const local = join(places.globalPackages, lower(ref.name), lower(ref.version), fileName(ref));
  const isThere = await copyInto(file, local).catch(() => false);
  return isThere ? openIfSound(file, ref, stated, local) : null;
}

function openIfSound(file: string, ref: PackageRef, stated: readonly Digest[], location: string): OpenedPackage | null {
  try {
    return open(file, ref, stated, location);
  } catch (error) {
    if (error instanceof ArtifactError) return null;
    throw error;
  }
}

function open(file: string, ref: PackageRef, stated: readonly Digest[], location: string): OpenedPackage {
  return inFile(file, (archive) => openPackage(archive, ref, stated, location));
}

/** The file holds what was opened. */
async function fromFeeds(
  { package: ref, stated }: WantedPackage,
  file: string,
  places: Places,
): Promise<OpenedPackage> {
  const { quarantine, feeds, host } = places;
  const quarantined = quarantine === null ? feeds : [folderAt(quarantine)];
  let fault: ArtifactError | null = null;
  for (const feed of quarantined) {
    try {
      const location = await downloadInto(file, feed, ref, host);
      if (location !== null) return open(file, ref, stated, location);
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
  const message = `no feed has this version: ${names}; a feed may have deleted it (retention)`;
  return unavailable(ref.purl, message, feeds.length > 0 ? { absent: true } : {});
}

function unavailable(location: string, message: string, more: { readonly absent?: true } = {}): ArtifactError {
  return new ArtifactError({ code: "ARTIFACT_UNAVAILABLE", message, details: [], location, ...more });
}
