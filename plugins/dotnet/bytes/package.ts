import {
  ArtifactError,
  type Bytes,
  type Code,
  type Digest,
  digestOf,
  LIMITS,
  type PackageRef,
} from "../../../src/plugin.ts";
import { lower, normalVersion, refOf } from "../names.ts";
import { type Nupkg, hashes } from "./archive.ts";
import { strip, stripSignature } from "./strip.ts";
import { attribute, children, parseRoot, type XmlElement, XmlFault } from "../xml.ts";
import { type CentralEntry, dataOf, readZip, ZipFault } from "../zip.ts";

/** A package whose bytes were read, taken apart and found to be the package asked for. */
export interface OpenedPackage {
  /** Of the package without NuGet's signature; its SHA-512 is NuGet's contentHash. */
  readonly digests: readonly Digest[];
  /** Of the file as it came; the same where it is unsigned. */
  readonly rawDigests: readonly Digest[];
  readonly signature: Buffer | null;
  /** It holds files that MSBuild imports, or that the compiler loads, in every project that references it. */
  readonly runsInBuild: boolean;
  /** An SPDX expression in the nuspec's own words; null where it has none. */
  readonly licence: string | null;
}

/**
 * Takes a package apart and binds it to the id and version that were asked for. A hash that the lock states must be
 * that of the content. @throws ArtifactError
 */
export function openPackage(raw: Nupkg, ref: PackageRef, stated: readonly Digest[], location: string): OpenedPackage {
  try {
    const { content, signature } = strip(raw);
    const digests = digestsOf(content);
    requireStated(digests, stated, location);
    const identity = readIdentity(content);
    requireIdentity(identity, ref, location);
    const rawDigests = signature === null ? digests : digestsOf(raw);
    const runsInBuild = readZip(content).entries.some(isRunInBuild);
    return { digests, rawDigests, signature, runsInBuild, licence: identity.licence };
  } catch (error) {
    if (error instanceof ZipFault || error instanceof XmlFault)
      throw refuse("ARCHIVE_INVALID", `not a package that can be proven: ${error.message}`, location);
    throw error;
  }
}

/** learn.microsoft.com, "MSBuild .props and .targets in a package", and "Analyzer NuGet formats". */
function isRunInBuild({ name }: CentralEntry): boolean {
  return /^(?:build|buildTransitive|buildMultiTargeting)\/.+\.(?:props|targets)$|^analyzers\/.+\.dll$/i.test(name);
}

/** Names of the two forms, for reports. */
export const CONTENT = "content, without NuGet's signature";
const AS_PUBLISHED = "file as published, with NuGet's signature";

/** The countersignature was written into the author's: the file from between is nowhere any more. */
const COUNTERSIGNED =
  "the package was author-signed and then countersigned by a registry: what was attested in between cannot be rebuilt; attest before signing";

/** What a package is judged and handed over as: its content; the file as it came is another form of it. */
export function bytesOf(opened: OpenedPackage, readRaw: () => Promise<Buffer>): Bytes {
  const { digests, rawDigests, signature } = opened;
  if (signature === null) return { digests, read: readRaw };
  const read = async () => stripSignature(await readRaw()).content;
  const forms = [{ name: AS_PUBLISHED, digests: rawDigests, read: readRaw }];
  return { digests, read, forms, ...(kindsIn(signature).length === 2 ? { mismatchHint: COUNTERSIGNED } : {}) };
}

/**
 * Which signatures a package seems to carry, by the commitment types that occur in it (RFC 5126, 5.11.1): proof of
 * origin is an author's, proof of receipt a repository's. A hint about where to look, nothing more.
 */
export function kindsIn(signature: Buffer): readonly ("author" | "repository")[] {
  const has = (last: number) => signature.includes(Buffer.from([...COMMITMENT, last]));
  return [...(has(1) ? (["author"] as const) : []), ...(has(2) ? (["repository"] as const) : [])];
}

/** 1.2.840.113549.1.9.16.6 in DER, with tag and length. */
const COMMITMENT = [0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06];

const ALGORITHMS = ["sha256", "sha512"] as const;

function digestsOf(archive: Nupkg): readonly Digest[] {
  const found = hashes(archive, ALGORITHMS);
  return ALGORITHMS.flatMap((algorithm, n) => digestOf(algorithm, found[n] ?? "") ?? []);
}

