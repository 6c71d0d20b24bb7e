import { algorithmIn } from "../../certificate/certificate.ts";
import { type Element, children, contentOf, notDer, only } from "../../certificate/der.ts";
import { type SignedWith, signedWith } from "../../certificate/signature-algorithm.ts";

/** What an authority says of one certificate. */
export type RevocationAnswer = { readonly good: true } | { readonly revoked: string } | { readonly unknown: string };

/** What counts as no answer: the next place is asked. */
export type Silence = { readonly silent: string };

/** UTCTime or GeneralizedTime, with seconds and in UTC (RFC 5280 section 4.1.2.5). @throws Fault */
export function timeOf(der: Buffer, one: Element): Date {
  const spelled = contentOf(der, one).toString("latin1");
  const digits = one.tag === 0x17 ? (spelled < "5" ? "20" : "19") + spelled : spelled;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return (one.tag === 0x17 || one.tag === 0x18) && !Number.isNaN(time.getTime()) ? time : notDer();
}

/** By the whole AlgorithmIdentifier, as certificates are; null: in no algorithm that counts. @throws Fault */
export function howSigned(algorithm: Buffer): SignedWith | null {
  const identifier = only(algorithm, 0, algorithm.length, 0x30);
  const [oid] = children(algorithm, identifier);
  return oid === undefined
    ? null
    : signedWith(algorithmIn(contentOf(algorithm, oid).toString("hex"), contentOf(algorithm, identifier)));
}
