import { signerProblems } from "../../../src/policy/consistency/signers.ts";
import { formatPath } from "../../../src/policy/read/problem.ts";
import { describe, expect, it } from "vitest";

type Policy = Parameters<typeof signerProblems>[0];

const problems = (signer: object, more: object = {}) =>
  signerProblems({ version: 1, signers: { one: signer }, ...more } as unknown as Policy).map(
    ({ path, message }) => `${formatPath(path)}: ${message}`,
  );
const certificate = (is: object) => problems({ certificate: { issuer: "https://i.example", ...is } });

describe("whom a certificate's name alone can name", () => {
  it.each([
    ["me@acme.example", true],
    ["x me@acme.example", false],
    ["me@acme.example x", false],
    ["@acme.example", false],
    ["me@acme", false],
    ["me@acme.", false],
    ["me@.example", false],
    ["a/b@acme.example", false],
    ["me@acme.example/x", false],
    ["spiffe://acme.example/widget", true],
    ["spiffe://acme.example/", false],
    ["spiffe:///widget", false],
    ["xspiffe://acme.example/widget", false],
    ["https://kubernetes.io/namespaces/name/serviceaccounts/account", true],
    ["https://kubernetes.io/namespaces/name/serviceaccounts/", false],
    ["https://kubernetes.io/namespaces//serviceaccounts/account", false],
    ["https://kubernetes.io/namespaces/name/serviceaccounts/account/x", false],
    ["xhttps://kubernetes.io/namespaces/name/serviceaccounts/account", false],
    ["https://buildkite.com/acme/widget", true],
    ["https://buildkite.com/acme/", false],
    ["https://buildkite.com//widget", false],
    ["https://buildkite.com/acme/widget/x", false],
    ["xhttps://buildkite.com/acme/widget", false],
    ["https://circleci.com/api/v2/projects/project/pipeline-definitions/definition", true],
    ["https://circleci.com/api/v2/projects//pipeline-definitions/definition", false],
    ["https://circleci.com/api/v2/projects/project/pipeline-definitions/", false],
    ["https://circleci.com/api/v2/projects/project/pipeline-definitions/definition/x", false],
    ["xhttps://circleci.com/api/v2/projects/project/pipeline-definitions/definition", false],
    ["https://dev.azure.com/acme/widget/_build?definitionId=12", true],
    ["https://dev.azure.com/acme/widget/_build?definitionId=12@refs/heads/main", true],
    ["https://dev.azure.com/acme/widget/_build?definitionId=12@", false],
    ["https://dev.azure.com/acme/widget/_build?definitionId=x", false],
    ["https://dev.azure.com/acme/widget/_build?definitionId=", false],
    ["https://dev.azure.com/acme/widget/_build?definitionId=12x", false],
    ["https://dev.azure.com//widget/_build?definitionId=12", false],
    ["https://dev.azure.com/acme//_build?definitionId=12", false],
    ["xhttps://dev.azure.com/acme/widget/_build?definitionId=12", false],
    ["https://github.com/acme/shared/.github/workflows/release.yml@refs/heads/main", false],
  ])("%s: %s", (subjectAlternativeName, expected) => {
    expect(certificate({ subjectAlternativeName })).toHaveLength(expected ? 0 : 1);
  });

  it("none at all", () => {
    expect(certificate({})).toEqual([expect.stringMatching(/^signers\.one\.certificate: names nobody in particular/)]);
  });

  it.each(["buildConfigURI", "tokenSubject", "sourceRepositoryURI", "sourceRepositoryIdentifier"])(
    "%s does",
    (claim) => {
      expect(certificate({ [claim]: "x" })).toEqual([]);
    },
  );
});

