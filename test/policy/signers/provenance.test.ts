import { compareProvenance } from "../../../src/policy/signers/provenance.ts";
import { attestation } from "../../support/attestation.ts";
import { describe, expect, it } from "vitest";

const HOSTED = "https://github.com/actions/runner/github-hosted";
const OWN = "https://github.com/actions/runner/self-hosted";
const v1 = (builder: unknown, buildType: unknown = "t") => ({
  predicate: { runDetails: { builder: { id: builder } }, buildDefinition: { buildType } },
});
const v02 = (builder: string, buildType: string) => ({
  predicateType: "https://slsa.dev/provenance/v0.2",
  predicate: { builder: { id: builder }, buildType },
});
const on = (runnerEnvironment: string) => ({ signer: { kind: "certificate", claims: { runnerEnvironment } } }) as const;
const differs = (provenance: object | undefined, more: object) =>
  compareProvenance(
    provenance === undefined ? { packages: ["npm:*"] } : { packages: ["npm:*"], provenance },
    attestation(more),
  );
const ABSENT = "(the provenance does not say)";

describe("what provenance says", () => {
  it.each<[string, object, object, object[]]>([
    ["all of it", { builder: "b", buildType: "t" }, v1("b"), []],
    ["another builder", { builder: "a" }, v1("b"), [{ name: "builder", expected: "a", found: "b" }]],
    ["another type", { buildType: "u" }, v1("b"), [{ name: "buildType", expected: "u", found: "t" }]],
    ["v0.2", { builder: "b", buildType: "t" }, v02("b", "t"), []],
    [
      "v0.2, another",
      { builder: "b", buildType: "t" },
      v02("c", "t"),
      [{ name: "builder", expected: "b", found: "c" }],
    ],
    ["no text", { builder: "b" }, v1(1), [{ name: "builder", expected: "b", found: ABSENT }]],
    ["nothing", { builder: "b" }, { predicate: undefined }, [{ name: "builder", expected: "b", found: ABSENT }]],
    ["null", { builder: "b" }, { predicate: null }, [{ name: "builder", expected: "b", found: ABSENT }]],
    ["a text", { builder: "b" }, { predicate: "b" }, [{ name: "builder", expected: "b", found: ABSENT }]],
    [
      "a text on the way",
      { builder: "b" },
      { predicate: { runDetails: "b" } },
      [{ name: "builder", expected: "b", found: ABSENT }],
    ],
    [
      "inherited",
      { builder: "b" },
      { predicate: { runDetails: { builder: Object.create({ id: "b" }) as object } } },
      [{ name: "builder", expected: "b", found: ABSENT }],
    ],
  ])("%s", (_, provenance, more, expected) => {
    expect(differs(provenance, more)).toEqual(expected);
  });
});

const COMMIT = "a".repeat(40);
const parameters = { target: "release", inputs: { "a/b": "x", "~": 1, publish: true }, nothing: null, list: ["x"] };
const SOURCE = {
  v1: {
    predicate: {
      buildDefinition: {
        externalParameters: {
          ...parameters,
          workflow: {
            repository: "https://github.com/acme/widget",
            ref: "refs/heads/main",
            path: ".github/workflows/r.yml",
          },
        },
        resolvedDependencies: [
          { uri: "git+https://github.com/acme/other@refs/heads/main", digest: { gitCommit: "b".repeat(40) } },
          { uri: "git+https://github.com/acme/widget@refs/heads/main", digest: { gitCommit: COMMIT } },
        ],
      },
    },
  },
  "v0.2": {
    predicateType: "https://slsa.dev/provenance/v0.2",
    predicate: {
      invocation: {
        configSource: {
          uri: "git+https://github.com/acme/widget.git@refs/heads/main",
          digest: { sha1: COMMIT },
          entryPoint: ".github/workflows/r.yml",
        },
        parameters,
      },
    },
  },
};

describe.each(Object.entries(SOURCE))("the source and parameters in %s", (_, more) => {
  it.each<[object, readonly string[]]>([
    [{ repository: "https://github.com/acme/widget", commit: COMMIT, entryPoint: ".github/workflows/r.yml" }, []],
    [{ repository: "https://github.com/acme/widget.git" }, ["repository"]],
    [{ repository: "https://github.com/acme/other" }, ["repository"]],
    [{ commit: "b".repeat(40) }, ["commit"]],
    [{ entryPoint: ".github/workflows/R.yml" }, ["entryPoint"]],
    [{ parameters: { "/target": "release", "/inputs/a~1b": "x", "/inputs/~0": 1, "/inputs/publish": true } }, []],
    [{ parameters: { "/target": "Release" } }, ["parameters/target"]],
    [{ parameters: { "/inputs/~0": "1" } }, ["parameters/inputs/~0"]],
    [{ parameters: { "/inputs/publish": "true" } }, ["parameters/inputs/publish"]],
    [{ parameters: { "/inputs": "x" } }, ["parameters/inputs"]],
    [{ parameters: { "/nothing": "null" } }, ["parameters/nothing"]],
    [{ parameters: { "/list": "x" } }, ["parameters/list"]],
    [{ parameters: { "/toString": "x" } }, ["parameters/toString"]],
  ])("%j", (provenance, expected) => {
    expect(differs(provenance, more).map(({ name }) => name)).toEqual(expected);
  });
});

describe("the certificate wins", () => {
  const said = [{ name: "builder", expected: `${HOSTED} (so says the certificate)`, found: OWN }];

  it.each<[string, object | undefined, object, object[]]>([
    ["against another runner", {}, { ...v1(OWN), ...on("github-hosted") }, said],
    ["the same runner", {}, { ...v1(HOSTED), ...on("github-hosted") }, []],
    ["where the rule asks", undefined, { ...v1(OWN), ...on("github-hosted") }, []],
    ["another kind of builder", {}, { ...v1("https://b.example"), ...on("github-hosted") }, []],
    ["no builder", {}, { ...v1(1), ...on("github-hosted") }, []],
    ["no environment", {}, { ...v1(OWN), signer: { kind: "certificate", claims: {} } }, []],
    ["a key", {}, { ...v1(OWN), signer: { kind: "key", fingerprint: "x", usage: "y" } }, []],
  ])("%s", (_, provenance, more, expected) => {
    expect(differs(provenance, more)).toEqual(expected);
  });
});
