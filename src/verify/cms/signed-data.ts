import { type Element, children, contentOf, encode, only, whole } from "../certificate/der.ts";
import { fail } from "../fault.ts";

/** CMS SignedData (RFC 5652, 5.1), as far as NuGet's signatures and RFC 3161 tokens use it. */
export interface SignedData {
  /** Hex of the OID's content octets, as everywhere here. */
  readonly contentType: string;
  readonly content: Buffer;
  /** DER, in no order. */
  readonly certificates: readonly Buffer[];
  readonly signers: readonly SignerInfo[];
}

export interface SignerInfo {
  readonly digestAlgorithm: string;
  /** What the signature is over: the attributes as an explicit SET OF (5.4). */
  readonly signedAttributes: Buffer;
  /** Values by attribute type. */
  readonly signed: Attributes;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  readonly unsigned: Attributes;
}

type Attributes = ReadonlyMap<string, readonly Buffer[]>;

const SEQUENCE = 0x30;
const SET = 0x31;
const OID_TAG = 0x06;
const OCTETS = 0x04;
const SIGNED_DATA = "2a864886f70d010702";

/** Reads a ContentInfo that holds SignedData. @throws Fault */
export function readSignedData(der: Buffer): SignedData {
  const [type, wrapper, ...more] = children(der, only(der, 0, der.length, SEQUENCE));
  if (type === undefined || wrapper?.tag !== 0xa0 || more.length > 0 || oidOf(der, type) !== SIGNED_DATA)
    return notCms();
  const parts = children(der, only(der, wrapper.content, wrapper.end, SEQUENCE));
  const [version, digests, encapsulated] = parts;
  if (version?.tag !== 0x02 || digests?.tag !== SET || encapsulated?.tag !== SEQUENCE) return notCms();
  const certificates = parts.filter(({ tag }) => tag === 0xa0).flatMap((one) => children(der, one));
  const infos = parts.at(-1);
  if (infos?.tag !== SET || parts.length > 6) return notCms();
  return {
    ...contentIn(der, encapsulated),
    certificates: certificates.filter(({ tag }) => tag === SEQUENCE).map((one) => whole(der, one)),
    signers: children(der, infos).map((one) => readSignerInfo(whole(der, one))),
  };
}

function contentIn(der: Buffer, encapsulated: Element): Pick<SignedData, "contentType" | "content"> {
  const [type, wrapper] = children(der, encapsulated);
  if (type === undefined || wrapper?.tag !== 0xa0) return notCms();
  return { contentType: oidOf(der, type), content: octetsIn(der, wrapper) };
}

/** Some signers write the content as BER (X.690, 8.7): in pieces, up to an end mark. Nothing else of theirs is. */
function octetsIn(der: Buffer, wrapper: Element): Buffer {
  if (der[wrapper.content] !== 0x24 || der[wrapper.content + 1] !== 0x80)
    return contentOf(der, only(der, wrapper.content, wrapper.end, OCTETS));
  const end = wrapper.end - 2;
  if (der.readUInt16BE(end) !== 0) return notCms();
  const pieces = children(der, { tag: OCTETS, start: wrapper.content, content: wrapper.content + 2, end });
  return Buffer.concat(pieces.map((one) => (one.tag === OCTETS ? contentOf(der, one) : notCms())));
}

/** One SignerInfo (5.3), also as the value of a countersignature attribute (11.4). @throws Fault */
export function readSignerInfo(der: Buffer): SignerInfo {
  const [version, sid, digest, signed, algorithm, signature, unsigned, ...more] = children(
    der,
    only(der, 0, der.length, SEQUENCE),
  );
  if (version?.tag !== 0x02 || sid === undefined || digest?.tag !== SEQUENCE || signed?.tag !== 0xa0) return notCms();
  if (algorithm?.tag !== SEQUENCE || signature?.tag !== OCTETS || more.length > 0) return notCms();
  if (unsigned !== undefined && unsigned.tag !== 0xa1) return notCms();
  return {
    digestAlgorithm: algorithmOf(der, digest),
    signedAttributes: encode(SET, [contentOf(der, signed)]),
    signed: attributesIn(der, signed),
    signatureAlgorithm: algorithmOf(der, algorithm),
    signature: contentOf(der, signature),
    unsigned: unsigned === undefined ? new Map() : attributesIn(der, unsigned),
  };
}

function attributesIn(der: Buffer, set: Element): Attributes {
  const found = new Map<string, readonly Buffer[]>();
  for (const attribute of children(der, set)) {
    const [type, values, ...more] = children(der, attribute);
    if (type === undefined || values?.tag !== SET || more.length > 0) return notCms();
    const name = oidOf(der, type);
    if (found.has(name)) return fail("SIGNATURE_INVALID", "the signature holds an attribute twice");
    found.set(
      name,
      children(der, values).map((one) => whole(der, one)),
    );
  }
  return found;
}

function algorithmOf(der: Buffer, identifier: Element): string {
  const [oid] = children(der, identifier);
  return oid === undefined ? notCms() : oidOf(der, oid);
}

export function oidOf(der: Buffer, one: Element): string {
  return one.tag === OID_TAG ? contentOf(der, one).toString("hex") : notCms();
}

/** The one value of an attribute; null where it is not there. @throws Fault where it has several */
export function single(attributes: Attributes, type: string): Buffer | null {
  const values = attributes.get(type);
  if (values === undefined) return null;
  return values.length === 1
    ? (values[0] ?? null)
    : fail("SIGNATURE_INVALID", "an attribute of the signature has several values");
}

export function notCms(): never {
  return fail("BUNDLE_MALFORMED", "the signature is not CMS SignedData as it is read here");
}
