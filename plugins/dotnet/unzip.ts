import { type CentralEntry, ZipFault } from "./zip.ts";
import { inflateRawSync } from "node:zlib";

/** An entry's content. @throws ZipFault where it is larger than `maxBytes`, or not of the stated size */
export function dataOf(entry: CentralEntry, bytes: Buffer, maxBytes: number): Buffer {
  const { method, data, compressedSize, size } = entry;
  const packed = bytes.subarray(data, data + compressedSize);
  if (size > maxBytes) throw new ZipFault(`an entry is larger than ${maxBytes} bytes`);
  if (method === 0 && compressedSize === size) return packed;
  const unpacked = method === 8 ? inflate(packed, size) : null;
  if (unpacked?.length === size) return unpacked;
  throw new ZipFault("an entry cannot be unpacked to its stated size");
}

function inflate(packed: Buffer, size: number): Buffer | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch {
    return null;
  }
}
