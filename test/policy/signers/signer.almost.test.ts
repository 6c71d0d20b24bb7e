/** Identities that are right, almost right and wrong, as certificates that an instance issued and the verifier read. */
import { pinOf } from "../../../src/author/propose/pin.ts";
import { loadTrustRoot } from "../../../src/project/trust.ts";
import { matchSigner } from "../../../src/policy/signers/signer.ts";
import { judged, rootOf, subjects } from "../../verify/judging.ts";
import { layer } from "../../support/policy.ts";
import { createInstance, githubIdentity, type Identity } from "../../support/sigstore.ts";
import type { GitHub } from "../../support/sigstore/identity.ts";
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
const enterprise = { repository: "acme/widget", enterprise: "acme" };

async function attestationBy(identity: Identity, by = instance) {
  const verdict = judged(await by.attest({ subjects, identity }), { roots: [rootOf(by)] });
  if (verdict.status !== "verified") throw new Error(JSON.stringify(verdict));
  return verdict.attestation;
}

/** What is not as the signer says, by the policy's words; empty: it is that signer. */
async function differences(identity: Identity, is: object = githubActions, by = instance): Promise<readonly string[]> {
  const policy = layer({ signers: { a: { githubActions: is, trust: "t" } }, trust: { t: { trustedRoot: "t.json" } } });
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
  ["no environment", { environment: undefined as never }, ["environment"]],
  ["another trigger", { trigger: "pull_request_target" }, ["trigger"]],
  ["a branch of the tag's name", { ref: "refs/heads/v1.0.0" }, ["ref"]],
  ["another version's tag", { ref: "refs/tags/v1.0.1" }, ["ref"]],
  ["a tag that goes on", { ref: "refs/tags/v1.0.0-evil" }, ["ref"]],
  ["another workflow", { workflow: ".github/workflows/ci.yml" }, ["workflow"]],
  ["a runner of its own", { runner: "self-hosted" }, ["runner"]],
  ["an enterprise's issuer", { issuer: "https://token.actions.githubusercontent.com/acme" }, ["issuer"]],
  ["an issuer that only begins so", { issuer: "https://token.actions.githubusercontent.com.evil.example" }, ["issuer"]],
])("%s", async (_, changed, expected) => expect(await differences(whole(changed))).toEqual(expected));

test("its reusable workflow, called from a stranger's repository", async () => {
  const signerWorkflow = "acme/ci/.github/workflows/publish.yml@refs/tags/v3";
  const is = { repository: "acme/widget", signerWorkflow };
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
  expect(await differences(whole({}), githubActions, other)).toEqual(["trust"]);
  expect(loadTrustRoot(Buffer.from(JSON.stringify(other.trustedRoot)), "o", root.thresholds).id).not.toBe(root.id);
});

test("init writes the enterprise that it saw", async () => {
  const attestation = await attestationBy(whole({ issuer: "https://token.actions.githubusercontent.com/acme" }));
  expect(pinOf(attestation, "1.0.0", "t")).toMatchObject({
    githubActions: { repository: "acme/widget", enterprise: "acme", ref: "refs/tags/v{version}" },
    trust: "t",
  });
});
