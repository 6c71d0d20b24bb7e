/** Identities that are right, almost right and wrong, as certificates that an instance issued and the verifier read. */
import { pinOf } from "../../../src/author/propose/pin.ts";
import { loadTrustRoot } from "../../../src/project/trust.ts";
import { matchSigner } from "../../../src/policy/signers/signer.ts";
import { judged, rootOf, subjects } from "../../verify/judging.ts";
import { layer } from "../../support/policy.ts";
import {
  azurePipelinesIdentity,
  createInstance,
  githubIdentity,
  gitlabIdentity,
  type Identity,
} from "../../support/sigstore.ts";
import type { AzurePipelines, GitHub, GitLab } from "../../support/sigstore/identity.ts";
import { expect, test } from "vitest";

const instance = await createInstance({ curve: "P-256" });
const root = rootOf(instance);

const RIGHT: GitHub = {
  repository: "acme/widget",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v1.0.0",
  environment: "release",
  trigger: "push",
  repositoryId: "123456",
  ownerId: "4242",
};
const githubActions = { ...RIGHT, ref: "refs/tags/v{version}", runner: "github-hosted" };
const enterprise = { githubActions: { repository: "acme/widget", enterprise: "acme" } };

async function attestationBy(identity: Identity, by = instance) {
  const verdict = judged(await by.attest({ subjects, identity }), { roots: [rootOf(by)] });
  if (verdict.status !== "verified") throw new Error(JSON.stringify(verdict));
  return verdict.attestation;
}

/** What is not as the signer says, by the policy's words; empty: it is that signer. */
async function differences(
  identity: Identity,
  is: object = { githubActions },
  by = instance,
): Promise<readonly string[]> {
  const policy = layer({ signers: { a: { ...is, trust: "t" } }, trust: { t: { trustedRoot: "t.json" } } });
  const own = { ...policy, roots: { ...policy.roots, t: root.id } };
  return matchSigner(own, "a", await attestationBy(identity, by), "1.0.0").map(({ name, found }) =>
    found.includes("(differs in case only)") ? `${name} (case)` : name,
  );
}

const whole = (changed: Partial<GitHub>) => githubIdentity({ ...RIGHT, ...changed });

test.each<[string, Partial<GitHub>, readonly string[]]>([
  ["the pipeline itself", {}, []],
  ["another case of the owner", { repository: "Acme/widget" }, ["repository (case)", "workflow (case)"]],
  ["another case of the repository", { repository: "acme/Widget" }, ["repository (case)", "workflow (case)"]],
  ["a longer name", { repository: "acme/widgets" }, ["repository", "workflow"]],
  ["a shorter name", { repository: "acme/widge" }, ["repository", "workflow"]],
  ["a name before it", { repository: "my-acme/widget" }, ["repository", "workflow"]],
  ["a longer owner", { repository: "acme-corp/widget" }, ["repository", "workflow"]],
  ["a name before the repository's", { repository: "acme/my-widget" }, ["repository", "workflow"]],
  ["another case of the workflow", { workflow: ".github/workflows/Release.yml" }, ["workflow (case)"]],
  ["a workflow that goes on", { workflow: ".github/workflows/release.yml.yml" }, ["workflow"]],
  [
    "a sibling repository",
    { repository: "acme/gadget", repositoryId: "9" },
    ["repository", "workflow", "repositoryId"],
  ],
  [
    "a fork",
    { repository: "mallory/widget", repositoryId: "9", ownerId: "9" },
    ["repository", "workflow", "repositoryId", "ownerId"],
  ],
  [
    "a renamed owner's old name, taken by somebody else",
    { repositoryId: "9", ownerId: "9" },
    ["repositoryId", "ownerId"],
  ],
  ["another environment", { environment: "staging" }, ["environment"]],
  ["another case of the environment", { environment: "Release" }, ["environment (case)"]],
  ["an environment that goes on", { environment: "release-2" }, ["environment"]],
  ["no environment", { environment: undefined as never }, ["environment"]],
  ["another trigger", { trigger: "pull_request_target" }, ["trigger"]],
  ["another case of the trigger", { trigger: "Push" }, ["trigger (case)"]],
  ["another case of the tag", { ref: "refs/tags/V1.0.0" }, ["ref"]],
  ["a branch of the tag's name", { ref: "refs/heads/v1.0.0" }, ["ref"]],
  ["another version's tag", { ref: "refs/tags/v1.0.1" }, ["ref"]],
  ["a tag that goes on", { ref: "refs/tags/v1.0.0-evil" }, ["ref"]],
  ["another workflow", { workflow: ".github/workflows/ci.yml" }, ["workflow"]],
  ["a runner of its own", { runner: "self-hosted" }, ["runner"]],
  ["an enterprise's issuer", { issuer: "https://token.actions.githubusercontent.com/acme" }, ["issuer"]],
  ["an issuer that only begins so", { issuer: "https://token.actions.githubusercontent.com.evil.example" }, ["issuer"]],
])("%s", async (_, changed, expected) => expect(await differences(whole(changed))).toEqual(expected));

