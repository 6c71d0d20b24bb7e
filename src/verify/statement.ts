import type { Envelope } from "./bundle/bundle.ts";
import { JsonError, parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { type Digest, digestOf } from "../model/digest.ts";
import { fail } from "./fault.ts";

/** A signed in-toto statement (in-toto/attestation spec, Statement v0.1 and v1). */
interface Statement {
  readonly subjects: readonly StatementSubject[];
  readonly predicateType: string;
  readonly predicate: unknown;
}

export interface StatementSubject {
  readonly name: string | null;
  /** Those that may bind bytes; SHA-1 and the like are left out. */
  readonly digests: readonly Digest[];
}

const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const TYPES: readonly unknown[] = ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"];

/** Reads the payload as strictly as one can: one text must not be two statements to two readers. @throws Fault */
export function readStatement({ payloadType, payload }: Envelope): Statement {
  if (payloadType !== PAYLOAD_TYPE) return invalid("the payload is not an in-toto statement");
  const json = parse(payload);
  if (!TYPES.includes(json["_type"])) return invalid("the statement's type is not one that is known");
  const { subject, predicateType, predicate } = json;
  if (typeof predicateType !== "string" || predicateType === "") return invalid("the statement has no predicate type");
  if (!Array.isArray(subject) || subject.length === 0) return invalid("the statement has no subject");
  if (subject.length > LIMITS.subjects) {
    return fail("BUNDLE_TOO_LARGE", `the statement has more than ${LIMITS.subjects} subjects`);
  }
  return { subjects: unambiguous(subject.map(subjectOf)), predicateType, predicate };
}

function parse(payload: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value = parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload));
    return isObject(value) ? value : invalid("the statement is not an object");
  } catch (error) {
    if (error instanceof JsonError) return invalid(`the statement is not strict JSON: ${error.message}`);
    if (error instanceof TypeError) return invalid("the statement is not UTF-8");
    throw error;
  }
}

function subjectOf(value: unknown): StatementSubject {
  if (!isObject(value)) return invalid("a subject of the statement is not an object");
  const { name = null, digest } = value;
  if (name !== null && typeof name !== "string") return invalid("a subject's name is not a text");
  if (!isObject(digest)) return invalid("a subject of the statement has no digest");
  const set = Object.entries(digest);
  if (set.length > LIMITS.digestsPerSubject) {
    return fail("BUNDLE_TOO_LARGE", `a subject has more than ${LIMITS.digestsPerSubject} digests`);
  }
  return { name, digests: set.flatMap(([algorithm, hex]) => digestIn(algorithm, hex)) };
}

const STRONG: readonly string[] = ["sha256", "sha384", "sha512"];

function digestIn(algorithm: string, hex: unknown): readonly Digest[] {
  if (typeof hex !== "string") return invalid("a subject's digest is not a text");
  if (!STRONG.includes(algorithm)) return [];
  return [digestOf(algorithm, hex) ?? invalid(`a subject's ${algorithm} digest is malformed`)];
}

/** One name must not stand for two files. "_" is the specification's placeholder for "no name". */
function unambiguous(subjects: readonly StatementSubject[]): readonly StatementSubject[] {
  const named = subjects.flatMap(({ name }) => (name === null || name === "" || name === "_" ? [] : [name]));
  if (new Set(named).size !== named.length) return invalid("the statement names a subject twice");
  return subjects;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(why: string): never {
  return fail("STATEMENT_INVALID", why);
}
