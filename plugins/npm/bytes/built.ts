import type { BuiltFile, BuiltPackage } from "../../../src/plugin.ts";
import { runsAtInstall } from "../package-json.ts";
import { packedName, refNamed } from "../resolve/places.ts";
import { invalid, readArchive } from "./archive.ts";
import { manifestIn } from "./manifest.ts";
import { readFile } from "node:fs/promises";
import semver from "semver";

/**
 * A tarball of `npm pack`. A registry takes name and version from its package.json; what the file is called is nobody's word.
 * @throws ArtifactError PACKAGE_MISMATCH, ARCHIVE_INVALID
 */
export async function readBuilt({ file, digests }: BuiltFile): Promise<BuiltPackage> {
  const { manifests, hasGypFile } = await readArchive(file);
  const { name, version, scripts } = manifestIn(manifests);
  const ref = refNamed(textOf(name), normal(textOf(version)));
  if (ref === null)
    throw invalid("PACKAGE_MISMATCH", `package.json names no package: ${String(name)} ${String(version)}`);
  return {
    package: ref,
    bytes: { digests, read: () => readFile(file) },
    subjectNames: [ref.purl, packedName(ref)],
    runsScripts: runsAtInstall(scripts) || hasGypFile,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A registry lists `v1.0.0` and `1.0.0+build` as 1.0.0. */
function normal(version: string | null): string | null {
  return version === null ? null : semver.clean(version, { loose: true });
}
