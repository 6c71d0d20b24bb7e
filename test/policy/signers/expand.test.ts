import { describeClaim, expandSigner } from "../../../src/policy/signers/expand.ts";
import { AZURE_DEVOPS_APP, base64UrlOfGuid } from "../../../src/policy/signers/expand.ts";
import type { Signer } from "../../../src/policy/schema/index.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const ORGANIZATION = "11111111-2222-3333-4444-555555555555";
const OTHER = "99999999-8888-7777-6666-555555555555";
const expansion = (signer: Signer, version: string | null = "2.1.0") =>
  Object.fromEntries(expandSigner(signer, { version }).map((claim) => [claim.claim, describeClaim(claim)]));

describe("expansion", () => {
  it("githubActions", () => {
    const githubActions = {
      repository: "acme/widget",
      workflow: ".github/workflows/release.yml",
      ref: "refs/tags/v{version}",
      environment: "release",
      runner: "github-hosted",
      trigger: ["push", "release"],
      repositoryId: "123456",
      ownerId: "4242",
      signerWorkflow: "acme/b/.github/workflows/build.yml@refs/tags/v2",
    } as const;
    expect(expansion({ githubActions: { ...githubActions, trigger: [...githubActions.trigger] } })).toEqual({
      issuer: "https://token.actions.githubusercontent.com",
      sourceRepositoryURI: "https://github.com/acme/widget",
      sourceRepositoryRef: "refs/tags/v{version}",
      buildConfigURI: "https://github.com/acme/widget/.github/workflows/release.yml@{sourceRepositoryRef}",
      deploymentEnvironment: "release",
      runnerEnvironment: "github-hosted",
      buildTrigger: "push or release",
      sourceRepositoryIdentifier: "123456",
      sourceRepositoryOwnerIdentifier: "4242",
      buildSignerURI: "https://github.com/acme/b/.github/workflows/build.yml@refs/tags/v2",
    });
  });

  it("gitlab, with the double slash before the CI file", () => {
    expect(
      expansion({ gitlab: { project: "group/project", configPath: ".gitlab-ci.yml", ref: "refs/heads/main" } }),
    ).toEqual({
      issuer: "https://gitlab.com",
      sourceRepositoryURI: "https://gitlab.com/group/project",
      buildConfigURI: "https://gitlab.com/group/project//.gitlab-ci.yml@{sourceRepositoryRef}",
      sourceRepositoryRef: "refs/heads/main",
    });
  });

  it("azurePipelines", () => {
    const azurePipelines = {
      organizationId: ORGANIZATION,
      projectId: OTHER,
      definitionId: "42",
      ref: "refs/heads/main",
    };
    expect(expansion({ azurePipelines })).toEqual({
      issuer: `https://vstoken.dev.azure.com/${ORGANIZATION}`,
      buildConfigURI: `https://dev.azure.com/${ORGANIZATION}/${OTHER}/_build?definitionId=42`,
      sourceRepositoryRef: "refs/heads/main",
    });
  });

  it("azurePipelines through Entra: the subject is computed", () => {
    expect(base64UrlOfGuid(AZURE_DEVOPS_APP)).toBe("rISbSSETf0KqFyZ8ppdXmA");
    const tenant = Buffer.from("11111111222233334444555555555555", "hex").toString("base64url");
    const azurePipelines = { tenantId: ORGANIZATION, organizationId: OTHER, serviceConnectionId: ORGANIZATION };
    expect(expansion({ azurePipelines })).toEqual({
      issuer: `https://login.microsoftonline.com/${ORGANIZATION}/v2.0`,
      tokenSubject: `/eid1/c/pub/t/${tenant}/a/rISbSSETf0KqFyZ8ppdXmA/sc/${OTHER}/${ORGANIZATION}`,
    });
  });

  it("certificate: whole values under Fulcio's own names", () => {
    const certificate = { issuer: "https://issuer.example", tokenSubject: "x" };
    expect(expansion({ certificate })).toEqual(certificate);
  });

  it("a GUID's bytes are those that .NET stores", () => {
    const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef".split("")), minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(hex, (digits) => {
        const bytes = Buffer.from(digits, "hex");
        const text = [
          digits.slice(0, 8),
          digits.slice(8, 12),
          digits.slice(12, 16),
          digits.slice(16, 20),
          digits.slice(20),
        ];
        bytes.subarray(0, 4).reverse();
        bytes.subarray(4, 6).reverse();
        bytes.subarray(6, 8).reverse();
        expect(base64UrlOfGuid(text.join("-"))).toBe(bytes.toString("base64url"));
      }),
    );
  });

  it("different signers never expand to the same claims", () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9._-]{1,5}$/);
    const part = fc.option(name, { nil: undefined });
    const github = fc
      .record({ repository: fc.tuple(name, name), workflow: part, ref: part, environment: part })
      .map(({ repository, workflow, ref, environment }): Signer => ({
        githubActions: {
          repository: repository.join("/"),
          ...(workflow === undefined ? {} : { workflow: `.github/workflows/${workflow}.yml` }),
          ...(ref === undefined ? {} : { ref: `refs/tags/${ref}` }),
          ...(environment === undefined ? {} : { environment }),
        },
      }));
    const gitlab = fc
      .record({ project: fc.tuple(name, name), configPath: part })
      .map(({ project, configPath }): Signer => ({
        gitlab: { project: project.join("/"), ...(configPath === undefined ? {} : { configPath }) },
      }));
    const any = fc.oneof(github, gitlab);
    const key = (signer: Signer) => JSON.stringify(expandSigner(signer, { version: "1.0.0" }));
    fc.assert(
      fc.property(any, any, (left, right) => {
        expect(key(left) === key(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
    );
  });
});

it("an enterprise's issuer is its own, as a whole and never a beginning", () => {
  const signer: Signer = { githubActions: { repository: "acme/widget", enterprise: "acme" } };
  const [issuer] = expandSigner(signer, { version: null });
  expect(issuer && describeClaim(issuer)).toBe("https://token.actions.githubusercontent.com/acme");
});
