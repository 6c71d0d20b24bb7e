import type { Claims } from "../../../src/model/claims.ts";
import { buildLevelOf, compareSlsa } from "../../../src/policy/signers/slsa.ts";
import type { Rule } from "../../../src/policy/schema/index.ts";
import { attestation } from "../../support/attestation.ts";
import { hasCorpus } from "../../support/corpus.ts";
import { codes, decided, layer, signedBy, WIDGET } from "../../support/policy.ts";
import { realStatements } from "../../support/real-provenance.ts";
import { describe, expect, it } from "vitest";

const GENERATOR =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
const BRANCH = GENERATOR.replace("tags/v2.1.0", "heads/main");
const COPY = GENERATOR.replace("slsa-framework", "mallory");
const HOSTED = "https://github.com/actions/runner/github-hosted";
const by = (id: unknown, more: object = {}) => ({ runDetails: { builder: { id } }, ...more });
const claims = (more: Partial<Claims>): Claims => ({ ...WIDGET, ...more });
const made = (signer: Claims, predicate: unknown, predicateType = "https://slsa.dev/provenance/v1") =>
  attestation({ signer: { kind: "certificate", claims: signer }, predicate, predicateType });

describe("the build level", () => {
  it.each<[string, Claims, unknown, number]>([
    ["of a hosted workflow that signs for itself", WIDGET, by(HOSTED), 2],
    ["of a known builder at a release", claims({ buildSignerURI: GENERATOR }), by(GENERATOR), 3],
    ["of an enterprise at GitHub", claims({ issuer: `${WIDGET.issuer}/hammer-time` }), by(HOSTED), 2],
    ["of what only begins like it", claims({ issuer: `${WIDGET.issuer}.example` }), by(HOSTED), 1],
    ["of gitlab.com", claims({ issuer: "https://gitlab.com", runnerEnvironment: "gitlab-hosted" }), by("x"), 2],
    ["of a runner of one's own", claims({ runnerEnvironment: "self-hosted" }), by(HOSTED), 1],
    ["where the predicate says that it was one", WIDGET, by("https://github.com/actions/runner/self-hosted"), 1],
    ["of another platform", claims({ issuer: "https://agent.buildkite.com" }), by(HOSTED), 1],
    [
      "of a server of one's own",
      claims({ issuer: "https://gitlab.example", runnerEnvironment: "gitlab-hosted" }),
      by("x"),
      1,
    ],
    ["without a builder", WIDGET, {}, 0],
    ["with a builder that is no text", WIDGET, by({}), 0],
    ["of a known builder at a branch", claims({ buildSignerURI: BRANCH }), by(BRANCH), 2],
    ["of a known builder that names another", claims({ buildSignerURI: GENERATOR }), by(HOSTED), 2],
    ["that a workflow claims for itself", WIDGET, by(GENERATOR), 2],
    ["of a copy of a known builder", claims({ buildSignerURI: COPY }), by(COPY), 2],
    [
      "of a name that only begins alike",
      claims({ buildSignerURI: GENERATOR.replace(".yml", ".yml.yml") }),
      by(GENERATOR),
      2,
    ],
    [
      "of a reusable workflow that nobody knows",
      claims({ buildSignerURI: "https://github.com/acme/ci/.github/workflows/b.yml@refs/tags/v1.0.0" }),
      by(HOSTED),
      2,
    ],
  ])("%s", (_, signer, predicate, level) => expect(buildLevelOf(made(signer, predicate))).toBe(level));

  it("is none of a key's, and none of what is no provenance", () => {
    const key = { kind: "key", fingerprint: "sha256:1", usage: "policy" } as const;
    expect(buildLevelOf(attestation({ signer: key, predicate: by(HOSTED) }))).toBe(0);
    expect(buildLevelOf(made(WIDGET, by(HOSTED), "https://spdx.dev/Document"))).toBe(0);
  });

  it("is read from v0.2, too", () => {
    expect(buildLevelOf(made(WIDGET, { builder: { id: HOSTED } }, "https://slsa.dev/provenance/v0.2"))).toBe(2);
  });
});

