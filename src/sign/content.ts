import { createHash } from "node:crypto";
import { preAuthEncoding } from "../verify/content.ts";
import type { HashName } from "./key/digest-info.ts";

/** What is signed: a file's own bytes, or a statement about it (DSSE). */
export type SigningContent =
  | { readonly kind: "message"; readonly bytes: Buffer }
  | { readonly kind: "statement"; readonly payload: Buffer; readonly predicateType: string };

/** in-toto's attestation specification, "Envelope". */
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** The bytes that the signature is over. */
export function bytesToSign(content: SigningContent): Buffer {
  if (content.kind === "message") return content.bytes;
  return preAuthEncoding({ kind: "dsse", payloadType: PAYLOAD_TYPE, payload: content.payload, signature: NOTHING });
}

const NOTHING = Buffer.alloc(0);

/** What stands beside the signature. */
export interface SigningProof {
  readonly signer: { readonly publicKeyHint: string } | { readonly certificate: Buffer };
  /** As JSON of protobuf-specs' `TransparencyLogEntry`. */
  readonly entries: readonly unknown[];
  /** RFC 3161 responses. */
  readonly timestamps: readonly Buffer[];
}

/** A bundle of version 0.3 (protobuf-specs `sigstore_bundle.proto`). @param hash null: the message itself was signed */
export function bundleOf(
  content: SigningContent,
  signature: Buffer,
  proof: SigningProof,
  hash: HashName | null,
): Readonly<Record<string, unknown>> {
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      ...("certificate" in proof.signer
        ? { certificate: { rawBytes: proof.signer.certificate.toString("base64") } }
        : { publicKey: { hint: proof.signer.publicKeyHint } }),
      tlogEntries: proof.entries,
      ...(proof.timestamps.length === 0
        ? {}
        : {
            timestampVerificationData: {
              rfc3161Timestamps: proof.timestamps.map((one) => ({ signedTimestamp: one.toString("base64") })),
            },
          }),
    },
    ...(content.kind === "message"
      ? messageSignature(content.bytes, signature, hash ?? "sha256")
      : envelope(content.payload, signature)),
  };
}

const NAMES = { sha256: "SHA2_256", sha384: "SHA2_384", sha512: "SHA2_512" } as const;

function messageSignature(bytes: Buffer, signature: Buffer, hash: HashName) {
  const digest = createHash(hash).update(bytes).digest("base64");
  return {
    messageSignature: {
      messageDigest: { algorithm: NAMES[hash], digest },
      signature: signature.toString("base64"),
    },
  };
}

function envelope(payload: Buffer, signature: Buffer) {
  return {
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString("base64"), keyid: "" }],
    },
  };
}
