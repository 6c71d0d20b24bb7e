import { LIMITS } from "../../limits.ts";
import { hasZip64, otherName } from "./extra.ts";
import type { Span } from "./span.ts";

/** Not an archive of which every byte can be accounted for. Becomes ARCHIVE_INVALID. */
export class ZipFault extends Error {}

/** One entry as its central directory header states it; the local header says the same. Offsets and sizes in bytes. */
export interface CentralEntry {
  /** The name's bytes, one character each (latin1): compared, never shown as text. */
  readonly name: string;
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly externalAttributes: number;
  /** Where header and data begin, and how long both are. */
  readonly local: Extent;
  /** Where the data begin. */
  readonly data: number;
  /** The central directory header. */
  readonly central: Extent;
  /** Length of extra field and comment, both headers together. */
  readonly extras: number;
}

interface Extent {
  readonly at: number;
  readonly length: number;
}

export interface Zip {
  /** In the order of the central directory. */
  readonly entries: readonly CentralEntry[];
  /** Where the central directory begins. */
  readonly directory: number;
  /** Where the end record begins. */
  readonly end: number;
}

/**
 * Reads a zip file's structure (APPNOTE 6.3.10, 4.3) as strictly as its grammar allows: the entries lie end to end from
 * byte 0, the central directory follows at once, the end record follows that, and nothing else is in the file.
 * zip64, several disks and encryption are refused. A file's directory alone is held.
 * @throws ZipFault
 */
