import { ArtifactError, JsonError, type PackageRef, parseJson } from "../../../src/plugin.ts";
import { aliasesOf, binsOf, bundlesOf, type Manifest, runsAtInstall } from "../package-json.ts";
import { invalid, readArchive, unpackedPath } from "./archive.ts";
import type { Buffer } from "node:buffer";
import semver from "semver";
import type { Locked } from "../resolve/places.ts";

export interface Inspected {
  /** npm would run something of it at install time. */
  readonly runsScripts: boolean;
  /** Folders with a package.json of their own that it brings along in node_modules, see `unpackedPath`. */
  readonly carried: ReadonlySet<string>;
  /** Commands: name -> path, as npm links them. */
  readonly bin: ReadonlyMap<string, string>;
  /** Names of `bundleDependencies`. */
  readonly bundles: ReadonlySet<string>;
  /** Dependencies under another name: name -> real name. */
  readonly aliases: ReadonlyMap<string, string>;
}

/**
 * Reads the package.json that npm would unpack from a tarball, a file or the bytes of one, and compares it with what the
 * lock names.
 * @throws ArtifactError PACKAGE_MISMATCH or ARCHIVE_INVALID.
 */
export async function inspectArchive(packed: string | Buffer, ref: PackageRef): Promise<Inspected> {
  const { manifests, hasGypFile, hasShrinkwrap, carried } = await readArchive(packed);
  if (hasShrinkwrap)
    throw invalid("LOCK_UNSUPPORTED", "the archive brings a lockfile of its own (npm-shrinkwrap.json)");
  const [manifest] = manifests;
  if (manifest === undefined || manifests.length > 1)
    throw invalid("PACKAGE_MISMATCH", "the archive must hold exactly one package.json", "1", String(manifests.length));
  const content = parseManifest(manifest);
  const { name, version, scripts } = content;
  compare("name", ref.name, name);
  // A registry lists `v1.0.0` and `1.0.0+build` as 1.0.0.
  compare(
    "version",
    ref.version,
    typeof version === "string" ? (semver.clean(version, { loose: true }) ?? version) : version,
  );
  const runsScripts = runsAtInstall(scripts) || hasGypFile;
  const bin = binsOf(content.bin, ref.name);
  return { runsScripts, carried, bin, bundles: bundlesOf(content), aliases: aliasesOf(content) };
}

function parseManifest(content: Buffer): Manifest {
  try {
    return (parseJson(content.toString("utf8").replace(/^\uFEFF/, "")) ?? {}) as Manifest;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw invalid("PACKAGE_MISMATCH", `the archive's package.json is not strict JSON: ${error.message}`);
  }
}

function compare(what: string, expected: string, found: unknown): void {
  if (found === expected) return;
  throw invalid(
    "PACKAGE_MISMATCH",
    `the archive holds another package than the lock names`,
    expected,
    String(found),
    what,
  );
}

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
