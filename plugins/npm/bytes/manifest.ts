import { ArtifactError, JsonError, type PackageRef, parseJsonLastWins } from "../../../src/plugin.ts";
import { aliasesOf, binFolderOf, binsOf, bundlesOf, type Manifest, runsAtInstall } from "../package-json.ts";
import { licenceOf } from "../resolve/licence.ts";
import { invalid, readArchive, unpackedPath } from "./archive.ts";
import { ambiguousMember } from "./repeated.ts";
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
  /** The folder whose files are commands (`directories.bin`); null where it names them itself. */
  readonly binFolder: string | null;
  /** Of the files and folders that were asked for, those that it has, see `unpackedPath`. */
  readonly files: ReadonlySet<string>;
  /** Names of `bundleDependencies`. */
  readonly bundles: ReadonlySet<string>;
  /** Dependencies under another name: name -> real name. */
  readonly aliases: ReadonlyMap<string, string>;
  /** In its own words; null where it says none. */
  readonly licence: string | null;
}

/**
 * Reads the package.json that npm would unpack from a tarball, a file or the bytes of one, and compares it with what the
 * lock names.
 * @param sought files that somebody says are in it
 * @throws ArtifactError PACKAGE_MISMATCH or ARCHIVE_INVALID.
 */
export async function inspectArchive(
  packed: string | Buffer,
  ref: PackageRef,
  sought: readonly string[] = [],
): Promise<Inspected> {
  const { manifests, hasGypFile, hasShrinkwrap, carried, files } = await readArchive(
    packed,
    new Set(sought.map((path) => unpackedPath(`package/${path}`))),
  );
  if (hasShrinkwrap)
    throw invalid(
      "LOCK_IN_PACKAGE",
      "it brings its own lock (npm-shrinkwrap.json), which decides what is installed below it",
    );
  const content = manifestIn(manifests);
  const { name, version, scripts } = content;
  compare("name", ref.name, name);
  // A registry lists `v1.0.0` and `1.0.0+build` as 1.0.0.
  compare(
    "version",
    ref.version,
    typeof version === "string" && version !== ref.version
      ? (semver.clean(version, { loose: true }) ?? version)
      : version,
  );
  const runsScripts = runsAtInstall(scripts) || hasGypFile;
  const bin = binsOf(content.bin, ref.name);
  const binFolder = binFolderOf(content);
  const [bundles, aliases, licence] = [bundlesOf(content), aliasesOf(content), licenceOf(content)];
  return { runsScripts, carried, bin, binFolder, files, bundles, aliases, licence };
}

/** The one package.json of an archive. @throws ArtifactError PACKAGE_MISMATCH */
export function manifestIn(manifests: readonly Buffer[]): Manifest {
  const [manifest] = manifests;
  if (manifest === undefined || manifests.length > 1)
    throw invalid("PACKAGE_MISMATCH", "the archive must hold exactly one package.json", "1", String(manifests.length));
  return parseManifest(manifest);
}

function parseManifest(content: Buffer): Manifest {
  const text = content.toString("utf8").replace(/^\uFEFF/, "");
  try {
    const { value, repeats } = parseJsonLastWins(text);
    const member = repeats ? ambiguousMember(text) : null;
    if (member === null) return (value ?? {}) as Manifest;
    throw invalid("PACKAGE_MISMATCH", `the archive's package.json has "${member}" twice, and not alike`);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw invalid("PACKAGE_MISMATCH", `the archive's package.json is no JSON: ${error.message}`);
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
export function compareClaims({ package: ref, places }: Locked, inspected: Inspected): void {
  const { carried, bundles, bin, aliases } = inspected;
  for (const { location, carries = [], bin: claimed, aliases: asked = new Map<string, string>() } of places) {
    const absent = carries.find((folder) => bundles.size === 0 || !carried.has(unpackedPath(`package/${folder}`)));
    if (absent !== undefined) throw contradicts(ref.purl, "bundled", `${location}/${absent}`, "not in the archive");
    for (const [name, path] of binsOf(claimed, ref.name)) {
      const found = bin.get(name);
      if (found !== path && !isInBinFolder(name, path, inspected))
        throw contradicts(ref.purl, `bin ${name}`, path, found ?? "not in the archive");
    }
    for (const [name, real] of asked) {
      const found = aliases.get(name);
      if (found !== real) throw contradicts(ref.purl, `alias ${name}`, real, found ?? "not in the archive");
    }
  }
}

/** Files whose being in the archive the lock's commands rest on. */
export function claimedFiles({ package: ref, places }: Locked): readonly string[] {
  return places.flatMap(({ bin }) => [...binsOf(bin, ref.name).values()]);
}

/** As npm expands `directories.bin`: every file and folder below it that is not hidden is a command of its own name. */
function isInBinFolder(name: string, path: string, { binFolder, files }: Inspected): boolean {
  if (binFolder === null || !path.startsWith(`${binFolder}/`)) return false;
  const below = path.slice(binFolder.length + 1).split("/");
  const isHidden = below.some((segment) => segment.startsWith("."));
  return !isHidden && below.at(-1) === name && files.has(unpackedPath(`package/${path}`));
}

function contradicts(location: string, name: string, expected: string, found: string): ArtifactError {
  const message = "the lock says something of this package that its archive does not say";
  const hint = "npm install --package-lock-only --ignore-scripts";
  const details = [{ name, expected, found }];
  return new ArtifactError({ code: "PACKAGE_MISMATCH", message, details, location, hint });
}
