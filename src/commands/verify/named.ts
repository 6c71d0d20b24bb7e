import { basename } from "node:path";
import { isSameDistribution } from "../../ecosystems/distribution.ts";
import { JsonError, parseJson } from "../../json.ts";
import type { Evidence } from "../../model/evidence.ts";
import { PYPI_PUBLISH } from "../../policy/predicate.ts";
import { isPep740 } from "../../evidence/pep740.ts";
import type { createVerifier, Subject } from "../../verify/verifier.ts";

type Verifier = ReturnType<typeof createVerifier>;

/**
 * Verifies, and compares the file's name where an index's attestation asks for it: "the name in the subject is the
 * distribution's file name" (PEP 740, Attestation statements). Python installs by the name: a renamed wheel is another one.
 * @param file null where only a digest is known
 */
export function verifyNamed(
  verifier: Pick<Verifier, "verify">,
  evidence: Evidence,
  subject: Subject,
  file: string | null,
  isOfIndex: boolean,
): ReturnType<Verifier["verify"]> {
  const verdict = verifier.verify(evidence, subject);
  if (verdict.status !== "verified" || file === null) return verdict;
  const { predicateType } = verdict.attestation;
  if (predicateType === null || (predicateType !== PYPI_PUBLISH && !isOfIndex)) return verdict;
  const name = basename(file);
  const isName = (stated: string) => stated === name || isSameDistribution(stated, name);
  return verifier.verify(evidence, { ...subject, names: [name], isName });
}

/** Whether a file holds attestations as an index has them. */
export function isOfIndex(text: string): boolean {
  try {
    return isPep740(parseJson(text));
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}
