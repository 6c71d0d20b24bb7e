import { LIMITS } from "../../limits.ts";
import { fail } from "../fault.ts";
import { absent, type BundleVersion, bytes, list, malformed, members, natural, text } from "./fields.ts";
import { readBody, type LogRecord } from "./entry-body.ts";

/** One transparency log entry, shaped as protobuf-specs `TransparencyLogEntry`, with what it records. */
export interface LogEntry {
  readonly logIndex: string;
  readonly logId: { readonly keyId: Buffer };
  readonly kindVersion: { readonly kind: string; readonly version: string };
  /** Seconds since 1970; "0" where the log states none. */
  readonly integratedTime: string;
  readonly inclusionPromise: { readonly signedEntryTimestamp: Buffer } | undefined;
  readonly inclusionProof: InclusionProof | undefined;
  readonly canonicalizedBody: Buffer;
  readonly recorded: LogRecord;
}

interface InclusionProof {
  readonly logIndex: string;
  readonly rootHash: Buffer;
  readonly treeSize: string;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: { readonly envelope: string };
  /** The checkpoint, read. */
  readonly signed: Checkpoint;
}

/** A tree of 2^64 leaves has paths no longer than this. */
const PATH_LENGTH = 64;
const HASH_BYTES = 32;

export function readEntry(json: unknown, path: string, version: BundleVersion): LogEntry {
  const entry = members(json, path, [
    "logIndex",
    "logId",
    "kindVersion",
    "integratedTime",
    "inclusionPromise",
    "inclusionProof",
    "canonicalizedBody",
  ]);
  const { keyId } = members(entry["logId"], `${path}.logId`, ["keyId"]);
  const { kind, version: apiVersion } = members(entry["kindVersion"], `${path}.kindVersion`, ["kind", "version"]);
  const kindVersion = { kind: text(kind, `${path}.kind`, 100), version: text(apiVersion, `${path}.version`, 100) };
  const canonicalizedBody = bytes(entry["canonicalizedBody"], `${path}.canonicalizedBody`);
  const read: LogEntry = {
    logIndex: absent(entry["logIndex"]) ? "0" : natural(entry["logIndex"], `${path}.logIndex`),
    logId: { keyId: bytes(keyId, `${path}.logId`, HASH_BYTES) },
    kindVersion,
    integratedTime: absent(entry["integratedTime"]) ? "0" : natural(entry["integratedTime"], `${path}.integratedTime`),
    inclusionPromise: promiseOf(entry["inclusionPromise"], path),
    inclusionProof: proofOf(entry["inclusionProof"], path),
    canonicalizedBody,
    recorded: readBody(canonicalizedBody, kindVersion),
  };
  refuseIncomplete(read, path, version);
  return read;
}

function promiseOf(json: unknown, path: string): LogEntry["inclusionPromise"] {
  if (absent(json)) return undefined;
  const { signedEntryTimestamp } = members(json, `${path}.inclusionPromise`, ["signedEntryTimestamp"]);
  return { signedEntryTimestamp: bytes(signedEntryTimestamp, `${path}.signedEntryTimestamp`, 2048) };
}

function proofOf(json: unknown, entryPath: string): InclusionProof | undefined {
  if (absent(json)) return undefined;
  const path = `${entryPath}.inclusionProof`;
  const proof = members(json, path, ["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"]);
  const { envelope } = members(proof["checkpoint"], `${path}.checkpoint`, ["envelope"]);
  const checkpoint = { envelope: text(envelope, `${path}.checkpoint`, LIMITS.certificateBytes) };
  const read: InclusionProof = {
    logIndex: absent(proof["logIndex"]) ? "0" : natural(proof["logIndex"], `${path}.logIndex`),
    rootHash: bytes(proof["rootHash"], `${path}.rootHash`, HASH_BYTES),
    treeSize: natural(proof["treeSize"], `${path}.treeSize`),
    hashes: list(proof["hashes"], `${path}.hashes`, PATH_LENGTH).map((hash) =>
      bytes(hash, `${path}.hashes`, HASH_BYTES),
    ),
    checkpoint,
    signed: readCheckpoint(checkpoint.envelope),
  };
  if (!read.rootHash.equals(read.signed.rootHash) || read.treeSize !== read.signed.size) {
    return fail("LOG_INVALID", "the log entry states another tree than the signed checkpoint");
  }
  return read;
}

/** The bundle specification: 0.1 needs a promise, 0.2 and 0.3 a proof with a signed checkpoint. */
function refuseIncomplete(entry: LogEntry, path: string, version: BundleVersion): void {
  if (version === "0.1" && entry.inclusionPromise === undefined) malformed(path, "has no inclusion promise");
  if (version !== "0.1" && entry.inclusionProof === undefined) malformed(path, "has no inclusion proof");
}

/** What a log signed about its tree (transparency-dev/formats, checkpoint and signed note). */
interface Checkpoint {
  readonly size: string;
  readonly rootHash: Buffer;
  readonly signatures: readonly { readonly name: string; readonly keyHint: Buffer }[];
}

const SIGNATURE_LINE = "\u2014 ";

function readCheckpoint(envelope: string): Checkpoint {
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
