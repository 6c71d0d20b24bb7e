import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, type InputType, type ZlibOptions } from "node:zlib";

/** What we say that we can read. */
export const ACCEPTED_CODINGS = "gzip, br";

/** Takes chunks up to a bound. */
export function collect(maxBytes: number): { readonly take: (chunk: Buffer) => void; readonly all: () => Buffer } {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    take(chunk) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    },
    all: () => Buffer.concat(chunks),
  };
}

/** Undoes `Content-Encoding` (RFC 9110, section 8.4); one that nobody knows is left as it is, as the installers do. @throws RangeError over the bound. */
export async function decoded(body: Buffer, coding: string | undefined, maxBytes: number): Promise<Buffer> {
  let content = body;
  const codings = isCoded(coding) ? coding.split(",").map((one) => one.trim().toLowerCase()) : [];
  if (codings.length > MOST) throw new RangeError(`coded more than ${MOST} times`);
  for (const one of codings.toReversed()) content = await undone(content, one, maxBytes);
  return content;
}

/** Whether something has to be undone. */
export function isCoded(coding: string | undefined): coding is string {
  return coding !== undefined && coding.trim() !== "" && coding.trim().toLowerCase() !== "identity";
}

const MOST = 3;

async function undone(body: Buffer, coding: string, maxBytes: number): Promise<Buffer> {
  const decode = DECODERS[coding];
  if (decode === undefined || body.length === 0) return body;
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as { readonly code?: string };
    throw code === "ERR_BUFFER_TOO_LARGE"
      ? tooLarge(maxBytes)
      : new Error(`not what "${coding}" makes`, { cause: error });
  }
}

type Decode = (body: InputType, options: ZlibOptions) => Promise<Buffer>;

const unzip: Decode = promisify(gunzip);
const inflated: Decode = promisify(inflate);
const inflatedRaw: Decode = promisify(inflateRaw);

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: unzip,
  "x-gzip": unzip,
  br: promisify(brotliDecompress),
  // Some servers leave the wrapper out.
  deflate: (body, options) =>
    ((Buffer.from(body as Buffer)[0] ?? 0) % 16 === 8 ? inflated : inflatedRaw)(body, options),
};

function tooLarge(maxBytes: number): RangeError {
  return new RangeError(`answer larger than ${maxBytes} bytes`);
}
