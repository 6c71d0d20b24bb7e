import { createHash, verify } from "node:crypto";
import type { RevocationQuestion } from "../../../model/notary.ts";
import { type Certificate, readCertificate } from "../../certificate/certificate.ts";
import { type Element, children, contentOf, encode, only, whole } from "../../certificate/der.ts";
import { PURPOSE, isIssuedBy, keyOf, purposesOf } from "../chain.ts";
import { isValidIn } from "../timestamp.ts";
import { type RevocationAnswer, type Silence, howSigned, timeOf } from "./answer.ts";

interface AskedOfResponder {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly now: Date;
}

const SEQUENCE = 0x30;
const OCTETS = 0x04;
const BASIC = "2b0601050507300101";

/** Of certificate ids, which nothing rests on: SHA-1 is what every responder knows (RFC 5019 section 2.1.1). */
const HASHES: Readonly<Record<string, string>> = {
  "2b0e03021a": "sha1",
  "608648016503040201": "sha256",
  "608648016503040202": "sha384",
  "608648016503040203": "sha512",
};

/** A request for one certificate, by GET (RFC 6960 appendix A.1). */
export function ocspQuestion(responder: string, certificate: Certificate, issuer: Certificate): RevocationQuestion {
  const id = idOf("sha1", issuer);
  const algorithm = encode(SEQUENCE, [encode(0x06, [Buffer.from("2b0e03021a", "hex")]), Buffer.from([0x05, 0x00])]);
  const hashes = [id.name, id.key].map((hash) => encode(OCTETS, [hash]));
  const certId = encode(SEQUENCE, [algorithm, ...hashes, encode(0x02, [certificate.serialNumber])]);
  const request = [SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE].reduce((inner, tag) => encode(tag, [inner]), certId);
  const separator = responder.endsWith("/") ? "" : "/";
  const url = `${responder}${separator}${encodeURIComponent(request.toString("base64"))}`;
  return { url, accept: "application/ocsp-response" };
}

function idOf(hash: string, issuer: Certificate) {
  const { spki, subject } = issuer;
  const [, key] = children(spki, only(spki, 0, spki.length, SEQUENCE));
  const bits = key === undefined ? Buffer.alloc(0) : spki.subarray(key.content + 1, key.end);
  const digest = (bytes: Buffer) => createHash(hash).update(bytes).digest();
  return { name: digest(encode(SEQUENCE, [subject])), key: digest(bits) };
}

/** What the responder says; an answer that is not its own, or of now, says nothing. @throws Fault */
export function ocspStatus(der: Buffer, asked: AskedOfResponder): RevocationAnswer | Silence {
  const basic = basicIn(der);
  if (basic === null) return { silent: "the responder gave no answer" };
  const [data, algorithm, signature, certificates] = children(basic, only(basic, 0, basic.length, SEQUENCE));
  if (data === undefined || algorithm === undefined || signature?.tag !== 0x03) return { silent: "no OCSP answer" };
  const signed = {
    data: whole(basic, data),
    algorithm: whole(basic, algorithm),
    signature: basic.subarray(signature.content + 1, signature.end),
  };
  const responders = [asked.issuer, ...delegatesIn(basic, certificates, asked)];
  if (!responders.some((one) => isSignedBy(signed, one)))
    return { silent: "the answer is not signed by the authority" };
  const list = children(basic, data).find(({ tag }) => tag === SEQUENCE);
  const about = list === undefined ? [] : children(basic, list).filter((one) => isAbout(basic, one, asked));
  const [first, ...more] = about;
  if (first === undefined || more.length > 0) return { silent: "the answer is about another certificate" };
  return statusIn(basic, first, asked.now);
}

/** OCSPResponse: successful, and of the basic type (RFC 6960 section 4.2.1). */
function basicIn(der: Buffer): Buffer | null {
  const [status, wrapper] = children(der, only(der, 0, der.length, SEQUENCE));
  if (status?.tag !== 0x0a || contentOf(der, status).toString("hex") !== "00" || wrapper?.tag !== 0xa0) return null;
  const [type, body] = children(der, only(der, wrapper.content, wrapper.end, SEQUENCE));
  if (type === undefined || body?.tag !== OCTETS || contentOf(der, type).toString("hex") !== BASIC) return null;
  return contentOf(der, body);
}

/** Those whom the issuer lets answer for it (RFC 6960 section 4.2.2.2). */
function delegatesIn(
  basic: Buffer,
  certificates: Element | undefined,
  { issuer, now }: AskedOfResponder,
): readonly Certificate[] {
  if (certificates?.tag !== 0xa0) return [];
  const list = children(basic, only(basic, certificates.content, certificates.end, SEQUENCE));
  return list
    .slice(0, 8)
    .map((one) => readCertificate(whole(basic, one)))
    .filter((one) => purposesOf(one)?.includes(PURPOSE.ocspSigning) === true)
    .filter((one) => isIssuedBy(one, issuer) && isValidIn(one, now, now));
}

interface SignedAnswer {
  readonly data: Buffer;
  /** The whole AlgorithmIdentifier. */
  readonly algorithm: Buffer;
  readonly signature: Buffer;
}

function isSignedBy({ data, algorithm, signature }: SignedAnswer, responder: Certificate): boolean {
  const how = howSigned(algorithm);
  if (how === null) return false;
  try {
    return verify(how.hash, data, how.by(keyOf(responder)), signature);
  } catch {
    return false;
  }
}

function isAbout(basic: Buffer, single: Element, { certificate, issuer }: AskedOfResponder): boolean {
  const [id] = children(basic, single);
  const [algorithm, name, key, serial] = id === undefined ? [] : children(basic, id);
  const [oid] = algorithm === undefined ? [] : children(basic, algorithm);
  if (oid === undefined || name === undefined || key === undefined || serial === undefined) return false;
  const hash = HASHES[contentOf(basic, oid).toString("hex")];
  if (hash === undefined || !contentOf(basic, serial).equals(certificate.serialNumber)) return false;
  const own = idOf(hash, issuer);
  return contentOf(basic, name).equals(own.name) && contentOf(basic, key).equals(own.key);
}

/** SingleResponse: id, status, this update, [0] next update. */
function statusIn(basic: Buffer, single: Element, now: Date): RevocationAnswer | Silence {
  const [, status, from, next] = children(basic, single);
  if (status === undefined || from === undefined) return { silent: "no OCSP answer" };
  const [until] = next?.tag === 0xa0 ? children(basic, next) : [];
  if (until === undefined || timeOf(basic, from) > now || timeOf(basic, until) < now)
    return { silent: "the answer is not of now" };
  if (status.tag === 0x80) return { good: true };
  if (status.tag !== 0xa1) return { unknown: "the responder does not know the certificate" };
  const [at] = children(basic, status);
  const since = at === undefined ? "" : ` since ${timeOf(basic, at).toISOString()}`;
  return { revoked: `the certificate is revoked${since}, its authority says` };
}
