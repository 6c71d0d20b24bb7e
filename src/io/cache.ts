import type { Cache } from "../plugin.ts";
import cacache from "cacache";
import { join } from "node:path";

/** What survives between runs, in one content-addressed folder. A cache that cannot be read or written is an empty one. */
export function createCache(folder: string): Cache {
  const evidence = join(folder, "evidence");
  const content = join(folder, "content");
  return {
    get: (key) => orNull(async () => (await cacache.get(evidence, key)).data),
    put: (key, value) => orNothing(() => cacache.put(evidence, key, value)),
    getBytes: (sri) => orNull(() => cacache.get.byDigest(content, sri)),
    putBytes: (bytes) => orNothing(() => cacache.put(content, "bytes", bytes, { algorithms: ["sha512"] })),
  };
}

async function orNull(read: () => Promise<Buffer>): Promise<Buffer | null> {
  try {
    return await read();
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
