import { compareVsa } from "../../../src/policy/signers/vsa.ts";
import type { Rule } from "../../../src/policy/schema/index.ts";
import { attestation } from "../../support/attestation.ts";
import { hasCorpus } from "../../support/corpus.ts";
import { codes, decided, layer, ref, signedBy, WIDGET } from "../../support/policy.ts";
import { realStatements } from "../../support/real-provenance.ts";
import { describe, expect, it } from "vitest";

const VERIFIER = "https://verifier.example/v1";
const TYPE = "https://slsa.dev/verification_summary/v1";
const SUMMARY = {
  verifier: { id: VERIFIER },
  timeVerified: "2026-11-01T00:00:00Z",
  resourceUri: "pkg:npm/%40acme/widget@2.1.0",
  policy: { uri: "https://verifier.example/policy", digest: { sha256: "A".repeat(64) } },
  verificationResult: "PASSED",
  verifiedLevels: ["SLSA_BUILD_LEVEL_3", "FEDRAMP"],
};
const VSA = { verifier: VERIFIER, levels: ["SLSA_BUILD_LEVEL_2", "FEDRAMP"], policyDigest: `sha256:${"a".repeat(64)}` };
const rule = (vsa: object) => ({ packages: ["npm:*"], signedBy: ["v"], vsa }) as unknown as Rule;
const names = (predicate: unknown, vsa: object = VSA) =>
  compareVsa(rule(vsa), attestation({ predicate, predicateType: TYPE }), ref("npm:@acme/widget@2.1.0")).map(
    ({ name }) => name,
  );

describe("a verification summary", () => {
  it("says that this package passed, under this verifier, at these levels and by this policy", () => {
    expect(names(SUMMARY)).toEqual([]);
    expect(names({ ...SUMMARY, policy: undefined }, { ...VSA, policyDigest: undefined })).toEqual([]);
    expect(names({ ...SUMMARY, resourceUri: "pkg:npm/@acme/widget@2.1.0" })).toEqual([]);
  });

  it.each([
    ["that failed", { verificationResult: "FAILED" }, ["verificationResult"]],
    ["that passed in other letters", { verificationResult: "passed" }, ["verificationResult"]],
    ["without a result", { verificationResult: undefined }, ["verificationResult"]],
    ["by another verifier", { verifier: { id: `${VERIFIER}/` } }, ["verifier"]],
    ["by nobody", { verifier: null }, ["verifier"]],
    ["of another package", { resourceUri: "pkg:npm/widget@2.1.0" }, ["resourceUri"]],
    ["of another version", { resourceUri: "pkg:npm/%40acme/widget@2.1.1" }, ["resourceUri"]],
    ["of every version", { resourceUri: "pkg:npm/%40acme/widget" }, ["resourceUri"]],
    ["of another ecosystem", { resourceUri: "pkg:pypi/widget@2.1.0" }, ["resourceUri"]],
    ["of one file of it", { resourceUri: "pkg:npm/%40acme/widget@2.1.0?file=a" }, ["resourceUri"]],
    ["of nothing", { resourceUri: undefined }, ["resourceUri"]],
    ["at a lower level", { verifiedLevels: ["SLSA_BUILD_LEVEL_1", "FEDRAMP"] }, ["verifiedLevels"]],
    ["of another track", { verifiedLevels: ["SLSA_SOURCE_LEVEL_3", "FEDRAMP"] }, ["verifiedLevels"]],
    ["without a level", { verifiedLevels: "SLSA_BUILD_LEVEL_3" }, ["verifiedLevels", "verifiedLevels"]],
    ["by another policy", { policy: { digest: { sha256: "b".repeat(64) } } }, ["policy"]],
    ["by no policy", { policy: {} }, ["policy"]],
  ])("%s is not that", (_, part, expected) => expect(names({ ...SUMMARY, ...part })).toEqual(expected));

  it.each([null, "PASSED", [], 7, undefined])("that is %j says nothing", (predicate) => {
    expect(names(predicate, { ...VSA, policyDigest: undefined })).toContain("verificationResult");
  });
});

const policy = layer({
  signers: {
    widget: {
      githubActions: {
        repository: "acme/widget",
        workflow: ".github/workflows/release.yml",
        ref: "refs/tags/v{version}",
      },
    },
  },
  rules: [
    {
      packages: ["npm:@acme/widget"],
      signedBy: ["widget"],
      vsa: { verifier: VERIFIER, levels: ["SLSA_BUILD_LEVEL_3"] },
    },
  ],
});

