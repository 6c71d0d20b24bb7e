import { createPublicKey, type KeyObject } from "node:crypto";
import { children, encode, only, whole } from "../../verify/certificate/der.ts";

/**
 * The same RSA key as one that is for PSS with SHA-256 alone (RFC 4055 section 3.1): a key that does not say so is verified
 * as PKCS#1 v1.5, and a KMS gives all of its RSA keys alike.
 */
export function pssKey(rsa: KeyObject): KeyObject {
  const spki = rsa.export({ format: "der", type: "spki" });
  const [, bits] = children(spki, only(spki, 0, spki.length, 0x30));
  if (bits === undefined) throw new TypeError("a public key without its bits");
  const algorithm = Buffer.from(PSS_SHA256, "hex");
  return createPublicKey({ key: encode(0x30, [algorithm, whole(spki, bits)]), format: "der", type: "spki" });
}

/** AlgorithmIdentifier of id-RSASSA-PSS with SHA-256, MGF1 with SHA-256, and a salt of 32 bytes. */
const PSS_SHA256 =
  "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120";
