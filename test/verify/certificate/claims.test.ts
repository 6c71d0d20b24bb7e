import { describe, expect, test } from "vitest";
import type { Attestation } from "../../../src/model/attestation.ts";
import {
  azurePipelinesIdentity,
  createInstance,
  der,
  emailIdentity,
  githubIdentity,
  gitlabIdentity,
  type Identity,
} from "../../support/sigstore.ts";
import type { LeafKnobs } from "../../support/sigstore.ts";
import { hasCorpus, jsonFromCorpus } from "../corpus.ts";
import { publicGoodRoot } from "../../../src/project/trust.ts";
import { createVerifier } from "../../../src/verify/verifier.ts";
import { digestOf } from "../../../src/model/digest.ts";
import { judged, locked, rootOf, subjects } from "../judging.ts";

const instance = await createInstance({ logs: 2 });
const roots = [rootOf(instance)];

async function attested(identity: Identity, leaf: LeafKnobs = {}, at?: Date): Promise<Attestation> {
  const verdict = judged(await instance.attest({ subjects, identity, leaf, ...(at ? { at } : {}) }), { roots });
  if (verdict.status !== "verified") throw new Error(JSON.stringify(verdict));
  return verdict.attestation;
}

const claims = async (identity: Identity, leaf: LeafKnobs = {}) => {
  const { signer } = await attested(identity, leaf);
  return signer.kind === "certificate" ? signer.claims : {};
};

describe("claims are what the certificate says", () => {
  test.each([
    [
      "GitHub Actions",
      githubIdentity({
        repository: "acme/widget",
        workflow: ".github/workflows/r.yml",
        ref: "refs/tags/v1",
        environment: "release",
      }),
    ],
    ["GitLab", gitlabIdentity({ project: "group/project", ref: "refs/heads/main" })],
    [
      "Azure Pipelines",
      azurePipelinesIdentity({ organization: "0f0f", project: "p", definitionId: "42", ref: "refs/heads/main" }),
    ],
    ["an e-mail address", emailIdentity("alice@example.com")],
  ])("%s", async (_, identity) => {
    expect(await claims(identity)).toEqual({ subjectAlternativeName: identity.san.value, ...identity.claims });
  });

  const github = githubIdentity({
    repository: "acme/widget",
    workflow: ".github/workflows/r.yml",
    ref: "refs/tags/v1",
  });

  test("the first generation falls back to .1 to .6", async () => {
    expect(await claims(github, { firstGeneration: true })).toEqual({
      subjectAlternativeName: github.san.value,
      issuer: github.claims.issuer,
      buildTrigger: "push",
      sourceRepositoryRef: "refs/tags/v1",
      sourceRepositoryURI: "https://github.com/acme/widget",
      buildSignerURI: github.san.value,
      buildConfigURI: github.san.value,
    });
  });

  test("one claim of the second generation, and nothing falls back", async () => {
    const runner = { oid: "1.3.6.1.4.1.57264.1.11", value: der.utf8("self-hosted") };
    expect(await claims(github, { firstGeneration: true, extensions: [runner] })).toEqual({
      subjectAlternativeName: github.san.value,
      runnerEnvironment: "self-hosted",
    });
  });

  test("texts are not trimmed, folded or normalised", async () => {
    const odd = { ...github, claims: { ...github.claims, deploymentEnvironment: " Prod\u00a0\u0065\u0301\u0000" } };
    expect(await claims(odd)).toMatchObject({ deploymentEnvironment: " Prod\u00a0\u0065\u0301\u0000" });
  });

  test("a Fulcio user name", async () => {
    const name = der.context(
      0,
      Buffer.concat([der.oid("1.3.6.1.4.1.57264.1.7"), der.context(0, der.utf8("alice!example.com"))]),
    );
    const san = { oid: "2.5.29.17", critical: true, value: der.sequence(name) };
    expect(await claims(github, { sans: null, extensions: [san] })).toMatchObject({
      subjectAlternativeName: "alice!example.com",
    });
  });
});

describe("an attestation", () => {
  const github = githubIdentity({
    repository: "acme/widget",
    workflow: ".github/workflows/r.yml",
    ref: "refs/tags/v1",
  });

  test("is signed at the latest time that somebody vouches for", async () => {
    const at = new Date("2025-06-01T00:00:00Z");
    const later = new Date("2025-06-01T00:05:00Z");
    const bundle = await instance.attest({
      subjects,
      identity: github,
      at,
      log: [{}, { by: 1, integratedTime: later }],
      timestamps: [new Date("2025-06-01T00:02:00Z")],
    });
    expect(judged(bundle, { roots })).toMatchObject({ attestation: { signedAt: later } });
  });

  test("names every root under which it verifies, with that root's thresholds", async () => {
    const lax = rootOf(instance, { tlog: 0, sct: 0, timestamps: 1 });
    const strict = rootOf(instance, { tlog: 2, sct: 1, timestamps: 1 });
    const bundle = await instance.attest({ subjects, identity: github });
    expect(judged(bundle, { roots: [...roots, lax, strict] })).toMatchObject({
      attestation: { roots: [roots[0]!.id, lax.id] },
    });
  });

  test("tells bundles and keys apart", async () => {
    const [one, two] = [await attested(github), await attested(github)];
    expect(one.leafKey).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(one.leafKey).not.toBe(two.leafKey);
    expect(one.bundleDigest).not.toEqual(two.bundleDigest);
    expect(one.matched).toEqual(locked.digests);
  });
});

test.skipIf(!hasCorpus)("a real certificate of the first generation", () => {
  const { attestations } = jsonFromCorpus("npm/tuf-js@1.0.0/attestations.json") as {
    attestations: { bundle: never }[];
  };
  const bundle = attestations[0]!.bundle as { dsseEnvelope: { payload: string } };
  const { subject } = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString()) as {
    subject: { digest: { sha512: string } }[];
  };
  const digests = [digestOf("sha512", subject[0]!.digest.sha512)!];
  const verdict = createVerifier([publicGoodRoot()], [], new Date()).verify(
    { source: "x", location: "x", bundle },
    { names: [], digests, bytes: null },
  );
  expect(verdict).toMatchObject({
    attestation: {
      signer: {
        claims: {
          sourceRepositoryURI: "https://github.com/theupdateframework/tuf-js",
          issuer: "https://token.actions.githubusercontent.com",
        },
      },
    },
  });
});
