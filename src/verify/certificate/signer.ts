import { type KeyObject, createPublicKey } from "node:crypto";
import type { X509Certificate } from "@sigstore/core";
import type { BundleSigner } from "../bundle/bundle.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { Fault, fail } from "../fault.ts";
import { libraryCertificate } from "./library-certificate.ts";

/** What a bundle names as its signer: read, not believed. */
export type NamedSigner =
  | {
      readonly kind: "certificate";
      readonly certificate: Certificate;
      /** The same for the library. */
      readonly leaf: X509Certificate;
    }
  | { readonly kind: "key"; readonly hint: string };

export function readSigner(signer: BundleSigner): NamedSigner {
  if (signer.kind === "key") return signer;
  const [certificate] = signer.chain.map(readCertificate);
  if (certificate === undefined) return fail("BUNDLE_MALFORMED", "the bundle holds no certificate");
  return { kind: "certificate", certificate, leaf: libraryCertificate(certificate) };
}

/** @throws Fault it is of no kind, or no point, that can be read */
export function keyIn({ spki }: Certificate): KeyObject {
  try {
    return createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch {
    return fail("CERTIFICATE_INVALID", "the certificate's key cannot be read");
  }
}

/** To read a key costs as much as a signature: the library reads it, and it is read once more only where something is wrong. */
export function keyFaultOf(signer: NamedSigner): Fault | null {
  try {
    if (signer.kind === "certificate") keyIn(signer.certificate);
    return null;
  } catch (error) {
    return error instanceof Fault ? error : null;
  }
}
