import { ArtifactError, LIMITS, type Taken } from "../../../src/plugin.ts";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";

/** A private file and the digests of what was written into it. */
export interface Hashed extends Taken {
  readonly file: string;
}

/**
 * Writes and hashes in one pass what `fill` receives, with sha256, sha512 and these algorithms; only few bytes are held
 * as a whole: memory stays flat. Nothing stays where it breaks off. @throws ArtifactError ARCHIVE_INVALID over the bound
 */
export async function writeHashed(
  fill: (receive: () => (chunk: Buffer) => void) => Promise<void>,
  file: string,
  algorithms: readonly string[],
  location: string,
): Promise<Hashed> {
  let writing = startWriting(file, algorithms, location);
  try {
    await fill(() => {
      writing.close();
      writing = startWriting(file, algorithms, location);
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
  readonly end: () => Promise<Hashed>;
  readonly close: () => void;
}

/** What is not held goes to the file at once: who sends it does not wait for us. */
function startWriting(file: string, algorithms: readonly string[], location: string): Writing {
  const hashes = [...new Set(["sha256", "sha512", ...algorithms])].map((name) => [name, createHash(name)] as const);
  const held: Buffer[] = [];
  let descriptor: number | null = null;
  let size = 0;
  return { take, end, close };

  function take(chunk: Buffer): void {
    size += chunk.length;
    if (size > LIMITS.artifactBytes) throw tooLarge(location);
    for (const [, hash] of hashes) hash.update(chunk);
    held.push(chunk);
    if (size <= LIMITS.heldBytes) return;
    descriptor ??= openSync(file, "w", 0o600);
    for (const one of held.splice(0)) writeAll(descriptor, one);
  }

  async function end(): Promise<Hashed> {
    const few = descriptor === null ? Buffer.concat(held) : null;
    if (few !== null) await writeFile(file, few, { mode: 0o600 });
    close();
    return { file, few, hex: Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest("hex")])) };
  }

  function close(): void {
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
  }
}

function writeAll(descriptor: number, chunk: Buffer): void {
  let written = 0;
  while (written < chunk.length) written += writeSync(descriptor, chunk, written);
}

function tooLarge(location: string): ArtifactError {
  const message = `larger than ${LIMITS.artifactBytes} bytes`;
  return new ArtifactError({ code: "ARCHIVE_INVALID", message, details: [], location });
}
