import { LIMITS } from "../../limits.ts";
import type { SoughtBytes, Taken } from "../../plugin.ts";
import { type OpenedFile, openEntry, readAll } from "./entry.ts";
import { createHash } from "node:crypto";
import { open, rm, writeFile } from "node:fs/promises";

/**
 * Copies a file of some cache into a private one and hashes it with sha256, sha512 and whatever else is asked for.
 * @returns null where there is no such file, or no room; then there is no copy
 */
export async function copyHashed(
  path: string,
  sought: SoughtBytes,
  into: string,
  { anyOwner = false }: { readonly anyOwner?: boolean } = {},
): Promise<Taken | null> {
  const entry = await openEntry(path, { maxBytes: LIMITS.artifactBytes, anyOwner });
  if (entry === null) return null;
  const names = ["sha256", "sha512", ...sought.digests.map(({ algorithm }) => algorithm), ...(sought.hashes ?? [])];
  try {
    return await copy(entry, into, [...new Set(names)]);
  } catch {
    await rm(into, { force: true });
    return null;
  } finally {
    await entry.handle.close();
  }
}

/** What is hashed is what is in the private file, whatever happens to the entry meanwhile. */
async function copy(entry: OpenedFile, into: string, algorithms: readonly string[]): Promise<Taken> {
  const hashes = algorithms.map((name) => [name, createHash(name)] as const);
  const taken = (few: Buffer | null): Taken => ({
    few,
    hex: Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest("hex")])),
  });
  if (entry.size <= LIMITS.heldBytes) {
    const bytes = await readAll(entry);
    for (const [, hash] of hashes) hash.update(bytes);
    await writeFile(into, bytes, { mode: 0o600 });
    return taken(bytes);
  }
  const file = await open(into, "w", 0o600);
  try {
    const piece = Buffer.allocUnsafe(LIMITS.heldBytes);
    for (let at = 0; at < entry.size;) {
      const { bytesRead } = await entry.handle.read(piece, 0, Math.min(piece.length, entry.size - at), at);
      if (bytesRead === 0) break;
      const chunk = piece.subarray(0, bytesRead);
      for (const [, hash] of hashes) hash.update(chunk);
      await file.writeFile(chunk);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return taken(null);
}
