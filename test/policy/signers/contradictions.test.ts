import type { Claims } from "../../../src/model/claims.ts";
import { contradictions } from "../../../src/policy/signers/contradictions.ts";
import { attestation } from "../../support/attestation.ts";
import { hasCorpus } from "../../support/corpus.ts";
import { codes, decided, layer, signedBy, WIDGET } from "../../support/policy.ts";
import { realStatements } from "../../support/real-provenance.ts";
import { describe, expect, it } from "vitest";

const HOSTED = "https://github.com/actions/runner/github-hosted";
const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";
const OWN = WIDGET.sourceRepositoryURI ?? "";
const [A, B] = ["a".repeat(40), "b".repeat(40)];
const SIGNER: Claims = { ...WIDGET, sourceRepositoryDigest: A };

const names = (predicate: unknown, claims: Claims = SIGNER, version = "v1") =>
  contradictions(
    attestation({
      signer: { kind: "certificate", claims },
      predicate,
      predicateType: `https://slsa.dev/provenance/${version}`,
    }),
  ).map(({ name }) => name);

const workflow = (more: object = {}) => ({
  repository: OWN,
  ref: "refs/tags/v2.1.0",
  path: ".github/workflows/release.yml",
  ...more,
});
const v1 = (externalParameters: object, more: object = {}, builder = HOSTED) => ({
  runDetails: { builder: { id: builder } },
  buildDefinition: { externalParameters, ...more },
});
const v02 = (configSource: object, more: object = {}) => ({
  builder: { id: HOSTED },
  invocation: { configSource },
  ...more,
});
const uri = `git+${OWN}@refs/tags/v2.1.0`;
const taken = (...commits: readonly (string | undefined)[]) => ({
  resolvedDependencies: [
    { uri: "git+https://github.com/actions/checkout@refs/tags/v5", digest: { gitCommit: "c".repeat(40) } },
    ...commits.map((gitCommit) => ({ uri, digest: { gitCommit } })),
  ],
});

describe("provenance against its certificate", () => {
  it.each<[string, unknown, string[]]>([
    ["that says the same", v1({ workflow: workflow() }, taken(A)), []],
    ["that says nothing", {}, []],
    ["another repository", v1({ workflow: workflow({ repository: "https://github.com/mallory/x" }) }), ["repository"]],
    ["another repository as the source", v1({ source: { uri: "git+https://github.com/mallory/x" } }), ["repository"]],
    ...[
      `git+ssh://git@github.com${OWN.slice("https://github.com".length)}.git@refs/tags/v2.1.0`,
      `git@github.com:${OWN.slice("https://github.com/".length)}.git`,
      `https://someone@github.com${OWN.slice("https://github.com".length)}`,
      `${OWN}/`,
      `${OWN}.git#refs/tags/v2.1.0`,
      OWN.toUpperCase().replace("HTTPS", "https"),
    ].map((one): [string, unknown, string[]] => [`its repository as ${one}`, v1({ source: { uri: one } }), []]),
    ["one whose name begins alike", v1({ source: { uri: `${OWN}/x` } }), ["repository"]],
    ["another path", v1({ workflow: workflow({ path: ".github/workflows/other.yml" }) }), ["entryPoint"]],
    ["another ref", v1({ workflow: workflow({ ref: "refs/heads/main" }) }), ["ref"]],
    ["another commit", v1({}, taken(B)), ["commit"]],
    ["one of its commits", v1({}, taken(B, A)), []],
    ["another commit as the source", v1({ source: { uri, digest: { sha1: B } } }, taken(A)), ["commit"]],
    ["a job for an entry point", v1({ entryPoint: "publish", source: OWN }), []],
    ["another runner", v1({}, {}, "https://github.com/actions/runner/self-hosted"), ["builder"]],
    ["another workflow as the builder", v1({}, {}, `${GENERATOR}builder_go_slsa3.yml@refs/tags/v2.1.0`), ["builder"]],
    ["its own workflow as the builder", v1({}, {}, SIGNER.buildSignerURI), []],
    ["a builder that is no workflow", v1({}, {}, "https://builder.example/v1"), []],
  ])("v1, %s", (_, predicate, expected) => expect(names(predicate)).toEqual(expected));

  it.each<[string, unknown, string[]]>([
    [
      "that says the same",
      v02(
        { uri, digest: { sha1: A }, entryPoint: ".github/workflows/release.yml" },
        { materials: [{ uri, digest: { sha1: A } }] },
      ),
      [],
    ],
    ["another repository", v02({ uri: "git+https://github.com/mallory/x@refs/tags/v2.1.0" }), ["repository"]],
    ["another ref", v02({ uri: `git+${OWN}@refs/heads/main` }), ["ref"]],
    ["a commit for a ref", v02({ uri: `git+${OWN}.git@${A}` }), []],
    ["another commit", v02({ uri, digest: { sha1: B } }), ["commit"]],
    [
      "another commit among the materials",
      v02({ uri, digest: { sha1: A } }, { materials: [{ uri, digest: { sha1: B } }] }),
      ["commit"],
    ],
    ["another path", v02({ uri, entryPoint: ".github/workflows/other.yml" }), ["entryPoint"]],
    [
      "another path, as npm first wrote it",
      v02({ uri, entryPoint: "acme/widget/.github/workflows/other.yml@refs/tags/v2.1.0" }),
      ["entryPoint"],
    ],
    [
      "its path, as npm first wrote it",
      v02({ uri, entryPoint: "acme/widget/.github/workflows/release.yml@refs/tags/v2.1.0" }),
      [],
    ],
    ["a title for an entry point", v02({ uri, entryPoint: "demo" }), []],
  ])("v0.2, %s", (_, predicate, expected) => expect(names(predicate, SIGNER, "v0.2")).toEqual(expected));

  it("of a delegator may name the workflow that it signs for; at a branch it is a workflow like others", () => {
    const signer = (at: string) => ({ ...SIGNER, buildSignerURI: `${GENERATOR}delegator_generic_slsa3.yml@${at}` });
    const predicate = v1({}, {}, "https://github.com/acme/builder/.github/workflows/build.yml@refs/tags/v1.0.0");
    expect(names(predicate, signer("refs/tags/v2.1.0"))).toEqual([]);
    expect(names(predicate, signer("refs/heads/main"))).toEqual(["builder"]);
  });

  it("of a workflow from elsewhere is not compared by the workflow: the certificate's ref is the source's", () => {
    const elsewhere = {
      ...SIGNER,
      buildConfigURI: "https://github.com/acme/required/.github/workflows/r.yml@refs/heads/main",
    };
    expect(
      names(
        v1({ workflow: workflow({ ref: "refs/heads/main", path: "acme/required/.github/workflows/r.yml" }) }),
        elsewhere,
      ),
    ).toEqual([]);
  });

  it("by a key has nothing to contradict", () => {
    const key = { kind: "key", fingerprint: "sha256:1", usage: "policy" } as const;
    expect(contradictions(attestation({ signer: key, predicate: v1({}, taken(B)) }))).toEqual([]);
  });
});

