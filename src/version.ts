import { readFile } from "node:fs/promises";

/** The version in our own package.json, which lies beside `src` in the sources and two folders up in `dist`. */
export async function toolVersion(): Promise<string> {
  return (await ownPackage()).version ?? "0.0.0";
}

/** Where our documents lie, without a slash at the end; null as long as package.json names no homepage. */
export async function toolHomepage(): Promise<string | null> {
  const { homepage } = await ownPackage();
  return homepage === undefined ? null : homepage.replace(/(?:#.*|\/)$/, "");
}

interface OwnPackage {
  readonly name?: string;
  readonly version?: string;
  readonly homepage?: string;
}

async function ownPackage(): Promise<OwnPackage> {
  for (const place of ["../package.json", "../../package.json"]) {
    const text = await readFile(new URL(place, import.meta.url), "utf8").catch(() => null);
    const found = text === null ? {} : (JSON.parse(text) as OwnPackage);
    if (found.name === "safe-install") return found;
  }
  return {};
}
