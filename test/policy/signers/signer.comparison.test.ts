import { type ExpectedClaim, expandSigner } from "../../../src/policy/signers/expand.ts";
import { matchSigner } from "../../../src/policy/signers/signer.ts";
import { attestation } from "../../support/attestation.ts";
import { WIDGET, layer } from "../../support/policy.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("comparison, claim by claim", () => {
  const FULL = {
    repository: "acme/widget",
    workflow: ".github/workflows/release.yml",
    ref: "refs/tags/v{version}",
    environment: "release",
    runner: "github-hosted",
    trigger: ["push", "release"],
    repositoryId: "123456",
    ownerId: "4242",
    signerWorkflow: "acme/widget/.github/workflows/release.yml@refs/tags/v2.1.0",
  };
  const judge = (claims: object, pins: object = FULL, version: string | null = "2.1.0") =>
    matchSigner(
      layer({ signers: { widget: { githubActions: pins } } }),
      "widget",
      attestation({ signer: { kind: "certificate", claims: { ...WIDGET, ...claims } } }),
      version,
    );

  it.each([
    [
      "the repository",
      { sourceRepositoryURI: "https://github.com/Acme/widget" },
      { name: "repository", expected: "acme/widget", found: "Acme/widget (differs in case only)" },
    ],
    [
      "the repository of the workflow",
      { buildConfigURI: "https://github.com/acme/Widget/.github/workflows/release.yml@refs/tags/v2.1.0" },
      {
        name: "workflow",
        expected: "https://github.com/acme/widget/.github/workflows/release.yml@(ref)",
        found: "https://github.com/acme/Widget/.github/workflows/release.yml@refs/tags/v2.1.0 (differs in case only)",
      },
    ],
    [
      "one of several",
      { buildTrigger: "Push" },
      { name: "trigger", expected: "push or release", found: "Push (differs in case only)" },
    ],
    [
      "more than the case",
      { sourceRepositoryURI: "https://github.com/Acme/gadget" },
      { name: "repository", expected: "acme/widget", found: "Acme/gadget" },
    ],
  ])("%s in another case is told as such", (_, claims, comparison) => expect(judge(claims)).toContainEqual(comparison));

  it("all of them met", () => {
    expect(judge({})).toEqual([]);
  });

  it.each([
    [
      "another repository with the same beginning",
      { sourceRepositoryURI: "https://github.com/acme/widget-evil" },
      ["repository"],
    ],
    ["another owner", { sourceRepositoryURI: "https://github.com/mallory/widget" }, ["repository"]],
    ["another case", { sourceRepositoryURI: "https://github.com/Acme/widget" }, ["repository"]],
    ["a slash more", { sourceRepositoryURI: "https://github.com/acme/widget/" }, ["repository"]],
    ["two slashes", { sourceRepositoryURI: "https://github.com//acme/widget" }, ["repository"]],
    ["escapes", { sourceRepositoryURI: "https://github.com/acme%2fwidget" }, ["repository"]],
    ["a letter that looks alike", { sourceRepositoryURI: "https://github.com/\u0430cme/widget" }, ["repository"]],
    ["an enterprise's issuer", { issuer: "https://token.actions.githubusercontent.com/acme" }, ["issuer"]],
    ["a branch for a tag", { sourceRepositoryRef: "refs/heads/v2.1.0" }, ["ref", "workflow"]],
    ["a pull request", { sourceRepositoryRef: "refs/pull/1/merge" }, ["ref", "workflow"]],
    ["another version's tag", { sourceRepositoryRef: "refs/tags/v2.1.1" }, ["ref", "workflow"]],
    [
      "another workflow",
      { buildConfigURI: "https://github.com/acme/widget/.github/workflows/test.yml@refs/tags/v2.1.0" },
      ["workflow"],
    ],
    [
      "another repository's workflow",
      { buildConfigURI: "https://github.com/mallory/x/.github/workflows/release.yml@refs/tags/v2.1.0" },
      ["workflow"],
    ],
    [
      "a workflow at another ref",
      { buildConfigURI: "https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/x" },
      ["workflow"],
    ],
    ["a self-hosted runner", { runnerEnvironment: "self-hosted" }, ["runner"]],
    ["another environment", { deploymentEnvironment: "test" }, ["environment"]],
    ["another event", { buildTrigger: "pull_request_target" }, ["trigger"]],
    ["another id under the same name", { sourceRepositoryIdentifier: "999" }, ["repositoryId"]],
    ["another owner's id", { sourceRepositoryOwnerIdentifier: "999" }, ["ownerId"]],
    [
      "another reusable workflow",
      { buildSignerURI: "https://github.com/acme/b/.github/workflows/release.yml@refs/tags/v2.1.0" },
      ["signerWorkflow"],
    ],
    ["no ref", { sourceRepositoryRef: undefined }, ["ref", "workflow"]],
    ["no environment", { deploymentEnvironment: undefined }, ["environment"]],
    ["no repository", { sourceRepositoryURI: undefined }, ["repository"]],
  ])("%s", (_, claims, expected) => {
    expect(judge(claims).map(({ name }) => name)).toEqual(expected);
  });

  it("speaks in the policy's own words", () => {
    expect(judge({ sourceRepositoryURI: "https://github.com/mallory/widget" })).toEqual([
      { name: "repository", expected: "acme/widget", found: "mallory/widget" },
    ]);
    expect(
      judge({ buildConfigURI: "https://github.com/acme/widget/.github/workflows/test.yml@refs/tags/v2.1.0" }),
    ).toEqual([{ name: "workflow", expected: ".github/workflows/release.yml", found: ".github/workflows/test.yml" }]);
  });

  it("a version is literal, and nothing matches where it is not known", () => {
    expect(judge({}, { repository: "acme/widget", ref: "refs/tags/v{version}" }, "2.1.*")).toHaveLength(1);
    expect(judge({}, { repository: "acme/widget", ref: "refs/tags/v{version}" }, null)).toHaveLength(1);
    const claims = { sourceRepositoryRef: "refs/tags/v{version}" };
    expect(judge(claims, { repository: "acme/widget", ref: "refs/tags/v{version}" }, null)).toHaveLength(1);
    expect(
      judge({ sourceRepositoryRef: "refs/tags/v$&" }, { repository: "acme/widget", ref: "refs/tags/v{version}" }, "$&"),
    ).toEqual([]);
  });

  it("is bound to its trust root", () => {
    const corporate = layer({
      trust: { corp: { trustedRoot: "corp.json" } },
      signers: {
        inside: { githubActions: { repository: "acme/widget" }, trust: "corp" },
        outside: { githubActions: { repository: "acme/widget" } },
      },
    });
    const under = (...roots: string[]) => attestation({ signer: { kind: "certificate", claims: WIDGET }, roots });
    expect(matchSigner(corporate, "inside", under("root of corp"), null)).toEqual([]);
    expect(matchSigner(corporate, "outside", under("public-good"), null)).toEqual([]);
    expect(matchSigner(corporate, "inside", under("public-good"), null)).toEqual([
      { name: "trust", expected: "corp", found: "public-good" },
    ]);
    expect(matchSigner(corporate, "outside", under("root of corp"), null)).toEqual([
      { name: "trust", expected: "public-good", found: "corp" },
    ]);
    expect(matchSigner(corporate, "outside", under(), null)).toHaveLength(1);
  });

  it("is never met by a key that it does not name, or by an unknown name", () => {
    const signers = {
      widget: { githubActions: { repository: "acme/widget" } },
      vendor: { publicKey: { files: ["a.pem"] } },
    };
    const key = attestation({ signer: { kind: "key", fingerprint: "sha256:x", usage: "npm:attestations" } });
    expect(matchSigner(layer({ signers }), "widget", key, null)).toHaveLength(1);
    expect(matchSigner(layer({ signers }), "vendor", key, null)).toHaveLength(1);
    expect(matchSigner(layer({ signers }), "toString", attestation(), null)).toHaveLength(1);
  });

  it("one claim changed is always found", () => {
    const claims: readonly ExpectedClaim[] = expandSigner(
      { githubActions: { ...FULL, runner: "github-hosted" } },
      { version: "2.1.0" },
    );
    for (const { claim } of claims) {
      fc.assert(
        fc.property(fc.string(), (value) => {
          fc.pre(value !== WIDGET[claim] && !(claim === "buildTrigger" && value === "release"));
          expect(judge({ [claim]: value })).not.toEqual([]);
        }),
        { numRuns: 30 },
      );
    }
  });
});
