import type { Cache } from "../plugin.ts";
import { createHash, randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * What survives between runs: one file an answer, one file an archive. Nothing rests on it: answers are verified again,
 * archives hashed again. A cache that cannot be read or written is an empty one. To look for what is not
 * there is the rule in a first run: no thread is asked for that.
 */
export function createCache(folder: string): Cache {
  const answer = (key: string) => join(folder, "evidence", createHash("sha256").update(key).digest("hex"));
  const archive = (hex: string) => join(folder, "archives", hex);
  return {
    get: (key) => orNull(answer(key), readFile),
    put: (key, value) => orNothing(() => place(answer(key), (draft) => writeFile(draft, value, { mode: 0o600 }))),
    getBytes: (sri) => orNull(archive(hexOf(sri)), (path) => readHashed(path, hexOf(sri))),
    putBytes: (bytes) =>
      orNothing(() => place(archive(sha512(bytes)), (draft) => writeFile(draft, bytes, { mode: 0o600 }))),
    keepFile: (file, hex) =>
      orNothing(() => place(archive(hex), (draft) => link(file, draft).catch(() => copyFile(file, draft)))),
  };
}

async function readHashed(path: string, hex: string): Promise<Buffer> {
  const bytes = await readFile(path);
  if (sha512(bytes) === hex) return bytes;
  await rm(path, { force: true });
  throw new Error("not the archive of that name");
}

/** Whole or not at all, also where two runs write the same. */
async function place(path: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await write(draft).catch(() => mkdir(dirname(path), { recursive: true, mode: 0o700 }).then(() => write(draft)));
  await rename(draft, path);
}

function sha512(bytes: Buffer): string {
  return createHash("sha512").update(bytes).digest("hex");
}

/** `sha512-BASE64` (W3C Subresource Integrity) to hexadecimal. */
function hexOf(sri: string): string {
  return Buffer.from(sri.slice("sha512-".length), "base64").toString("hex");
}

async function orNull(path: string, read: (path: string) => Promise<Buffer>): Promise<Buffer | null> {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined ? null : await read(path);
  } catch {
    return null;
  }
}

async function orNothing(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch {
    // A full disk or a read-only home costs the next run a download, never this run its answer.
  }
}

/** `SAFE_INSTALL_CACHE`, or the platform's cache folder (XDG Base Directory Specification; Windows LOCALAPPDATA). */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  if (env["SAFE_INSTALL_CACHE"]) return env["SAFE_INSTALL_CACHE"];
  if (process.platform === "darwin") return join(home, "Library", "Caches", "safe-install");
  if (process.platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "safe-install", "Cache");
  return join(env["XDG_CACHE_HOME"] ?? join(home, ".cache"), "safe-install");
}
