import { type KeyObject, X509Certificate, createPublicKey, verify } from "node:crypto";
import { type Certificate, OID, readCertificate, sequenceIn } from "../certificate/certificate.ts";
import { contentOf, only } from "../certificate/der.ts";
import { algorithmText, signedWith } from "../certificate/signature-algorithm.ts";
import { describeKey } from "../trust/algorithm.ts";
import { fail } from "../fault.ts";
import { algorithmOf } from "./algorithm.ts";

/** What a leaf is for (RFC 5280 section 4.2.1.12), by the hex of the OID. */
export const PURPOSE = {
  codeSigning: "2b06010505070303",
  timeStamping: "2b06010505070308",
  ocspSigning: "2b06010505070309",
  any: "551d2500",
} as const;

/** With one of these a certificate does not sign artifacts (signature-specification.md, "Certificate Requirements"). */
const EXCLUDED: readonly string[] = [
  PURPOSE.any,
  "2b06010505070301",
  "2b06010505070304",
  PURPOSE.timeStamping,
  PURPOSE.ocspSigning,
];

/** Bits of KeyUsage (RFC 5280 section 4.2.1.3), the first byte before the second. */
const USAGE = { digitalSignature: 0x8000, keyCertSign: 0x0400, exclusive: 0x3f80 } as const;

/** Critical extensions that are obeyed, or say nothing that could be disobeyed here. */
const UNDERSTOOD: readonly string[] = [
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.basicConstraints,
  OID.subjectAltName,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  "551d20",
];

/**
 * The certificates of an envelope, by the specification's rules: the leaf first, each issued by the next, the last by itself;
 * a leaf that signs artifacts, authorities that may issue it. Whether anybody trusts one of them is not asked. @throws Fault
 */
export function readChain(chain: readonly Buffer[]): readonly [Certificate, ...Certificate[]] {
  const [leaf, ...authorities] = chain.map(readCertificate);
  if (leaf === undefined) return refuse("there is none");
  requireSigningLeaf(leaf);
  requireIssued([leaf, ...authorities], PURPOSE.codeSigning);
  const last = authorities.at(-1) ?? leaf;
  if (!isIssuedBy(last, last)) refuse("the chain does not end with a root");
  return [leaf, ...authorities];
}

/** Each by the next, which is an authority that may issue for the purpose, and stands in the chain once. @throws Fault */
export function requireIssued(chain: readonly Certificate[], purpose: string): void {
  for (const [at, certificate] of chain.entries()) {
    refuseUnknownCritical(certificate);
    if (at > 0) requireAuthority(certificate, at - 1, purpose);
    const issuer = chain[at + 1];
    if (issuer !== undefined && isIssuedBy(certificate, certificate)) refuse("a root stands within the chain");
    if (issuer !== undefined && !isIssuedBy(certificate, issuer))
      refuse(`one is not issued by the next: ${whyNot(certificate, issuer)}`);
  }
}

function whyNot(certificate: Certificate, issuer: Certificate): string {
  if (!certificate.issuer.equals(issuer.subject)) return "it names another issuer";
  if (signedWith(certificate.signatureAlgorithm) === null)
    return `it is signed in ${algorithmText(certificate.signatureAlgorithm)}`;
  return "its signature does not verify";
}

export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const how = signedWith(certificate.signatureAlgorithm);
  if (how === null || !certificate.issuer.equals(issuer.subject)) return false;
  try {
    const key = keyOf(issuer);
    return verify(how.hash, certificate.tbs, how.by(key), certificate.signature);
  } catch {
    return false;
  }
}

