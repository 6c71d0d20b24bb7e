import { type Key, newKey, sha256, signWith } from "./keys.ts";

/** A transparency log that remembers its leaves: Rekor v1 (P-256, promises) or v2 (Ed25519, proofs only). */
export interface Log {
  readonly version: 1 | 2;
  readonly host: string;
  readonly key: Key;
  readonly id: Buffer;
  readonly leaves: Buffer[];
}

export interface EntryKnobs {
  /** Signed entry timestamp; by default as Rekor does: v1 yes, v2 no. */
  readonly promise?: boolean;
  readonly proof?: boolean;
  /** The name in the checkpoint's signature line; the log's host by default. */
  readonly checkpointName?: string;
  /** What the entry states as the tree's root, beside the signed checkpoint. */
  readonly statedRoot?: Buffer;
  readonly integratedTime?: Date;
  /** Spells the body otherwise than canonically; the log signs that. */
  readonly spell?: (body: string) => string;
}

export function newLog(version: 1 | 2, host: string): Log {
  const key = newKey(version === 1 ? "P-256" : "Ed25519");
  const id = version === 1 ? sha256(key.spki) : sha256(Buffer.from(`${host}\n\u0001`), key.spki.subarray(-32));
  return { version, host, key, id, leaves: [] };
}

/** Appends and returns the entry as protobuf-specs `TransparencyLogEntry` JSON. */
export function append(
  log: Log,
  kind: { readonly kind: string; readonly version: string },
  body: unknown,
  at: Date,
  knobs: EntryKnobs = {},
): Record<string, unknown> {
  const canonicalizedBody = Buffer.from((knobs.spell ?? String)(canonical(body)), "utf8");
  const index = log.leaves.push(sha256(Buffer.from([0]), canonicalizedBody)) - 1;
  const integratedTime = Math.floor((knobs.integratedTime ?? at).getTime() / 1000);
  const { promise = log.version === 1, proof = true } = knobs;
  return {
    logIndex: String(index),
    logId: { keyId: log.id.toString("base64") },
    kindVersion: kind,
    ...(log.version === 1 || knobs.integratedTime ? { integratedTime: String(integratedTime) } : {}),
    ...(promise
      ? { inclusionPromise: { signedEntryTimestamp: promiseOf(log, canonicalizedBody, integratedTime, index) } }
      : {}),
    ...(proof ? { inclusionProof: proofOf(log, index, knobs) } : {}),
    canonicalizedBody: canonicalizedBody.toString("base64"),
  };
}

function promiseOf(log: Log, body: Buffer, integratedTime: number, logIndex: number): string {
  const payload = { body: body.toString("base64"), integratedTime, logID: log.id.toString("hex"), logIndex };
  return signWith(log.key, Buffer.from(canonical(payload), "utf8")).toString("base64");
}

function proofOf(log: Log, index: number, knobs: EntryKnobs): Record<string, unknown> {
  const size = log.leaves.length;
  const root = rootOf(log.leaves);
  const note = `${log.host}\n${size}\n${root.toString("base64")}\n`;
  const signature = Buffer.concat([log.id.subarray(0, 4), signWith(log.key, Buffer.from(note, "utf8"))]);
  return {
    logIndex: String(index),
    rootHash: (knobs.statedRoot ?? root).toString("base64"),
    treeSize: String(size),
    hashes: pathOf(index, log.leaves).map((hash) => hash.toString("base64")),
    checkpoint: { envelope: `${note}\n\u2014 ${knobs.checkpointName ?? log.host} ${signature.toString("base64")}\n` },
  };
}

/** RFC 6962 section 2.1. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  const half = split(leaves.length);
  return sha256(Buffer.from([1]), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

/** RFC 6962 section 2.1.1. */
function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const half = split(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - half, right), rootOf(left)];
}

const split = (n: number) => 2 ** Math.floor(Math.log2(n - 1));

/** Enough of RFC 8785 for what a log signs: sorted names, no spaces. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
