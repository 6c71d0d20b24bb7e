import { listsSubject } from "../../../src/policy/signers/sbom.ts";
import { comparedIn } from "../../../src/policy/compared.ts";
import { attestation } from "../../support/attestation.ts";
import { hasCorpus } from "../../support/corpus.ts";
import { artifact, codes, decided, layer, signedBy, SHA256, SHA512, WIDGET } from "../../support/policy.ts";
import { realStatements } from "../../support/real-provenance.ts";
import { describe, expect, it } from "vitest";

const HEX = "c".repeat(64);
const digests = [{ algorithm: "sha256", hex: HEX }] as const;
const lists = (predicate: unknown) => listsSubject(attestation({ predicate }), digests);

it.each([
  ["SPDX, a package", { packages: [{ checksums: [{ algorithm: "SHA256", checksumValue: HEX.toUpperCase() }] }] }],
  [
    "SPDX, a file",
    {
      files: [
        {
          checksums: [
            { algorithm: "SHA1", checksumValue: "0" },
            { algorithm: "SHA256", checksumValue: HEX },
          ],
        },
      ],
    },
  ],
  ["CycloneDX, its component", { metadata: { component: { hashes: [{ alg: "SHA-256", content: HEX }] } } }],
  ["CycloneDX, a component", { components: [{}, { hashes: [{ alg: "SHA-256", content: HEX }] }] }],
])("%s", (_, predicate) => expect(lists(predicate)).toBe(true));

it.each([
  ["another digest", { packages: [{ checksums: [{ algorithm: "SHA256", checksumValue: "d".repeat(64) }] }] }],
  ["the digest under another name", { packages: [{ checksums: [{ algorithm: "SHA512", checksumValue: HEX }] }] }],
  ["a digest that is too short", { packages: [{ checksums: [{ algorithm: "SHA256", checksumValue: HEX.slice(1) }] }] }],
  ["the digest in words", { packages: [{ name: HEX }], comment: HEX }],
  ["nothing", {}],
  ["no object", null],
  ["lists that are none", { packages: { checksums: HEX }, components: "x", metadata: { component: [] } }],
])("not %s", (_, predicate) => expect(lists(predicate)).toBe(false));

describe("a rule that asks for a bill of materials of the package itself", () => {
  const TYPE = "https://spdx.dev/Document";
  const policy = layer({
    signers: {
      widget: {
        githubActions: {
          repository: "acme/widget",
          workflow: ".github/workflows/release.yml",
          ref: "refs/tags/v{version}",
        },
      },
    },
    rules: [{ packages: ["npm:widget"], signedBy: ["widget"], attestations: [{ type: TYPE, contains: "subject" }] }],
  });
  const bill = (hex: string) =>
    signedBy(WIDGET, {
      predicateType: TYPE,
      predicate: { packages: [{ checksums: [{ algorithm: "SHA256", checksumValue: hex }] }] },
    });
  const decision = (...bills: readonly ReturnType<typeof bill>[]) =>
    codes(decided("npm:widget@2.1.0", policy, [signedBy(WIDGET), ...bills], { sha: [SHA512, SHA256] }));

  it("is met by the one that lists it, also beside another one", () => {
    expect(decision(bill(HEX))).toEqual([]);
    expect(decision(bill("d".repeat(64)), bill(HEX))).toEqual([]);
    expect(decision(bill("d".repeat(64)))).toEqual(["PROVENANCE_MISMATCH"]);
    expect(decision()).toEqual(["NO_EVIDENCE"]);
  });

  it("is met by one that lists the package in another of its forms", () => {
    const facts = { sha: [SHA512], otherDigests: digests };
    const about = decided("npm:widget@2.1.0", policy, [signedBy(WIDGET), bill(HEX)], facts);
    expect(codes(about)).toEqual([]);
  });

  it("has the package fetched where the lock states no digest that a bill may list", () => {
    expect(comparedIn([policy], artifact("npm:widget@2.1.0"))).toEqual(["sha256", "sha512"]);
    expect(comparedIn([policy], artifact("npm:other@2.1.0"))).toEqual([]);
  });
});

it.skipIf(!hasCorpus).each([
  [
    "further/slsa/sbom/demo-sbom.cyclonedx.sigstore.json",
    "ea9c657ca44371fadd027510f2a1a68b799003294bf6a4827827971cc4390ad4",
  ],
  [
    "further/slsa/sbom/centos-7.cyclonedx.intoto.jsonl",
    "be65f488b7764ad3638f236b7b515b3678369a5124c47b8d32916d6487418ea4",
  ],
])("a real bill, %s, names no digest of its subject, and would with one", (path, hex) => {
  const [bill] = realStatements(path, /^https:\/\/cyclonedx\.org\/bom$/);
  const subject = [{ algorithm: "sha256", hex }] as const;
  expect(bill === undefined ? null : listsSubject(bill, subject)).toBe(false);
  const { metadata, ...rest } = (bill?.predicate ?? { metadata: { component: {} } }) as {
    readonly metadata: { readonly component: object };
  };
  const component = { ...metadata.component, hashes: [{ alg: "SHA-256", content: hex }] };
  expect(listsSubject(attestation({ predicate: { ...rest, metadata: { ...metadata, component } } }), subject)).toBe(
    true,
  );
});
