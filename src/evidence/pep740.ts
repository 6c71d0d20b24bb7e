import { parseJson } from "../json.ts";

/** A Sigstore bundle made of a PEP 740 attestation, or why it is none. */
type Converted = { readonly bundle: unknown; readonly publisher: string | null } | { readonly malformed: string };

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** Whether a document is a provenance object or a single attestation of PEP 740 (index hosted attestations). */
export function isPep740(document: unknown): boolean {
  return isObject(document) && ("attestation_bundles" in document || "verification_material" in document);
}

/** Every attestation of every publisher, converted; nothing is believed yet and the publishers are only words. */
export function convertPep740(document: unknown): readonly Converted[] {
  if (!isObject(document)) return [{ malformed: "not an object" }];
  if (!("attestation_bundles" in document)) return [convert(document, null)];
  if (document["version"] !== 1) return [{ malformed: "a provenance object of another version than 1" }];
  const bundles = document["attestation_bundles"];
  if (!Array.isArray(bundles)) return [{ malformed: '"attestation_bundles" is not a list' }];
  return bundles.flatMap((bundle: unknown) => {
    const attestations = isObject(bundle) ? bundle["attestations"] : null;
    if (!isObject(bundle) || !Array.isArray(attestations)) return [{ malformed: '"attestations" is not a list' }];
    const publisher = describePublisher(bundle["publisher"]);
    return attestations.map((one: unknown) => convert(one, publisher));
  });
}

/** PEP 740 appendix "Data models" against protobuf-specs `Bundle`; the log entries are Sigstore's own JSON on the wire. */
function convert(attestation: unknown, publisher: string | null): Converted {
  if (!isObject(attestation)) return { malformed: "an attestation that is not an object" };
  const { version, verification_material: material, envelope } = attestation;
  if (version !== 1) return { malformed: "an attestation of another version than 1" };
  if (!isObject(material) || !isObject(envelope)) return { malformed: "an attestation without material or envelope" };
  const { certificate, transparency_entries: tlogEntries, timestamps } = material;
  const { statement, signature } = envelope;
  if (typeof certificate !== "string" || typeof statement !== "string" || typeof signature !== "string")
    return { malformed: "an attestation whose certificate, statement or signature is not a text" };
  if (!Array.isArray(tlogEntries)) return { malformed: '"transparency_entries" is not a list' };
  if (timestamps !== undefined && timestamps !== null && !isTexts(timestamps))
    return { malformed: '"timestamps" is not a list of texts' };
  if (!hasOneSubject(statement)) return { malformed: "the statement has not exactly one subject" };
  const stamped = isTexts(timestamps) && timestamps.length > 0;
  return {
    publisher,
    bundle: {
      mediaType: MEDIA_TYPE,
      verificationMaterial: {
        certificate: { rawBytes: certificate },
        tlogEntries,
        ...(stamped
          ? { timestampVerificationData: { rfc3161Timestamps: timestamps.map((one) => ({ signedTimestamp: one })) } }
          : {}),
      },
      dsseEnvelope: {
        payload: statement,
        payloadType: PAYLOAD_TYPE,
        signatures: [{ sig: signature, keyid: "" }],
      },
    },
  };
}

/** "The subject MUST contain only a single entry" (index hosted attestations, Attestation Statements). */
function hasOneSubject(statement: string): boolean {
  try {
    const parsed = parseJson(Buffer.from(statement, "base64").toString("utf8"));
    return isObject(parsed) && Array.isArray(parsed["subject"]) && parsed["subject"].length === 1;
  } catch {
    // What is no statement at all is for the verifier to say: it looks at the signature first.
    return true;
  }
}

/** Unsigned words of the index, for people: `GitHub acme/widget release.yml`. Unknown kinds are words too. */
function describePublisher(publisher: unknown): string | null {
  if (!isObject(publisher)) return null;
  const { claims: _, ...said } = publisher;
  const words = Object.values(said).filter((value): value is string => typeof value === "string" && value !== "");
  return words.length === 0 ? null : words.join(" ").slice(0, 300);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
