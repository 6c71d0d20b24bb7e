/** A level comes from the certificate, a summary is about this package, and neither is enough without its signer. */
import { inFile } from "./guard.ts";

const slsa = inFile("src/policy/signers/slsa.ts", "test/policy/signers/slsa.test.ts");
const vsa = inFile("src/policy/signers/vsa.ts", "test/policy/signers/vsa.test.ts");
const builders = inFile("src/policy/signers/builders.ts", "test/policy/signers/builders.test.ts");
const provenance = inFile("src/policy/signers/provenance.ts", "test/policy/signers/contradictions.test.ts");
const contradictions = inFile("src/policy/signers/contradictions.ts", "test/policy/signers/contradictions.test.ts");
const signed = inFile("src/policy/signers/signed.ts", "test/policy/signers/vsa.test.ts");
const rules = inFile("src/policy/consistency/rules.ts", "test/policy/consistency/rules.test.ts");
const predicate = inFile("src/policy/predicate.ts", "test/policy/signers/vsa.test.ts");

export const SLSA = [
  slsa({
    name: "slsa: a builder that signs is one of the table",
    remove: "if (workflow === null || known?.level !== 3) return 2;",
    put: "if (workflow === null) return 2;",
    named: "of a copy of a known builder",
  }),
  builders({
    name: "slsa: a builder counts at a release",
    remove: "return found.level === 3 && !RELEASE.test(workflow.ref) ? null : found;",
    put: "return found;",
    named: "of level 3 at a release",
  }),
  builders({
    name: "slsa: a commit or a pull request may be anybody's",
    remove: "if (workflow === null || !isOwnRef(workflow)) return null;",
    put: "if (workflow === null) return null;",
    named: "and of none at a commit or a pull request",
  }),
  slsa({
    name: "slsa: a named builder at a commit may be anybody's",
    remove: " && isOwnRef(workflow)",
    put: "",
    named: "takes a named builder at a commit, which may lie in anybody's fork",
  }),
  slsa({
    name: "slsa: a runner of one's own is no platform's",
    remove: 'if (issuer !== undefined && GITHUB.test(issuer)) return runnerEnvironment === "github-hosted";',
    put: "if (issuer !== undefined && GITHUB.test(issuer)) return runnerEnvironment !== undefined;",
    named: "of a runner of one's own",
  }),
  provenance({
    name: "slsa: a predicate that contradicts the certificate does not count",
    remove: ", ...contradictions(attestation)]",
    put: "]",
    named: "denies it",
  }),
  contradictions({
    name: "provenance: a builder's name is the workflow's that signed",
    remove: "...builder(claims, build),",
    put: "",
    named: "another workflow as the builder",
  }),
  contradictions({
    name: "provenance: a repository is the certificate's",
    remove: "...(isSameRepository(claims.sourceRepositoryURI, build.repository)",
    put: "...(claims.sourceRepositoryURI !== undefined",
    named: "another repository",
  }),
  contradictions({
    name: "provenance: a commit is the certificate's",
    remove: "...commits(claims, build),",
    put: "",
    named: "another commit",
  }),
  vsa({
    name: "vsa: it passed",
    remove: '...compare("verificationResult", "PASSED", said.text(predicate, "verificationResult")),',
    put: "",
    named: "that failed is not that",
  }),
  vsa({
    name: "vsa: it is about this package",
    remove: '...compareResource(ref, said.text(predicate, "resourceUri")),',
    put: "",
    named: "of another package is not that",
  }),
  signed({
    name: "vsa: a failed one among attestations is none",
    remove: "if (isSummary(type)) return failed(type, own, facts);",
    put: "",
    named: "counts where it says that this package passed",
  }),
  rules({
    name: "vsa: a summary is no predicate type like others",
    remove: "if (summary !== -1)",
    put: "if (summary > 100)",
    named: "a summary, which may say FAILED",
  }),
  predicate({
    name: "vsa: nothing else takes its place",
    remove: "if (rule.vsa !== undefined) return predicateType === VSA;",
    put: "if (predicateType === VSA) return true;",
    named: "is met by the summary of the signer that it names",
  }),
];
