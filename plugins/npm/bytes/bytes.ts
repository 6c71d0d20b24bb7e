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
}

/** @throws ArtifactError */
export async function obtainBytes(locked: Locked, places: Places): Promise<ObtainedTarball> {
  const cached = await fromCaches(locked, places);
  const { file, few, hex } = cached ?? (await fromRegistry(locked, places));
  compareStated(locked, hex);
  const inspected = await inspectArchive(few ?? file, locked.package, claimedFiles(locked));
  compareClaims(locked, inspected);
  const digests = ["sha256", "sha512"].map((one) => digestOf(one, hex[one] ?? "")).filter((one) => one !== null);
  const [, sha512] = digests;
  if (cached === null && sha512 !== undefined)
    await places.host.store.keep(file, { digests: [sha512], linked: true, ...asAskedFor(locked, places) });
  return { ...inspected, file, digests, read: () => readFile(file) };
}

/** Where the lock has no sha512, what came from that address the last time: for a run without the network. */
function asAskedFor(locked: Locked, { registries }: Places): { readonly aliases?: readonly string[] } {
  if (locked.stated.hex["sha512"] !== undefined) return {};
  const url = withoutCredentials(tarballUrl(locked, registries) ?? "");
  return { aliases: [`${locked.package.purl} ${url} ${locked.stated.text}`] };
}

/** By digest, and hashed again: npm's cache first, then ours. A copy that does not hold is no copy. */
async function fromCaches(locked: Locked, places: Places): Promise<Hashed | null> {
  const { package: ref, stated } = locked;
  const { registries, folder, host } = places;
  const { sha512 } = stated.hex;
  const digest = digestOf("sha512", sha512 ?? "");
  if (digest === null && !host.offline) return null;
  const file = fileFor(ref, folder);
  const known =
    digest === null
      ? { digests: [], ...asAskedFor(locked, places) }
      : { digests: [digest], elsewhere: [contentPath(registries.flat.cache, digest.hex)] };
  const taken = await host.store.take({ ...known, hashes: Object.keys(stated.hex) }, file);
  return taken === null ? null : { ...taken, file };
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
