import type { Span } from "./span.ts";
import { type CentralEntry, ZipFault } from "./zip.ts";
import { inflateRawSync } from "node:zlib";

/** An entry's content. @throws ZipFault where it is larger than `maxBytes`, or not of the stated size */
export function dataOf(entry: CentralEntry, archive: Span, maxBytes: number): Buffer {
  const { method, data, compressedSize, size } = entry;
  if (Math.max(size, compressedSize) > maxBytes) throw new ZipFault(`an entry is larger than ${maxBytes} bytes`);
  const packed = archive.subarray(data, data + compressedSize);
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
