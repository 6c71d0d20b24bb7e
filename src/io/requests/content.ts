import type { Buffer } from "node:buffer";
import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";

/** What we say that we can read. */
export const ACCEPTED_CODINGS = "gzip, br";

/** Takes chunks up to a bound. */
export function collect(maxBytes: number): Collected {
  const chunks: Buffer[] = [];
  return { chunks, take: bounded((chunk) => void chunks.push(chunk), maxBytes) };
}

interface Collected {
  readonly chunks: readonly Buffer[];
  /** @throws RangeError over the bound */
  readonly take: (chunk: Buffer) => void;
}

/** @throws RangeError over the bound */
export function bounded(take: (chunk: Buffer) => void, maxBytes: number): (chunk: Buffer) => void {
  let size = 0;
  return (chunk) => {
    size += chunk.length;
    if (size > maxBytes) throw new RangeError(`answer larger than ${maxBytes} bytes`);
    take(chunk);
  };
}

/**
 * Undoes `Content-Encoding` (RFC 9110, section 8.4) piece by piece, so that nothing is held that is not taken; one that
 * nobody knows is left as it is, as the installers do.
 * @throws RangeError coded too often; Error where the body is not what a coding makes
 */
export function decoded(body: readonly Buffer[], coding: string | undefined): AsyncIterable<Buffer> {
  let content: AsyncIterable<Buffer> = Readable.from(body);
  const codings = isCoded(coding) ? coding.split(",").map((one) => one.trim().toLowerCase()) : [];
  if (codings.length > MOST) throw new RangeError(`coded more than ${MOST} times`);
  for (const one of codings.toReversed()) content = undone(content, one);
  return content;
}

/** Whether something has to be undone. */
export function isCoded(coding: string | undefined): coding is string {
  return coding !== undefined && coding.trim() !== "" && coding.trim().toLowerCase() !== "identity";
}

const MOST = 3;

async function* undone(body: AsyncIterable<Buffer>, coding: string): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const whole = from(first.value, pieces);
  const decoder = DECODERS[coding]?.(first.value);
  // What goes wrong is thrown where the last stream is read.
  const content = decoder === undefined ? whole : pipeline(Readable.from(whole), decoder, () => {});
  try {
    for await (const chunk of content) yield chunk as Buffer;
  } catch (error) {
    throw new Error(`not what "${coding}" makes`, { cause: error });
  }
}

async function* from(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

const DECODERS: Readonly<Record<string, (start: Buffer) => Transform>> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  br: () => createBrotliDecompress(),
  // Some servers leave the wrapper out.
  deflate: (start) => ((start[0] ?? 0) % 16 === 8 ? createInflate() : createInflateRaw()),
};
