/** docs/private.md: a certificate of such a pipeline meets the sample's signer, and what is nearly one does not. */
import { digestOf } from "../../src/model/digest.ts";
import { CLAIM_OIDS, type ClaimName, type Claims } from "../../src/model/claims.ts";
import { AZURE_DEVOPS_APP, base64UrlOfGuid, expandSigner } from "../../src/policy/signers/expand.ts";
import { matchSigner } from "../../src/policy/signers/signer.ts";
import { builtInRoot, openTrust } from "../../src/trust/open.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { judged, rootOf, subjects } from "../verify/judging.ts";
import { attestation } from "../support/attestation.ts";
import { corpusText, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { testHost } from "../support/npm-session.ts";
import { page } from "../support/pages.ts";
import { layer } from "../support/policy.ts";
import { createInstance, githubIdentity, gitlabIdentity, type Identity } from "../support/sigstore.ts";
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
const entra = (id: string): Identity =>
  issued({
    iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
    sub: `/eid1/c/pub/t/${base64UrlOfGuid(tenant)}/a/${base64UrlOfGuid(AZURE_DEVOPS_APP)}/sc/${organization}/${id}`,
  });
const azure = (definition: string): Identity =>
  issued({
    iss: `https://vstoken.dev.azure.com/${organization}`,
    sub: `p://contoso/Widgets/release ${definition}`,
    org_id: organization,
    prj_id: project,
    def_id: definition,
    rpo_id: "1",
    rpo_uri: "https://dev.azure.com/contoso/Widgets/_git/widget",
    rpo_ver: "0".repeat(40),
    rpo_ref: "refs/heads/main",
    run_id: "7",
  });
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
  const isMet = (claims: Claims) => {
    const signer = { kind: "certificate", claims } as const;
    return matchSigner({ ...own, roots }, "a", attestation({ signer, roots: [root.id] }), "1.0.0").length === 0;
  };
  const [its, neighbour] = await Promise.all((PIPELINES[name] ?? []).map(certified));
  expect([isMet(its!), isMet(neighbour!)]).toEqual([true, false]);
  const pinned = expandSigner(own.policy.signers!["a"]!, { version: "1.0.0" }).map(({ claim }) => claim);
  expect(pinned.length).toBeGreaterThan(1);
  for (const [claim, value] of pinned.flatMap((one) => almost(its!, one)))
    expect([claim, value, isMet({ ...its, [claim]: value })]).toEqual([claim, value, false]);
});

/** What a certificate says that an instance issued to it; there may be no log. */
async function certified(identity: Identity): Promise<Claims> {
  const bundle = await instance.attest({ subjects, identity, log: "none", timestamps: 1 });
  const verdict = judged(bundle, { roots: [root] });
  if (verdict.status !== "verified" || verdict.attestation.signer.kind !== "certificate")
    throw new Error(JSON.stringify(verdict));
  return verdict.attestation.signer.claims;
}

/** One claim in other cases, longer, shorter, later begun, and not there. */
function almost(claims: Claims, claim: ClaimName): readonly (readonly [ClaimName, string | undefined])[] {
  const value = claims[claim] ?? "";
  const others = [value.toUpperCase(), value.toLowerCase(), `${value}x`, `${value}/x`, value.slice(0, -1), `x${value}`];
  return [...others.filter((one) => one !== value), value.slice(1), "", undefined].map((one) => [claim, one] as const);
}

/** The page's configuration of Fulcio, by the path of each text. */
function configured(): ReadonlyMap<string, string> {
  const text = page("docs/private.md").blocks.find(({ language }) => language === "yaml")?.text ?? "";
  const found = new Map<string, string>();
  const above: string[] = [];
  for (const line of text.split("\n").filter(Boolean)) {
    const [, indent = "", name = "", value = ""] = /^( *)(.*?):(?: "?([^"]*)"?)?$/.exec(line) ?? [];
    above.splice(indent.length / 2, above.length, name);
    if (value !== "") found.set(above.join(" "), value);
  }
  return found;
}

/** The certificate that Fulcio issues for a token by that configuration (fulcio, pkg/identity/ciprovider). */
function issued(token: Readonly<Record<string, string>>): Identity {
  const own = (text: string) => text.replace("ORGANIZATION", organization).replace("TENANT", tenant);
  const all = new Map([...configured()].map(([path, value]) => [own(path), own(value)] as const));
  const at = (...path: readonly string[]) => all.get(path.join(" ")) ?? "";
  const issuer = ["oidc-issuers", token["iss"] ?? ""];
  expect([at(...issuer, "issuer-url"), at(...issuer, "client-id")]).toEqual([
    token["iss"],
    "api://AzureADTokenExchange",
  ]);
  const metadata = ["ci-issuer-metadata", at(...issuer, "ci-provider")];
  const fill = (template: string) => template.replaceAll(/{{ \.(\w+) }}/g, (_, name: string) => token[name]!);
  const claims = Object.keys(CLAIM_OIDS).flatMap((claim) => {
    const template = at(...metadata, "extension-templates", kebab(claim));
    return template === "" ? [] : [[claim, fill(template)]];
  });
  return {
    san: { type: "uri", value: fill(at(...metadata, "subject-alternative-name-template")) },
    claims: { ...Object.fromEntries(claims), issuer: token["iss"], tokenSubject: token["sub"] } as Claims,
  };
}

/** As Fulcio writes the names of claims: `build-config-uri`. */
function kebab(claim: string): string {
  return claim.replaceAll(/URI|[A-Z]/g, (upper) => `-${upper.toLowerCase()}`);
}

it.skipIf(!hasCorpus)("github-private: a real one holds under the root that is built in", async () => {
  const text = corpusText("sigstore/bundles/cli/github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl");
  const { roots } = await openTrust([builtInRoot("github")], testHost({ home: temporaryFolder() }));
  const subject = {
    names: [],
    digests: [digestOf("sha256", "ae57936def59bc4c75edd3a837d89bcefc6d3a5e31d55a6fa7a71624f92c3c3b")!],
    bytes: null,
  };
  const evidence = { source: "file", location: "real", bundle: JSON.parse(text) as unknown };
  expect(createVerifier(roots, [], new Date()).verify(evidence, subject)).toMatchObject({
    status: "verified",
    attestation: { roots: ["github"] },
  });
});
