import { createHash } from "node:crypto";
import { type Digest, type DigestAlgorithm, compareDigests, digestOf } from "../../model/digest.ts";
import type { Subject } from "../../model/subject.ts";
import { fail } from "../fault.ts";
import { isObject, object } from "./jws.ts";
import { malformed, refuseLookalikes } from "./malformed.ts";

/** What is signed: the descriptor of one artifact (signature-specification.md, "Payload"; OCI image spec, descriptor.md). */
export interface Target {
  readonly mediaType: string;
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
}

const MEMBERS = ["mediaType", "digest", "size", "annotations"];

/** The digest is in the hash of the signature. Members that are not known say nothing. @throws Fault */
export function readPayload(payload: Buffer, hash: DigestAlgorithm): Target {
  const stated = object(payload, "signs what is not a JSON object", ["targetArtifact"]);
  const target = stated["targetArtifact"];
  if (!isObject(target)) return malformed("signs no targetArtifact");
  refuseLookalikes(Object.keys(target), MEMBERS);
  refuseFractions(payload);
  const { mediaType, digest, size } = target;
  if (typeof mediaType !== "string" || mediaType === "") return malformed("signs no media type");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) return malformed("signs no size");
  return { mediaType, digest: digestIn(digest, hash), size };
}

function digestIn(text: unknown, hash: DigestAlgorithm): Digest {
  const [, algorithm = "", hex = ""] = /^([a-z0-9]+):([0-9a-f]+)$/.exec(typeof text === "string" ? text : "") ?? [];
  const digest = digestOf(algorithm, hex);
  if (digest === null) return malformed("signs no digest");
  if (digest.algorithm !== hash) malformed(`signs a digest of ${algorithm}, and its signature hashes with ${hash}`);
  return digest;
}

/** `59.0` is no integer to every reader, and JavaScript does not tell. */
function refuseFractions(payload: Buffer): void {
  const outside = payload.toString("utf8").replaceAll(/"(?:[^"\\]|\\.)*"/gs, "");
  if (/[0-9][.eE]/.test(outside)) malformed("signs a number that is not written as an integer");
}

/** @returns null where only the bytes could tell @throws Fault it is over other bytes */
export function bindTarget({ digest, size }: Target, { digests, bytes }: Subject): Digest | null {
  if (compareDigests([digest], digests) === "different")
    return fail("SUBJECT_MISMATCH", "the signature is over other bytes");
  if (bytes === null) return null;
  const hex = createHash(digest.algorithm).update(bytes).digest("hex");
  if (hex !== digest.hex) return fail("SUBJECT_MISMATCH", "the signature is over other bytes");
  if (size !== bytes.length)
    return fail("SUBJECT_MISMATCH", `the signature is over ${size} bytes, and there are ${bytes.length}`);
  return digest;
}
