/** Signatures of ECDSA as bundles have them: `Ecdsa-Sig-Value` (RFC 3279 section 2.2.3), in its one DER spelling. */

/** @returns the same signature in DER, of r and s one after the other (IEEE P1363), or null where the length is another */
export function fromP1363(signature: Buffer, bytes: number): Buffer | null {
  if (signature.length !== 2 * bytes) return null;
  return derOf(signature.subarray(0, bytes), signature.subarray(bytes));
}

/** Whether it is exactly one such value: OpenSSL itself passes over what follows it, and over longer spellings. */
export function isExactDer(signature: Buffer): boolean {
  const parts = integersIn(signature);
  return parts !== null && derOf(...parts).equals(signature);
}

function derOf(r: Buffer, s: Buffer): Buffer {
  const body = Buffer.concat([integer(r), integer(s)]);
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}

/** Positive, with no byte more than it needs. */
function integer(magnitude: Buffer): Buffer {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.from([0]) : magnitude.subarray(start);
  const padded = (digits[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), digits]) : digits;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}

function integersIn(der: Buffer): [Buffer, Buffer] | null {
  if (der[0] !== 0x30) return null;
  let at = der[1] === 0x81 ? 3 : 2;
  const found: Buffer[] = [];
  for (let count = 0; count < 2; count++) {
    const length = der[at + 1];
    if (der[at] !== 0x02 || length === undefined || length > 0x7f) return null;
    found.push(der.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  const [r, s] = found;
  return r === undefined || s === undefined ? null : [r, s];
}
