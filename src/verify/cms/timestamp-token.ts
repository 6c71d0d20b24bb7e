import { children, contentOf, only } from "../certificate/der.ts";
import { type SignedData, type SignerInfo, notCms, oidOf, readSignedData, single } from "./signed-data.ts";
import { digestName } from "./signer-info.ts";

/** An RFC 3161 token: SignedData with one signer, over a TSTInfo. Read, not believed. */
export interface TimestampToken {
  readonly data: SignedData;
  readonly signer: SignerInfo;
  /** Node's name of the hash. */
  readonly digest: string;
  readonly imprint: Buffer;
  readonly at: Date;
  /** How far from it the true time may be, in milliseconds. */
  readonly accuracyMs: number;
}

const CONTENT_TYPE = "2a864886f70d010903";
const TST_INFO = "2a864886f70d0109100104";

/** @throws Fault */
export function readToken(der: Buffer): TimestampToken {
  const data = readSignedData(der);
  const [signer, ...more] = data.signers;
  if (data.contentType !== TST_INFO || signer === undefined || more.length > 0) return notCms();
  // What the content is said to be is not signed itself: the attribute is (RFC 5652, 11.1).
  const type = single(signer.signed, CONTENT_TYPE);
  if (type === null || oidOf(type, only(type, 0, type.length, 0x06)) !== TST_INFO) return notCms();
  return { data, signer, ...readInfo(data.content) };
}

/** TSTInfo (RFC 3161, 2.4.2): version, policy, imprint, serial number, time, accuracy. */
function readInfo(der: Buffer) {
  const [version, policy, imprint, serial, time, accuracy] = children(der, only(der, 0, der.length, 0x30));
  if (version?.tag !== 0x02 || contentOf(der, version).toString("hex") !== "01") return notCms();
  if (policy?.tag !== 0x06 || imprint?.tag !== 0x30 || serial?.tag !== 0x02) return notCms();
  const [algorithm, hash] = children(der, imprint);
  const [oid] = algorithm === undefined ? [] : children(der, algorithm);
  if (oid === undefined || hash?.tag !== 0x04 || time?.tag !== 0x18) return notCms();
  return {
    digest: digestName(oidOf(der, oid)),
    imprint: contentOf(der, hash),
    at: generalizedTime(contentOf(der, time).toString("latin1")),
    accuracyMs: accuracy?.tag === 0x30 ? accuracyOf(der, accuracy) : 0,
  };
}

/** Seconds, [0] milliseconds, [1] microseconds; each may be missing. */
function accuracyOf(der: Buffer, accuracy: Parameters<typeof children>[1]): number {
  return children(der, accuracy).reduce((sum, one) => {
    const scale = ({ 0x02: 1000, 0x80: 1, 0x81: 0.001 } as Readonly<Record<number, number>>)[one.tag];
    const value = contentOf(der, one);
    if (scale === undefined || value.length === 0 || value.length > 4 || value[0]! >= 0x80) return notCms();
    return sum + scale * value.readUIntBE(0, value.length);
  }, 0);
}

function generalizedTime(text: string): Date {
  const [, year, month, day, hour, minute, second, fraction = ""] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
  return Number.isNaN(time.getTime()) ? notCms() : time;
}
