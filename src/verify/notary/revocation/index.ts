import type { RevocationQuestion } from "../../../model/notary.ts";
import { type Certificate, type Extension, sequenceIn } from "../../certificate/certificate.ts";
import { type Element, children, contentOf } from "../../certificate/der.ts";
import { Fault } from "../../fault.ts";
import type { NotaryGround } from "../trust.ts";
import type { RevocationAnswer, Silence } from "./answer.ts";
import { crlStatus } from "./crl.ts";
import { ocspQuestion, ocspStatus } from "./ocsp.ts";

/** What the authorities say of a chain; the root is nobody's to take back. */
export type RevocationStatus = RevocationAnswer | { readonly asks: readonly RevocationQuestion[] };

type Ground = Pick<NotaryGround, "now" | "answers">;

const ACCESS = "2b06010505070101";
const OCSP = "2b06010505073001";
const CRL_POINTS = "551d1f";
/** A GeneralName that is an address. */
const URI = 0x86;

/** One certificate that is taken back outweighs all; one of which nobody knows, those that are good. */
export function revocationOf(chain: readonly Certificate[], ground: Ground): RevocationStatus {
  const found = chain.slice(0, -1).map((one, at) => statusOf(one, chain[at + 1]!, ground));
  const revoked = found.find((one) => "revoked" in one);
  if (revoked !== undefined) return revoked;
  const asks = found.flatMap((one) => ("asks" in one ? one.asks : []));
  if (asks.length > 0) return { asks };
  return found.find((one) => "unknown" in one) ?? { good: true };
}

/**
 * By OCSP (RFC 6960), and by the list (RFC 5280 section 5) where nobody answers. A certificate that names neither counts as
 * good; one that names them where nobody is asked here, as in a directory (LDAP), does not.
 */
function statusOf(certificate: Certificate, issuer: Certificate, { now, answers }: Ground): RevocationStatus {
  const ocsp = addressesIn(certificate, ACCESS, accessIn);
  const crl = addressesIn(certificate, CRL_POINTS, pointsIn);
  const responder = ocsp.find(isAsked);
  const list = crl.find(isAsked);
  if (ocsp.length === 0 && crl.length === 0) return { good: true };
  if (responder === undefined && list === undefined)
    return { unknown: "the certificate names nobody who is asked by http" };
  if (answers === null) return { unknown: "nobody is asked offline" };
  let why = "";
  if (responder !== undefined) {
    const question = ocspQuestion(responder, certificate, issuer);
    const answer = answers.get(question.url);
    if (answer === undefined) return { asks: [question] };
    const status = read(answer, (bytes) => ocspStatus(bytes, { certificate, issuer, now }));
    if (!("silent" in status)) return status;
    why = `${responder}: ${status.silent}`;
  }
  if (list === undefined) return { unknown: why };
  const question = { url: list, accept: "application/pkix-crl" };
  const answer = answers.get(question.url);
  if (answer === undefined) return { asks: [question] };
  const status = read(answer, (bytes) => crlStatus(bytes, { certificate, issuer, now, url: list }));
  return "silent" in status ? { unknown: `${list}: ${status.silent}` } : status;
}

function read(
  answer: Buffer | string,
  status: (bytes: Buffer) => RevocationAnswer | Silence,
): RevocationAnswer | Silence {
  if (typeof answer === "string") return { silent: answer };
  try {
    return status(answer);
  } catch (error) {
    if (error instanceof Fault) return { silent: "the answer is not well-formed" };
    throw error;
  }
}

/** What its places say; of a place that is no address, an empty text. */
function addressesIn(
  { extensions }: Certificate,
  oid: string,
  find: (value: Buffer, one: Element) => readonly string[],
): readonly string[] {
  const extension: Extension | undefined = extensions.get(oid);
  if (extension === undefined) return [];
  return sequenceIn(extension).flatMap((one) => find(extension.value, one));
}

function isAsked(url: string): boolean {
  return URL.canParse(url) && /^https?:\/\//.test(url);
}

/** AccessDescription (RFC 5280 section 4.2.2.1). */
function accessIn(value: Buffer, description: Element): readonly string[] {
  const [method, location] = children(value, description);
  if (method === undefined || contentOf(value, method).toString("hex") !== OCSP) return [];
  return [location?.tag === URI ? contentOf(value, location).toString("latin1") : ""];
}

/** DistributionPoint (RFC 5280 section 4.2.1.13): its full name, where it has one. */
function pointsIn(value: Buffer, point: Element): readonly string[] {
  const [named] = children(value, point);
  const [full] = named?.tag === 0xa0 ? children(value, named) : [];
  const names = full?.tag === 0xa0 ? children(value, full) : [];
  const found = names.filter(({ tag }) => tag === URI).map((one) => contentOf(value, one).toString("latin1"));
  return found.length === 0 ? [""] : found;
}
