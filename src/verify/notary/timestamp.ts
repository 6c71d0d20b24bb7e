import { createHash } from "node:crypto";
import { type Certificate, OID, readCertificate } from "../certificate/certificate.ts";
import { NotDer } from "../certificate/der.ts";
import { isSigningCertificate, requireSigned } from "../cms/signer-info.ts";
import { readToken } from "../cms/timestamp-token.ts";
import { Fault, fail } from "../fault.ts";
import { PURPOSE, isIssuedBy, keyOf, purposesOf, requireIssued, requireSigningKey } from "./chain.ts";

/** When a signature was there at the latest, as an authority says. */
export interface NotaryStamp {
  readonly at: Date;
  /** The true time lies between these, both ends among them. */
  readonly from: Date;
  readonly to: Date;
  /** The authority's certificates, up to the root of the store. */
  readonly chain: readonly Certificate[];
}

/**
 * Verifies a token over a signature (RFC 3161; signature-specification.md, "Timestamping"): made by a unit that stamps times
 * and does nothing else, whose certificates lead to a root of the store and were valid then. @throws Fault TIME_INVALID
 */
export function verifyStamp(der: Buffer, signature: Buffer, roots: readonly Certificate[]): NotaryStamp {
  try {
    return stampOf(der, signature, roots);
  } catch (error) {
    if (!(error instanceof Fault) || error.code === "TIME_INVALID") throw error;
    const why = error instanceof NotDer ? "it is not well-formed DER" : error.message;
    return fail("TIME_INVALID", `the timestamp does not hold: ${why}`);
  }
}

function stampOf(der: Buffer, signature: Buffer, roots: readonly Certificate[]): NotaryStamp {
  const { data, signer, digest, imprint, at, accuracyMs } = readToken(der);
  if (!createHash(digest).update(signature).digest().equals(imprint))
    fail("TIME_INVALID", "the timestamp is over another signature");
  const unitDer = data.certificates.find((one) => isSigningCertificate(signer, one));
  if (unitDer === undefined) return fail("TIME_INVALID", "the timestamp does not hold the certificate that made it");
  const unit = readCertificate(unitDer);
  requireSigned(signer, data.content, { publicKey: keyOf(unit) }, "rsa or ec");
  requireUnit(unit);
  const chain = chainTo(roots, unit, data.certificates);
  requireIssued(chain, PURPOSE.timeStamping);
  const stale = chain.find((one) => !isValidIn(one, at, at));
  if (stale !== undefined) fail("TIME_INVALID", "a certificate of the timestamp was not valid at its time");
  return { at, from: new Date(at.getTime() - accuracyMs), to: new Date(at.getTime() + accuracyMs), chain };
}

/** RFC 3161 section 2.3: that one purpose, and critical. */
function requireUnit(unit: Certificate): void {
  requireSigningKey(unit);
  const purposes = purposesOf(unit);
  if (purposes?.length !== 1 || purposes[0] !== PURPOSE.timeStamping)
    fail("TIME_INVALID", "the timestamp's signer is not for stamping times alone");
  if (!unit.extensions.get(OID.extendedKeyUsage)?.critical)
    fail("TIME_INVALID", "the timestamp's signer does not say critically that it stamps times");
}

/** The root may be missing in the token, and nothing between it and the unit. */
function chainTo(roots: readonly Certificate[], unit: Certificate, held: readonly Buffer[]): readonly Certificate[] {
  const known = held.flatMap(readable);
  const chain = [unit];
  for (let depth = 0; depth < 8; depth++) {
    const current = chain.at(-1)!;
    const root = roots.find((one) => isIssuedBy(current, one));
    if (root !== undefined) return [...chain, root];
    const issuer = known.find((one) => !chain.includes(one) && isIssuedBy(current, one));
    if (issuer === undefined) break;
    chain.push(issuer);
  }
  return fail("TIME_INVALID", "the timestamp is of an authority that the tsa store does not hold");
}

function readable(der: Buffer): readonly Certificate[] {
  try {
    return [readCertificate(der)];
  } catch {
    return [];
  }
}

export function isValidIn({ notBefore, notAfter }: Certificate, from: Date, to: Date): boolean {
  return notBefore <= from && to <= notAfter;
}
