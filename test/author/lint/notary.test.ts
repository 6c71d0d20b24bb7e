import { notaryFindings, nugetFindings } from "../../../src/author/lint/notary.ts";
import { signerWords } from "../../../src/author/words/signer-words.ts";
import type { Layer, TrustedCertificate } from "../../../src/policy/layer.ts";
import type { Signer } from "../../../src/policy/schema/index.ts";
import { endingsOfMaterial } from "../../../src/project/endings.ts";
import { describe, expect, it } from "vitest";

const AUTHORITY: TrustedCertificate = {
  file: "keys/root.pem",
  type: "ca",
  fingerprint: "sha256:1",
  subject: "C=US, O=Contoso",
  isAuthority: true,
  notAfter: new Date("2030-01-01"),
};
const LEAF: TrustedCertificate = { ...AUTHORITY, file: "keys/own.pem", isAuthority: false };
const GOOD = { trustStore: ["keys/root.pem"], tsa: ["keys/tsa.pem"], identities: ["x509.subject: C=US, O=Contoso"] };

function layerOf(notary: NonNullable<Signer["notary"]>, certificates: readonly TrustedCertificate[]): Layer {
  return {
    name: ".signing-policy.json",
    digest: "",
    policy: { version: 1, signers: { release: { notary } } },
    roots: {},
    notary: { release: { trust: "notary:1", certificates } },
    recorded: null,
    sources: {},
    override: null,
  };
}
const codes = (notary: NonNullable<Signer["notary"]>, certificates = [AUTHORITY]) =>
  notaryFindings(layerOf(notary, certificates)).map(({ rule }) => rule);

it("says nothing of a signer that pins an organization under an authority, with timestamps", () =>
  expect(codes(GOOD)).toEqual([]));

it.each([
  [
    "a CN alone, of an authority that issues to everybody",
    { identities: ["x509.subject: CN=release"] },
    "notary-no-organization",
  ],
  ["no country", { identities: ["x509.subject: O=Contoso"] }, "notary-no-country"],
  ["a lower level", { level: "permissive" as const }, "notary-level"],
  ["no tsa", { tsa: undefined }, "notary-no-tsa"],
])("speaks of %s", (_, part, code) => {
  const { tsa, ...rest } = { ...GOOD, ...part };
  expect(codes({ ...rest, ...(tsa === undefined ? {} : { tsa }) })).toEqual([code]);
});

it("speaks of a leaf in the store, whose name needs no organization", () => {
  const own = { trustStore: ["keys/own.pem"], tsa: ["keys/tsa.pem"], identities: ["x509.subject: CN=release"] };
  expect(codes(own, [LEAF])).toEqual(["notary-leaf"]);
});

it("knows when the certificates of a store end", () => {
  const [ending] = endingsOfMaterial(layerOf(GOOD, [AUTHORITY]), [], []);
  expect(ending).toMatchObject({ what: "keys/root.pem of the signer release", ends: AUTHORITY.notAfter });
});

it("is described in one line", () =>
  expect(signerWords({ notary: { ...GOOD, level: "permissive" } })).toBe(
    "Notary Project  x509.subject: C=US, O=Contoso  under keys/root.pem  timestamps of keys/tsa.pem  level permissive",
  ));

describe("a signer by NuGet's author signature", () => {
  const issuer = { fingerprints: [`sha256:${"a".repeat(64)}`] };
  const found = (is: NonNullable<Signer["nugetSignature"]>) =>
    nugetFindings({ version: 1, signers: { vendor: { nugetSignature: is } } }).map(({ rule }) => rule);

  it.each([
    ["an organization of a country", { kind: "author", subject: "C=US, O=Contoso", issuer }, []],
    ["a CN alone", { kind: "author", subject: "C=US, CN=Contoso", issuer }, ["nuget-no-organization"]],
    ["no country", { kind: "author", subject: "O=Contoso", issuer }, ["nuget-no-country"]],
    ["certificates, which end", { kind: "author", ...issuer }, ["nuget-certificate-ends"]],
    ["a feed's, which says its own", { kind: "repository", ...issuer }, []],
  ] as const)("is spoken of with %s", (_, is, rules) => expect(found(is)).toEqual(rules));
});
