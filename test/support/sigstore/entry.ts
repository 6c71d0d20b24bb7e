import { createHash } from "node:crypto";
import { type Key, keyDetails, pem, sha256 } from "./keys.ts";

/** The DSSE payload and type, or the artifact's bytes. */
export type SignedContent = { readonly payloadType: string; readonly payload: Buffer } | Buffer;

/** What a log is given to record. */
export interface Recorded {
  readonly signature: Buffer;
  /** Of an artifact perhaps the digest alone. */
  readonly content: SignedContent | { readonly digest: Buffer };
  /** Certificate or SPKI, DER. */
  readonly verifier: { readonly label: "CERTIFICATE" | "PUBLIC KEY"; readonly der: Buffer; readonly key: Key };
}

export type EntryKind = "dsse" | "intoto" | "hashedrekord";

/** Rekor's entry bodies as rekor (v1) and rekor-tiles (v2) write them. */
export function entryBody(
  version: 1 | 2,
  kind: EntryKind,
  recorded: Recorded,
): { kind: { kind: string; version: string }; body: unknown } {
  const apiVersion = version === 2 || kind === "intoto" ? "0.0.2" : "0.0.1";
  const spec = version === 2 ? specV2(kind, recorded) : specV1(kind, recorded);
  return { kind: { kind, version: apiVersion }, body: { apiVersion, kind, spec } };
}

function specV1(kind: EntryKind, { signature, content, verifier }: Recorded): unknown {
  const publicKey = base64(pem(verifier.label, verifier.der));
  const hash = (value: Buffer) => ({ algorithm: "sha256", value: sha256(value).toString("hex") });
  if (kind === "hashedrekord") {
    return {
      data: { hash: { algorithm: "sha256", value: digestIn(content).toString("hex") } },
      signature: { content: base64(signature), publicKey: { content: publicKey } },
    };
  }
  if (!("payload" in content)) throw new Error(`${kind} entries record envelopes`);
  const envelope = envelopeJson(content, signature);
  if (kind === "dsse") {
    return {
      envelopeHash: hash(envelope),
      payloadHash: hash(content.payload),
      signatures: [{ signature: base64(signature), verifier: publicKey }],
    };
  }
  const signatures = [{ publicKey, sig: base64(base64(signature)) }];
  return {
    content: {
      envelope: { payloadType: content.payloadType, signatures },
      hash: hash(envelope),
      payloadHash: hash(content.payload),
    },
  };
}

function specV2(kind: EntryKind, { signature, content, verifier }: Recorded): unknown {
  const named = verifier.label === "CERTIFICATE" ? "x509Certificate" : "publicKey";
  const by = { keyDetails: keyDetails(verifier.key.curve), [named]: { rawBytes: base64(verifier.der) } };
  const digest = (value: Buffer) => ({ algorithm: "SHA2_256", digest: base64(sha256(value)) });
  if (kind === "hashedrekord") {
    const data =
      verifier.key.curve === "P-384"
        ? { algorithm: "SHA2_384", digest: createHash("sha384").update(signedBytes(content)).digest("base64") }
        : { algorithm: "SHA2_256", digest: base64(digestIn(content)) };
    return { hashedRekordV002: { data, signature: { content: base64(signature), verifier: by } } };
  }
  if (!("payload" in content)) throw new Error(`${kind} entries record envelopes`);
  return {
    dsseV002: { payloadHash: digest(content.payload), signatures: [{ content: base64(signature), verifier: by }] },
  };
}

function signedBytes(content: Recorded["content"]): Buffer {
  if (Buffer.isBuffer(content)) return content;
  if ("digest" in content) throw new Error("the digest alone is known");
  return preAuthEncoding(content.payloadType, content.payload);
}

const digestIn = (content: Recorded["content"]) =>
  "digest" in content ? content.digest : sha256(signedBytes(content));

/** DSSE v1 PAE. */
export function preAuthEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `, "utf8"), payload]);
}

function envelopeJson(content: { payloadType: string; payload: Buffer }, signature: Buffer): Buffer {
  return Buffer.from(
    JSON.stringify({
      payloadType: content.payloadType,
      payload: base64(content.payload),
      signatures: [{ sig: base64(signature) }],
    }),
    "utf8",
  );
}

const base64 = (value: Buffer | string) => Buffer.from(value).toString("base64");
