import { ruleProblems } from "../../../src/policy/consistency/rules.ts";
import { formatPath } from "../../../src/policy/read/problem.ts";
import { describe, expect, it } from "vitest";

type Policy = Parameters<typeof ruleProblems>[0];

const ACTIONS = "https://token.actions.githubusercontent.com";
const signers = {
  widget: { githubActions: { repository: "acme/widget" } },
  same: { githubActions: { repository: "ACME/Widget" } },
  numbered: { githubActions: { repository: "acme/moved", repositoryId: "7" } },
  certificate: { certificate: { issuer: ACTIONS, sourceRepositoryURI: "https://github.com/acme/widget" } },
  identified: { certificate: { issuer: ACTIONS, sourceRepositoryIdentifier: "7" } },
  elsewhere: { certificate: { issuer: "https://other.example", sourceRepositoryIdentifier: "7" } },
  elsewhereAgain: { certificate: { issuer: "https://other.example", sourceRepositoryIdentifier: "7" } },
  lab: { gitlab: { project: "acme/widget" } },
  labCertificate: {
    certificate: { issuer: "https://gitlab.com", sourceRepositoryURI: "https://gitlab.com/acme/widget" },
  },
  pipeline: { azurePipelines: { organizationId: "o", projectId: "p", definitionId: "1" } },
  pipelineTwo: { azurePipelines: { organizationId: "o", projectId: "p", definitionId: "2" } },
  pipelineOther: { azurePipelines: { organizationId: "o", projectId: "q", definitionId: "1" } },
  connection: { azurePipelines: { organizationId: "o", tenantId: "t", serviceConnectionId: "s" } },
  connectionTwo: { azurePipelines: { organizationId: "o", tenantId: "t", serviceConnectionId: "r" } },
  token: {
    certificate: { issuer: "https://i.example", tokenSubject: "s", buildConfigURI: "b", subjectAlternativeName: "n" },
  },
  tokenTwo: { certificate: { issuer: "https://i.example", tokenSubject: "s" } },
  tokenOther: { certificate: { issuer: "https://i.example", tokenSubject: "u", buildConfigURI: "b" } },
  built: { certificate: { issuer: "https://i.example", buildConfigURI: "b", subjectAlternativeName: "n" } },
  builtTwo: { certificate: { issuer: "https://i.example", buildConfigURI: "b" } },
  builtOther: { certificate: { issuer: "https://i.example", buildConfigURI: "c", subjectAlternativeName: "n" } },
  named: { certificate: { issuer: "https://i.example", subjectAlternativeName: "n" } },
  namedTwo: { certificate: { issuer: "https://i.example", subjectAlternativeName: "n", issuerDigest: "x" } },
  key: { publicKey: { files: ["a.pem", "b.pem"] } },
  keyTwo: { publicKey: { files: ["b.pem"] } },
  keyOther: { publicKey: { files: ["c.pem"] } },
  author: { nugetSignature: { kind: "author", fingerprints: ["f"] } },
  authorTwo: { nugetSignature: { kind: "author", fingerprints: ["g", "f"] } },
  repeated: { publicKey: { files: ["d.pem", "d.pem"] } },
  npmjs: { npmRegistry: "https://npm.example" },
  feed: { nugetSignature: { kind: "repository", fingerprints: ["f"] } },
};
const problems = (rule: object, more: object = {}) =>
  ruleProblems({
    version: 1,
    signers,
    rules: [{ packages: ["npm:@acme/*"], ...rule }],
    ...more,
  } as unknown as Policy).map(({ path, message }) => `${formatPath(path)}: ${message}`);
const counting = (...signedBy: readonly string[]) => problems({ signedBy, count: 2 });

describe("two signers that are one hand", () => {
  it.each([
    ["widget", "same"],
    ["widget", "certificate"],
    ["numbered", "identified"],
    ["elsewhere", "elsewhereAgain"],
    ["lab", "labCertificate"],
    ["pipeline", "pipelineTwo"],
    ["token", "tokenTwo"],
    ["built", "builtTwo"],
    ["named", "namedTwo"],
    ["key", "keyTwo"],
    ["author", "authorTwo"],
  ])("%s and %s", (one, other) => {
    const message = `${one} and ${other} pin the same source and cannot count as two`;
    expect(counting(one, other)).toEqual([`rules[0].count: ${message}`]);
    expect(counting("repeated", one, other)).toEqual([`rules[0].count: ${message}`]);
  });

  it.each([
    ["widget", "lab"],
    ["identified", "elsewhere"],
    ["numbered", "elsewhere"],
    ["pipeline", "pipelineOther"],
    ["connection", "connectionTwo"],
    ["pipeline", "connection"],
    ["token", "tokenOther"],
    ["token", "named"],
    ["tokenOther", "builtTwo"],
    ["built", "builtOther"],
    ["built", "named"],
    ["key", "keyOther"],
    ["author", "widget"],
    ["repeated", "widget"],
  ])("%s and %s are two", (one, other) => {
    expect(counting(one, other)).toEqual([]);
  });
});

