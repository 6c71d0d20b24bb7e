import { lint } from "../../../src/author/lint/index.ts";
import { formatPath } from "../../../src/policy/read/problem.ts";
import { layer, NOW, ref, SHA512 } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const CLEAN = {
  repository: "acme/widget",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v{version}",
  trigger: "push",
  repositoryId: "1",
  ownerId: "2",
};
const RULE = { packages: ["npm:widget"], signedBy: ["w"] };
const ORGANIZATION = "11111111-2222-3333-4444-555555555555";
const TENANT = "66666666-7777-8888-9999-000000000000";
const PIPELINE = { organizationId: ORGANIZATION, projectId: TENANT, definitionId: "42" };
const CONNECTION = {
  organizationId: ORGANIZATION,
  tenantId: TENANT,
  serviceConnectionId: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
};
const TRUST = { contoso: { trustedRoot: "root.json" } };

/** `level rule path` of each finding. */
function found(policy: object, locked: readonly string[] | null = null, recorded?: object): readonly string[] {
  const one = layer(policy, recorded === undefined ? {} : { recordedPackages: recorded });
  return lint(one, locked?.map(ref) ?? null, NOW).map(
    ({ level, rule, path }) => `${level} ${rule} ${formatPath(path)}`,
  );
}

const github = (pins: object, rule: object = RULE) => ({ signers: { w: { githubActions: pins } }, rules: [rule] });
const without = (key: keyof typeof CLEAN) => Object.fromEntries(Object.entries(CLEAN).filter(([name]) => name !== key));

it("a policy as init writes it is clean", () => {
  expect(found(github(CLEAN), ["npm:widget@1.0.0"])).toEqual([]);
});

describe("identities that a fork or a pull request could satisfy", () => {
  it.each([
    ["no ref", without("ref"), ["warning any-ref signers.w.githubActions"]],
    [
      "a pull request's ref",
      { ...CLEAN, ref: "refs/pull/*/merge" },
      ["warning pull-request signers.w.githubActions.ref"],
    ],
    [
      "any branch of a form",
      { ...CLEAN, ref: "refs/heads/release-*" },
      ["warning any-branch signers.w.githubActions.ref"],
    ],
    ["any tag", { ...CLEAN, ref: "refs/tags/*" }, ["warning any-tag signers.w.githubActions.ref"]],
    ["no workflow", without("workflow"), ["warning any-workflow signers.w.githubActions"]],
    [
      "any workflow",
      { ...CLEAN, workflow: ".github/workflows/*.yml" },
      ["warning any-workflow signers.w.githubActions.workflow"],
    ],
    [
      "pull_request_target",
      { ...CLEAN, trigger: ["push", "pull_request_target"] },
      ["warning outside-trigger signers.w.githubActions.trigger"],
    ],
    [
      "a branch and no trigger",
      { ...without("trigger"), ref: "refs/heads/main" },
      ["warning any-trigger signers.w.githubActions"],
    ],
    ["a tag and no trigger", without("trigger"), []],
    ["a branch and its trigger", { ...CLEAN, ref: "refs/heads/main" }, []],
    ["a name only", without("repositoryId"), ["note no-id signers.w.githubActions"]],
    [
      "a self-hosted runner",
      { ...CLEAN, runner: "self-hosted" },
      ["warning self-hosted signers.w.githubActions.runner"],
    ],
  ])("%s", (_, pins, expected) => {
    expect(found(github(pins))).toEqual(expected);
  });

  it.each([
    [{ gitlab: { project: "group/p" } }, ["warning any-ref signers.w.gitlab"]],
    [
      { gitlab: { project: "group/p", ref: "refs/merge-requests/*/head" } },
      ["warning pull-request signers.w.gitlab.ref"],
    ],
    [
      { certificate: { issuer: "https://a.example", subjectAlternativeName: "jane@example.com" } },
      ["note person signers.w.certificate.subjectAlternativeName"],
    ],
    [
      {
        certificate: {
          issuer: "https://token.actions.githubusercontent.com",
          sourceRepositoryURI: "https://github.com/a/b",
        },
      },
      ["warning any-ref signers.w.certificate"],
    ],
  ])("%j", (signer, expected) => {
    expect(found({ signers: { w: signer }, rules: [RULE] })).toEqual(expected);
  });
});

