import { type KeyObject, createPublicKey, verify } from "node:crypto";
import type { X509Certificate } from "@sigstore/core";
import { type Certificate, OID, authorityKeyId, sequenceIn, subjectKeyId } from "./certificate.ts";
import { contentOf, notDer, only } from "./der.ts";
import { signedWith } from "./signature-algorithm.ts";

/**
 * A certificate as the library asks for one, over what was read strictly: nothing is parsed or encoded twice, and what
 * a certificate says of another (which is constant for trusted ones) is found out once. Its members are those that
 * `@sigstore/verify` uses of `@sigstore/core`'s X509Certificate; both are pinned to exact versions.
 */
export function libraryCertificate(certificate: Certificate): X509Certificate {
  const issued = new WeakMap<Certificate, boolean>();
  const self: Known = {
    read: certificate,
    key: lazily(() => createPublicKey({ key: certificate.spki, format: "der", type: "spki" })),
  };
  const own = {
    ...self,
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
    publicKey: certificate.spki,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    ...keyIdentifiers(certificate),
    ...constraints(certificate),
    // The signer's identity is read elsewhere, from the same bytes.
    extensions: [],
    extension: () => undefined,
    subjectAltName: undefined,
    validForDate: (date: Date) => certificate.notBefore <= date && date <= certificate.notAfter,
    equals: (other: Known) => other.read === certificate || other.read.der.equals(certificate.der),
    clone: () => precertificateOf(certificate),
    verify: (issuer: Known = self) => {
      const known = issued.get(issuer.read) ?? isSignedBy(certificate, issuer.key());
      issued.set(issuer.read, known);
      return known;
    },
    verifyAhead: async (issuer: Known) => {
      issued.set(issuer.read, await isSignedByBeside(certificate, issuer.key()));
    },
  };
  return own as unknown as X509Certificate;
}

/** Finds out beside this thread whether `issuer` signed it: `verify` then knows. What is not found out ahead is found out when asked. */
export function verifyAhead(certificate: X509Certificate, issuer: X509Certificate): Promise<void> {
  return (certificate as unknown as Ahead).verifyAhead(issuer as unknown as Known);
}

interface Ahead {
  verifyAhead(issuer: Known): Promise<void>;
}

interface Known {
  readonly read: Certificate;
  readonly key: () => KeyObject;
}

function isSignedBy({ signatureAlgorithm, tbs, signature }: Certificate, key: KeyObject): boolean {
  const how = signedWith(signatureAlgorithm);
  if (how === null) return false;
  try {
    return verify(how.hash, tbs, how.by(key), signature);
  } catch {
    return false;
  }
}

/** The same in one of the threads that Node keeps for such work. */
function isSignedByBeside({ signatureAlgorithm, tbs, signature }: Certificate, key: KeyObject): Promise<boolean> {
  const how = signedWith(signatureAlgorithm);
  if (how === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    try {
      verify(how.hash, tbs, how.by(key), signature, (error, holds) => resolve(error === null && holds));
    } catch {
      resolve(false);
    }
  });
}

function keyIdentifiers(certificate: Certificate) {
  const authority = authorityKeyId(certificate);
  const subject = subjectKeyId(certificate);
  return {
    extAuthorityKeyID: authority === null ? undefined : { keyIdentifier: authority },
    extSubjectKeyID: subject === null ? undefined : { keyIdentifier: subject },
  };
}

/** RFC 5280 sections 4.2.1.3 and 4.2.1.9. */
function constraints({ extensions }: Certificate) {
  const basic = extensions.get(OID.basicConstraints);
  const usage = extensions.get(OID.keyUsage);
  const [ca, length] = basic === undefined ? [] : sequenceIn(basic);
  const says = basic !== undefined && ca?.tag === 0x01 && contentOf(basic.value, ca).equals(Buffer.from([0xff]));
  const mayCertify = usage === undefined || ((usage.value[3] ?? 0) & 0x04) !== 0;
  if (length !== undefined && (length.tag !== 0x02 || length.end === length.content)) return notDer();
  const pathLenConstraint =
    basic === undefined || length === undefined
      ? undefined
      : BigInt(`0x${contentOf(basic.value, length).toString("hex")}`);
  return {
    isCA: says && mayCertify,
    extBasicConstraints: basic === undefined ? undefined : { isCA: says, pathLenConstraint },
  };
}

/** What the library takes apart in order to verify certificate timestamps: the list, and the rest without it. */
function precertificateOf(certificate: Certificate) {
  const list = certificate.extensions.get(OID.sctList);
  const extension = {
    subs: [{ toOID: () => "1.3.6.1.4.1.11129.2.4.2" }, { subs: [{ value: list && octets(list.value) }] }],
  };
  return {
    extensions: list === undefined ? [] : [extension],
    tbsCertificate: { toDER: certificate.precertificate },
  };
}

function octets(value: Buffer): Buffer {
  return contentOf(value, only(value, 0, value.length, 0x04));
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
