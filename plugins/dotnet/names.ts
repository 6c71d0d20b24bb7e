import type { PackageRef } from "../../src/plugin.ts";

/** What NuGet's registries admit as an id (ASCII); anything else is not looked up. */
const ID = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?$/;

const VERSION =
  /^(\d{1,10})(?:\.(\d{1,10}))?(?:\.(\d{1,10}))?(?:\.(\d{1,10}))?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * A version in NuGet's normal form: no leading zeros, three numbers, a fourth only where it is not zero, no build
 * metadata (learn.microsoft.com, "Package versioning", normalized version numbers). Null where it is none.
 */
export function normalVersion(text: string): string | null {
  const [match, ...parts] = VERSION.exec(text.trim()) ?? [];
  if (match === undefined) return null;
  const [major, minor, patch, revision] = parts.slice(0, 4).map((part) => String(Number(part ?? 0)));
  return `${major}.${minor}.${patch}${revision === "0" ? "" : `.${revision}`}${parts[4] ?? ""}`;
}

/** The package under its own spelling; null where id or version is none that NuGet admits. */
export function refOf(id: string, version: string): PackageRef | null {
  const normal = normalVersion(version);
  if (normal === null || !ID.test(id)) return null;
  const purl = `pkg:nuget/${id}@${encodeURIComponent(normal)}`;
  return { ecosystem: "nuget", name: id, version: normal, purl };
}

/** Equal for what NuGet holds for the same package: ids and versions are compared without regard to ASCII case. */
export function packageKey({ name, version }: Pick<PackageRef, "name" | "version">): string {
  return `${lower(name)}/${lower(version)}`;
}

/** The file name of a package, as the flat container and a packages folder spell it. */
export function fileName(ref: Pick<PackageRef, "name" | "version">): string {
  return `${lower(ref.name)}.${lower(ref.version)}.nupkg`;
}

export function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
