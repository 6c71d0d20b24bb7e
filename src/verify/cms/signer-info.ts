import { type KeyObject, type X509Certificate, createHash, verify } from "node:crypto";
import { children, contentOf, only } from "../certificate/der.ts";
import { fail } from "../fault.ts";
import { type SignerInfo, notCms, single } from "./signed-data.ts";

const MESSAGE_DIGEST = "2a864886f70d010904";
const RSA = "2a864886f70d010101";

/** Digest algorithms by the hex of their OID; SHA-1 is none of them. */
const DIGESTS: Readonly<Record<string, string>> = {
  "608648016503040201": "sha256",
  "608648016503040202": "sha384",
  "608648016503040203": "sha512",
};

/** RSA with PKCS #1 v1.5 padding under its names with and without the digest (RFC 8017, A.2.4). */
const SIGNATURES: Readonly<Record<string, string | null>> = {
  [RSA]: null,
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
};

export function digestName(oid: string): string {
  return DIGESTS[oid] ?? fail("SIGNATURE_INVALID", "signed with a digest that is not taken");
}

/** ECDSA with a hash (RFC 5754, 3.3). */
const ECDSA: Readonly<Record<string, string>> = {
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
};

/** Keys that may sign: NuGet knows RSA alone. */
export type SignerKeys = "rsa" | "rsa or ec";

/** The attributes hold the digest of `message`, and the key signed the attributes (RFC 5652, 5.4 and 5.6). @throws Fault */
export function requireSigned(
  info: SignerInfo,
  message: Buffer,
  certificate: Pick<X509Certificate, "publicKey">,
  keys: SignerKeys = "rsa",
): void {
  const digest = digestName(info.digestAlgorithm);
  const stated = single(info.signed, MESSAGE_DIGEST);
  if (stated === null) return fail("SIGNATURE_INVALID", "the signature names no message digest");
  const named = contentOf(stated, only(stated, 0, stated.length, 0x04));
  if (!createHash(digest).update(message).digest().equals(named))
    fail("SIGNATURE_INVALID", "the signature is over another content than it came with");
  if (!isSignedBy(info, certificate, keys)) fail("SIGNATURE_INVALID", "the signature does not verify");
}

/** Whether this certificate's key made the signature over the attributes. */
export function isSignedBy(
  info: SignerInfo,
  { publicKey }: Pick<X509Certificate, "publicKey">,
  keys: SignerKeys = "rsa",
): boolean {
  const digest = digestName(info.digestAlgorithm);
  if (!isOf(publicKey, info.signatureAlgorithm, digest, keys)) return false;
  try {
    return verify(digest, info.signedAttributes, publicKey, info.signature);
  } catch {
    return false;
  }
}

function isOf(key: KeyObject, algorithm: string, digest: string, keys: SignerKeys): boolean {
  if (key.asymmetricKeyType === "ec") return keys === "rsa or ec" && ECDSA[algorithm] === digest;
  const scheme = SIGNATURES[algorithm];
  if (scheme === undefined || (scheme !== null && scheme !== digest) || key.asymmetricKeyType !== "rsa") return false;
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
}

const SIGNING_CERTIFICATE_V2 = "2a864886f70d010910022f";

/** The hash of the signer's certificate that is itself signed (RFC 5035, ESSCertIDv2); NuGet requires it. @throws Fault */
export function isSigningCertificate(info: SignerInfo, der: Buffer): boolean {
  const value = single(info.signed, SIGNING_CERTIFICATE_V2);
  if (value === null) return fail("SIGNATURE_INVALID", "the signature does not say which certificate made it");
  const [list] = children(value, only(value, 0, value.length, 0x30));
  const [first] = list === undefined ? [] : children(value, list);
  const parts = first === undefined ? [] : children(value, first);
  const algorithm = parts[0]?.tag === 0x30 ? parts[0] : null;
  const hash = parts.find(({ tag }) => tag === 0x04);
  if (hash === undefined) return notCms();
  const [oid] = algorithm === null ? [] : children(value, algorithm);
  const digest = oid === undefined ? "sha256" : digestName(contentOf(value, oid).toString("hex"));
  return createHash(digest).update(der).digest().equals(contentOf(value, hash));
}
