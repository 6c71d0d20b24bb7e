import type { newTimestampSigner } from "./certificate.ts";
import * as der from "./der.ts";
import { sha256, signWith } from "./keys.ts";

const SHA256 = "2.16.840.1.101.3.4.2.1";
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";

/** An RFC 3161 TimeStampResp over a signature. */
export function timestamp(
  signer: ReturnType<typeof newTimestampSigner> & { readonly issuerName: Buffer },
  signature: Buffer,
  at: Date,
): Buffer {
  return timestampOver(signer, sha256(signature), at);
}

/** The same over its digest, which is all that an authority is told. */
export function timestampOver(
  signer: ReturnType<typeof newTimestampSigner> & { readonly issuerName: Buffer },
  imprint: Buffer,
  at: Date,
): Buffer {
  const info = der.sequence(
    der.integer(1),
    der.oid("1.3.6.1.4.1.57264.2"),
    der.sequence(der.sequence(der.oid(SHA256)), der.octets(imprint)),
    der.integer(7),
    der.generalizedTime(at),
  );
  const attributes = Buffer.concat([
    der.sequence(der.oid("1.2.840.113549.1.9.3"), der.set(der.oid(TST_INFO))),
    der.sequence(der.oid("1.2.840.113549.1.9.4"), der.set(der.octets(sha256(info)))),
  ]);
  const signerInfo = der.sequence(
    der.integer(1),
    der.sequence(signer.issuerName, der.integer(signer.serial)),
    der.sequence(der.oid(SHA256)),
    der.context(0, attributes),
    der.sequence(der.oid("1.2.840.10045.4.3.2")),
    der.octets(signWith(signer.key, der.set(attributes))),
  );
  const signedData = der.sequence(
    der.integer(3),
    der.set(der.sequence(der.oid(SHA256))),
    der.sequence(der.oid(TST_INFO), der.context(0, der.octets(info))),
    der.set(signerInfo),
  );
  return der.sequence(der.sequence(der.integer(0)), der.sequence(der.oid(SIGNED_DATA), der.context(0, signedData)));
}
