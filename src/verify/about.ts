import type { Bundle, MessageSignature } from "./bundle/bundle.ts";
import { createHash } from "node:crypto";
import { type Digest, compareDigests } from "../model/digest.ts";
import type { EvidenceBundle } from "../model/evidence.ts";
import { fail } from "./fault.ts";
import { readStatement } from "./statement.ts";
import type { Subject } from "../model/subject.ts";
import { matchSubject } from "./subject.ts";

/** What was signed about the artifact. */
export interface About {
  /** null for a signature over the artifact's own bytes. */
  readonly predicateType: string | null;
  readonly predicate: unknown;
  readonly matched: readonly Digest[];
}

/** Binds what was signed to the artifact; "unknown" where only its bytes could tell. @throws Fault */
export function bind({ content }: Bundle, evidence: EvidenceBundle, subject: Subject): About | "unknown" {
  const { statedPredicateType: stated } = evidence;
  if (content.kind === "message") {
    if (stated !== undefined)
      fail("PREDICATE_TYPE_MISMATCH", `stated as ${quoted(stated)}, but no statement is signed`);
    return { predicateType: null, predicate: undefined, matched: [signedDigest(content, subject)] };
  }
  const { subjects, predicateType, predicate } = readStatement(content);
  if (stated !== undefined && stated !== predicateType) {
    fail("PREDICATE_TYPE_MISMATCH", `stated as ${quoted(stated)}, signed as ${quoted(predicateType)}`);
  }
  const matched = matchSubject(subjects, subject);
  return matched === "unknown" ? matched : { predicateType, predicate, matched };
}

function signedDigest(message: MessageSignature, { digests, bytes }: Subject): Digest {
  const { algorithm } = message;
  const signed = { algorithm, hex: message.digest.toString("hex") };
  const hashed = bytes === null ? [] : hashesOf(bytes, [algorithm, ...digests.map((one) => one.algorithm)]);
  const agrees = compareDigests([signed], [...digests, ...hashed]) === "same";
  if (!agrees || compareDigests(hashed, digests) === "different") {
    fail("SUBJECT_MISMATCH", "the signature is over other bytes");
  }
  return signed;
}

function hashesOf(bytes: Buffer, algorithms: readonly Digest["algorithm"][]): readonly Digest[] {
  return [...new Set(algorithms)].map((algorithm) => ({
    algorithm,
    hex: createHash(algorithm).update(bytes).digest("hex"),
  }));
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