describe("a rule with slsa", () => {
  const rule = (slsa: object) => ({ packages: ["npm:widget"], signedBy: ["widget"], slsa }) as unknown as Rule;
  const names = (slsa: object, one: ReturnType<typeof made>) => compareSlsa(rule(slsa), one).map(({ name }) => name);
  const generated = made(claims({ buildSignerURI: GENERATOR }), by(GENERATOR));
  const path = GENERATOR.split("@")[0] ?? "";

  it("asks for the level and the builder", () => {
    expect(names({ buildLevel: 3, builders: "known" }, generated)).toEqual([]);
    expect(names({ buildLevel: 3 }, made(WIDGET, by(GENERATOR)))).toEqual(["buildLevel"]);
    expect(names({ buildLevel: 2, builders: "known" }, made(WIDGET, by(HOSTED)))).toEqual(["builder"]);
    expect(names({ buildLevel: 2, builders: [path] }, generated)).toEqual([]);
    expect(
      names({ buildLevel: 2, builders: ["https://github.com/acme/ci/.github/workflows/b.yml"] }, generated),
    ).toEqual(["builder"]);
  });

  it.each([
    ["a tag of its own", "refs/tags/v2.1.0", true],
    ["a branch of its own", "refs/heads/main", true],
    ["a commit, which may lie in anybody's fork", "c".repeat(40), false],
    ["a pull request", "refs/pull/7/merge", false],
  ])("takes a named builder at %s", (_, at, isTaken) => {
    const ours = "https://github.com/acme/ci/.github/workflows/b.yml";
    const one = made(claims({ buildSignerURI: `${ours}@${at}` }), by(HOSTED));
    expect(names({ buildLevel: 2, builders: [ours] }, one)).toEqual(isTaken ? [] : ["builder"]);
    expect(names({ buildLevel: 2, builders: [`${ours}@${at}`] }, one)).toEqual([]);
    expect(names({ buildLevel: 2, builders: [`${ours}@${at}0`] }, one)).toEqual(["builder"]);
  });

  it("takes a known builder of a lower level where the rule asks for no more", () => {
    const docker = "https://github.com/docker/github-builder/.github/workflows/build.yml";
    const one = made(claims({ buildSignerURI: `${docker}@refs/tags/v1` }), by(HOSTED));
    expect(names({ buildLevel: 2, builders: "known" }, one)).toEqual([]);
    expect(names({ buildLevel: 3, builders: "known" }, one)).toEqual(["buildLevel"]);
    const fork = made(claims({ buildSignerURI: `${docker}@${"c".repeat(40)}` }), by(HOSTED));
    expect(names({ buildLevel: 2, builders: "known" }, fork)).toEqual(["builder"]);
  });

  it("decides: met by the level, denied below it, and never by a signature alone", () => {
    const policy = (slsa: object) =>
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
        rules: [{ packages: ["npm:widget"], signedBy: ["widget"], slsa }],
      });
    const verdict = signedBy(WIDGET, { predicate: by(HOSTED) });
    expect(decided("npm:widget@2.1.0", policy({ buildLevel: 2 }), [verdict]).outcome).toBe("allowed");
    expect(codes(decided("npm:widget@2.1.0", policy({ buildLevel: 3 }), [verdict]))).toEqual(["PROVENANCE_MISMATCH"]);
    const message = signedBy(WIDGET, { predicateType: null, predicate: undefined });
    expect(codes(decided("npm:widget@2.1.0", policy({ buildLevel: 1 }), [message]))).toEqual(["NO_EVIDENCE"]);
  });
});

/** Each real builder of the corpus, and the level that it may claim. What a key signed, Cloud Build's too, says nothing of one. */
const REAL: Readonly<Record<string, readonly number[]>> = {
  "further/slsa/provenance/generic/ko-0.17.1.intoto.jsonl": [3],
  "npm/@laurentsimon/provenance-npm-test@1.0.5/attestations.json": [3],
  // A delegator that names a builder of another repository.
  "sigstore/bundles/slsa-verifier/binary-linux-amd64-push-v14.2.build.slsa": [2],
  "sigstore/bundles/slsa-verifier/MODULE.bazel.intoto.jsonl": [2],
  // By another workflow, which writes the builder's name.
  "sigstore/bundles/slsa-verifier/MODULE-wrong-signer.bazel.intoto.jsonl": [2],
  "sigstore/bundles/cli/github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl": [2],
  // Known, but at a commit.
  "sigstore/bundles/cli/reusable-workflow-attestation.sigstore.json": [2],
  "sigstore/bundles/cli/custom-issuer.sigstore.json": [2],
  "nuget/maven/github-private.attestation.sigstore.json": [2],
  "npm/nuxt@3.13.0/attestations.json": [2],
  "npm/sigstore@1.3.0/attestations.json": [2],
  "npm/sigstore@5.0.0/attestations.json": [2],
  "further/slsa/provenance/generic/several-attestations-one-bad.jsonl": [2],
  // Of the first generation, whose certificates do not say on what it ran.
  "npm/tuf-js@1.0.0/attestations.json": [1],
  // An e-mail address.
  "nuget/maven/bundle.dsse.rekor-v2.sigstore.json": [1],
  "further/slsa/provenance/gcb/v1.0/v1.0-gcloud-container-github-single.json": [0],
  "further/slsa/provenance/gcb/v1.0/v1.0-gcloud-container-gitlabent.json": [0, 0],
  "further/slsa/provenance/oss-rebuild/chalk-5.6.0.rebuild.intoto.json": [0],
  "further/cosign-made/bundles/attest-ecdsa.sigstore.json": [0],
};

describe.skipIf(!hasCorpus)("real provenance", () => {
  const level = (buildLevel: number) => ({ packages: ["npm:x"], slsa: { buildLevel } }) as unknown as Rule;

  it.each(Object.entries(REAL))("%s reaches level %j and none above", (path, levels) => {
    const found = realStatements(path, /^https:\/\/slsa\.dev\/provenance\//);
    expect(found.map(buildLevelOf)).toEqual(levels);
    for (const one of found) {
      const reached = buildLevelOf(one);
      expect([1, 2, 3, 4].map((asked) => compareSlsa(level(asked), one).length === 0)).toEqual(
        [1, 2, 3, 4].map((asked) => asked <= reached),
      );
    }
  });
});
