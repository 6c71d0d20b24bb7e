import { type Certificate, type Extension, OID, sequenceIn } from "./certificate.ts";
import { contentOf, only } from "./der.ts";
import { fail } from "./fault.ts";

/** `id-kp-codeSigning`, 1.3.6.1.5.5.7.3.3. */
const CODE_SIGNING = "2b06010505070303";

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.basicConstraints,
  OID.subjectAltName,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
]);

/** The certificate is one for signing code and nothing else: what Fulcio issues (sigstore/fulcio docs/certificate-specification.md). @throws Fault */
export function requireSigningCertificate(certificate: Certificate): void {
  refuseAuthority(certificate);
  requireCodeSigning(certificate);
  requireDigitalSignature(certificate);
  refuseUnknownCritical(certificate);
}

function refuseAuthority({ extensions }: Certificate): void {
  const constraints = extensions.get(OID.basicConstraints);
  // DER leaves the default FALSE out: whatever is written here says CA, or is not DER.
  if (constraints !== undefined && sequenceIn(constraints).length > 0) refuse("it is one of an authority");
}

function requireCodeSigning({ extensions }: Certificate): void {
  const usage = extensions.get(OID.extendedKeyUsage);
  if (usage === undefined) return refuse("it has no extended key usage");
  const purposes = sequenceIn(usage).map((one) => contentOf(usage.value, one).toString("hex"));
  if (!purposes.includes(CODE_SIGNING)) refuse("its extended key usage is not code signing");
}

function requireDigitalSignature({ extensions }: Certificate): void {
  const usage = extensions.get(OID.keyUsage);
  if (usage === undefined) return refuse("it has no key usage");
  const [, bits = 0] = contentOf(usage.value, bitString(usage));
  if ((bits & 0x80) === 0) refuse("its key usage is not digital signature");
  if ((bits & 0x04) !== 0) refuse("its key usage is to sign certificates");
}

function bitString({ value }: Extension) {
  return only(value, 0, value.length, 0x03);
}

function refuseUnknownCritical({ extensions }: Certificate): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !UNDERSTOOD.has(oid) && !OID.isFulcio(oid)) refuse("it has a critical extension that is not known");
  }
}

function refuse(why: string): void {
  fail("CERTIFICATE_INVALID", `the certificate is not one for signing code: ${why}`);
}
