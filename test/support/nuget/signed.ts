/** Adds an entry to a finished archive as NuGet adds its signature: behind all others, nothing else moved or repacked. */
import { makeZip, type ZipEntry } from "./zip.ts";

const END_LENGTH = 22;

export function addSignature(unsigned: Buffer, signature: Buffer, knobs: Partial<ZipEntry> = {}): Buffer {
  return appendEntry(unsigned, { name: ".signature.p7s", data: signature, ...knobs });
}

export function appendEntry(archive: Buffer, entry: ZipEntry): Buffer {
  const end = archive.length - END_LENGTH;
  const directory = archive.readUInt32LE(end + 16);
  const alone = makeZip([entry]);
  const aloneEnd = alone.length - END_LENGTH;
  const aloneDirectory = alone.readUInt32LE(aloneEnd + 16);
  const header = Buffer.from(alone.subarray(aloneDirectory, aloneEnd));
  header.writeUInt32LE(directory, 42);
  const record = Buffer.from(archive.subarray(end));
  for (const at of [8, 10]) record.writeUInt16LE(record.readUInt16LE(at) + 1, at);
  record.writeUInt32LE(record.readUInt32LE(12) + header.length, 12);
  record.writeUInt32LE(directory + aloneDirectory, 16);
  return Buffer.concat([
    archive.subarray(0, directory),
    alone.subarray(0, aloneDirectory),
    archive.subarray(directory, end),
    header,
    record,
  ]);
}
