import { ArtifactError, type Code, JsonError, LIMITS, type PackageRef, parseJson } from "../../../src/plugin.ts";
import { aliasesOf, binsOf, bundlesOf, type Manifest, runsAtInstall } from "../package-json.ts";
import { requirePadding, unzipped } from "./unzipped.ts";
import { Buffer } from "node:buffer";
import { posix } from "node:path";
import semver from "semver";
import { Parser, type ReadEntry } from "tar";
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

interface Archive {
  readonly manifests: readonly Buffer[];
  readonly hasGypFile: boolean;
  readonly hasShrinkwrap: boolean;
  readonly carried: ReadonlySet<string>;
}

/** Through the same parser as npm's, so that we see what npm sees. */
async function readArchive(packed: string | Buffer): Promise<Archive> {
  const manifests: Buffer[] = [];
  const carried = new Set<string>();
  let hasGypFile = false;
  let hasShrinkwrap = false;
  let unpacked = 0;
  let read = 0;
  const faults: Error[] = [];
  const parser = new Parser({ onReadEntry });
  const ended = new Promise<void>((done) => {
    for (const event of ["end", "close"]) parser.once(event, done);
    for (const event of ["error", "abort"]) parser.on(event, (error: Error) => done(void faults.push(error)));
  });
  const end = { seen: false, beyond: 0 };
  parser.on("eof", () => void (end.seen = true));
  try {
    for await (const chunk of unzipped(packed)) {
      read += chunk.length;
      if (read > LIMITS.unpackedBytes) throw tooLarge(LIMITS.unpackedBytes);
      if (faults.length > 0) break;
      // Members are consumed as they come: there is no backpressure to wait for.
      if (end.seen) requirePadding(chunk, (end.beyond += chunk.length));
      else parser.write(chunk);
    }
  } catch (error) {
    faults.push(error as Error);
  }
  if (faults.length === 0) parser.end();
  else parser.abort(faults[0] as Error);
  await ended;
  const [fault] = faults;
  if (fault instanceof ArtifactError) throw fault;
  if (fault !== undefined) throw invalid("ARCHIVE_INVALID", `not an archive that npm could unpack: ${fault.message}`);
  return { manifests, hasGypFile, hasShrinkwrap, carried };

  function onReadEntry(entry: ReadEntry): void {
    const path = unpackedPath(entry.path);
    unpacked += entry.size;
    if (unpacked > LIMITS.unpackedBytes) parser.abort(tooLarge(LIMITS.unpackedBytes));
    hasShrinkwrap ||= path === "npm-shrinkwrap.json";
    if (path.startsWith("node_modules/") && path.endsWith("/package.json"))
      carried.add(path.slice(0, -"/package.json".length));
    hasGypFile ||= path === "binding.gyp";
    // npm passes links over; one in this place would leave two readers with two answers.
    if (path === "package.json" && entry.size > LIMITS.manifestBytes) parser.abort(tooLarge(LIMITS.manifestBytes));
    if (path !== "package.json" || faults.length > 0) {
      entry.resume();
      return;
    }
    const chunks: Buffer[] = [];
    entry.on("data", (chunk) => void chunks.push(chunk));
    entry.on("end", () => void manifests.push(Buffer.concat(chunks)));
  }
}

/**
 * Where npm puts a member: one folder stripped, then relative to the package (tar `strip: 1`). Compared as file systems
 * do that know no case, no width and no trailing dots.
 */
export function unpackedPath(path: string): string {
  const stripped = path.replaceAll("\\", "/").split("/").slice(1).join("/");
  const relative = posix.normalize(`/${stripped}`).replace(/^\/+/, "");
  return relative
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .replace(/[. ]+$/, "");
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

function tooLarge(bytes: number): ArtifactError {
  return invalid("ARCHIVE_INVALID", `larger than ${bytes} bytes when unpacked`);
}

function invalid(code: Code, message: string, expected?: string, found?: string, name = "package.json"): ArtifactError {
  const details = expected === undefined || found === undefined ? [] : [{ name, expected, found }];
  return new ArtifactError({ code, message, details });
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
