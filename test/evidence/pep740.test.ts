import { convertPep740 } from "../../src/evidence/pep740.ts";
import { readDocument } from "../../src/evidence/document.ts";
import { describe, expect, it } from "vitest";

const statementOf = (subject: unknown) => Buffer.from(JSON.stringify({ subject })).toString("base64");
const ATTESTATION = {
  version: 1,
  verification_material: { certificate: "Y2VydA==", transparency_entries: [{ logIndex: "1" }] },
  envelope: { statement: statementOf([{ name: "a-1.0.tar.gz" }]), signature: "c2ln" },
};
const provenance = (attestations: unknown, publisher: unknown = null) => ({
  version: 1,
  attestation_bundles: [{ publisher, attestations }],
});

describe("PEP 740", () => {
  it("an attestation becomes a bundle", () => {
    expect(convertPep740(ATTESTATION)).toEqual([
      {
        publisher: null,
        bundle: {
          mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
          verificationMaterial: { certificate: { rawBytes: "Y2VydA==" }, tlogEntries: [{ logIndex: "1" }] },
          dsseEnvelope: {
            payload: ATTESTATION.envelope.statement,
            payloadType: "application/vnd.in-toto+json",
            signatures: [{ sig: "c2ln", keyid: "" }],
          },
        },
      },
    ]);
  });

  it("timestamps come along", () => {
    const { verification_material: material } = ATTESTATION;
    const [one] = convertPep740({ ...ATTESTATION, verification_material: { ...material, timestamps: ["dHM="] } });
    expect(one).toMatchObject({
      bundle: {
        verificationMaterial: { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: "dHM=" }] } },
      },
    });
  });

  it("every attestation of every publisher, whatever the publishers say they are", () => {
    const bundles = [
      {
        publisher: { kind: "GitHub", repository: "a/b", workflow: "r.yml", claims: { secret: "no" } },
        attestations: [ATTESTATION],
      },
      { publisher: { kind: "Unheard", issuer: "https://i.example" }, attestations: [ATTESTATION, ATTESTATION] },
      { publisher: null, attestations: [ATTESTATION] },
      { attestations: [] },
    ];
    const found = convertPep740({ version: 1, attestation_bundles: bundles });
    expect(found.map((one) => ("publisher" in one ? one.publisher : "malformed"))).toEqual([
      "GitHub a/b r.yml",
      "Unheard https://i.example",
      "Unheard https://i.example",
      null,
    ]);
  });

  it.each([
    ["another version of the object", { version: 2, attestation_bundles: [] }],
    ["bundles that are no list", { version: 1, attestation_bundles: {} }],
    ["attestations that are no list", provenance({})],
    ["another version of an attestation", provenance([{ ...ATTESTATION, version: 2 }])],
    ["no envelope", provenance([{ ...ATTESTATION, envelope: null }])],
    [
      "a certificate that is no text",
      provenance([{ ...ATTESTATION, verification_material: { certificate: 1, transparency_entries: [] } }]),
    ],
    [
      "entries that are no list",
      provenance([{ ...ATTESTATION, verification_material: { certificate: "", transparency_entries: {} } }]),
    ],
    [
      "timestamps that are no list",
      provenance([
        { ...ATTESTATION, verification_material: { ...ATTESTATION.verification_material, timestamps: "x" } },
      ]),
    ],
    [
      "two subjects",
      provenance([{ ...ATTESTATION, envelope: { ...ATTESTATION.envelope, statement: statementOf([1, 2]) } }]),
    ],
    ["no subject", provenance([{ ...ATTESTATION, envelope: { ...ATTESTATION.envelope, statement: statementOf([]) } }])],
    ["an attestation that is a text", provenance(["x"])],
  ])("%s is malformed", (_, document) => {
    const found = readDocument(JSON.stringify(document), "registry", "https://pypi.example/p");
    expect(found).toMatchObject([{ malformed: expect.any(String), location: "https://pypi.example/p" }]);
  });

  it("one malformed attestation does not hide the others", () => {
    const found = readDocument(JSON.stringify(provenance([ATTESTATION, { version: 9 }])), "registry", "u");
    expect(found).toMatchObject([{ bundle: {} }, { malformed: expect.any(String) }]);
  });
});
