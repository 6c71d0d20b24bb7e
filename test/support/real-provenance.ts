/** Provenance of the corpus with the claims of the certificate beside it, as real builders made both. Nothing is verified here. */
import type { Attestation } from "../../src/model/attestation.ts";
import { readCertificate } from "../../src/verify/certificate/certificate.ts";
import { claimsOf } from "../../src/verify/certificate/claims.ts";
import { attestation } from "./attestation.ts";
import { corpusText } from "./corpus.ts";

interface Bundle {
  readonly dsseEnvelope?: Envelope;
  readonly verificationMaterial?: {
    readonly certificate?: { readonly rawBytes: string };
    readonly x509CertificateChain?: { readonly certificates: readonly { readonly rawBytes: string }[] };
  };
}

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly { readonly cert?: string }[];
}

interface Statement {
  readonly predicateType: string;
  readonly predicate: unknown;
}

/** Every statement of these types in a file of the corpus, JSON or a line each. What has no certificate is signed by a key. */
export function realStatements(path: string, types: RegExp): readonly Attestation[] {
  return documentsIn(corpusText(path))
    .flatMap(bundlesIn)
    .flatMap(({ dsseEnvelope: envelope, verificationMaterial: material }) => {
      if (envelope === undefined) return [];
      const { predicateType, predicate } = JSON.parse(
        Buffer.from(envelope.payload, "base64").toString("utf8"),
      ) as Statement;
      if (!types.test(predicateType)) return [];
      const pem = envelope.signatures[0]?.cert?.replaceAll(/-----[^-]+-----/g, "");
      const [chained] = material?.x509CertificateChain?.certificates ?? [];
      const der = material?.certificate?.rawBytes ?? chained?.rawBytes ?? pem;
      const signer =
        der === undefined
          ? ({ kind: "key", fingerprint: "sha256:1", usage: "policy" } as const)
          : ({ kind: "certificate", claims: claimsOf(readCertificate(Buffer.from(der, "base64"))) } as const);
      return [attestation({ signer, predicate, predicateType })];
    });
}

function documentsIn(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as unknown] : []));
  }
}

/** Bundles wherever they are in it, and envelopes without one. */
function bundlesIn(value: unknown): readonly Bundle[] {
  if (typeof value !== "object" || value === null) return [];
  if ("dsseEnvelope" in value) return [value as Bundle];
  if ("payload" in value && "signatures" in value) return [{ dsseEnvelope: value as Envelope }];
  return Object.values(value).flatMap(bundlesIn);
}