describe("rules", () => {
  it.each([
    [
      "a range without versions",
      github(CLEAN, { ...RULE, versions: ">2.0.0 <1.0.0" }),
      ["error never-matches rules[0].versions"],
    ],
    ["a range with some", github(CLEAN, { ...RULE, versions: ">1.0.0 <2.0.0 || >3.0.0 <2.0.0" }), []],
    ["a range of a prerelease", github(CLEAN, { ...RULE, versions: ">=1.0.0-rc.1 <1.0.0" }), []],
    [
      "everything by one signer",
      github(CLEAN, { ...RULE, packages: ["npm:*"] }),
      ["warning wide-signer rules[0].packages[0]"],
    ],
    ["nothing asked", { rules: [{ packages: ["npm:a"] }] }, ["note denies rules[0]"]],
    [
      "allow on a wildcard",
      { rules: [{ packages: ["npm:@acme/*", "npm:a"], unsigned: "allow", reason: "r", expires: "2028-01-01" }] },
      ["warning wide-allow rules[0].packages[0]"],
    ],
  ])("%s", (_, policy, expected) => {
    expect(found(policy)).toEqual(expected);
  });

  const RECORDED = { file: "r.json", reason: "r", expires: "2028-01-01" };
  it("recorded: a name of which nothing is recorded", () => {
    const policy = { recorded: RECORDED, rules: [{ packages: ["npm:a", "npm:b", "npm:*"], unsigned: "recorded" }] };
    expect(found(policy, null, { "pkg:npm/a@1.0.0": [SHA512] })).toEqual([
      "warning nothing-recorded rules[0].packages[1]",
    ]);
  });

  it("unused signers, trust roots and recorded files", () => {
    const policy = {
      signers: { w: { githubActions: CLEAN } },
      trust: TRUST,
      recorded: RECORDED,
      rules: [{ packages: ["npm:a"], unsigned: "deny" }],
    };
    expect(found(policy, null, {})).toEqual([
      "warning unused-signer signers.w",
      "warning unused-trust trust.contoso",
      "warning unused-recorded recorded",
    ]);
    expect(
      found({
        ...github(CLEAN, { packages: ["npm:a"], unsigned: "deny" }),
        revoked: [{ signer: "w", reason: "r" }],
      }),
    ).not.toContain("warning unused-signer signers.w");
  });

  it.each([
    ["2026-11-21", ["error expired recorded.expires"]],
    ["2026-11-22", ["warning expires-soon recorded.expires"]],
    ["2027-01-10", ["note expires-soon recorded.expires"]],
    ["2027-03-01", []],
  ])("recorded until %s", (expires, expected) => {
    const policy = { recorded: { ...RECORDED, expires }, rules: [{ packages: ["npm:*"], unsigned: "recorded" }] };
    expect(found(policy, null, { "pkg:npm/a@1.0.0": [SHA512] })).toEqual(expected);
  });
});

it("a baseline for every name of a registry is worth a note, one by name is not", () => {
  const policy = (pattern: string) => ({
    signers: { ours: { npmRegistry: "https://npm.example" } },
    rules: [{ packages: [pattern], baseline: ["ours"] }],
  });
  expect(found(policy("npm:*"))).toEqual(["note wide-baseline rules[0].packages[0]"]);
  expect(found(policy("npm:widget"))).toEqual([]);
});

describe("a reusable workflow's certificate, which PyPI does not serve", () => {
  const signerWorkflow = "acme/ci/.github/workflows/publish.yml@refs/tags/v3";
  const policy = (more: object, rule: object = { ...RULE, packages: ["pypi:widget"] }) =>
    github({ ...CLEAN, ...more }, rule);

  it("is said where a rule for its packages asks for one, and nothing else is named", () =>
    expect(found(policy({ signerWorkflow }))).toEqual(["note reusable-workflow rules[0].signedBy[0]"]));

  it.each<[string, object]>([
    ["of npm", policy({ signerWorkflow }, RULE)],
    ["where another place is named", { ...policy({ signerWorkflow }), sources: { pypi: [{ github: true }] } }],
    ["of its own repository", policy({ signerWorkflow: "acme/widget/.github/workflows/b.yml@refs/tags/v1" })],
    ["where none is pinned", policy({})],
  ])("and not %s", (_, one) => expect(found(one)).toEqual([]));
});

it("a key without a log is worth a note", () => {
  const policy = (tlog?: number) => ({
    signers: { w: { publicKey: { files: ["a.pem"], ...(tlog === undefined ? {} : { tlog }) } } },
    rules: [RULE],
  });
  expect(found(policy(0))).toEqual(["note no-log signers.w.publicKey.tlog"]);
  expect(found(policy())).toEqual([]);
});

