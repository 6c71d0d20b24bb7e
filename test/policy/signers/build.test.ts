import { buildOf } from "../../../src/policy/signers/build.ts";
import { attestation } from "../../support/attestation.ts";
import { corpusText, hasCorpus } from "../../support/corpus.ts";
import { realStatements } from "../../support/real-provenance.ts";
import { describe, expect, it } from "vitest";

/** Without what a builder has hundreds of. */
function shown(one: Parameters<typeof buildOf>[0]) {
  const { parameters, inputs, ...words } = buildOf(one);
  return { ...words, parameters: Object.keys(parameters ?? {}), inputs: inputs.length };
}

describe.skipIf(!hasCorpus)("what real builders say of a build", () => {
  it.each<[string, RegExp, object]>([
    [
      "further/slsa/provenance/generic/ko-0.17.1.intoto.jsonl",
      /v0\.2$/,
      {
        repository: "https://github.com/ko-build/ko",
        ref: "refs/tags/v0.17.1",
        commit: "fd1f25182dd0f916eaae4996bbad4618e8f3d567",
        entryPoint: ".github/workflows/release.yml",
        buildType: "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
        inputs: 1,
      },
    ],
    [
      "npm/nuxt@3.13.0/attestations.json",
      /v1$/,
      {
        builder: "https://github.com/actions/runner/github-hosted",
        repository: "https://github.com/nuxt/nuxt",
        ref: "refs/tags/v3.13.0",
        commit: undefined,
        entryPoint: ".github/workflows/release.yml",
        parameters: ["workflow"],
        inputs: 1,
      },
    ],
    [
      "further/slsa/provenance/gcb/v1.0/v1.0-gcloud-container-bb.json",
      /v1$/,
      {
        builder: "https://cloudbuild.googleapis.com/GoogleHostedWorker",
        repository: "https://bbs.gcb-test.com:8443/staging-qual-us-west1-push2",
        ref: "refs/heads/master",
        entryPoint: "push.cloudbuild.yaml",
        parameters: ["buildConfigSource", "sourceToBuild", "substitutions"],
      },
    ],
    [
      "further/slsa/provenance/oss-rebuild/chalk-5.6.0.rebuild.intoto.json",
      /v1$/,
      {
        builder: "https://docs.oss-rebuild.dev/hosts/Google",
        repository: undefined,
        parameters: ["artifact", "ecosystem", "package", "version"],
      },
    ],
  ])("%s", (path, type, expected) => {
    const [found] = realStatements(path, type);
    expect(found === undefined ? null : shown(found)).toMatchObject(expected);
  });

  it("Tekton Chains", () => {
    // A Go template: an element for a loop, and texts for fields.
    const text = corpusText("further/slsa/provenance/tekton/v2alpha4-task-output-image.json");
    const filled = text.replaceAll(/\{\{(?:range [^}]*|end)\}\}/g, "").replaceAll(/\{\{[^}]*\}\}/g, "x");
    const { predicate } = JSON.parse(filled) as { readonly predicate: unknown };
    expect(shown(attestation({ predicate }))).toMatchObject({
      builder: "https://tekton.dev/chains/v2",
      buildType: "https://tekton.dev/chains/v2/slsa",
      repository: undefined,
      parameters: ["runSpec"],
    });
  });
});

describe("a predicate that says nothing of the kind", () => {
  it.each([undefined, null, "x", 7, [], { buildDefinition: { externalParameters: "x", resolvedDependencies: {} } }])(
    "%j",
    (predicate) => {
      for (const version of ["v0.2", "v1"])
        expect(
          buildOf(attestation({ predicate, predicateType: `https://slsa.dev/provenance/${version}` })),
        ).toMatchObject({
          builder: undefined,
          repository: undefined,
          commit: undefined,
          inputs: [],
        });
    },
  );
});
