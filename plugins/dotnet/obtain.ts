import {
  ArtifactError,
  type Bytes,
  type Digest,
  formatDigest,
  type Host,
  type PackageRef,
  redactUrl,
  SourceUnavailable,
} from "../../src/plugin.ts";
import { download, type Feed } from "./feed.ts";
import type { Wanted } from "./lock.ts";
import { fileName, lower, packageKey } from "./names.ts";
import { bytesOf, type Opened, openPackage } from "./package.ts";
import { nothingLearnt } from "./provided.ts";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type Obtained = Opened & Bytes;

/** Where bytes may come from, the first that has them. */
export interface Places {
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
export async function obtainPackage(wanted: Wanted, places: Places): Promise<Obtained> {
  const { package: ref, stated } = wanted;
  const { bytes, opened } = (await fromCopies(wanted, places)) ?? (await fromFeeds(wanted, places));
  const file = join(places.folder, `${createHash("sha256").update(packageKey(ref)).digest("hex")}.nupkg`);
  await writeFile(file, bytes, { mode: 0o600 });
  await remember(bytes, opened, stated, places.host);
  return { ...opened, ...bytesOf(opened, () => readFile(file)) };
}

interface Read {
  readonly bytes: Buffer;
  readonly opened: Opened;
}

/** A copy that does not hold is no copy: the feeds are asked as if it were not there. Without a hash nothing tells. */
async function fromCopies({ package: ref, stated }: Wanted, places: Places): Promise<Read | null> {
  if (stated.length === 0) return null;
  const { host, globalPackages } = places;
  const local = join(globalPackages, lower(ref.name), lower(ref.version), fileName(ref));
  for (const copy of [() => cached(stated, host), () => readFile(local).catch(() => null)]) {
    const bytes = await copy();
    if (bytes === null) continue;
    try {
      return { bytes, opened: openPackage(bytes, ref, stated, local) };
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
    }
  }
  return null;
}

/** Our cache holds the file as it came, by its own digest, under the digest of its content. */
async function cached(stated: readonly Digest[], host: Host): Promise<Buffer | null> {
  const [digest] = stated;
  const sri = digest === undefined ? null : await host.cache.get(cacheKey(digest));
  return sri === null ? null : host.cache.getBytes(sri.toString("utf8"));
}

async function remember(bytes: Buffer, { digests }: Opened, stated: readonly Digest[], host: Host): Promise<void> {
  const content = digests.find(({ algorithm }) => algorithm === "sha512");
  if (content === undefined || stated.length === 0 || bytes.length > KEPT_BYTES) return;
  const raw = createHash("sha512").update(bytes).digest("base64");
  await host.cache.putBytes(bytes);
  await host.cache.put(cacheKey(content), Buffer.from(`sha512-${raw}`));
}

const KEPT_BYTES = 64_000_000;

function cacheKey(content: Digest): string {
  return `nuget:${formatDigest(content)}`;
}

async function fromFeeds({ package: ref, stated }: Wanted, places: Places): Promise<Read> {
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
