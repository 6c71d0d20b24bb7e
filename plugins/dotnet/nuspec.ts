import { LIMITS } from "../../src/plugin.ts";
import { children, parseRoot, type XmlElement, XmlFault } from "./xml.ts";
import { type Entry, readZip, ZipFault } from "./zip.ts";
import { inflateRawSync } from "node:zlib";

/** What a package says it is. */
export interface Identity {
  readonly id: string;
  readonly version: string;
}

const AT_ROOT = /^[^/\\]+\.nuspec$/i;

/** Reads id and version from the one nuspec at the package's root. @throws ZipFault, XmlFault */
export function readIdentity(content: Buffer): Identity {
  const metadata = only(children(parseRoot(readNuspec(content)), "metadata"), "<metadata>");
  return { id: textOf(metadata, "id"), version: textOf(metadata, "version") };
}

/** NuGet takes the one at the root whose name ends in .nuspec, whatever its case; two would be two packages. */
function readNuspec(content: Buffer): string {
  const found = readZip(content).entries.filter(({ name }) => AT_ROOT.test(name));
  if (found.length !== 1) throw new ZipFault(`${found.length} files at the root are named *.nuspec`);
  return dataOf(found[0]!, content).toString("utf8");
}

function dataOf({ method, data, compressedSize, size }: Entry, content: Buffer): Buffer {
  const packed = content.subarray(data, data + compressedSize);
  if (size > LIMITS.manifestBytes) throw new ZipFault("the nuspec is larger than any nuspec");
  if (method === 0 && compressedSize === size) return packed;
  if (method !== 8) throw new ZipFault("the nuspec is packed in an unknown way");
  const unpacked = inflate(packed, size);
  if (unpacked.length !== size) throw new ZipFault("the nuspec has another size than stated");
  return unpacked;
}

function inflate(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw new ZipFault("the nuspec cannot be unpacked");
  }
}

function textOf(metadata: XmlElement, name: string): string {
  return only(children(metadata, name), `<${name}>`).text.trim();
}

function only(found: readonly XmlElement[], what: string): XmlElement {
  const [one] = found;
  if (one === undefined || found.length > 1) throw new XmlFault(`the nuspec has ${found.length} of ${what}`);
  return one;
}
