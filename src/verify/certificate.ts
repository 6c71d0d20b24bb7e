import { type Element, children, contentOf, notDer, only, whole } from "./der.ts";
import { fail } from "./fault.ts";

/** The parts of an X.509 certificate (RFC 5280) that are judged, as slices of its DER. */
export interface Certificate {
  readonly der: Buffer;
  /** The signed part. */
  readonly tbs: Buffer;
  /** SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  /** Names, DER. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** By the hex of the OID's content octets. */
  readonly extensions: ReadonlyMap<string, Extension>;
}

export interface Extension {
  readonly critical: boolean;
  /** What extnValue holds. */
  readonly value: Buffer;
}

const SEQUENCE = 0x30;
const FULCIO = "2b0601040183bf3001";

/** The OIDs of RFC 5280 that matter here, as the hex of their content octets. */
export const OID = {
  subjectKeyIdentifier: "551d0e",
  keyUsage: "551d0f",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  authorityKeyIdentifier: "551d23",
  extendedKeyUsage: "551d25",
  sctList: "2b06010401d679020402",
  /** 1.3.6.1.4.1.57264.1.n */
  fulcio: (arc: number) => FULCIO + arc.toString(16).padStart(2, "0"),
  isFulcio: (oid: string) => oid.startsWith(FULCIO),
} as const;

/** Reads one certificate strictly: DER, version 3, no trailing bytes, no extension twice. @throws Fault */
export function readCertificate(der: Buffer): Certificate {
  const root = only(der, 0, der.length, SEQUENCE);
  const [tbs, algorithm, signature, ...more] = children(der, root);
  if (tbs?.tag !== SEQUENCE || algorithm?.tag !== SEQUENCE || signature?.tag !== 0x03 || more.length > 0)
    return notDer();
  const [version, serial, inner, issuer, validity, subject, spki, extensions, ...rest] = children(der, tbs);
  if (version?.tag !== 0xa0 || contentOf(der, version).toString("hex") !== "020102" || serial?.tag !== 0x02) {
    return fail("CERTIFICATE_INVALID", "the certificate is not of X.509 version 3");
  }
  if (inner === undefined || !whole(der, inner).equals(whole(der, algorithm))) return notDer();
  if (issuer?.tag !== SEQUENCE || validity?.tag !== SEQUENCE || subject?.tag !== SEQUENCE || spki?.tag !== SEQUENCE) {
    return notDer();
  }
  if (extensions?.tag !== 0xa3 || rest.length > 0) return notDer();
  return {
    der,
    tbs: whole(der, tbs),
    spki: whole(der, spki),
    issuer: whole(der, issuer),
    subject: whole(der, subject),
    extensions: extensionsOf(der, extensions),
  };
}

function extensionsOf(der: Buffer, wrapper: Element): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const one of children(der, only(der, wrapper.content, wrapper.end, SEQUENCE))) {
    const [oid, ...rest] = children(der, one);
    const value = rest.pop();
    if (one.tag !== SEQUENCE || oid?.tag !== 0x06 || value?.tag !== 0x04 || rest.length > 1) return notDer();
    const name = contentOf(der, oid).toString("hex");
    if (found.has(name)) return refuseTwice(name);
    found.set(name, { critical: rest[0] !== undefined && isTrue(der, rest[0]), value: contentOf(der, value) });
  }
  return found;
}

function refuseTwice(oid: string): never {
  const names = OID.isFulcio(oid) || oid === OID.subjectAltName;
  return fail(names ? "SIGNER_AMBIGUOUS" : "CERTIFICATE_INVALID", "the certificate holds an extension twice");
}

/** DER writes only TRUE where FALSE is the default. */
function isTrue(der: Buffer, one: Element): boolean {
  return (one.tag === 0x01 && contentOf(der, one).equals(Buffer.from([0xff]))) || notDer();
}

/** The key identifier of the issuer, or null. */
export function authorityKeyId({ extensions }: Certificate): Buffer | null {
  const extension = extensions.get(OID.authorityKeyIdentifier);
  if (extension === undefined) return null;
  const { value } = extension;
  const identifier = children(value, only(value, 0, value.length, SEQUENCE)).find(({ tag }) => tag === 0x80);
  return identifier === undefined ? null : contentOf(value, identifier);
}

export function subjectKeyId({ extensions }: Certificate): Buffer | null {
  const extension = extensions.get(OID.subjectKeyIdentifier);
  if (extension === undefined) return null;
  const { value } = extension;
  return contentOf(value, only(value, 0, value.length, 0x04));
}

/** The elements of an extension that is one SEQUENCE. */
export function sequenceIn({ value }: Extension): readonly Element[] {
  return children(value, only(value, 0, value.length, SEQUENCE));
}
