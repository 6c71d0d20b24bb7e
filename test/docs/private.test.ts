/** docs/private.md: a certificate of such a pipeline meets the sample's signer, and its neighbour's does not. */
import { AZURE_DEVOPS_APP, base64UrlOfGuid } from "../../src/policy/signers/expand.ts";
import { matchSigner } from "../../src/policy/signers/signer.ts";
import { judged, rootOf, subjects } from "../verify/judging.ts";
import { page } from "../support/pages.ts";
import { layer } from "../support/policy.ts";
import {
  azurePipelinesIdentity,
  createInstance,
  githubIdentity,
  gitlabIdentity,
  type Identity,
} from "../support/sigstore.ts";
import { expect, it } from "vitest";

const instance = await createInstance({ curve: "P-256" });
const root = rootOf(instance, { tlog: 0, sct: 0, timestamps: 1 });

const organization = "11111111-2222-3333-4444-555555555555";
const project = "66666666-7777-8888-9999-000000000000";
const tenant = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const connection = "12121212-3434-5656-7878-909090909090";
const github = (more: object = {}) =>
  githubIdentity({
    repository: "acme/widget",
    workflow: ".github/workflows/release.yml",
    ref: "refs/tags/v1.0.0",
    ...more,
  });
const named = (issuer: string, value: string): Identity => ({ san: { type: "uri", value }, claims: { issuer } });
const entra = (id: string): Identity => ({
  san: { type: "uri", value: "https://contoso.example" },
  claims: {
    issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
    tokenSubject: `/eid1/c/pub/t/${base64UrlOfGuid(tenant)}/a/${base64UrlOfGuid(AZURE_DEVOPS_APP)}/sc/${organization}/${id}`,
  },
});
const azure = (definitionId: string) =>
  azurePipelinesIdentity({ organization, project, definitionId, ref: "refs/heads/main" });
const gitlab = (name: string) =>
  gitlabIdentity({ host: "https://gitlab.contoso.example", project: name, ref: "refs/heads/main" });
const circle = (definition: string) =>
  named(
    `https://oidc.circleci.com/org/${organization}`,
    `https://circleci.com/api/v2/projects/${project}/pipeline-definitions/${definition}`,
  );
const account = (name: string) =>
  named("https://kubernetes.default.svc", `https://kubernetes.io/namespaces/build/serviceaccounts/${name}`);

const PIPELINES: Readonly<Record<string, readonly [its: Identity, neighbour: Identity]>> = {
  "github-private": [github(), github({ repository: "acme/widgets" })],
  "github-enterprise": [
    github({ issuer: "https://token.actions.githubusercontent.com/acme" }),
    github({ issuer: "https://token.actions.githubusercontent.com/acme-corp" }),
  ],
  azure: [azure("42"), azure("421")],
  "azure-entra": [entra(connection), entra(project)],
  gitlab: [gitlab("group/widget"), gitlab("group/widgets")],
  buildkite: [
    named("https://agent.buildkite.com", "https://buildkite.com/acme/widget"),
    named("https://agent.buildkite.com", "https://buildkite.com/acme/widget2"),
  ],
  circleci: [circle(connection), circle(tenant)],
  kubernetes: [account("release"), account("released")],
  spiffe: [
    named("https://spire.contoso.example", "spiffe://contoso.example/build/release"),
    named("https://spire.contoso.example", "spiffe://contoso.example/build/releases"),
  ],
};

const samples = page("docs/private.md").blocks.flatMap(({ comment, text }) => {
  const [, name] = /matches: ([a-z-]+)/.exec(comment) ?? [];
  return name === undefined ? [] : [[name, JSON.parse(text) as object] as const];
});

it("each has a sample", () => expect(samples.map(([name]) => name)).toEqual(Object.keys(PIPELINES)));

it.each(samples)("%s", async (name, policy) => {
  const own = layer(policy);
  const roots = Object.fromEntries(["public-good", "github", "contoso"].map((one) => [one, root.id]));
  const isMet = async (identity: Identity) => {
    // Of such an instance there may be no log.
    const bundle = await instance.attest({ subjects, identity, log: "none", timestamps: 1 });
    const verdict = judged(bundle, { roots: [root] });
    if (verdict.status !== "verified") throw new Error(JSON.stringify(verdict));
    return matchSigner({ ...own, roots }, "a", verdict.attestation, "1.0.0").length === 0;
  };
  const [its, neighbour] = PIPELINES[name] ?? [];
  expect([await isMet(its!), await isMet(neighbour!)]).toEqual([true, false]);
});
