import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { SafeInstallError } from "../../errors.ts";
import { describeKey, signs } from "../../verify/trust/algorithm.ts";

/** Where the password of a key file is looked for; else it is asked for. */
export const PASSWORD = "SAFE_INSTALL_KEY_PASSWORD";

/** A private key that was opened, and what a person should know about how it was kept. */
interface OpenedKey {
  readonly key: KeyObject;
  readonly warnings: readonly string[];
}

/**
 * Opens an encrypted private key: PKCS#8 (RFC 5958), or the older encryption of PEM itself.
 * @param password is asked for once the file is known to be of a kind that has one
 * @throws SafeInstallError SIGNING_KEY: of another kind, not encrypted, or not opened by the password
 */
export async function openPrivateKey(
  encoded: Buffer,
  file: string,
  password: () => Promise<string>,
): Promise<OpenedKey> {
  const text = encoded.toString("latin1");
  refuseForeign(text, file);
  const key = opened(text, file, await password());
  if (signs(key) === null) {
    throw unusable(`${file}: a key of kind ${describeKey(key)} is not one that signs here`, KINDS);
  }
  const isOld = text.includes("Proc-Type: 4,ENCRYPTED");
  return { key, warnings: isOld ? [`${file} is encrypted as PEM once was (MD5): ${ENCRYPT}`] : [] };
}

/** The key that others verify with. */
export function publicKeyOf(key: KeyObject): KeyObject {
  return createPublicKey(key);
}

const KINDS = "ECDSA on P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits, or Ed25519";
const ENCRYPT = "openssl pkcs8 -topk8 -scrypt -in KEY.pem -out KEY.p8 encrypts it";

function refuseForeign(text: string, file: string): void {
  const [, label = ""] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
  if (label === "ENCRYPTED SIGSTORE PRIVATE KEY" || label === "ENCRYPTED COSIGN PRIVATE KEY") {
    throw unusable(
      `${file} is a key file of cosign's own kind, not PKCS#8`,
      "make a key with openssl, or import one into a KMS: --key-command signs with that",
    );
  }
  if (label === "ENCRYPTED PRIVATE KEY" || text.includes("Proc-Type: 4,ENCRYPTED")) return;
  if (label.endsWith("PRIVATE KEY")) throw unusable(`${file} is a private key that is not encrypted`, ENCRYPT);
  throw unusable(
    `${file} is no private key in PEM`,
    label === "" ? "give an encrypted PKCS#8 file, -----BEGIN ENCRYPTED PRIVATE KEY-----" : `it is a ${label}`,
  );
}

/** OpenSSL's own words are left out: they say less, and a password might be among what caused them. */
function opened(text: string, file: string, password: string): KeyObject {
  try {
    return createPrivateKey({ key: text, format: "pem", passphrase: password });
  } catch (error) {
    const { code = "" } = error as { readonly code?: string };
    if (code === "ERR_OSSL_UNSUPPORTED") {
      throw unusable(`${file} is encrypted in a way that OpenSSL does not know here`, ENCRYPT);
    }
    throw unusable(`${file} is not opened by the password`, `the password is what ${PASSWORD} holds, or what is typed`);
  }
}

function unusable(message: string, hint: string): SafeInstallError {
  return new SafeInstallError("usage", "SIGNING_KEY", message, { hint });
}
