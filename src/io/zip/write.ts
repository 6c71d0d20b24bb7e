import { LIMITS } from "../../limits.ts";
import type { Span } from "./span.ts";
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";

/** What an archive without zip64 holds: as many entries, and as many bytes before its directory (APPNOTE 4.3.16). */
export const ZIP_MOST = { entries: 0xfffe, bytes: 0xfffffffe } as const;

/** Writes a zip file of stored entries, the same bytes for the same content (APPNOTE 4.3). Names are ASCII. */
export function writeZip(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const entries = Object.entries(files).map(
    ([name, content]) => [name, typeof content === "string" ? Buffer.from(content, "utf8") : content] as const,
  );
  return Buffer.concat([...zipPieces(entries)]);
}

/** Bytes that the archive of such entries takes. */
export function zipLength(entries: readonly (readonly [name: string, bytes: number])[]): number {
  return entries.reduce((sum, [name, bytes]) => sum + 30 + 46 + 2 * name.length + bytes, 22);
}

/** The same in pieces, of which one at a time is held: each content is read twice. @throws RangeError beyond `ZIP_MOST` */
export function* zipPieces(entries: readonly (readonly [name: string, content: Span])[]): Generator<Buffer> {
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const common = numbers(
      [2, 20],
      [2, 0],
      [2, 0],
      [4, EPOCH],
      [4, crcOf(content)],
      [4, content.length],
      [4, content.length],
      [2, name.length],
      [2, 0],
    );
    const local = Buffer.concat([numbers([4, 0x04034b50]), common, Buffer.from(name)]);
    const place = numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    centrals.push(Buffer.concat([numbers([4, 0x02014b50], [2, 20]), common, place, Buffer.from(name)]));
    yield local;
    yield* piecesOf(content);
    offset += local.length + content.length;
  }
  const directory = Buffer.concat(centrals);
  const count = centrals.length;
  yield directory;
  yield numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, directory.length], [4, offset], [2, 0]);
}

/** As much at once as is held of an archive. */
export function* piecesOf(content: Span): Generator<Buffer> {
  for (let at = 0; at < content.length; at += LIMITS.heldBytes) yield content.subarray(at, at + LIMITS.heldBytes);
}

function crcOf(content: Span): number {
  let crc = 0;
  for (const piece of piecesOf(content)) crc = crc32(piece, crc);
  return crc;
}

/** 1980-01-01 in MS-DOS format. */
const EPOCH = 0x00210000;

/** Little-endian, each of so many bytes. */
function numbers(...parts: readonly (readonly [2 | 4, number])[]): Buffer {
  return Buffer.concat(
    parts.map(([size, value]) => {
      const field = Buffer.alloc(size);
      field.writeUIntLE(value, 0, size);
      return field;
    }),
  );
}
