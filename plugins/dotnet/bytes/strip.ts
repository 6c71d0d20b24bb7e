import { LIMITS } from "../../../src/plugin.ts";
import { type Nupkg, joined, part } from "./archive.ts";
import { type CentralEntry, readZip, type Zip, ZipFault } from "../zip.ts";

/** A package and NuGet's signature of it, taken apart. */
interface Stripped<Content = Nupkg> {
  /** The package as it was before NuGet added the signature; for an unsigned package the bytes themselves. */
  readonly content: Content;
  /** The signature (CMS SignedData, DER); null for an unsigned package. */
  readonly signature: Buffer | null;
}

/** NuGet's name for the entry; the comparison is byte for byte (NuGet.Packaging, SigningSpecificationsV1). */
const SIGNATURE = ".signature.p7s";
const UTF8_NAME = 0x800;
const LOCAL_LENGTH = 30;

/**
 * Undoes what signing did to a package. NuGet writes the signature as one more stored entry behind all others and
 * corrects four numbers of the end record (SignedPackageArchiveIOUtility.WriteSignatureIntoZip), so that taking it out
 * gives back the exact bytes that were signed. An archive in which the entry is anything but that is refused.
 * @throws ZipFault
 */
export function strip(archive: Nupkg): Stripped {
  const zip = readZip(archive);
  const entry = signatureOf(zip);
  if (entry === null) return { content: archive, signature: null };
  requireAppended(entry, zip);
  if (entry.size > LIMITS.manifestBytes) throw new ZipFault("the signature is too large");
  const signature = Buffer.from(archive.subarray(entry.data, entry.data + entry.size));
  return { content: without(archive, entry, zip), signature };
}

/** The same of bytes that are held. @throws ZipFault */
export function stripSignature(bytes: Buffer): Stripped<Buffer> {
  const { content, signature } = strip(bytes);
  return { content: content.subarray(0), signature };
}

function signatureOf({ entries }: Zip): CentralEntry | null {
  const found = entries.filter(({ name }) => name === SIGNATURE);
  if (found.length > 1) throw new ZipFault("two signature entries");
  return found[0] ?? null;
}

/** Stricter than NuGet: no freedom is left in where or how the entry is stored. */
function requireAppended(entry: CentralEntry, { entries, directory }: Zip): void {
  const { flags, method, compressedSize, size, externalAttributes, extras, local } = entry;
  if (flags & UTF8_NAME) throw new ZipFault("the signature entry's name is marked as UTF-8: not one that NuGet reads");
  if (flags !== 0 || method !== 0 || compressedSize !== size || externalAttributes !== 0)
    throw new ZipFault("the signature entry is not stored as NuGet stores it");
  if (extras !== 0 || local.length !== LOCAL_LENGTH + SIGNATURE.length + size)
    throw new ZipFault("the signature entry carries extra data");
  if (entries.at(-1) !== entry || local.at + local.length !== directory)
    throw new ZipFault("the signature entry is not the last one");
}

/** Removes both headers and the data, and takes them out of the end record's numbers (APPNOTE 4.3.16). */
function without(archive: Nupkg, { local, central }: CentralEntry, { end }: Zip): Nupkg {
  const before = part(archive, 0, local.at);
  const directory = part(archive, local.at + local.length, central.at);
  const record = Buffer.from(archive.subarray(end));
  record.writeUInt16LE(record.readUInt16LE(8) - 1, 8);
  record.writeUInt16LE(record.readUInt16LE(10) - 1, 10);
  record.writeUInt32LE(record.readUInt32LE(12) - central.length, 12);
  record.writeUInt32LE(record.readUInt32LE(16) - local.length, 16);
  return joined([before, directory, record]);
}
