import { fail } from "./fault.ts";

/** What a log signed about its tree (transparency-dev/formats, checkpoint and signed note). */
export interface Checkpoint {
  readonly size: string;
  readonly rootHash: Buffer;
  readonly signatures: readonly { readonly name: string; readonly keyHint: Buffer }[];
}

const SIGNATURE_LINE = "\u2014 ";

export function readCheckpoint(envelope: string): Checkpoint {
  const end = envelope.indexOf("\n\n");
  const [, size, rootHash] = end < 0 ? [] : envelope.slice(0, end).split("\n");
  if (size === undefined || rootHash === undefined) return fail("LOG_INVALID", "the log's checkpoint is malformed");
  const root = Buffer.from(rootHash, "base64");
  if (root.toString("base64") !== rootHash) return fail("LOG_INVALID", "the log's checkpoint is malformed");
  const lines = envelope.slice(end + 2).split("\n");
  if (lines.pop() !== "" || lines.length === 0) return fail("LOG_INVALID", "the log's checkpoint is not signed");
  return { size, rootHash: root, signatures: lines.map(signatureOf) };
}

function signatureOf(line: string): Checkpoint["signatures"][number] {
  const [name, value, ...rest] = line.startsWith(SIGNATURE_LINE) ? line.slice(SIGNATURE_LINE.length).split(" ") : [];
  if (name === undefined || name === "" || value === undefined || rest.length > 0) {
    return fail("LOG_INVALID", "a signature of the log's checkpoint is malformed");
  }
  const decoded = Buffer.from(value, "base64");
  if (decoded.length < 5 || decoded.toString("base64") !== value) {
    return fail("LOG_INVALID", "a signature of the log's checkpoint is malformed");
  }
  return { name, keyHint: decoded.subarray(0, 4) };
}
