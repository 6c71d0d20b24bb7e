import { type Element, children, contentOf, element, encode, notDer, only, whole } from "./der.ts";
import { fail } from "../fault.ts";
import { PSS } from "./signature-algorithm.ts";

/** The parts of an X.509 certificate (RFC 5280) that are judged, as slices of its DER. */
export interface Certificate {
  readonly der: Buffer;
  /** The signed part. */
  readonly tbs: Buffer;
  /** SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  /** Content octets of the names and of the serial number. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly serialNumber: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hex of the OID's content octets; of RSASSA-PSS, of the whole AlgorithmIdentifier's. */
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  /** The signed part without its list of certificate timestamps, as a log signed it (RFC 6962 section 3.2). */
  readonly precertificate: () => Buffer;
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
  const [notBefore, notAfter] = children(der, validity).map((one) => timeOf(der, one));
  const [oid] = children(der, algorithm);
  if (notBefore === undefined || notAfter === undefined || oid?.tag !== 0x06 || der[signature.content] !== 0)
    return notDer();
  return {
    der,
    tbs: whole(der, tbs),
    spki: whole(der, spki),
    issuer: contentOf(der, issuer),
    subject: contentOf(der, subject),
    serialNumber: contentOf(der, serial),
    notBefore,
    notAfter,
    signatureAlgorithm: algorithmIn(contentOf(der, oid).toString("hex"), contentOf(der, algorithm)),
    signature: der.subarray(signature.content + 1, signature.end),
    precertificate: () => withoutTimestamps(der, tbs, extensions),
    extensions: extensionsOf(der, extensions),
  };
}

/** What `Certificate.signatureAlgorithm` is. @param identifier content octets of the AlgorithmIdentifier */
export function algorithmIn(oid: string, identifier: Buffer): string {
  return oid === PSS ? identifier.toString("hex") : oid;
}

/** UTCTime or GeneralizedTime with seconds and in UTC (RFC 5280 section 4.1.2.5). */
function timeOf(der: Buffer, one: Element): Date {
  const spelled = contentOf(der, one).toString("latin1");
  const digits = one.tag === 0x17 ? (spelled < "5" ? "20" : "19") + spelled : spelled;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return (one.tag === 0x17 || one.tag === 0x18) && !Number.isNaN(time.getTime()) ? time : notDer();
}

function withoutTimestamps(der: Buffer, tbs: Element, extensions: Element): Buffer {
  const list = children(der, only(der, extensions.content, extensions.end, SEQUENCE));
  const kept = list.filter((one) => !isTimestampList(der, one)).map((one) => whole(der, one));
  return encode(SEQUENCE, [der.subarray(tbs.content, extensions.start), encode(0xa3, [encode(SEQUENCE, kept)])]);
}

function isTimestampList(der: Buffer, one: Element): boolean {
  const oid = element(der, one.content, one.end);
  return contentOf(der, oid).toString("hex") === OID.sctList;
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
