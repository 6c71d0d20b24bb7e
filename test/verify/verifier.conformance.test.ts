import { expect, describe, test } from "vitest";
import { heldKey } from "../../src/verify/trust/held-key.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { digestsOf, fromCorpus, hasCorpus, jsonFromCorpus, rootFromCorpus } from "./corpus.ts";

interface ConformanceCase {
  readonly name: string;
  readonly expect: "pass" | "fail";
  readonly bundle: string;
  readonly artifact: string;
  readonly identity: string | null;
  readonly issuer: string | null;
  readonly key: string | null;
  readonly trustedRoot: string;
}

const { cases } = (hasCorpus ? jsonFromCorpus("sigstore/conformance/cases.json") : { cases: [] }) as {
  cases: ConformanceCase[];
};

/** What safe-install says of a case; null where it verifies. */
async function refusal(one: ConformanceCase, mode: "PATH" | "DIGEST"): Promise<string | null> {
  const bytes = fromCorpus(one.artifact);
  const thresholds = { tlog: 1, sct: 1, timestamps: 1 };
  try {
    const root = rootFromCorpus(one.trustedRoot);
    const keys =
      one.key === null
        ? []
        : [heldKey(fromCorpus(one.key), { usage: "policy", thresholds: { ...thresholds, sct: 0 } })];
    const bundle = jsonFromCorpus(one.bundle);
    const evidence = { source: "file", location: one.bundle, bundle };
    const digests = digestsOf(bytes).filter(({ algorithm }) => algorithm === "sha256");
    const verdict = await createVerifier([root], keys, new Date()).verifyBeside(evidence, {
      names: [],
      digests: mode === "PATH" ? digestsOf(bytes) : digests,
      bytes: mode === "PATH" ? bytes : null,
    });
    if (verdict.status === "needs-bytes") return "needs-bytes";
    if (verdict.status !== "verified")
      return `${verdict.status}: ${"code" in verdict ? verdict.code : ""} ${verdict.detail}`;
    const { signer } = verdict.attestation;
    if (signer.kind === "key") return null;
    return signer.claims.subjectAlternativeName === one.identity && signer.claims.issuer === one.issuer
      ? null
      : "identity";
  } catch (error) {
    return String(error);
  }
}

describe.skipIf(!hasCorpus)("sigstore-conformance", () => {
  test.each(cases.flatMap((one) => (["PATH", "DIGEST"] as const).map((mode) => [one.name, mode, one] as const)))(
    "%s %s",
    async (_, mode, one) => {
      const refused = await refusal(one, mode);
      if (process.env["SHOW"]) console.log(one.name, mode, refused);
      if (one.expect === "pass") expect(refused).toBeNull();
      else expect(refused).not.toBeNull();
    },
  );
});
