import { LIMITS } from "../../../src/plugin.ts";
import { lower } from "../names.ts";
import { type CentralEntry, readZip, ZipFault } from "../zip.ts";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";

/**
 * How the files that were unpacked from a package differ from those that are in it: each is compared with its own content, and
 * there is none beside them. Empty: they do not.
 * @param place the package's folder in a packages folder, as NuGet lays it out (NuGet.Packaging, PackageExtractor)
 */
export async function compareUnpacked(place: string, nupkg: Buffer): Promise<readonly string[]> {
  const entries = entriesOf(nupkg);
  if (entries === null) return ["cannot be read"];
  const own = new Set([".nupkg.metadata", ...ownNames(place)]);
  const left = new Map(entries.filter(({ name }) => isUnpacked(name)).map((one) => [keyOf(one), one]));
  const differences: string[] = [];
  for (const name of namesBelow(place)) {
    if (own.has(name)) continue;
    const named = entries.filter((one) => keyOf(one) === lower(name) || (name === nuspecOf(place) && isNuspec(one)));
    // What another reader may call otherwise is known by its content.
    const like = named.length > 0 ? named : entries.filter(isOdd);
    for (const one of named) left.delete(keyOf(one));
    const found = await readFile(join(place, name)).catch(() => null);
    // A tool's lies beside it a second time.
    if (/^[^/]+\.nupkg$/.test(name) && found?.equals(nupkg) === true) continue;
    if (found === null || !(await holds(found, like, nupkg))) differences.push(`${name} is not what the package holds`);
  }
  const missing = [...left.values()].filter((one) => !isOdd(one) && !MAY_BE_LEFT.test(one.name));
  return [...differences, ...missing.map(({ name }) => `${name} is missing`)];
}

/** The same of what we unpacked ourselves: what it came to then. */
export function compareLaid(place: string, laid: ReadonlyMap<string, string>): readonly string[] {
  const left = new Map(laid);
  const differences: string[] = [];
  for (const name of namesBelow(place)) {
    const expected = left.get(name);
    left.delete(name);
    if (expected === undefined || sha256(readFileSync(join(place, name))) !== expected)
      differences.push(`${name} is not what the package holds`);
  }
  return [...differences, ...[...left.keys()].map((name) => `${name} is missing`)];
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Documentation, where the user wants none unpacked (NUGET_XMLDOC_MODE); what belongs to packing, in whatever folder; and
 * another package at the root (NuGet.Packaging, PackageExtractor.ShouldInclude).
 */
const MAY_BE_LEFT = /\.xml$|(?:^|\/)\.rels$|\.psmdcp$|^[^/]+\.nupkg$/i;

function entriesOf(nupkg: Buffer): readonly CentralEntry[] | null {
  try {
    return readZip(nupkg).entries;
  } catch (error) {
    if (error instanceof ZipFault) return null;
    throw error;
  }
}

/** The package itself and its hash. */
function ownNames(place: string): readonly string[] {
  const [id, version] = [basename(dirname(place)), basename(place)];
  return [`${id}.${version}.nupkg`, `${id}.${version}.nupkg.sha512`];
}

/** Whatever its name is in the package. */
function nuspecOf(place: string): string {
  return `${basename(dirname(place))}.nuspec`;
}

function isNuspec({ name }: CentralEntry): boolean {
  return /^[^/]+\.nuspec$/i.test(name);
}

/** NuGet.Packaging, PackageHelper.IsPackageFile. */
function isUnpacked(name: string): boolean {
  return !/\/$|^(?:_rels|package)[\\/]|^\[Content_Types\]\.xml|\.nupkg\.(?:sha512|metadata)$/i.test(name);
}

function keyOf({ name }: CentralEntry): string {
  return lower(name);
}

/** NuGet decodes these, and there is more than one way to. */
function isOdd({ name }: CentralEntry): boolean {
  return /[^ -~]|[%\\]/.test(name);
}

async function holds(found: Buffer, like: readonly CentralEntry[], nupkg: Buffer): Promise<boolean> {
  for (const one of like) if (one.size === found.length && (await contentOf(one, nupkg))?.equals(found)) return true;
  return false;
}

const inflate = promisify(inflateRaw);

async function contentOf({ method, data, compressedSize, size }: CentralEntry, nupkg: Buffer): Promise<Buffer | null> {
  const packed = nupkg.subarray(data, data + compressedSize);
  if (method === 0) return packed;
  if (size > LIMITS.artifactBytes) return null;
  return inflate(packed, { maxOutputLength: Math.max(size, 1) }).catch(() => null);
}

/** With `/`; whatever is no folder is one, links too. */
function namesBelow(place: string, below = ""): readonly string[] {
  const entries = readdirSync(join(place, below), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? namesBelow(place, name) : [entry.isFile() ? name : `${name} (a link)`];
  });
}