const gitlab = {
  project: "acme/tools/widget",
  configPath: ".gitlab-ci.yml",
  ref: "refs/tags/v{version}",
  projectId: "77",
  namespaceId: "7",
  environment: "release",
} as const;
const GITLAB: GitLab = { project: "acme/tools/widget", ref: "refs/tags/v1.0.0", environment: "release" };
const numbered = (projectId: string, namespaceId: string, of: Partial<GitLab> = {}) => {
  const { san, claims } = gitlabIdentity({ ...GITLAB, ...of });
  return {
    san,
    claims: { ...claims, sourceRepositoryIdentifier: projectId, sourceRepositoryOwnerIdentifier: namespaceId },
  };
};

test.each<[string, Identity, readonly string[]]>([
  ["the pipeline itself", numbered("77", "7"), []],
  ["another case", numbered("77", "7", { project: "Acme/tools/widget" }), ["project (case)", "configPath (case)"]],
  ["a longer name", numbered("77", "7", { project: "acme/tools/widgets" }), ["project", "configPath"]],
  ["a name before it", numbered("77", "7", { project: "my-acme/tools/widget" }), ["project", "configPath"]],
  ["a sibling", numbered("78", "7", { project: "acme/tools/gadget" }), ["project", "configPath", "projectId"]],
  [
    "its group's project of that name",
    numbered("79", "6", { project: "acme/widget" }),
    ["project", "configPath", "projectId", "namespaceId"],
  ],
  [
    "a fork",
    numbered("9", "9", { project: "mallory/tools/widget" }),
    ["project", "configPath", "projectId", "namespaceId"],
  ],
  ["the old name of a renamed group", numbered("9", "9"), ["projectId", "namespaceId"]],
  ["another environment", numbered("77", "7", { environment: "staging" }), ["environment"]],
  ["a branch of the tag's name", numbered("77", "7", { ref: "refs/heads/v1.0.0" }), ["ref"]],
  ["another file", numbered("77", "7", { configPath: "ci/.gitlab-ci.yml" }), ["configPath"]],
  [
    "a server of its own",
    numbered("77", "7", { host: "https://gitlab.com.evil.example" }),
    ["issuer", "project", "configPath"],
  ],
])("GitLab: %s", async (_, by, expected) => expect(await differences(by, { gitlab })).toEqual(expected));

const ORGANIZATION = "11111111-2222-3333-4444-555555555555";
const AZURE: AzurePipelines = {
  organization: ORGANIZATION,
  project: "66666666-7777-8888-9999-aaaaaaaaaaaa",
  definitionId: "42",
  ref: "refs/heads/main",
};
const azurePipelines = {
  organizationId: ORGANIZATION,
  projectId: AZURE.project,
  definitionId: "42",
  ref: "refs/heads/main",
};

test.each<[string, Partial<AzurePipelines>, readonly string[]]>([
  ["the pipeline itself", {}, []],
  ["another organisation", { organization: AZURE.project }, ["organizationId", "definitionId"]],
  ["another case of the project", { project: AZURE.project.toUpperCase() }, ["definitionId (case)"]],
  ["another project", { project: ORGANIZATION }, ["definitionId"]],
  ["a longer number", { definitionId: "421" }, ["definitionId"]],
  ["a number before it", { definitionId: "142" }, ["definitionId"]],
  ["a number and more", { definitionId: "42&view=results" }, ["definitionId"]],
  ["another branch", { ref: "refs/heads/main2" }, ["ref"]],
  ["a pull request", { ref: "refs/pull/1/merge" }, ["ref"]],
])("Azure Pipelines: %s", async (_, changed, expected) =>
  expect(await differences(azurePipelinesIdentity({ ...AZURE, ...changed }), { azurePipelines })).toEqual(expected),
);

test("its reusable workflow, called from a stranger's repository", async () => {
  const signerWorkflow = "acme/ci/.github/workflows/publish.yml@refs/tags/v3";
  const is = { githubActions: { repository: "acme/widget", signerWorkflow } };
  expect(await differences(whole({ signerWorkflow }), is)).toEqual([]);
  expect(await differences(whole({ signerWorkflow, repository: "mallory/widget" }), is)).toEqual(["repository"]);
  expect(await differences(whole({}), is)).toEqual(["signerWorkflow"]);
});

test.each<[string, string, readonly string[]]>([
  ["its own", "https://token.actions.githubusercontent.com/acme", []],
  ["another enterprise's", "https://token.actions.githubusercontent.com/acme-corp", ["enterprise"]],
  ["another case", "https://token.actions.githubusercontent.com/Acme", ["enterprise (case)"]],
  ["everybody's", "https://token.actions.githubusercontent.com", ["enterprise"]],
  ["one that goes on", "https://token.actions.githubusercontent.com/acme/x", ["enterprise"]],
])("an enterprise's issuer: %s", async (_, issuer, expected) =>
  expect(await differences(whole({ issuer }), enterprise)).toEqual(expected),
);

test("the same identity under another root", async () => {
  const other = await createInstance({ name: "other.test", curve: "P-256" });
  expect(await differences(whole({}), { githubActions }, other)).toEqual(["trust"]);
  expect(loadTrustRoot(Buffer.from(JSON.stringify(other.trustedRoot)), "o", root.thresholds).id).not.toBe(root.id);
});

test("init writes the enterprise that it saw", async () => {
  const attestation = await attestationBy(whole({ issuer: "https://token.actions.githubusercontent.com/acme" }));
  expect(pinOf(attestation, "1.0.0", "t")).toMatchObject({
    githubActions: { repository: "acme/widget", enterprise: "acme", ref: "refs/tags/v{version}" },
    trust: "t",
  });
});
