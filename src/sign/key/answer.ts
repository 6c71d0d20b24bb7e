import { constants, createHash, type KeyObject, publicDecrypt, verify } from "node:crypto";
import { SafeInstallError } from "../../errors.ts";
import { LIMITS } from "../../limits.ts";
import { describeKey } from "../../verify/trust/algorithm.ts";
import { fromP1363, isExactDer } from "./ecdsa.ts";

/** How a program writes what it signed; what does not concern the key's kind is not looked at. */
export interface AnswerForm {
  /** ECDSA: one DER value, or r and s. */
  readonly format: "der" | "p1363";
  /** RSA. */
  readonly padding: "pkcs1" | "pss";
}

/** What was to be signed, by whom. */
export interface SigningQuestion {
  readonly message: Buffer;
  readonly key: KeyObject;
  /** null: the key signs the message itself (Ed25519). */
  readonly hash: "sha256" | "sha384" | "sha512" | null;
}

/**
 * The signature that a program wrote, as bundles have it, once it verifies under the announced public key.
 * @throws SafeInstallError SIGNATURE_INVALID, with what was probably done instead
 */
export function readAnswer(answer: Buffer, form: AnswerForm, asked: SigningQuestion): Buffer {
  const signature = spelled(answer, form, asked);
  if (signature !== null && holds(signature, form, asked)) return signature;
  const found = suspicion(answer, form, asked);
  throw new SafeInstallError("unbound", "SIGNATURE_INVALID", `${found.what}; nothing is written`, { hint: found.hint });
}

/** null: it is not even of the right form. */
function spelled(answer: Buffer, { format }: AnswerForm, { key }: SigningQuestion): Buffer | null {
  if (key.asymmetricKeyType !== "ec") return answer.length === lengthOf(key) ? answer : null;
  const der = format === "der" ? answer : fromP1363(answer, coordinateBytes(key));
  return der !== null && isExactDer(der) ? der : null;
}

/** Of an RSA modulus, or an Ed25519 signature (RFC 8032 section 5.1.6). */
function lengthOf(key: KeyObject): number {
  const { modulusLength = 512 } = key.asymmetricKeyDetails ?? {};
  return modulusLength / 8;
}

function coordinateBytes(key: KeyObject): number {
  const bytes = { prime256v1: 32, secp384r1: 48, secp521r1: 66 };
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  return bytes[curve as keyof typeof bytes] ?? 0;
}

/** Strictly: PSS with a salt as long as its digest, as every profile that verifies it has it (RFC 8017 section 9.1, note 4). */
function holds(signature: Buffer, { padding }: AnswerForm, { message, key, hash }: SigningQuestion): boolean {
  return verifies(hash, message, signature, { key, ...paddingOf(key, padding, constants.RSA_PSS_SALTLEN_DIGEST) });
}

function paddingOf(key: KeyObject, padding: AnswerForm["padding"], saltLength: number) {
  if (key.asymmetricKeyType === "rsa-pss") return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  if (key.asymmetricKeyType !== "rsa") return {};
  return padding === "pss"
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
    : { padding: constants.RSA_PKCS1_PADDING };
}

type VerifyKey = Parameters<typeof verify>[2];

function verifies(hash: string | null, message: Buffer, signature: Buffer, key: VerifyKey): boolean {
  try {
    return verify(hash, message, key, signature);
  } catch {
    return false;
  }
}

interface Suspicion {
  readonly what: string;
  readonly hint: string;
}

/** What programs do in place of signing what they were given; each is tried, none is taken for the signature. */
function suspicion(answer: Buffer, form: AnswerForm, asked: SigningQuestion): Suspicion {
  const { message, key, hash } = asked;
  const would = (one: Buffer, how: Partial<AnswerForm> = {}, what: Partial<SigningQuestion> = {}): boolean => {
    const signature = spelled(one, { ...form, ...how }, asked);
    return signature !== null && holds(signature, { ...form, ...how }, { ...asked, ...what });
  };
  if (answer.length === 0) return { what: "the program wrote no signature", hint: "it is to write it to its output" };
  const bare = answer.toString("latin1").trim();
  if (TEXT.test(bare) && would(Buffer.from(bare, "base64")))
    return { what: "the program wrote its signature as text (base64)", hint: "add: | base64 -d" };
  for (const cut of [1, 2])
    if (answer.length > cut && would(answer.subarray(0, -cut)))
      return { what: "something follows the signature, a line end perhaps", hint: "write the signature alone" };
  const other = form.format === "der" ? "p1363" : "der";
  if (key.asymmetricKeyType === "ec" && would(answer, { format: other }))
    return {
      what: `the signature is in ${FORMATS[other]}, not ${FORMATS[form.format]}`,
      hint: `--key-format ${other}`,
    };
  if (form.padding === "pss" && key.asymmetricKeyType === "rsa" && would(answer, { padding: "pkcs1" }))
    return { what: "the signature is padded as PKCS#1 v1.5, not PSS", hint: "--padding pkcs1" };
  if (isPss(answer, asked))
    return form.padding === "pss" || key.asymmetricKeyType === "rsa-pss"
      ? { what: "the salt of the signature (PSS) is not as long as its digest", hint: SALT }
      : { what: "the signature is padded as PSS, not PKCS#1 v1.5", hint: "--padding pss" };
  if (hash !== null && isBare(answer, key, createHash(hash).update(message).digest()))
    return { what: "the digest was padded as it is, without saying which kind it is", hint: BARE };
  const digest = createHash(hash ?? "sha256")
    .update(message)
    .digest();
  if (would(answer, {}, { message: digest }))
    return {
      what: hash === null ? "the digest was signed in place of the message" : "the digest was hashed once more",
      hint: hash === null ? "give it what it reads, whole" : "--key-input message, or let it sign a digest",
    };
  return {
    what: `what the program wrote is no signature of this file under the public key given (${describeKey(key)})`,
    hint: "a token may sign with another key than the label names: say which by its id, and give that one's public key",
  };
}

const TEXT = /^[A-Za-z0-9+/=\s]+$/;
const FORMATS = { der: "DER", p1363: "r and s, one after the other" } as const;
const BARE = "openssl: -pkeyopt digest:sha256; a token's RSA-PKCS: --key-input digestinfo";
const SALT = "openssl: -pkeyopt rsa_pss_saltlen:digest";

/** With a salt of any length. */
function isPss(answer: Buffer, { message, key, hash }: SigningQuestion): boolean {
  if (key.asymmetricKeyType !== "rsa" && key.asymmetricKeyType !== "rsa-pss") return false;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return verifies(hash, message, answer, { key, ...pss });
}

/** RSA over the digest alone (RFC 8017 section 9.2 asks for DigestInfo around it). */
function isBare(answer: Buffer, key: KeyObject, digest: Buffer): boolean {
  if (key.asymmetricKeyType !== "rsa" || answer.length > LIMITS.signatureBytes) return false;
  try {
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, answer).equals(digest);
  } catch {
    return false;
  }
}
