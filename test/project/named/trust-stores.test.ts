import { loadLayers } from "../../../src/project/policy-file.ts";
import { loadTrustRoot } from "../../../src/project/trust.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { newAuthority, newLeaf, pemOf } from "../../support/notary/mint.ts";
import { expect, it } from "vitest";

const ROOT = newAuthority("root");
const OWN = newLeaf("own");
const IDENTITIES = ["x509.subject: C=US, O=Contoso"];

async function load(signer: object, rest: object = {}) {
  const root = temporaryFolder();
  putInto(root, ".signing-policy.json", { version: 1, signers: { release: { notary: signer } }, ...rest });
  putInto(root, "keys/root.pem", pemOf(ROOT));
  putInto(root, "keys/own.pem", pemOf(OWN));
  putInto(root, "keys/both.pem", pemOf(OWN, ROOT));
  putInto(root, "keys/text.pem", "text");
  const { layers, notary, files } = await loadLayers({ project: root, loadTrustRoot });
  return { layer: layers[0]!, notary, files };
}

it("a signer's trust store is held, found again by its name, and among the files that judge", async () => {
  const tsa = { tsa: ["keys/root.pem"] };
  const { layer, notary, files } = await load({ trustStore: ["keys/root.pem"], identities: IDENTITIES, ...tsa });
  expect(notary).toHaveLength(1);
  expect(notary[0]).toMatchObject({ level: "strict", timestamps: "always" });
  expect(layer.notary?.["release"]).toMatchObject({
    trust: notary[0]!.id,
    certificates: [
      { file: "keys/root.pem", type: "ca", subject: "C=US, O=Contoso, CN=root", isAuthority: true },
      { file: "keys/root.pem", type: "tsa" },
    ],
  });
  expect([...files.keys()]).toContain("keys/root.pem");
});

it("a signer without identities is the certificate itself, never whatever an authority issues", async () => {
  expect((await load({ trustStore: ["keys/own.pem"] })).notary).toHaveLength(1);
  for (const file of ["keys/root.pem", "keys/both.pem"])
    await expect(load({ trustStore: [file] })).rejects.toMatchObject({
      code: "TRUST_STORE_UNUSABLE",
      message: expect.stringContaining("names no identities"),
    });
});

it.each([
  ["a text", { trustStore: ["keys/text.pem"], identities: IDENTITIES }, "TRUST_STORE_UNUSABLE", /cannot be read/],
  ["a leaf for timestamps", { trustStore: ["keys/own.pem"], tsa: ["keys/own.pem"] }, "TRUST_STORE_UNUSABLE", /no root/],
  ["no file", { trustStore: ["keys/no.pem"] }, "POLICY_FILE_MISSING", /there is no such file/],
  ["a star", { trustStore: ["keys/root.pem"], identities: ["*"] }, "POLICY_INVALID", /"\*" cannot be written/],
  [
    "no name",
    { trustStore: ["keys/root.pem"], identities: ["x509.subject: C=US"] },
    "POLICY_INVALID",
    /nobody in part/,
  ],
  [
    "a name that is none",
    { trustStore: ["keys/root.pem"], identities: ["x509.subject: X=1"] },
    "POLICY_INVALID",
    /no attr/,
  ],
  ["skip", { trustStore: ["keys/own.pem"], level: "skip" }, "POLICY_INVALID", /strict/],
  ["a time and no tsa", { trustStore: ["keys/own.pem"], timestamp: "always" }, "POLICY_INVALID", /there is no tsa/],
  [
    "a tsa beside an authority's time",
    { trustStore: ["keys/root.pem"], identities: IDENTITIES, type: "signingAuthority", tsa: ["keys/root.pem"] },
    "POLICY_INVALID",
    /vouches for the time itself/,
  ],
])("a signer with %s is refused", async (_, signer, code, message) =>
  expect(load(signer)).rejects.toMatchObject({ code, message: expect.stringMatching(message) }),
);

it("the level audit goes with a rule in audit mode alone", async () => {
  const signer = { trustStore: ["keys/own.pem"], level: "audit" };
  const rule = { packages: ["npm:a"], signedBy: ["release"] };
  await expect(load(signer, { rules: [rule] })).rejects.toMatchObject({ message: expect.stringContaining("enforces") });
  expect((await load(signer, { rules: [{ ...rule, mode: "audit" }] })).notary).toHaveLength(1);
  expect((await load(signer, { rules: [rule], mode: "audit" })).notary).toHaveLength(1);
  expect((await load({ ...signer, level: "permissive" }, { rules: [rule] })).notary).toHaveLength(1);
});

it("a signer of the Notary Project has no Sigstore root", async () =>
  expect(
    loadLayers({
      project: (() => {
        const root = temporaryFolder();
        const signers = { a: { notary: { trustStore: ["own.pem"] }, trust: "public-good" } };
        putInto(root, ".signing-policy.json", { version: 1, signers });
        return root;
      })(),
      loadTrustRoot,
    }),
  ).rejects.toMatchObject({ message: expect.stringContaining("has no Sigstore trust root") }));
