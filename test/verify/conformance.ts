/** What a case of sigstore-conformance asks, whatever it is read from. */
import { heldKey } from "../../src/verify/trust/held-key.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import type { TrustRoot } from "../../src/model/trust.ts";
import { digestsOf } from "./corpus.ts";

export interface ConformanceCase {
  /** undefined: no JSON. */
  readonly bundle: unknown;
  readonly artifact: Buffer;
  readonly identity: string | null;
  readonly issuer: string | null;
  /** PEM; null where the signer is a certificate's. */
  readonly key: Buffer | null;
  readonly root: () => TrustRoot;
}

/** The artifact is given as a file, or as a sha256. */
export const MODES = ["PATH", "DIGEST"] as const;

const THRESHOLDS = { tlog: 1, sct: 1, timestamps: 1 };

/** What safe-install says of a case; null where it verifies. */
export async function refusal(one: ConformanceCase, mode: (typeof MODES)[number]): Promise<string | null> {
  try {
    const keys = one.key === null ? [] : [heldKey(one.key, { usage: "policy", thresholds: { ...THRESHOLDS, sct: 0 } })];
    const evidence = { source: "file", location: "bundle.sigstore.json", bundle: one.bundle };
    const digests = digestsOf(one.artifact);
    const verdict = await createVerifier([one.root()], keys, new Date()).verifyBeside(evidence, {
      names: [],
      digests: mode === "PATH" ? digests : digests.filter(({ algorithm }) => algorithm === "sha256"),
      bytes: mode === "PATH" ? one.artifact : null,
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
