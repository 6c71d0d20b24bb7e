import { ArtifactError, LIMITS, type Taken } from "../../src/plugin.ts";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type FileHandle, open, rm, writeFile } from "node:fs/promises";

/** A private file and the digests of what was written into it. */
export interface Hashed extends Taken {
  readonly file: string;
}

/**
 * Writes and hashes in one pass, with sha256, sha512 and these algorithms; only few bytes are held as a whole: memory
 * stays flat. Nothing stays where it breaks off. @throws ArtifactError ARCHIVE_INVALID over the bound
 */
export async function writeHashed(
  chunks: AsyncIterable<Buffer>,
  file: string,
  algorithms: readonly string[],
  location: string,
): Promise<Hashed> {
  const hashes = [...new Set(["sha256", "sha512", ...algorithms])].map((name) => [name, createHash(name)] as const);
  const held: Buffer[] = [];
  let handle: FileHandle | null = null;
  let few: Buffer | null = null;
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > LIMITS.artifactBytes) throw tooLarge(location);
      for (const [, hash] of hashes) hash.update(chunk);
      held.push(chunk);
      if (size <= LIMITS.heldBytes) continue;
      handle ??= await open(file, "w", 0o600);
      for (const one of held.splice(0)) await handle.writeFile(one);
    }
    if (handle === null) await writeFile(file, (few = Buffer.concat(held)), { mode: 0o600 });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle?.close();
  }
  return { file, few, hex: Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest("hex")])) };
}

function tooLarge(location: string): ArtifactError {
  const message = `larger than ${LIMITS.artifactBytes} bytes`;
  return new ArtifactError({ code: "ARCHIVE_INVALID", message, details: [], location });
}
