import { ArtifactError, type Bytes, digestOf, type Host } from "../../../src/plugin.ts";
import { download, type Receive, tarballUrl, unavailable } from "./download.ts";
import { contentPath } from "../integrity.ts";
import { type Hashed, writeHashed } from "./hashed.ts";
import { claimedFiles, compareClaims, type Inspected, inspectArchive } from "./manifest.ts";
import { type Registries, withoutCredentials } from "../origin.ts";
import type { Locked } from "../resolve/places.ts";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Bytes in a private file, hashed by us, that hold what the lock states and the package that it names. */
export interface ObtainedTarball extends Bytes, Inspected {
  readonly file: string;
}

interface Places {
  readonly registries: Registries;
  /** Private folder for the bytes. */
  readonly folder: string;
  readonly host: Host;
  /** Passes by what is kept under the address alone. */
  readonly anew?: boolean;
}

/** @throws ArtifactError */
export async function obtainBytes(locked: Locked, places: Places): Promise<ObtainedTarball> {
  if (isBound(locked)) {
    const cached = await fromCaches(locked, places);
    if (cached !== null) return opened(locked, cached);
  } else if (places.anew !== true) {
    const kept = await keptUnder(locked, places);
    if (kept !== null) return kept;
  }
  const fetched = await fromRegistry(locked, places);
  const bytes = await opened(locked, fetched);
  const [, sha512] = bytes.digests;
  if (sha512 !== undefined)
    await places.host.store.keep(bytes.file, { digests: [sha512], linked: true, ...asAskedFor(locked, places) });
  return bytes;
}

function isBound({ stated }: Locked): boolean {
  return stated.hex["sha512"] !== undefined;
}

/** Holds what the lock says of it, and is the package that it names. @throws ArtifactError */
async function opened(locked: Locked, { file, few, hex }: Hashed): Promise<ObtainedTarball> {
  compareStated(locked, hex);
  const inspected = await inspectArchive(few ?? file, locked.package, claimedFiles(locked));
  compareClaims(locked, inspected);
  const digests = ["sha256", "sha512"].map((one) => digestOf(one, hex[one] ?? "")).filter((one) => one !== null);
  return { ...inspected, file, digests, read: () => readFile(file) };
}

/** By digest, and hashed again: npm's cache first, then ours. A copy that does not hold is no copy. */
async function fromCaches({ package: ref, stated }: Locked, { registries, folder, host }: Places) {
  const digest = digestOf("sha512", stated.hex["sha512"] ?? "");
  if (digest === null) return null;
  const file = fileFor(ref, folder);
  const elsewhere = [contentPath(registries.flat.cache, digest.hex)];
  const taken = await host.store.take({ digests: [digest], elsewhere, hashes: Object.keys(stated.hex) }, file);
  return taken === null ? null : { ...taken, file };
}

/**
 * Where the lock has no sha512: what came for that package from that very address the last time. It is believed in nothing: it
 * counts where evidence or a recorded digest names it, and where there is no network to ask.
 */
async function keptUnder(locked: Locked, places: Places): Promise<ObtainedTarball | null> {
  const named = asAskedFor(locked, places);
  if (named.aliases === undefined) return null;
  const file = fileFor(locked.package, places.folder);
  const hashes = Object.keys(locked.stated.hex);
  const taken = await places.host.store.take({ digests: [], ...named, hashes }, file);
  if (taken === null) return null;
  const bytes = await opened(locked, { ...taken, file }).catch(withoutDenial);
  return bytes === null ? null : { ...bytes, isKept: true };
}

/** One that does not hold is no copy. */
function withoutDenial(error: unknown): null {
  if (error instanceof ArtifactError) return null;
  throw error;
}

/** The package, the whole address with its origin, and what the lock says: one registry does not speak for another. */
function asAskedFor(locked: Locked, { registries }: Places): { readonly aliases?: readonly string[] } {
  const url = isBound(locked) ? null : tarballUrl(locked, registries);
  return url === null ? {} : { aliases: [`${locked.package.purl} ${withoutCredentials(url)} ${locked.stated.text}`] };
}

async function fromRegistry(locked: Locked, { registries, folder, host }: Places): Promise<Hashed> {
  const file = fileFor(locked.package, folder);
  const fill = (receive: Receive) => download(locked, registries, host, receive);
  try {
    return await writeHashed(fill, file, Object.keys(locked.stated.hex), locked.package.purl);
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw unavailable(locked.package.purl, (error as NodeJS.ErrnoException).code ?? "broke off");
  }
}

/** The name is the purl's hash, never anything that a lock says. */
function fileFor({ purl }: Locked["package"], folder: string): string {
  return join(folder, `${createHash("sha256").update(purl).digest("hex")}.tgz`);
}

/** Whatever the lock states must hold, also what is too weak to bind on its own. */
function compareStated({ package: ref, stated }: Locked, hex: Hashed["hex"]): void {
  for (const [algorithm, expected] of Object.entries(stated.hex)) {
    const found = hex[algorithm] ?? "";
    if (found === expected) continue;
    const details = [{ name: algorithm, expected, found }];
    const hint = "if the lock is the one that is wrong: npm install --package-lock-only --ignore-scripts";
    const message = "the bytes do not hash to what the lock states";
    throw new ArtifactError({ code: "INTEGRITY_MISMATCH", message, details, location: ref.purl, hint });
  }
}
