import { createHash } from "node:crypto";
import type { NotaryLevel, NotaryScheme, NotaryTimestamps, RevocationAnswers } from "../../model/notary.ts";
import { type Certificate, readCertificate } from "../certificate/certificate.ts";
import { Fault } from "../fault.ts";
import { isAuthority, isSelfSigned } from "./chain.ts";

/** The kinds of trust store (trust-store-trust-policy.md, "Trust Store"). */
export type StoreType = "ca" | "signingAuthority" | "tsa";

/** A certificate of a trust store. */
export interface StoreCertificate {
  readonly type: StoreType;
  readonly certificate: Certificate;
}

/** What one signer of a policy, or one command line, trusts, and how strictly. */
export interface NotaryTrust {
  /** A digest of all that follows. */
  readonly id: string;
  readonly stores: readonly StoreCertificate[];
  readonly level: NotaryLevel;
  readonly timestamps: NotaryTimestamps;
}

/** What envelopes are judged with. */
export interface NotaryGround {
  readonly trusts: readonly NotaryTrust[];
  readonly now: Date;
  /** null: nobody can be asked. */
  readonly answers: RevocationAnswers | null;
}

export function notaryTrust(
  stores: readonly StoreCertificate[],
  level: NotaryLevel,
  timestamps: NotaryTimestamps,
): NotaryTrust {
  const held = stores.map(({ type, certificate }) => `${type} ${fingerprintOf(certificate)}`).toSorted();
  const id = createHash("sha256")
    .update(JSON.stringify([level, timestamps, held]))
    .digest("hex");
  return { id: `notary:${id}`, stores, level, timestamps };
}

/** `sha256:HEX` over the DER. */
export function fingerprintOf({ der }: Certificate): string {
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

/** `sha256:HEX` over the SPKI: an authority's certificates may be many, with one key. */
export function keyPrintOf({ spki }: Certificate): string {
  return `sha256:${createHash("sha256").update(spki).digest("hex")}`;
}

/** The first certificate of the chain that is in the store of the scheme's type. */
export function anchorIn(
  { stores }: NotaryTrust,
  scheme: NotaryScheme,
  chain: readonly Certificate[],
): Certificate | null {
  const type: StoreType = scheme === "notary.x509" ? "ca" : "signingAuthority";
  const held = stores.filter((one) => one.type === type);
  return chain.find(({ der }) => held.some(({ certificate }) => certificate.der.equals(der))) ?? null;
}

export function storeOf({ stores }: NotaryTrust, type: StoreType): readonly Certificate[] {
  return stores.flatMap((one) => (one.type === type ? [one.certificate] : []));
}

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/**
 * The certificates of a trust store's file: PEM, one or several, or one as DER. Each is an authority's, or a leaf that is its
 * own issuer; for timestamps a root's. @returns why it is none of that, as a text
 */
export function readStoreFile(bytes: Buffer, type: StoreType): readonly StoreCertificate[] | string {
  const blocks = encodedIn(bytes);
  if (blocks.length === 0) return "holds no certificate (PEM or DER)";
  try {
    const certificates = blocks.map(readCertificate);
    const wrong = certificates.map((one) => whyNot(one, type)).find((why) => why !== null);
    return wrong ?? certificates.map((certificate) => ({ type, certificate }));
  } catch (error) {
    if (error instanceof Fault) return `holds a certificate that cannot be read: ${error.message}`;
    throw error;
  }
}

function encodedIn(bytes: Buffer): readonly Buffer[] {
  const text = bytes.toString("latin1");
  if (!text.includes("-----BEGIN")) return bytes.length === 0 ? [] : [bytes];
  const blocks = [...text.matchAll(PEM)].map(([, body = ""]) => Buffer.from(body, "base64"));
  // A key, or a block that is cut, would be passed over in silence.
  return blocks.length === text.split("-----BEGIN").length - 1 ? blocks : [];
}

function whyNot(certificate: Certificate, type: StoreType): string | null {
  const isRoot = isSelfSigned(certificate);
  if (type === "tsa") return isRoot && isAuthority(certificate) ? null : "holds a certificate that is no root";
  return isRoot || isAuthority(certificate) ? null : "holds a leaf that somebody else issued: name who issued it";
}
