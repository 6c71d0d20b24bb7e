import { LIMITS } from "../../limits.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { RevocationAnswers } from "../../model/notary.ts";
import { createVerifier, type Subject } from "../../verify/verifier.ts";
import type { ExpectationSources, ExpectedSigner } from "./expectation.ts";

/** What authorities say of the certificates, where nothing else is wrong with a signature; undefined: nobody is asked. */
export async function revocationAnswers(
  evidence: readonly Evidence[],
  subject: Subject,
  { roots, keys, notary }: ExpectedSigner,
  io: ExpectationSources,
): Promise<RevocationAnswers | undefined> {
  if (io.revocation === undefined || !evidence.some((one) => "notary" in one)) return undefined;
  const verifier = createVerifier(roots, keys, io.host.now(), notary);
  const answers = new Map<string, Buffer | string>();
  for (const one of evidence) {
    while (answers.size < LIMITS.revocationQuestions) {
      const verdict = verifier.verify(one, subject, answers);
      const isUnasked = verdict.status === "broken" && verdict.code === "REVOCATION_NOT_CHECKED";
      if (!isUnasked && verdict.status !== "verified") break;
      const questions = verifier.revocationQuestions(one, answers);
      if (questions.length === 0) break;
      for (const question of questions) answers.set(question.url, await io.revocation(question));
    }
  }
  return answers;
}