describe("a rule that asks for provenance, or for a level", () => {
  const policy = (asks: object) =>
    layer({
      signers: {
        widget: {
          githubActions: {
            repository: "acme/widget",
            workflow: ".github/workflows/release.yml",
            ref: "refs/tags/v{version}",
          },
        },
      },
      rules: [{ packages: ["npm:widget"], signedBy: ["widget"], ...asks }],
    });
  const outcome = (asks: object, predicate: unknown) =>
    codes(decided("npm:widget@2.1.0", policy(asks), [signedBy(SIGNER, { predicate })]));

  it.each([{ provenance: { builder: HOSTED } }, { slsa: { buildLevel: 1 } }])("%j denies it", (asks) => {
    expect(outcome(asks, v1({ workflow: workflow() }, taken(A)))).toEqual([]);
    expect(outcome(asks, v1({ workflow: workflow() }, taken(B)))).toEqual(["PROVENANCE_MISMATCH"]);
  });
});

describe.skipIf(!hasCorpus)("real provenance", () => {
  it.each([
    "npm/@laurentsimon/provenance-npm-test@1.0.5/attestations.json",
    "npm/nuxt@3.13.0/attestations.json",
    "npm/sigstore@1.3.0/attestations.json",
    "npm/sigstore@2.0.0/attestations.json",
    "npm/sigstore@2.1.0/attestations.json",
    "npm/sigstore@5.0.0/attestations.json",
    "npm/tuf-js@1.0.0/attestations.json",
    "nuget/maven/github-private.attestation.sigstore.json",
    "sigstore/bundles/cli/custom-issuer.sigstore.json",
    "sigstore/bundles/cli/github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl",
    "sigstore/bundles/cli/reusable-workflow-attestation.sigstore.json",
    "sigstore/bundles/slsa-verifier/MODULE.bazel.intoto.jsonl",
    "sigstore/bundles/slsa-verifier/binary-linux-amd64-push-v14.2.build.slsa",
    "further/slsa/provenance/generic/ko-0.17.1.intoto.jsonl",
    "further/slsa/provenance/generic/several-attestations-one-bad.jsonl",
  ])("%s contradicts nothing", (path) => {
    const found = realStatements(path, /^https:\/\/slsa\.dev\/provenance\//);
    expect(found.length).toBeGreaterThan(0);
    expect(found.flatMap(contradictions)).toEqual([]);
  });

  it("that another workflow signed under a known builder's name contradicts its certificate", () => {
    const path = "sigstore/bundles/slsa-verifier/MODULE-wrong-signer.bazel.intoto.jsonl";
    const [first] = realStatements(path, /provenance/).flatMap(contradictions);
    expect(first).toMatchObject({ name: "builder", found: expect.stringContaining("bazel-contrib/publish-to-bcr") });
  });
});
