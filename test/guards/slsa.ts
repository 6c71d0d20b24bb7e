/** A level comes from the certificate, a summary is about this package, and neither is enough without its signer. */
import { inFile } from "./guard.ts";

const slsa = inFile("src/policy/signers/slsa.ts", "test/policy/signers/slsa.test.ts");
const vsa = inFile("src/policy/signers/vsa.ts", "test/policy/signers/vsa.test.ts");
const predicate = inFile("src/policy/predicate.ts", "test/policy/signers/vsa.test.ts");

export const SLSA = [
  slsa({
    name: "slsa: a builder that signs is one of the table",
    remove: "LEVEL_3.has(workflow.path) && RELEASE.test(workflow.ref)",
    put: "RELEASE.test(workflow.ref)",
    named: "of a copy of a known builder",
  }),
  slsa({
    name: "slsa: a builder counts at a release",
    remove: " && RELEASE.test(workflow.ref)",
    put: "",
    named: "of a known builder at a branch",
  }),
  slsa({
    name: "slsa: a runner of one's own is no platform's",
    remove: 'if (issuer === GITHUB) return runnerEnvironment === "github-hosted";',
    put: "if (issuer === GITHUB) return runnerEnvironment !== undefined;",
    named: "of a runner of one's own",
  }),
  slsa({
    name: "slsa: a predicate that contradicts the certificate does not count",
    remove: "...contradictions(attestation),",
    put: "",
    named: "is not met where the predicate names another repository",
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
  predicate({
    name: "vsa: nothing else takes its place",
    remove: "if (rule.vsa !== undefined) return predicateType === VSA;",
    put: "if (predicateType === VSA) return true;",
    named: "is met by the summary of the signer that it names",
  }),
];
