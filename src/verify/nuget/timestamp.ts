import { X509Certificate, createHash } from "node:crypto";
import { NotDer } from "../certificate/der.ts";
import { Fault, fail } from "../fault.ts";
import { type SignerInfo, single } from "../cms/signed-data.ts";
import { isSignedBy, requireSigned } from "../cms/signer-info.ts";
import { readToken } from "../cms/timestamp-token.ts";
import { TIMESTAMP_ROOTS } from "./timestamp-roots.ts";

/** What an authority says: this signature was there at that time. */
export interface Stamp {
  readonly at: Date;
  /** SHA-256 (hex) of the key of the root that the authority's certificate leads to; null: to none that is known. */
  readonly root: string | null;
}

const TOKEN = "2a864886f70d010910020e";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

/** The RFC 3161 token over a signature; null where there is none. @throws Fault where it does not hold */
export function stampOf(info: SignerInfo, roots: ReadonlySet<string> = TIMESTAMP_ROOTS): Stamp | null {
  const der = single(info.unsigned, TOKEN);
  return der === null ? null : readStamp(der, info.signature, roots);
}

/** Whatever is wrong with a token is wrong with the time. */
function readStamp(der: Buffer, signature: Buffer, roots: ReadonlySet<string>): Stamp {
  try {
    return verifyStamp(der, signature, roots);
  } catch (error) {
    if (!(error instanceof Fault) || error.code === "TIME_INVALID") throw error;
    const why = error instanceof NotDer ? "it is not well-formed DER" : error.message;
    return fail("TIME_INVALID", `the timestamp does not hold: ${why}`);
  }
}

function verifyStamp(der: Buffer, signature: Buffer, roots: ReadonlySet<string>): Stamp {
  const { data, signer, digest, imprint, at } = readToken(der);
  if (!createHash(digest).update(signature).digest().equals(imprint))
    fail("TIME_INVALID", "the timestamp is over another signature");
  const certificates = data.certificates.flatMap(parse);
  const authority = certificates.find((one) => isSignedBy(signer, one));
  if (authority === undefined) return fail("TIME_INVALID", "the timestamp does not verify");
  requireSigned(signer, data.content, authority);
  if (!(authority.keyUsage ?? []).includes(TIME_STAMPING))
    fail("TIME_INVALID", "the timestamp's signer is no timestamp authority");
  if (!isValidAt(authority, at)) fail("TIME_INVALID", "the timestamp's certificate was not valid at its time");
  return { at, root: rootOf(authority, certificates, at, roots) };
}

/** Walks up by issuer and signature, each certificate valid at the time, to a root whose key is known: a root may be there as itself or signed by another one. */
function rootOf(
  leaf: X509Certificate,
  certificates: readonly X509Certificate[],
  at: Date,
  roots: ReadonlySet<string>,
): string | null {
  let current = leaf;
  for (let depth = 0; depth < 8; depth++) {
    const print = fingerprint(current.publicKey.export({ format: "der", type: "spki" }));
    if (roots.has(print)) return print;
    const issuer = certificates.find(
      (one) => one.ca && one !== current && isIssuedBy(current, one) && isValidAt(one, at),
    );
    if (issuer === undefined) return null;
    current = issuer;
  }
  return null;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

export function isValidAt({ validFrom, validTo }: X509Certificate, at: Date): boolean {
  return new Date(validFrom) <= at && at <= new Date(validTo);
}

/** None where it, or its key, cannot be read. */
export function parse(der: Buffer): readonly X509Certificate[] {
  try {
    const certificate = new X509Certificate(der);
    return certificate.publicKey.type === "public" ? [certificate] : [];
  } catch {
    return [];
  }
}

export function fingerprint(der: Buffer): string {
  return createHash("sha256").update(der).digest("hex");
}
