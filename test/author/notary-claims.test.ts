import { explainLayer } from "../../src/author/explain.ts";
import { notaryClaims } from "../../src/author/notary-claims.ts";
import type { Attestation } from "../../src/model/attestation.ts";
import { loadLayers } from "../../src/project/policy-file.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { matchSigner } from "../../src/policy/signers/signer.ts";
import { attestationJson } from "../../src/report/json.ts";
import type { NotaryTrust } from "../../src/verify/notary/trust.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { attestation } from "../support/attestation.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { CONTENT, jws, NOW } from "../support/notary/judged.ts";
import { newAuthority, newLeaf, pemOf } from "../support/notary/mint.ts";
import { digestsOf } from "../verify/corpus.ts";
import { expect, it } from "vitest";

const ROOT = newAuthority("root");
const LEAF = newLeaf("release", { issuer: ROOT });
const signers = {
  release: { notary: { trustStore: ["root.pem"], identities: ["x509.subject: C=US, O=Contoso, CN=release"] } },
  other: {
    notary: { trustStore: ["root.pem"], identities: ["x509.subject: C=US, O=Fabrikam", "x509.subject: O=X, CN=Y"] },
  },
  lower: { notary: { trustStore: ["root.pem"], identities: ["x509.subject: O=Contoso"], level: "permissive" } },
  own: { notary: { trustStore: ["own.pem"] } },
};

async function loaded() {
  const root = temporaryFolder();
  putInto(root, "root.pem", pemOf(ROOT));
  putInto(root, "own.pem", pemOf(newLeaf("own")));
  const rules = [{ packages: ["npm:a"], signedBy: ["release", "other"] }];
  putInto(root, ".signing-policy.json", { version: 1, signers, rules });
  const { layers, notary } = await loadLayers({ project: root, loadTrustRoot });
  const layer = layers[0]!;
  const signed = attestationUnder(notary);
  const claims = (name: keyof typeof signers, one = signed) =>
    notaryClaims(layer, name, signers[name].notary as never, one);
  return { layer, signed, claims };
}

function attestationUnder(notary: readonly NotaryTrust[]): Attestation {
  const evidence = {
    source: "file",
    location: "a.jws.sig",
    notary: jws({ by: LEAF, above: [ROOT], content: CONTENT }),
  };
  const subject = { names: [], digests: digestsOf(CONTENT), bytes: CONTENT };
  const verdict = createVerifier([], [], NOW, notary).verify(evidence, subject);
  if (verdict.status !== "verified") throw new Error(JSON.stringify(verdict));
  return verdict.attestation;
}
it("a signer of its name, under its own trust, is met", async () => {
  const { layer, signed, claims } = await loaded();
  expect(matchSigner(layer, "release", signed, null)).toEqual([]);
  expect(claims("release").map(({ key, found, holds }) => [key, found, holds])).toEqual([
    ["C", "US", true],
    ["O", "Contoso", true],
    ["CN", "release", true],
    ["trustStore", expect.stringMatching(/^sha256:/), true],
    ["level", "revocation not checked: the level does not ask for it", true],
  ]);
});

it("another name is compared attribute by attribute, the nearest identity", async () => {
  const { layer, signed, claims } = await loaded();
  expect(matchSigner(layer, "other", signed, null)).toEqual([{ name: "O", expected: "Fabrikam", found: "Contoso" }]);
  expect(
    claims("other")
      .map(({ key, holds }) => `${key} ${holds}`)
      .slice(0, 2),
  ).toEqual(["C true", "O false"]);
});

it("what holds under another signer's trust is not this one's", async () => {
  const { layer, signed, claims } = await loaded();
  expect(matchSigner(layer, "own", signed, null)).toMatchObject([{ name: "trustStore" }]);
  expect(claims("own")).toMatchObject([{ key: "trustStore", holds: false }, {}]);
});

it("what is no envelope meets no such signer, and an envelope no other one", async () => {
  const { layer, claims } = await loaded();
  expect(matchSigner(layer, "release", attestation(), null)).toMatchObject([{ name: "signer" }]);
  expect(claims("release", attestation())).toMatchObject([{ key: "signer", holds: false }]);
});

it("is explained, and told to programs", async () => {
  const { layer, signed } = await loaded();
  const packageRef = { ecosystem: "npm" as const, name: "a", version: "1.0.0", purl: "pkg:npm/a@1.0.0" };
  const facts = {
    artifact: { package: packageRef, locations: [], digests: [], subjectNames: [], runsScripts: false } as never,
    digests: [],
    verdicts: [
      {
        status: "verified" as const,
        evidence: { source: "beside", location: "x", malformed: "" },
        attestation: signed,
      },
    ],
    unavailable: [],
    faults: [],
  };
  expect(JSON.stringify(explainLayer(layer, facts))).toContain('"key":"CN"');
  expect(attestationJson(signed).signer).toMatchObject({
    usage: "notary",
    notary: {
      subject: "C=US, O=Contoso, CN=release",
      issuer: "C=US, O=Contoso, CN=root",
      scheme: "notary.x509",
      mediaType: "application/octet-stream",
      passedOver: ["revocation not checked: the level does not ask for it"],
    },
  });
});
