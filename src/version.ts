import { readFile } from "node:fs/promises";

/** The version in our own package.json, which lies beside `src` in the sources and two folders up in `dist`. */
export async function toolVersion(): Promise<string> {
  for (const place of ["../package.json", "../../package.json"]) {
    const text = await readFile(new URL(place, import.meta.url), "utf8").catch(() => null);
    const found = text === null ? {} : (JSON.parse(text) as { name?: string; version?: string });
    if (found.name === "safe-install" && found.version !== undefined) return found.version;
  }
  return "0.0.0";
}
