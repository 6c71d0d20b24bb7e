/** Judges minted envelopes, and says what came of it in one word. */
import type { Attestation } from "../../../src/model/attestation.ts";
import type { NotaryEvidence } from "../../../src/model/evidence.ts";
import type { NotaryLevel, NotaryTimestamps, RevocationAnswers } from "../../../src/model/notary.ts";
import type { Verdict } from "../../../src/model/verdict.ts";
import { readCertificate } from "../../../src/verify/certificate/certificate.ts";
import { notaryTrust, type StoreType } from "../../../src/verify/notary/trust.ts";
import { createVerifier } from "../../../src/verify/verifier.ts";
import { digestsOf } from "../../verify/corpus.ts";
import { coseOf, jwsOf, type Party, type Signing } from "./mint.ts";

export const NOW = new Date("2026-12-01T00:00:00Z");
export const CONTENT = Buffer.from("the artifact");

export interface Trusting {
  readonly stores: readonly (readonly [StoreType, Party])[];
  readonly level?: NotaryLevel;
  readonly timestamps?: NotaryTimestamps;
  readonly now?: Date;
  readonly answers?: RevocationAnswers;
  readonly content?: Buffer;
}

export function verdictOf(notary: NotaryEvidence["notary"], how: Trusting): Verdict {
  const verifier = createVerifier([], [], how.now ?? NOW, [trustOf(how)]);
  const content = how.content ?? CONTENT;
  const subject = { names: [], digests: digestsOf(content), bytes: content };
  const evidence = { source: "file", location: "test", notary };
  const verdict = verifier.verify(evidence, subject, how.answers);
  if (verdict.status === "needs-bytes") throw new Error("the bytes were given");
  return verdict;
}

/** "verified", "foreign", or the code and what is said. */
export function outcomeOf(notary: NotaryEvidence["notary"], how: Trusting): string {
  const verdict = verdictOf(notary, how);
  return verdict.status === "broken" ? `${verdict.code}: ${verdict.detail}` : verdict.status;
}

export function attestationOf(notary: NotaryEvidence["notary"], how: Trusting): Attestation {
  const verdict = verdictOf(notary, how);
  if (verdict.status !== "verified") throw new Error(JSON.stringify(verdict));
  return verdict.attestation;
}

function trustOf({ stores, level = "strict", timestamps = "always" }: Trusting) {
  const read = stores.map(([type, one]) => ({ type, certificate: readCertificate(one.certificate) }));
  return notaryTrust(read, level, timestamps);
}

/** Where an authority would be asked first. */
export function questionsOf(notary: NotaryEvidence["notary"], how: Trusting): readonly string[] {
  const verifier = createVerifier([], [], how.now ?? NOW, [trustOf(how)]);
  const asked = verifier.revocationQuestions({ source: "file", location: "test", notary }, new Map());
  return asked.map(({ url }) => url);
}

export const jws = (signing: Signing) => ({ format: "jws" as const, envelope: jwsOf(signing) });
export const cose = (signing: Signing) => ({ format: "cose" as const, envelope: coseOf(signing) });
export const FORMATS = [
  ["jws", jws],
  ["cose", cose],
] as const;
