import { parsePurl } from "../../ecosystems/purl.ts";
import { CODES } from "../../model/codes.ts";
import { Signer } from "../../policy/schema/signers.ts";
import { DigestText, instant, list, relativePath, words } from "../../policy/schema/texts.ts";
import * as v from "valibot";

const Expected = v.pipe(
  v.string(),
  v.check(
    (text) => text === "allow" || text === "deny" || Object.hasOwn(CODES, text.replace(/^deny /, "")),
    'expected "allow", "deny", or "deny" with a code, such as "deny UNTRUSTED_SIGNER"',
  ),
);

const Trial = v.strictObject({
  says: v.exactOptional(words("What is tried, for people")),
  package: v.pipe(
    v.string(),
    v.check(
      (text) => (parsePurl(text)?.version ?? null) !== null,
      "expected one version, such as pkg:npm/widget@1.0.0",
    ),
  ),
  digests: v.exactOptional(list(DigestText, "What its bytes hash to")),
  /** As a policy names a signer, without * or {version}; a claim that is not named is one that the certificate lacks. */
  signedBy: v.exactOptional(Signer),
  predicateType: v.exactOptional(v.string()),
  signedAt: v.exactOptional(instant("When it was signed; now, where nothing is said")),
  /** A bundle that is there, relative to the file; it is verified. */
  evidence: v.exactOptional(relativePath("A Sigstore bundle, verified as the gate does")),
  expect: Expected,
});

/** A file of trials: what a policy has to say of packages that are supposed, or of evidence that is kept. */
export const TrialsSchema = v.strictObject({
  version: v.literal(1, "must be 1"),
  trials: list(Trial, "In order"),
});

export type Trial = v.InferOutput<typeof Trial>;
