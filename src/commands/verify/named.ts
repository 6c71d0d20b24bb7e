import { basename } from "node:path";
import { isSameDistribution, parseDistribution } from "../../ecosystems/distribution.ts";
import { JsonError, parseJson } from "../../json.ts";
import type { Evidence } from "../../model/evidence.ts";
import { PYPI_PUBLISH } from "../../policy/predicate.ts";
import { isPep740 } from "../../evidence/pep740.ts";
import type { createVerifier, Subject } from "../../verify/verifier.ts";

type Verifier = ReturnType<typeof createVerifier>;

/**
 * Verifies, and compares the name of a wheel or source distribution with the subject's: Python installs by the name, so
 * a renamed one is another one. An index's attestation asks for it whatever the file is called: "the name in the subject
 * is the distribution's file name" (PEP 740, Attestation statements). Elsewhere a subject's name is free (in-toto
 * Statement v1): it counts where it is a distribution's, too.
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
  const name = basename(file);
  const asksForName = predicateType === PYPI_PUBLISH || isOfIndex;
  if (predicateType === null || (!asksForName && parseDistribution(name) === null)) return verdict;
  const isName = (stated: string) => {
    const found = asksForName ? stated : basename(stated);
    if (!asksForName && parseDistribution(found) === null) return null;
    return found === name || isSameDistribution(found, name);
  };
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