describe("what rules cover of a lock", () => {
  const scope = github(CLEAN, { ...RULE, packages: ["npm:@acme/*"] });
  it("a pattern wider than what it covers", () => {
    expect(found(scope, ["npm:@acme/a@1.0.0", "npm:@acme/b@1.0.0"])).toEqual([
      "warning wider-than-needed rules[0].packages[0]",
    ]);
    expect(found(scope, ["npm:@acme/a@1.0.0", "npm:@acme/b@1.0.0", "npm:@acme/c@1.0.0"])).toEqual([]);
  });

  it("a pattern that speaks for nothing: not there, or spoken for", () => {
    expect(found(scope, ["npm:other@1.0.0"])).toEqual(["note covers-nothing rules[0].packages[0]"]);
    const both = { ...scope, rules: [...scope.rules, { packages: ["npm:@acme/a"], signedBy: ["w"] }] };
    expect(found(both, ["npm:@acme/a@1.0.0"])).toEqual(["note covers-nothing rules[0].packages[0]"]);
  });

  it("two rules that speak alike for a version", () => {
    const rules = ["==1.*", ">=1.0,<3"].map((versions) => ({ packages: ["pypi:a"], versions, signedBy: ["w"] }));
    expect(found({ ...github(CLEAN), rules }, ["pypi:a@1.5"])).toContain("error ambiguous rules[0]");
  });

  it("exceptions and records of what is not locked", () => {
    const exception = {
      package: "pkg:npm/gone@1.0.0",
      digests: [SHA512],
      excuses: ["NO_EVIDENCE"],
      reason: "r",
      expires: "2028-01-01",
    };
    const policy = {
      recorded: { file: "r.json", reason: "r", expires: "2028-01-01" },
      rules: [{ packages: ["npm:*"], unsigned: "recorded" }],
      exceptions: [exception],
    };
    expect(found(policy, ["npm:a@1.0.0"], { "pkg:npm/a@1.0.0": [SHA512], "pkg:npm/old@1.0.0": [SHA512] })).toEqual([
      "note unused-exception exceptions[0]",
      "note unused-record recorded.file",
    ]);
  });
});

describe("Azure", () => {
  const azure = (signer: object) =>
    found({ trust: TRUST, signers: { w: signer }, rules: [RULE] }).filter((one) => one.includes("azure"));
  it.each([
    ["a pipeline under public Sigstore", { azurePipelines: PIPELINE }, ["error azure-public-good signers.w"]],
    [
      "a service connection under public Sigstore",
      { azurePipelines: CONNECTION, trust: "public-good" },
      ["error azure-public-good signers.w"],
    ],
    ["a pipeline under a private root", { azurePipelines: PIPELINE, trust: "contoso" }, []],
    ["a service connection under a private root", { azurePipelines: CONNECTION, trust: "contoso" }, []],
    [
      "a tenant as organisation",
      { azurePipelines: { ...CONNECTION, organizationId: TENANT }, trust: "contoso" },
      ["error azure-tenant signers.w.azurePipelines.organizationId"],
    ],
    [
      "the issuer of service connections that retires",
      {
        certificate: {
          issuer: `https://vstoken.dev.azure.com/${ORGANIZATION}`,
          tokenSubject: "sc://contoso/project/connection",
        },
        trust: "contoso",
      },
      ["warning azure-retiring signers.w.certificate.issuer"],
    ],
    [
      "the pipeline's own issuer stays",
      {
        certificate: {
          issuer: `https://vstoken.dev.azure.com/${ORGANIZATION}`,
          tokenSubject: "p://contoso/project/pipeline",
        },
        trust: "contoso",
      },
      [],
    ],
    [
      "an issuer of old",
      {
        certificate: { issuer: "https://app.vstoken.visualstudio.com/x", tokenSubject: "p://contoso/project/pipeline" },
        trust: "contoso",
      },
      ["error azure-issuer signers.w.certificate.issuer"],
    ],
  ])("%s", (_, signer, expected) => {
    expect(azure(signer)).toEqual(expected);
  });

  it("a tenant of one signer as the organisation of another", () => {
    const signers = {
      one: { azurePipelines: CONNECTION, trust: "contoso" },
      two: { azurePipelines: { ...PIPELINE, organizationId: TENANT }, trust: "contoso" },
      three: {
        certificate: { issuer: `https://vstoken.dev.azure.com/${TENANT}`, tokenSubject: "p://a/b/c" },
        trust: "contoso",
      },
    };
    const rules = [{ packages: ["npm:a"], signedBy: ["one", "two", "three"] }];
    expect(found({ trust: TRUST, signers, rules })).toEqual([
      "error azure-tenant signers.two.azurePipelines.organizationId",
      "error azure-tenant signers.three.certificate.issuer",
    ]);
  });
});

it("every finding has words", () => {
  const one = layer(github(without("ref")));
  for (const { message } of lint(one, [ref("npm:x@1.0.0")], NOW)) expect(message.length).toBeGreaterThan(20);
});
