import { LIMITS } from "../../limits.ts";
import type { SoughtBytes, Taken } from "../../plugin.ts";
import { type OpenedFile, openEntry, readEntry } from "./entry.ts";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { open, rm } from "node:fs/promises";

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
  const names = ["sha256", "sha512", ...sought.digests.map(({ algorithm }) => algorithm), ...(sought.hashes ?? [])];
  const algorithms = [...new Set(names)];
  const few = readEntry(path, LIMITS.heldBytes, anyOwner);
  const entry = few === null ? await openEntry(path, { maxBytes: LIMITS.artifactBytes, anyOwner }) : null;
  try {
    if (few !== null) return copyFew(few, into, algorithms);
    return entry === null ? null : await copy(entry, into, algorithms);
  } catch {
    await rm(into, { force: true });
    return null;
  } finally {
    await entry?.handle.close();
  }
}

/** On this thread: to ask another one costs more. */
function copyFew(bytes: Buffer, into: string, algorithms: readonly string[]): Taken {
  writeFileSync(into, bytes, { mode: 0o600 });
  return { few: bytes, hex: Object.fromEntries(algorithms.map((name) => [name, hexOf(name, bytes)])) };
}

function hexOf(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("hex");
}

/** What is hashed is what is in the private file, whatever happens to the entry meanwhile. */
async function copy(entry: OpenedFile, into: string, algorithms: readonly string[]): Promise<Taken> {
  const hashes = algorithms.map((name) => [name, createHash(name)] as const);
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
  return { few: null, hex: Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest("hex")])) };
}