describe("a rule with vsa", () => {
  const outcome = (...verdicts: Parameters<typeof decided>[2] & object) => {
    const found = decided("npm:@acme/widget@2.1.0", policy, verdicts);
    return [found.outcome, ...codes(found)];
  };
  const summary = { predicateType: TYPE, predicate: SUMMARY };

  it("is met by the summary of the signer that it names, and by nothing else", () => {
    expect(outcome(signedBy(WIDGET, summary))).toEqual(["allowed"]);
    expect(outcome(signedBy({ ...WIDGET, sourceRepositoryURI: "https://github.com/mallory/widget" }, summary))).toEqual(
      ["denied", "UNTRUSTED_SIGNER"],
    );
    expect(outcome(signedBy(WIDGET))).toEqual(["denied", "NO_EVIDENCE"]);
    expect(outcome(signedBy(WIDGET, { ...summary, predicate: { ...SUMMARY, verificationResult: "FAILED" } }))).toEqual([
      "denied",
      "PROVENANCE_MISMATCH",
    ]);
  });

  it("a summary meets no rule without vsa", () => {
    const open = layer({
      signers: policy.policy.signers,
      rules: [{ packages: ["npm:@acme/widget"], signedBy: ["widget"] }],
    });
    expect(codes(decided("npm:@acme/widget@2.1.0", open, [signedBy(WIDGET, summary)]))).toEqual(["NO_EVIDENCE"]);
  });
});

describe("a summary among attestations", () => {
  const asks = (type: string) =>
    layer({
      signers: policy.policy.signers,
      rules: [{ packages: ["npm:@acme/widget"], signedBy: ["widget"], attestations: [type] }],
    });
  const found = (predicate: unknown, type = TYPE) =>
    codes(
      decided("npm:@acme/widget@2.1.0", asks(type), [
        signedBy(WIDGET),
        signedBy(WIDGET, { predicateType: type, predicate }),
      ]),
    );

  it("counts where it says that this package passed", () => {
    expect(found(SUMMARY)).toEqual([]);
    expect(found({ ...SUMMARY, verificationResult: "FAILED" })).toEqual(["PROVENANCE_MISMATCH"]);
    expect(found({ ...SUMMARY, resourceUri: "pkg:npm/widget@2.1.0" })).toEqual(["PROVENANCE_MISMATCH"]);
    expect(found({})).toEqual(["PROVENANCE_MISMATCH"]);
  });

  it("is read as it was spelt until 0.2, too", () => {
    const old = "https://slsa.dev/verification_summary/v0.2";
    const said = { resource_uri: SUMMARY.resourceUri, verification_result: "PASSED" };
    expect(found(said, old)).toEqual([]);
    expect(found({ ...said, verification_result: "FAILED" }, old)).toEqual(["PROVENANCE_MISMATCH"]);
  });

  it("that failed takes nothing away from one that passed", () => {
    const verdicts = [SUMMARY, { ...SUMMARY, verificationResult: "FAILED" }].map((predicate) =>
      signedBy(WIDGET, { predicateType: TYPE, predicate }),
    );
    expect(codes(decided("npm:@acme/widget@2.1.0", asks(TYPE), [signedBy(WIDGET), ...verdicts]))).toEqual([]);
  });
});

describe.skipIf(!hasCorpus)("a real summary", () => {
  it.each([
    ["further/slsa/vsa/google/gke-gce-pre.bcid-vsa.jsonl", "SLSA_BUILD_LEVEL_2"],
    ["further/slsa/vsa/source/source-tool-0033be96048a3d461d8eb63bdc52eec8111779fe.jsonl", "SLSA_SOURCE_LEVEL_3"],
    ["further/slsa/vsa/source/collector-ff8459c57adf7bfcff8bc22228e55b92be92c301.jsonl", "SLSA_SOURCE_LEVEL_1"],
  ])("%s is about no package, and says the rest by its verifier alone", (path, level) => {
    const [one] = realStatements(path, /^https:\/\/slsa\.dev\/verification_summary\/v1$/);
    const { verifier = { id: "" } } = (one?.predicate ?? {}) as { readonly verifier?: { readonly id: string } };
    const differs = (vsa: object) =>
      one === undefined
        ? null
        : compareVsa(rule({ verifier: verifier.id, levels: [level], ...vsa }), one, ref("npm:@acme/widget@2.1.0")).map(
            ({ name }) => name,
          );
    expect(differs({})).toEqual(["resourceUri"]);
    expect(differs({ verifier: VERIFIER })).toEqual(["verifier", "resourceUri"]);
    expect(differs({ levels: ["SLSA_BUILD_LEVEL_3"] })).toEqual(["resourceUri", "verifiedLevels"]);
  });
});
