import { verify } from "node:crypto";
import { type Certificate, OID } from "../../certificate/certificate.ts";
import { type Element, children, contentOf, only, whole } from "../../certificate/der.ts";
import { isAuthority, keyOf } from "../chain.ts";
import { type RevocationAnswer, type Silence, howSigned, timeOf } from "./answer.ts";

/** Whose status is asked, of whom, and when. */
interface AskedOfList {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly now: Date;
  /** Where the list is from. */
  readonly url: string;
}

const SEQUENCE = 0x30;
const ISSUING_POINT = "551d1c";
const DIFFERENCE = "551d1b";

/** Whether the issuer's list (RFC 5280 section 5) has the certificate; a list that is not the issuer's own, or of now, says nothing. @throws Fault */
export function crlStatus(der: Buffer, { certificate, issuer, now, url }: AskedOfList): RevocationAnswer | Silence {
  const [tbs, algorithm, signature, ...more] = children(der, only(der, 0, der.length, SEQUENCE));
  if (tbs?.tag !== SEQUENCE || algorithm === undefined || signature?.tag !== 0x03 || more.length > 0)
    return { silent: "the answer is no list" };
  const parts = [...children(der, tbs)];
  if (parts[0]?.tag === 0x02) parts.shift();
  const [inner, name, from, ...rest] = parts;
  if (inner === undefined || name === undefined || from === undefined) return { silent: "the answer is no list" };
  if (!contentOf(der, name).equals(issuer.subject)) return { silent: "the list is another authority's" };
  const signed = {
    tbs: whole(der, tbs),
    algorithm: whole(der, algorithm),
    signature: der.subarray(signature.content + 1, signature.end),
  };
  if (!whole(der, inner).equals(signed.algorithm) || !isSignedBy(signed, issuer))
    return { silent: "the list is not signed by the authority" };
  const until = rest[0]?.tag === 0x17 || rest[0]?.tag === 0x18 ? rest.shift() : undefined;
  if (until === undefined || timeOf(der, from) > now || timeOf(der, until) < now)
    return { silent: "the list is not of now" };
  const entries = rest[0]?.tag === SEQUENCE ? children(der, rest.shift()!) : [];
  const why = scopeOf(der, rest[0], certificate, url);
  if (why !== null) return { silent: why };
  for (const entry of entries) {
    const [serial, at, extensions] = children(der, entry);
    if (serial === undefined || at === undefined) return { silent: "the answer is no list" };
    if (extensions !== undefined && hasCritical(der, children(der, extensions)))
      return { silent: "the list has an entry that is not understood" };
    if (contentOf(der, serial).equals(certificate.serialNumber))
      return { revoked: `the certificate is revoked since ${timeOf(der, at).toISOString()} (${url})` };
  }
  return { good: true };
}

interface SignedList {
  readonly tbs: Buffer;
  /** The whole AlgorithmIdentifier. */
  readonly algorithm: Buffer;
  readonly signature: Buffer;
}

/** By the issuer of certificates itself, which may sign lists. */
function isSignedBy({ tbs, algorithm, signature }: SignedList, issuer: Certificate): boolean {
  const how = howSigned(algorithm);
  const usage = issuer.extensions.get(OID.keyUsage);
  const [, bits = 0] =
    usage === undefined ? [0, 0x02] : contentOf(usage.value, only(usage.value, 0, usage.value.length, 0x03));
  if (how === null || (bits & 0x02) === 0) return false;
  try {
    return verify(how.hash, tbs, how.by(keyOf(issuer)), signature);
  } catch {
    return false;
  }
}

/** Why the list may lack the certificate although it is revoked; null: it would have it. */
function scopeOf(der: Buffer, extensions: Element | undefined, certificate: Certificate, url: string): string | null {
  if (extensions === undefined) return null;
  for (const one of children(der, only(der, extensions.content, extensions.end, SEQUENCE))) {
    const [oid, ...rest] = children(der, one);
    const value = rest.at(-1);
    if (oid === undefined || value?.tag !== 0x04) return "the answer is no list";
    const isCritical = rest.length > 1;
    const name = contentOf(der, oid).toString("hex");
    if (name === DIFFERENCE) return "the list is a difference from another one";
    if (name === ISSUING_POINT && !covers(contentOf(der, value), certificate, url))
      return "the list is of other certificates";
    if (isCritical && name !== ISSUING_POINT) return `the list has a critical extension that is not known (${name})`;
  }
  return null;
}

/** IssuingDistributionPoint (RFC 5280 section 5.2.5): of this address, and of this kind of certificates. */
function covers(value: Buffer, certificate: Certificate, url: string): boolean {
  return children(value, only(value, 0, value.length, SEQUENCE)).every((one) => {
    switch (one.tag) {
      case 0xa0:
        return namesIn(value, one).includes(url);
      case 0x81:
        return !isAuthority(certificate);
      case 0x82:
        return isAuthority(certificate);
      default:
        return false;
    }
  });
}

/** DistributionPointName with a full name: its addresses, each as a whole. */
function namesIn(value: Buffer, point: Element): readonly string[] {
  const [full] = children(value, point);
  const names = full?.tag === 0xa0 ? children(value, full) : [];
  return names.filter(({ tag }) => tag === 0x86).map((one) => contentOf(value, one).toString("latin1"));
}

function hasCritical(der: Buffer, extensions: readonly Element[]): boolean {
  return extensions.some((one) => children(der, one).length > 2);
}