describe("how many", () => {
  it.each<[object, readonly string[]]>([
    [{ signedBy: ["widget", "same"], count: 1 }, []],
    [{ signedBy: ["widget", "same"] }, []],
    [{ signedBy: ["widget", "lab"], count: 3 }, ["rules[0].count: asks for 3 of 2 signers"]],
    [{ signedBy: ["widget", "widget"], count: 2 }, ['rules[0].signedBy[1]: "widget" is named twice']],
    [{ signedBy: ["widget", "same", "nobody"], count: 2 }, ['rules[0].signedBy[2]: there is no signer "nobody"']],
    [{ signedBy: ["widget", "nobody"] }, ['rules[0].signedBy[1]: there is no signer "nobody"']],
    [
      { signedBy: ["npmjs"] },
      ['rules[0].signedBy[0]: "npmjs" proves what was published, not who built it: name it in baseline'],
    ],
    [
      { signedBy: ["feed"] },
      ['rules[0].signedBy[0]: "feed" proves what was published, not who built it: name it in baseline'],
    ],
    [{ signedBy: ["author"] }, []],
  ])("%j", (rule, expected) => {
    expect(problems(rule)).toEqual(expected);
  });

  it("no signers at all are none too few", () => {
    expect(problems({ signedBy: [], count: 2 })).toEqual([]);
  });
});

describe("baselines", () => {
  it.each<[object, readonly string[]]>([
    [{ baseline: ["npmjs", "feed"] }, []],
    [{ baseline: ["nobody"] }, ['rules[0].baseline[0]: there is no signer "nobody"']],
    [{ baseline: ["npmjs", "npmjs"] }, ['rules[0].baseline[1]: "npmjs" is named twice']],
    [
      { baseline: ["widget"] },
      ["rules[0].baseline[0]: \"widget\" is not a registry's or feed's signature: name it in signedBy"],
    ],
    [
      { baseline: ["author"] },
      ["rules[0].baseline[0]: \"author\" is not a registry's or feed's signature: name it in signedBy"],
    ],
  ])("%j", (rule, expected) => {
    expect(problems(rule)).toEqual(expected);
  });
});

describe("versions", () => {
  it.each<[object, readonly string[]]>([
    [{ packages: ["npm:a", "npm:b"], versions: "<2" }, []],
    [
      { packages: ["npm:a", "pypi:b"], versions: "<2" },
      ["rules[0].versions: goes with packages of one ecosystem only"],
    ],
    [
      { packages: ["npm:@a*", "npm:b"], versions: "<2" },
      ["rules[0].packages[0]: would reach beyond one scope: write npm:@SCOPE/*"],
    ],
    [
      { packages: ["npm:@a*"], versions: "<2" },
      ["rules[0].packages[0]: would reach beyond one scope: write npm:@SCOPE/*"],
    ],
  ])("%j", (rule, expected) => {
    expect(problems({ unsigned: "deny", ...rule })).toEqual(expected);
  });

  it("a range must be one", () => {
    expect(problems({ packages: ["npm:a"], unsigned: "deny", versions: "not a range" })).toHaveLength(1);
  });
});

describe("slsa and vsa", () => {
  const slsa = { buildLevel: 2 };
  const vsa = { verifier: "v", levels: ["l"] };

  it("go with signedBy alone, and not with what they take the place of", () => {
    expect(problems({ signedBy: ["widget"], slsa })).toEqual([]);
    expect(problems({ signedBy: ["widget"], slsa, provenance: { builder: "b" } })).toEqual([]);
    expect(problems({ signedBy: ["widget"], vsa })).toEqual([]);
    expect(problems({ slsa, vsa })).toHaveLength(2);
    for (const more of [{ slsa }, { provenance: { builder: "b" } }, { predicateTypes: ["t"] }])
      expect(problems({ signedBy: ["widget"], vsa, ...more })).toHaveLength(1);
    expect(problems({ signedBy: ["widget"], slsa, predicateTypes: ["t"] })).toHaveLength(1);
  });

  it("a summary, which may say FAILED, is asked for as one", () => {
    for (const type of ["https://slsa.dev/verification_summary/v1", "https://slsa.dev/verification_summary/v0.2"])
      expect(problems({ signedBy: ["widget"], predicateTypes: ["t", type] })).toEqual([
        "rules[0].predicateTypes[1]: a summary may say FAILED: ask for it with vsa",
      ]);
  });

  it("provenance says something", () => {
    expect(problems({ signedBy: ["widget"], provenance: { parameters: {} } })).toHaveLength(1);
    for (const provenance of [{ repository: "r" }, { entryPoint: "e" }, { parameters: { "/a": true } }])
      expect(problems({ signedBy: ["widget"], provenance })).toEqual([]);
  });
});
