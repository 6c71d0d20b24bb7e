/** Judges every Notary envelope of the corpus as its manifest's policy asks, and lays what was expected beside what was found. */
import type { NotaryEvidence } from "../../../src/model/evidence.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import { compareIdentities } from "../../../src/policy/signers/notary.ts";
import { notaryTrust, readStoreFile, type StoreType } from "../../../src/verify/notary/trust.ts";
import { createVerifier } from "../../../src/verify/verifier.ts";
import { digestsOf } from "../../verify/corpus.ts";
import { type NotaryCase, type NotaryCasePolicy, notaryAnswer, notaryFile } from "./corpus.ts";

/** Within what the manifest says of its certificates and lists. */
export const NOTARY_NOW = new Date("2027-01-01T00:00:00Z");

export interface Found {
  readonly verdict: "accept" | "reject";
  readonly why: string;
}

export interface Row extends Found {
  readonly one: NotaryCase;
}

export function rowOf(one: NotaryCase): Row {
  const evidence = { source: "file", location: one.id, notary: { format: one.format, envelope: notaryFile(one.path) } };
  return { one, ...judged(evidence, notaryFile(one.artifact), one.policy, notaryFile) };
}

export function judged(
  evidence: NotaryEvidence,
  artifact: Buffer,
  policy: NotaryCasePolicy,
  fileOf: (path: string) => Buffer,
  now = NOTARY_NOW,
): Found {
  const verdict = verdictOf(evidence, artifact, policy, fileOf, now);
  if (verdict.status === "broken") return { verdict: "reject", why: `${verdict.code}: ${verdict.detail}` };
  const why = verdict.status === "foreign" ? verdict.detail : mismatchOf(verdict, policy);
  if (why === null) return { verdict: "accept", why: "verified" };
  // Whose it is counts at every level but audit (trust-store-trust-policy.md, "Signature Verification details").
  return { verdict: policy.level === "audit" ? "accept" : "reject", why };
}

function verdictOf(
  evidence: NotaryEvidence,
  artifact: Buffer,
  { trustStores, level, verifyTimestamp }: NotaryCasePolicy,
  fileOf: (path: string) => Buffer,
  now: Date,
): Verdict {
  const stores = trustStores.flatMap(({ type, file }) => storeOf(fileOf(file), type));
  const verifier = createVerifier([], [], now, [notaryTrust(stores, level, verifyTimestamp)]);
  const answers = new Map<string, Buffer | string>();
  const subject = { names: [], digests: digestsOf(artifact), bytes: artifact };
  for (;;) {
    const verdict = verifier.verify(evidence, subject, answers);
    if (verdict.status === "needs-bytes") throw new Error("the bytes were given");
    if (verdict.status !== "broken" || verdict.code !== "REVOCATION_NOT_CHECKED") return verdict;
    const questions = verifier.revocationQuestions(evidence, answers);
    if (questions.length === 0) return verdict;
    for (const { url } of questions) answers.set(url, notaryAnswer(url));
  }
}

function storeOf(bytes: Buffer, type: StoreType) {
  const read = readStoreFile(bytes, type);
  if (typeof read === "string") throw new Error(read);
  return read;
}

function mismatchOf(verdict: Verdict & { status: "verified" }, policy: NotaryCasePolicy): string | null {
  const { signer } = verdict.attestation;
  if (signer.kind !== "key" || signer.notary === undefined) throw new Error("no signer of a Notary envelope");
  const asked = policy.mediaTypeAsked;
  if (asked !== undefined && asked !== signer.notary.mediaType) return `media type ${signer.notary.mediaType}`;
  if (policy.trustedIdentities.includes("*")) return null;
  const [first] = compareIdentities(policy.trustedIdentities, signer.notary);
  return first === undefined ? null : `${first.name}: expected ${first.expected}, found ${first.found}`;
}

/** Whether what was found is what the manifest says, or one of both where it leaves it open. */
export function isAsExpected({ one, verdict }: Row): boolean {
  return one.expected === "either" || one.expected === verdict;
}

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) =>
      `${isAsExpected(row) ? " " : "!"} ${row.one.id.padEnd(52)} ${row.one.expected.padEnd(7)} ${row.verdict.padEnd(7)} ${row.one.oracle.verdict.padEnd(7)} ${row.why}`,
  );
  return [`  ${"case".padEnd(52)} expected found   tool    why`, ...lines].join("\n");
}
