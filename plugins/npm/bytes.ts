import { ArtifactError, type Bytes, digestOf, type Host, LIMITS } from "../../src/plugin.ts";
import { contentPath } from "./cache.ts";
import { download, type Receive, unavailable } from "./download.ts";
import { sriOf } from "./integrity.ts";
import { compareClaims } from "./claims.ts";
import { type Inspected, inspectArchive } from "./manifest.ts";
import type { Registries } from "./origin.ts";
import type { Locked } from "./places.ts";
import cacache from "cacache";
import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Bytes in a private file, hashed by us, that hold what the lock states and the package that it names. */
export interface Obtained extends Bytes, Inspected {
  readonly file: string;
}

export interface Places {
  readonly registries: Registries;
  /** Private folder for the bytes. */
  readonly folder: string;
  readonly host: Host;
}

/** @throws ArtifactError */
export async function obtainBytes(locked: Locked, places: Places): Promise<Obtained> {
  const { file, held, hex } = (await fromCaches(locked, places)) ?? (await fromRegistry(locked, places));
  compareStated(locked, hex);
  const inspected = await inspectArchive(held ?? file, locked.package);
  compareClaims(locked, inspected);
  const digests = ["sha256", "sha512"].map((one) => digestOf(one, hex[one] ?? "")).filter((one) => one !== null);
  return { ...inspected, file, digests, read: () => readFile(file) };
}

interface Stored {
  readonly file: string;
  /** The same bytes, where they are few. */
  readonly held: Buffer | null;
  readonly hex: Readonly<Record<string, string>>;
}

/** By digest only, and hashed again: npm's cache first, then ours. A copy that does not hold is no copy. */
async function fromCaches(locked: Locked, { registries, folder, host }: Places): Promise<Stored | null> {
  const sha512 = locked.stated.hex["sha512"];
  if (sha512 === undefined) return null;
  const sri = sriOf({ algorithm: "sha512", hex: sha512 });
  const copies: readonly (() => Promise<Buffer | null>)[] = [
    async () => fromNpm(registries.flat.cache, sha512, sri),
    async () => host.cache.getBytes(sri),
  ];
  for (const copy of copies) {
    const stored = await store(locked, folder, async (receive) => {
      const bytes = await copy();
      if (bytes === null) throw new TypeError("no copy");
      receive()(bytes);
    }).catch((error: unknown) => giveUpIfTooLarge(error));
    if (stored?.hex["sha512"] === sha512) return stored;
  }
  return null;
}

/** A miss is the rule, and cheap: `byDigest` would make an error of it. */
async function fromNpm(cache: string, sha512: string, sri: string): Promise<Buffer | null> {
  return existsSync(contentPath(cache, sha512)) ? cacache.get.byDigest(cache, sri) : null;
}

async function fromRegistry(locked: Locked, { registries, folder, host }: Places): Promise<Stored> {
  try {
    const stored = await store(locked, folder, (receive) => download(locked, registries, host, receive));
    if (stored.hex["sha512"] !== undefined) await host.cache.keepFile(stored.file, stored.hex["sha512"]);
    return stored;
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw unavailable(locked.package.purl, (error as NodeJS.ErrnoException).code ?? "broke off");
  }
}

/** Writes and hashes in one pass. The name is the purl's hash, never anything that a lock says. */
async function store(locked: Locked, folder: string, fill: (receive: Receive) => Promise<void>): Promise<Stored> {
  const file = join(folder, `${createHash("sha256").update(locked.package.purl).digest("hex")}.tgz`);
  let writing = startWriting(locked, file);
  try {
    await fill(() => {
      writing.close();
      writing = startWriting(locked, file);
      return writing.take;
    });
    return await writing.end();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    writing.close();
  }
}

interface Writing {
  readonly take: (chunk: Buffer) => void;
  readonly end: () => Promise<Stored>;
  readonly close: () => void;
}

/** Only few bytes are held as a whole: memory stays flat. What is more goes to the file at once, as it does not wait for us. */
function startWriting(locked: Locked, file: string): Writing {
  const hashes = new Map<string, Hash>(
    ["sha256", "sha512", ...Object.keys(locked.stated.hex)].map((one) => [one, createHash(one)]),
  );
  const held: Buffer[] = [];
  let descriptor: number | null = null;
  let size = 0;
  return { take, end, close };

  function take(chunk: Buffer): void {
    size += chunk.length;
    if (size > LIMITS.artifactBytes) throw tooLarge(locked.package.purl);
    for (const hash of hashes.values()) hash.update(chunk);
    held.push(chunk);
    if (size <= HELD_BYTES) return;
    descriptor ??= openSync(file, "w", 0o600);
    for (const one of held.splice(0)) writeAll(descriptor, one);
  }

  async function end(): Promise<Stored> {
    const few = descriptor === null ? Buffer.concat(held) : null;
    if (few !== null) await writeFile(file, few, { mode: 0o600 });
    close();
    return { file, held: few, hex: Object.fromEntries([...hashes].map(([one, hash]) => [one, hash.digest("hex")])) };
  }

  function close(): void {
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
  }
}

function writeAll(descriptor: number, chunk: Buffer): void {
  for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
}

/** Nearly all archives are smaller; as many of them as are under way are in memory. */
const HELD_BYTES = 1_048_576;

/** Whatever the lock states must hold, also what is too weak to bind on its own. */
function compareStated({ package: ref, stated }: Locked, hex: Stored["hex"]): void {
  for (const [algorithm, expected] of Object.entries(stated.hex)) {
    const found = hex[algorithm] ?? "";
    if (found === expected) continue;
    const details = [{ name: algorithm, expected, found }];
    const hint = "if the lock is the one that is wrong: npm install --package-lock-only --ignore-scripts";
    const message = "the bytes do not hash to what the lock states";
    throw new ArtifactError({ code: "INTEGRITY_MISMATCH", message, details, location: ref.purl, hint });
  }
}

function giveUpIfTooLarge(error: unknown): null {
  if (error instanceof ArtifactError) throw error;
  return null;
}

function tooLarge(location: string): ArtifactError {
  const message = `larger than ${LIMITS.artifactBytes} bytes`;
  return new ArtifactError({ code: "ARCHIVE_INVALID", message, details: [], location });
}