describe("issuers that sign for everybody", () => {
  it.each([
    ["https://token.actions.githubusercontent.com", true],
    ["https://token.actions.githubusercontent.com/", true],
    ["https://token.actions.githubusercontent.com/acme", true],
    ["https://token.actions.acme.ghe.com", true],
    ["https://gitlab.com", true],
    ["https://gitlab.acme.example", true],
    ["https://gitlab.com/acme", false],
    ["https://gitlab.", false],
    ["https://token.actions.", false],
    ["https://token.actions.acme.example/x", false],
    ["https://tokenXactions.acme.example", false],
    ["xhttps://gitlab.com", false],
    ["https://i.example", false],
  ])("%s: %s", (issuer, expected) => {
    expect(problems({ certificate: { issuer, tokenSubject: "x" } })).toHaveLength(expected ? 1 : 0);
    expect(problems({ certificate: { issuer, sourceRepositoryIdentifier: "1" } })).toEqual([]);
    expect(problems({ certificate: { issuer, sourceRepositoryURI: "1" } })).toEqual([]);
  });
});

describe("kinds and roots", () => {
  const kinds = "githubActions, gitlab, azurePipelines, certificate, publicKey, npmRegistry, nugetSignature, notary";

  it.each<[object, readonly string[]]>([
    [{}, [`signers.one: a signer is exactly one of ${kinds}; found none`]],
    [
      { publicKey: { files: ["a"] }, npmRegistry: "https://npm.example" },
      [`signers.one: a signer is exactly one of ${kinds}; found publicKey and npmRegistry`],
    ],
    [
      { npmRegistry: "https://npm.example", trust: "contoso" },
      ["signers.one.trust: this kind of signer has no Sigstore trust root"],
    ],
    [
      { nugetSignature: { kind: "author", fingerprints: ["0".repeat(64)] }, trust: "contoso" },
      ["signers.one.trust: this kind of signer has no Sigstore trust root"],
    ],
    [{ publicKey: { files: ["a"] }, trust: "contoso" }, []],
    [{ publicKey: { files: ["a"] }, trust: "public-good" }, []],
    [
      { publicKey: { files: ["a"] }, trust: "contosso" },
      ['signers.one.trust: there is no trust root "contosso" (did you mean "contoso"?)'],
    ],
    [{ publicKey: { files: ["a"] }, trust: "toString" }, ['signers.one.trust: there is no trust root "toString"']],
    [
      { npmRegistry: "http://npm.example" },
      ["signers.one.npmRegistry: expected an https address (http on loopback only)"],
    ],
    [{ npmRegistry: "http://127.0.0.1:1" }, []],
  ])("%j", (signer, expected) => {
    expect(problems(signer, { trust: { contoso: { trustedRoot: "r.json" } } })).toEqual(expected);
  });

  it("** is refused in texts, and what is no text has no pattern", () => {
    const message = "* never goes past a /, and ** does not either: write one *";
    expect(problems({ githubActions: { repository: "a/b", ref: "refs/**", trigger: ["push", "**"] } })).toEqual([
      `signers.one.githubActions.ref: ${message}`,
    ]);
    expect(problems({ gitlab: { project: "a/b", ref: "refs/*" } })).toEqual([]);
  });
});

describe("Azure's pipelines", () => {
  const both = "organizationId goes either with projectId and definitionId, or with tenantId and serviceConnectionId";

  it.each<[object, readonly string[]]>([
    [{ projectId: "p", definitionId: "1" }, []],
    [{ tenantId: "t", serviceConnectionId: "s" }, []],
    [
      { tenantId: "t", serviceConnectionId: "s", ref: "r" },
      ["signers.one.azurePipelines.ref: a service connection's token does not carry the ref: leave it out"],
    ],
    [{}, [`signers.one.azurePipelines: ${both}`]],
    [{ projectId: "p" }, [`signers.one.azurePipelines: ${both}`]],
    [{ tenantId: "t" }, [`signers.one.azurePipelines: ${both}`]],
    [{ projectId: "p", definitionId: "1", tenantId: "t" }, [`signers.one.azurePipelines: ${both}`]],
    [{ projectId: "p", tenantId: "t", serviceConnectionId: "s" }, [`signers.one.azurePipelines: ${both}`]],
    [
      { projectId: "p", definitionId: "1", tenantId: "t", serviceConnectionId: "s" },
      [`signers.one.azurePipelines: ${both}`],
    ],
  ])("%j", (is, expected) => {
    expect(problems({ azurePipelines: { organizationId: "o", ...is } })).toEqual(expected);
  });
});
