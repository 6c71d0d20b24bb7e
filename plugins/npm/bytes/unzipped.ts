import { ArtifactError } from "../../../src/plugin.ts";
import type { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip, gunzipSync } from "node:zlib";

/**
 * What an unpacker sees of a file, or of the bytes of one: the archive without its compression, whose size is bounded as
 * it grows. In small pieces: the parser passes over what follows the archive's end in the same one.
 * @throws ArtifactError ARCHIVE_INVALID where something stands behind the compressed archive; errors of `node:zlib`
 */
export async function* unzipped(packed: string | Buffer): AsyncGenerator<Buffer> {
  for await (const chunk of chunksOf(packed))
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) yield chunk.subarray(start, start + PIECE_BYTES);
}

const PIECE_BYTES = 16_384;

async function* chunksOf(packed: string | Buffer): AsyncGenerator<Buffer> {
  let isZipped: boolean | null = null;
  for await (const chunk of from(packed, 0)) {
    isZipped ??= chunk[0] === 0x1f && chunk[1] === 0x8b;
    if (!isZipped) yield chunk;
    else break;
  }
  if (isZipped !== true) return;
  const whole = typeof packed === "string" ? null : unzipAtOnce(packed);
  const gunzip = createGunzip();
  if (whole === null) yield* pipeline(from(packed, 0), gunzip, () => {}) as AsyncIterable<Buffer>;
  else yield whole.content;
  // Behind zeros one reader goes on with another compressed stream where the next one has ended.
  let beyond = 0;
  const rest = from(packed, whole?.packedBytes ?? gunzip.bytesWritten);
  for await (const chunk of rest) requirePadding(chunk, (beyond += chunk.length));
}

function from(packed: string | Buffer, start: number): AsyncIterable<Buffer> | Iterable<Buffer> {
  if (typeof packed === "string") return createReadStream(packed, { start });
  return start < packed.length ? [packed.subarray(start)] : [];
}

/** Most archives are small, and a thread would cost more than to unzip them. @returns null where there is more than a few megabytes */
function unzipAtOnce(packed: Buffer): { readonly content: Buffer; readonly packedBytes: number } | null {
  try {
    const options = { info: true, chunkSize: 131_072, maxOutputLength: AT_ONCE_BYTES };
    const { buffer, engine } = gunzipSync(packed, options) as unknown as Unzipped;
    return { content: buffer, packedBytes: engine.bytesWritten };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return null;
    throw error;
  }
}

const AT_ONCE_BYTES = 4_194_304;

/** What `info` asks for (Node's zlib). */
interface Unzipped {
  readonly buffer: Buffer;
  /** Of the packed bytes, those that were read. */
  readonly engine: { readonly bytesWritten: number };
}

/** Archives are padded with zeros to a record, 10 kB for most; a reader may go on behind the end, so nothing else may stand there. */
export function requirePadding(chunk: Buffer, soFar: number): void {
  if (soFar <= PADDING_BYTES && chunk.every((byte) => byte === 0)) return;
  const message = "something stands behind the archive's end";
  throw new ArtifactError({ code: "ARCHIVE_INVALID", message, details: [] });
}

const PADDING_BYTES = 1_048_576;