function requireStated(found: readonly Digest[], stated: readonly Digest[], location: string): void {
  for (const { algorithm, hex } of stated) {
    const other = found.find((one) => one.algorithm === algorithm);
    if (other === undefined || other.hex === hex) continue;
    const details = [{ name: algorithm, expected: hex, found: other.hex }];
    throw new ArtifactError({
      code: "INTEGRITY_MISMATCH",
      message: "the package's content does not hash to the lock's contentHash",
      details,
      location,
      hint: "find out who changed the package or the lock; `dotnet restore --force-evaluate` writes a new lock",
    });
  }
}

function requireIdentity(found: Identity, ref: PackageRef, location: string): void {
  const same = lower(found.id) === lower(ref.name) && lower(normalVersion(found.version) ?? "") === lower(ref.version);
  if (same) return;
  const details = [{ name: "package", expected: `${ref.name} ${ref.version}`, found: `${found.id} ${found.version}` }];
  throw new ArtifactError({
    code: "PACKAGE_MISMATCH",
    message: "the package inside the archive has another id or version",
    details,
    location,
    hint: "the feed answers with another package than it was asked for; ask who runs it",
  });
}

function refuse(code: Code, message: string, location: string): ArtifactError {
  return new ArtifactError({ code, message, details: [], location });
}

/** The package that the archive itself says it is. @throws ArtifactError */
export function packageIn(raw: Nupkg, location: string): PackageRef {
  try {
    const { id, version } = readIdentity(strip(raw).content);
    const ref = refOf(id, version);
    if (ref === null) throw refuse("PACKAGE_MISMATCH", `NuGet admits no package ${id} ${version}`, location);
    return ref;
  } catch (error) {
    if (error instanceof ZipFault || error instanceof XmlFault)
      throw refuse("ARCHIVE_INVALID", `not a package that can be proven: ${error.message}`, location);
    throw error;
  }
}

/** What a package says it is. */
interface Identity {
  readonly id: string;
  readonly version: string;
  readonly licence: string | null;
}

const AT_ROOT = /^[^/\\]+\.nuspec$/i;

/** Reads id and version from the one nuspec at the package's root. @throws ZipFault, XmlFault */
export function readIdentity(content: Nupkg): Identity {
  const metadata = only(children(parseRoot(readNuspec(content).toString("utf8")), "metadata"), "<metadata>");
  return { id: textOf(metadata, "id"), version: textOf(metadata, "version"), licence: licenceOf(metadata) };
}

/** A file or an address names no licence. */
function licenceOf(metadata: XmlElement): string | null {
  const [stated, ...others] = children(metadata, "license");
  if (stated === undefined || others.length > 0 || attribute(stated, "type") !== "expression") return null;
  return stated.text.trim() || null;
}

/**
 * What of a package that is unpacked a restore chooses by: the text of the one nuspec, and which packages its runtimes need
 * beside (NuGet.RuntimeModel); null where it says none. @throws ZipFault
 */
export function chosenBy(raw: Nupkg): { readonly nuspec: Buffer; readonly runtimes: Buffer | null } {
  const { content } = strip(raw);
  const found = readZip(content).entries.find(({ name }) => unescaped(name) === RUNTIMES);
  const runtimes = found === undefined ? null : dataOf(found, content, LIMITS.manifestBytes);
  return { nuspec: readNuspec(content), runtimes };
}

/** NuGet.RuntimeModel, RuntimeGraph.RuntimeGraphFileName. */
export const RUNTIMES = "runtime.json";

/** NuGet takes the one at the root whose name ends in .nuspec, whatever its case; two would be two packages. */
function readNuspec(content: Nupkg): Buffer {
  const found = readZip(content).entries.filter(({ name }) => AT_ROOT.test(name) || AT_ROOT.test(unescaped(name)));
  if (found.length !== 1) throw new ZipFault(`${found.length} files at the root are named *.nuspec`);
  return dataOf(found[0]!, content, LIMITS.manifestBytes);
}

/** NuGet reads percent-encoded names: what is the nuspec to either reader counts. */
function unescaped(name: string): string {
  return name.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function textOf(metadata: XmlElement, name: string): string {
  return only(children(metadata, name), `<${name}>`).text.trim();
}

function only(found: readonly XmlElement[], what: string): XmlElement {
  const [one] = found;
  if (one === undefined || found.length > 1) throw new XmlFault(`the nuspec has ${found.length} of ${what}`);
  return one;
}
