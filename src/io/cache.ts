import { LIMITS } from "../limits.ts";
import type { Cache } from "../plugin.ts";
import { isSound, placeEntry, readEntry } from "./store/entry.ts";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/**
 * Evidence that survives between runs: one file an answer. Nothing rests on it: answers are verified again. A cache that
 * cannot be read or written is an empty one; what is too large for an answer, no regular file, or not ours is no answer.
 */
export function createCache(folder: string): Cache {
  const place = join(folder, EVIDENCE);
  const path = (key: string) => join(place, createHash("sha256").update(key).digest("hex"));
  return {
    get: async (key) => (isSound(folder, place) ? readEntry(path(key), LIMITS.evidenceBytes) : null),
    put: (key, value) => placeEntry(folder, path(key), (draft) => writeFile(draft, value, { flag: "wx", mode: 0o600 })),
  };
}

export const EVIDENCE = "evidence";

/** `SAFE_INSTALL_CACHE`, or the platform's cache folder (XDG Base Directory Specification, where a relative path does not count; Windows LOCALAPPDATA). */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  if (env["SAFE_INSTALL_CACHE"]) return env["SAFE_INSTALL_CACHE"];
  if (process.platform === "darwin") return join(home, "Library", "Caches", "safe-install");
  if (process.platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "safe-install", "Cache");
  const base = env["XDG_CACHE_HOME"] ?? "";
  return join(isAbsolute(base) ? base : join(home, ".cache"), "safe-install");
}
