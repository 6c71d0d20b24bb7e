import { newAuthority, newLeaf, pemOf } from "../../support/notary/mint.ts";
import { hasNotaryCorpus, notationFile } from "../../support/notary/corpus.ts";
import { notaryTrust, readStoreFile, type StoreType } from "../../../src/verify/notary/trust.ts";
import { describe, expect, it } from "vitest";

const ROOT = newAuthority("root");
const MIDDLE = newAuthority("middle", { issuer: ROOT });
const OWN = newLeaf("own");
const LEAF = newLeaf("leaf", { issuer: ROOT });
const read = (bytes: Buffer | string, type: StoreType = "ca") => {
  const found = readStoreFile(Buffer.from(bytes), type);
  return typeof found === "string" ? found : found.length;
};

describe("the file of a trust store", () => {
  it("holds authorities, or leaves that are their own issuers", () => {
    expect(read(pemOf(ROOT))).toBe(1);
    expect(read(pemOf(ROOT, MIDDLE, OWN))).toBe(3);
    expect(read(ROOT.certificate)).toBe(1);
    expect(read(pemOf(MIDDLE), "signingAuthority")).toBe(1);
    expect(read(`A comment\n${pemOf(ROOT)}`)).toBe(1);
  });

  it("holds no other leaf, also beside its root", () => {
    expect(read(pemOf(LEAF))).toContain("a leaf that somebody else issued");
    expect(read(pemOf(ROOT, LEAF))).toContain("a leaf that somebody else issued");
  });

  it("holds roots alone for timestamps", () => {
    expect(read(pemOf(ROOT), "tsa")).toBe(1);
    for (const one of [MIDDLE, OWN]) expect(read(pemOf(one), "tsa")).toContain("no root");
  });

  it.each([
    ["nothing", ""],
    ["a text", "hello"],
    ["a key beside it", `${pemOf(ROOT)}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`],
    ["a block that is cut", pemOf(ROOT).slice(0, -30)],
    ["bytes behind it", Buffer.concat([ROOT.certificate, Buffer.from([0])])],
  ])("is none with %s", (_, bytes) => expect(read(bytes)).toMatch(/no certificate|cannot be read/));
});

describe("a trust", () => {
  it("is one by all that it says, in whatever order", () => {
    const certificates = [ROOT, MIDDLE].flatMap((one) => {
      const found = readStoreFile(one.certificate, "ca");
      return typeof found === "string" ? [] : found;
    });
    const ids = [
      notaryTrust(certificates, "strict", "always"),
      notaryTrust(certificates.slice(1), "strict", "always"),
      notaryTrust(certificates, "permissive", "always"),
      notaryTrust(certificates, "strict", "afterCertExpiry"),
      notaryTrust(
        certificates.map((one) => ({ ...one, type: "signingAuthority" as const })),
        "strict",
        "always",
      ),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(notaryTrust(certificates.toReversed(), "strict", "always").id).toBe(ids[0]);
  });
});

describe.skipIf(!hasNotaryCorpus)("the project's own stores", () => {
  it.each([
    ["notation-go/ca/valid-trust-store/wabbit-networks.io.crt", "ca", 1],
    ["notation-go/ca/valid-trust-store/NotationTestRoot.pem", "ca", 1],
    ["notation-go/ca/valid-trust-store/TestTimestamp.crt", "ca", 1],
    ["notation-go/ca/valid-trust-store-self-signed/openssl-minimum-self-signed.pem", "ca", 1],
    ["notation-go/ca/trust-store-with-invalid-certs/invalid", "ca", null],
    ["notation-go/ca/trust-store-with-leaf-certs-in-single-file/RootAndLeafCerts.crt", "ca", null],
    ["notation-go/ca/trust-store-with-leaf-certs/non-ca.crt", "ca", null],
    ["notation-go/tsa/test-timestamp/globalsignRoot.cer", "tsa", 1],
    ["notation-go/tsa/test-nonCA/wabbit-networks.io.crt", "tsa", null],
    ["notation-go/tsa/test-nonSelfIssued/nonSelfIssued.crt", "tsa", null],
    ["notation-e2e/timestamp/DigiCertTSARootSHA384.cer", "tsa", 1],
    ["notation-e2e/timestamp/globalsignTSARoot.cer", "tsa", 1],
    ["notation-e2e/timestamp/CertChain.pem", "tsa", null],
    ["notation-e2e/timestamp/intermediate.pem", "tsa", null],
    ["notation-e2e/timestamp/notSelfIssued.crt", "tsa", null],
    ["notation-e2e/timestamp/invalid.crt", "tsa", null],
    ["notation-e2e/timestamp/Empty.txt", "tsa", null],
  ] as const)("%s as %s", (path, type, count) => {
    const found = read(notationFile(`trust-store/${path}`), type);
    if (count === null) expect(found).toBeTypeOf("string");
    else expect(found).toBe(count);
  });
});