/** @throws Fault */
export function keyOf({ spki }: Certificate): KeyObject {
  try {
    return createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch {
    return refuse("a key cannot be read");
  }
}

function requireSigningLeaf(leaf: Certificate): void {
  requireSigningKey(leaf);
  const purposes = purposesOf(leaf);
  if (purposes === null) return;
  if (purposes.some((one) => EXCLUDED.includes(one)))
    refuse("the leaf's extended key usage is for something else, too");
  if (!purposes.includes(PURPOSE.codeSigning)) refuse("the leaf's extended key usage is not code signing");
}

/** Of any leaf: it signs and nothing else, with a key of a size that counts. @throws Fault */
export function requireSigningKey(leaf: Certificate): void {
  if (isAuthority(leaf)) refuse("the leaf is one of an authority");
  const usage = leaf.extensions.get(OID.keyUsage);
  if (usage === undefined) return refuse("the leaf has no key usage");
  if (!usage.critical) refuse("the leaf's key usage is not critical");
  const bits = usageOf(leaf);
  if ((bits & USAGE.digitalSignature) === 0) refuse("the leaf's key usage is not digital signature");
  if ((bits & USAGE.exclusive) !== 0) refuse("the leaf's key usage is for more than signatures");
  const key = keyOf(leaf);
  if (algorithmOf(key) === null) refuse(`the leaf has a key of kind ${describeKey(key)}`);
}

/** @param below how many authorities stand between it and the leaf */
function requireAuthority(certificate: Certificate, below: number, purpose: string): void {
  const constraints = certificate.extensions.get(OID.basicConstraints);
  if (constraints === undefined || !isAuthority(certificate)) return refuse("an issuer is no authority");
  if (!constraints.critical) refuse("an issuer's basic constraints are not critical");
  if (!certificate.extensions.get(OID.keyUsage)?.critical)
    refuse("an issuer's key usage is not there, or not critical");
  if ((usageOf(certificate) & USAGE.keyCertSign) === 0) refuse("an issuer's key usage is not to sign certificates");
  const length = pathLengthOf(certificate);
  if (length !== null && length < below) refuse("an issuer may not have so many authorities below it");
  const purposes = purposesOf(certificate);
  if (purposes !== null && !purposes.includes(purpose) && !purposes.includes(PURPOSE.any))
    refuse("an issuer's extended key usage is for something else");
}

export function isAuthority({ extensions }: Certificate): boolean {
  const constraints = extensions.get(OID.basicConstraints);
  return constraints !== undefined && sequenceIn(constraints)[0]?.tag === 0x01;
}

function pathLengthOf({ extensions }: Certificate): number | null {
  const constraints = extensions.get(OID.basicConstraints);
  const length = constraints === undefined ? undefined : sequenceIn(constraints)[1];
  if (constraints === undefined || length === undefined) return null;
  if (length.tag !== 0x02 || length.end - length.content > 2) return refuse("a path length is none");
  return contentOf(constraints.value, length).readUIntBE(0, length.end - length.content);
}

function usageOf({ extensions }: Certificate): number {
  const usage = extensions.get(OID.keyUsage);
  if (usage === undefined) return 0;
  const [, high = 0, low = 0] = contentOf(usage.value, only(usage.value, 0, usage.value.length, 0x03));
  return (high << 8) | low;
}

/** By the hex of the OID; null: for anything. */
export function purposesOf({ extensions }: Certificate): readonly string[] | null {
  const usage = extensions.get(OID.extendedKeyUsage);
  return usage === undefined ? null : sequenceIn(usage).map((one) => contentOf(usage.value, one).toString("hex"));
}

function refuseUnknownCritical({ extensions }: Certificate): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !UNDERSTOOD.includes(oid)) refuse(`it has a critical extension that is not known (${oid})`);
  }
}

/** A root is trusted by its key: how it signed itself says nothing of that, so that SHA-1 of old does not count against it. */
export function isSelfSigned({ der, issuer, subject }: Certificate): boolean {
  if (!issuer.equals(subject)) return false;
  try {
    const certificate = new X509Certificate(der);
    return certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

function refuse(why: string): never {
  return fail("CERTIFICATE_INVALID", `the certificate chain: ${why}`);
}
