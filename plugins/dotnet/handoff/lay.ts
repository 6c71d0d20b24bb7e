import { type Host, LIMITS, type PackageRef } from "../../../src/plugin.ts";
import { fileName, lower, packageKey } from "../names.ts";
import { type CentralEntry, dataOf, readZip, ZipFault } from "../zip.ts";
import { createHash } from "node:crypto";
import { closeSync, fchmodSync, futimesSync, mkdirSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** By `packageKey`, what was laid of a package: each file's SHA-256, as hex, by its path in the package's folder, with `/`. */
export type Laid = ReadonlyMap<string, ReadonlyMap<string, string>>;

interface Lay {
  /** An empty packages folder. */
  readonly into: string;
  /** Of proven packages. */
  readonly feed: string;
  /** By `packageKey`, the SHA-512 of what was proven, as hex. */
  readonly hashes: ReadonlyMap<string, string>;
}

/**
 * Unpacks proven packages as NuGet would (NuGet.Packaging, PackageExtractor), which then finds them there: to unpack them takes
 * dotnet as long as all the rest of a restore. A package that is at all unusual is left to NuGet, which has it in the feed.
 */
export async function layPackages(
  packages: readonly PackageRef[],
  { into, feed, hashes }: Lay,
  { env, signal }: Pick<Host, "env" | "signal">,
): Promise<Laid> {
  const laid = new Map<string, ReadonlyMap<string, string>>();
  // NuGet leaves documentation out of what it unpacks.
  if (/^skip$/i.test(env["NUGET_XMLDOC_MODE"] ?? "")) return laid;
  for (const ref of packages) {
    // While one is unpacked nothing else is heard: in between somebody may want us to stop.
    const nupkg = await readFile(join(feed, fileName(ref)));
    signal.throwIfAborted();
    const sha512 = createHash("sha512").update(nupkg).digest();
    const files = sha512.toString("hex") === hashes.get(packageKey(ref)) ? unpackedFrom(nupkg, ref) : null;
    if (files === null) continue;
    const hash = sha512.toString("base64");
    const metadata = JSON.stringify({ version: 2, contentHash: hash, source: feed }, null, 2);
    const contents = [nupkg, Buffer.from(hash), Buffer.from(metadata)] as const;
    const own = besides(ref).map((path, at) => ({ path, content: contents[at] ?? nupkg }));
    laid.set(packageKey(ref), writeAll([...files, ...own], join(into, lower(ref.name), lower(ref.version))));
  }
  return laid;
}

/** What NuGet writes beside a package's files: the package, its hash, and last what it looks for first (NuGet.Packaging, NupkgMetadataFile). */
function besides(ref: PackageRef): readonly string[] {
  return [fileName(ref), `${fileName(ref)}.sha512`, ".nupkg.metadata"];
}

interface File {
  /** With `/`. */
  readonly path: string;
  readonly content: Buffer;
  /** Of a file of the package; seconds since 1970. */
  readonly changed?: number;
}

/** Null: it is left to NuGet. */
function unpackedFrom(nupkg: Buffer, ref: PackageRef): readonly File[] | null {
  try {
    const { entries } = readZip(nupkg);
    const size = entries.reduce((sum, one) => sum + one.size, nupkg.length);
    const nuspecs = entries.filter(({ name }) => /^[^/]+\.nuspec$/i.test(name));
    if (size > LIMITS.laidBytes || nuspecs.length !== 1 || !entries.every(isUsual)) return null;
    const files = entries
      .filter((one) => !isLeftOut(one))
      .map((entry) => {
        const path = entry === nuspecs[0] ? `${lower(ref.name)}.nuspec` : entry.name;
        return { path, content: dataOf(entry, nupkg, LIMITS.laidBytes), changed: changedAt(nupkg, entry) };
      });
    return haveEachTheirPlace([...besides(ref), ...files.map(({ path }) => lower(path))]) ? files : null;
  } catch (error) {
    if (error instanceof ZipFault) return null;
    throw error;
  }
}

/** A file of which every reader knows the name, and which NuGet unpacks, or leaves out, under no conditions. */
function isUsual(entry: CentralEntry): boolean {
  const { name } = entry;
  const isPlain = name.length <= 1000 && /^[\w .,;=@[\]{}()^~#$&+!'/-]+$/.test(name);
  const isPlaced = !name.split("/").some((part) => /^\.{0,2}$|^ |[ .]$|^.{200}/.test(part));
  return (
    isPlain && isPlaced && (isLeftOut(entry) || !OF_PACKING.test(name)) && !/^[^/]+\.(?:metadata|sha512)$/i.test(name)
  );
}

/** What belongs to packing (NuGet.Packaging, PackageExtractor.ShouldInclude). */
function isLeftOut({ name }: CentralEntry): boolean {
  return /(?:^|\/)(?:\.rels|\[Content_Types\]\.xml)$|\.psmdcp$/.test(name);
}

const OF_PACKING = /\.rels$|\[content_types\]\.xml$|\.psmdcp$|\.nupkg$/i;

/** None is another one's, or lies below another one, also where a file system does not tell letters by their case. */
function haveEachTheirPlace(paths: readonly string[]): boolean {
  const all = new Set(paths);
  return all.size === paths.length && !paths.some((one) => foldersOf(one).some((folder) => all.has(folder)));
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** The time of a zip file is that of the clock on the wall (APPNOTE 4.4.6); what is none is the first one that there is. */
function changedAt(nupkg: Buffer, { central }: CentralEntry): number {
  const [time, date] = [nupkg.readUInt16LE(central.at + 12), nupkg.readUInt16LE(central.at + 14)];
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  const at = new Date(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
  const isOne = at.getMonth() === month - 1 && at.getDate() === day && at.getHours() === time >> 11;
  return (isOne ? at : new Date(1980, 0, 1)).getTime() / 1000;
}

function writeAll(files: readonly File[], place: string): ReadonlyMap<string, string> {
  const now = Date.now() / 1000;
  for (const folder of new Set(files.map(({ path }) => dirname(join(place, path)))))
    mkdirSync(folder, { recursive: true });
  return new Map(
    files.map(({ path, content, changed }) => {
      const file = openSync(join(place, path), "wx", 0o666);
      try {
        for (let done = 0; done < content.length;) done += writeSync(file, content, done);
        // As NuGet has it for what is in a package, but not for what it writes beside.
        if (changed !== undefined) fchmodSync(file, 0o766 & ~process.umask());
        if (changed !== undefined && changed <= now) futimesSync(file, changed, changed);
      } finally {
        closeSync(file);
      }
      return [path, createHash("sha256").update(content).digest("hex")] as const;
    }),
  );
}