export function readZip(archive: Span): Zip {
  const end = findEnd(archive);
  const { count, directory } = readEnd(archive, end);
  const entries = readDirectory(archive, directory, end);
  if (entries.length !== count) fail(`the end record counts ${count} entries, there are ${entries.length}`);
  requireEndToEnd(entries, directory);
  return { entries, directory, end };
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LOCATOR64 = 0x07064b50;
const DESCRIPTOR = 0x08074b50;
const END_LENGTH = 22;
const CENTRAL_LENGTH = 46;
const LOCAL_LENGTH = 30;
const LOCATOR64_LENGTH = 20;

/** The last end record, as NuGet finds it; its comment reaches to the end of the file. */
function findEnd(archive: Span): number {
  const from = Math.max(0, archive.length - END_LENGTH - 0xffff);
  const bytes = archive.subarray(from);
  for (let at = bytes.length - END_LENGTH; at >= 0; at--) {
    if (bytes.readUInt32LE(at) !== END) continue;
    if (at + END_LENGTH + bytes.readUInt16LE(at + 20) === bytes.length) return from + at;
    return fail("something follows the end record");
  }
  return fail("there is no end record");
}

function readEnd(archive: Span, end: number): { readonly count: number; readonly directory: number } {
  const bytes = archive.subarray(end, end + END_LENGTH);
  const [disk, start, onDisk, count] = [4, 6, 8, 10].map((at) => bytes.readUInt16LE(at));
  const size = bytes.readUInt32LE(12);
  const directory = bytes.readUInt32LE(16);
  const locator = end - LOCATOR64_LENGTH;
  const has64 = locator >= 0 && archive.subarray(locator, end).readUInt32LE(0) === LOCATOR64;
  if (has64 || count === 0xffff || size === 0xffffffff || directory === 0xffffffff) fail("zip64");
  if (disk !== 0 || start !== 0 || onDisk !== count) fail("spread over several disks");
  if (directory + size !== end) fail("the central directory does not end where the end record begins");
  return { count: count ?? 0, directory };
}

function readDirectory(archive: Span, directory: number, end: number): readonly CentralEntry[] {
  if (end - directory > LIMITS.archiveHeaderBytes) fail("the central directory is too large");
  const headers = archive.subarray(directory, end);
  const entries: CentralEntry[] = [];
  for (let at = 0; at < headers.length;) {
    const entry = readEntry(archive, headers, at, directory);
    entries.push(entry);
    at += entry.central.length;
  }
  return entries;
}

/** `at`: in the directory. */
function readEntry(archive: Span, bytes: Buffer, at: number, directory: number): CentralEntry {
  if (at + CENTRAL_LENGTH > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) fail("the central directory is broken");
  const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
  const [compressedSize, size] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
  const [named, extra, comment] = lengths(bytes, at + 28, 3);
  const [nameAt, length] = [at + CENTRAL_LENGTH, CENTRAL_LENGTH + named + extra + comment];
  const start = bytes.readUInt32LE(at + 42);
  if (at + length > bytes.length) fail("the central directory is broken");
  const sizes = [compressedSize, size, start];
  const extraField = bytes.subarray(nameAt + named, nameAt + named + extra);
  if (sizes.includes(0xffffffff) || hasZip64(extraField)) fail("zip64");
  if (bytes.readUInt16LE(at + 34) !== 0) fail("spread over several disks");
  if (flags & 1) fail("an entry is encrypted");
  const name = bytes.toString("latin1", nameAt, nameAt + named);
  const other = otherName(name, extraField);
  if (other !== null) fail(other);
  const stated = { name, flags, method, compressedSize, size, crc: bytes.readUInt32LE(at + 16) };
  const { local, data, extras } = readLocal(archive, start, directory, stated);
  const externalAttributes = bytes.readUInt32LE(at + 38);
  const central = { at: directory + at, length };
  const { crc: _, ...entry } = stated;
  return { ...entry, externalAttributes, local, data, central, extras: extras + extra + comment };
}

interface Stated extends Pick<CentralEntry, "name" | "flags" | "method" | "compressedSize" | "size"> {
  readonly crc: number;
}

/** The local header must say what the central one says; sizes may wait in a data descriptor (flag bit 3). */
function readLocal(archive: Span, at: number, limit: number, stated: Stated) {
  const bytes = archive.subarray(at, Math.min(at + LOCAL_LENGTH + stated.name.length, limit));
  if (bytes.length < LOCAL_LENGTH || bytes.readUInt32LE(0) !== LOCAL) fail("an entry is not where the directory says");
  const [named, extra] = lengths(bytes, 26, 2);
  const data = at + LOCAL_LENGTH + named + extra;
  const afterData = data + stated.compressedSize;
  if (afterData > limit) fail("an entry reaches into the central directory");
  const streamed = (stated.flags & 8) !== 0;
  const same =
    bytes.readUInt16LE(6) === stated.flags &&
    bytes.readUInt16LE(8) === stated.method &&
    named === stated.name.length &&
    bytes.toString("latin1", LOCAL_LENGTH) === stated.name;
  if (!same || !agrees(numbersAt(bytes, 14), stated, streamed)) fail("local and central header differ");
  const after = streamed ? descriptorLength(archive.subarray(afterData, Math.min(afterData + 16, limit)), stated) : 0;
  return { local: { at, length: afterData + after - at }, data, extras: extra };
}

/** crc, compressed size, size. */
function numbersAt(bytes: Buffer, at: number): readonly number[] {
  return [0, 4, 8].map((offset) => bytes.readUInt32LE(at + offset));
}

function agrees([crc, compressedSize, size]: readonly number[], stated: Stated, mayBeZero: boolean): boolean {
  if (mayBeZero && crc === 0 && compressedSize === 0 && size === 0) return true;
  return crc === stated.crc && compressedSize === stated.compressedSize && size === stated.size;
}

/** APPNOTE 4.3.9: with or without its signature. */
function descriptorLength(bytes: Buffer, stated: Stated): number {
  for (const [length, skipped] of [
    [16, 4],
    [12, 0],
  ] as const) {
    const fits = length <= bytes.length;
    const marked = length === 12 || (fits && bytes.readUInt32LE(0) === DESCRIPTOR);
    if (fits && marked && agrees(numbersAt(bytes, skipped), stated, false)) return length;
  }
  return fail("a data descriptor is missing or differs");
}

function requireEndToEnd(entries: readonly CentralEntry[], directory: number): void {
  let expected = 0;
  for (const { local } of [...entries].sort((left, right) => left.local.at - right.local.at)) {
    if (local.at < expected) fail("two entries overlap");
    if (local.at > expected) fail(`${local.at - expected} bytes belong to no entry`);
    expected = local.at + local.length;
  }
  if (expected !== directory) fail(`${directory - expected} bytes belong to no entry`);
}

function lengths(bytes: Buffer, at: number, count: 2): [number, number];
function lengths(bytes: Buffer, at: number, count: 3): [number, number, number];
function lengths(bytes: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => bytes.readUInt16LE(at + 2 * index));
}

function fail(message: string): never {
  throw new ZipFault(message);
}
