import { ArtifactError } from "../../src/plugin.ts";
import { type Inspected, unpackedPath } from "./manifest.ts";
import { binsOf } from "./package-json.ts";
import type { Locked } from "./places.ts";

/**
 * What the lock says of a package and npm acts on must be what its archive says: commands, aliases, and what it brings along.
 * @throws ArtifactError PACKAGE_MISMATCH
 */
export function compareClaims({ package: ref, places }: Locked, { carried, bundles, bin, aliases }: Inspected): void {
  for (const { location, carries = [], bin: claimed, aliases: asked = new Map<string, string>() } of places) {
    const absent = carries.find((folder) => bundles.size === 0 || !carried.has(unpackedPath(`package/${folder}`)));
    if (absent !== undefined) throw contradicts(ref.purl, "bundled", `${location}/${absent}`, "not in the archive");
    for (const [name, path] of binsOf(claimed, ref.name)) {
      const found = bin.get(name);
      if (found !== path) throw contradicts(ref.purl, `bin ${name}`, path, found ?? "not in the archive");
    }
    for (const [name, real] of asked) {
      const found = aliases.get(name);
      if (found !== real) throw contradicts(ref.purl, `alias ${name}`, real, found ?? "not in the archive");
    }
  }
}

function contradicts(location: string, name: string, expected: string, found: string): ArtifactError {
  const message = "the lock says something of this package that its archive does not say";
  const hint = "npm install --package-lock-only --ignore-scripts";
  const details = [{ name, expected, found }];
  return new ArtifactError({ code: "PACKAGE_MISMATCH", message, details, location, hint });
}
