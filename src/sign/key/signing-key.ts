import { constants, createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { describeKey, signs } from "../../verify/trust/algorithm.ts";
import { SafeInstallError } from "../../errors.ts";
import { type AnswerForm, readAnswer } from "./answer.ts";
import { type HashName, inputOf, type KeyInput } from "./digest-info.ts";
import { pssKey } from "./pss-key.ts";

/** A key that signs, here or in the hands of a program. */
export interface SigningKey {
  /** As consumers have to hold it. */
  readonly publicKey: KeyObject;
  /** `sha256:HEX` over the SPKI DER. */
  readonly fingerprint: string;
  /** What the signature's digest is; null: the message itself is signed. */
  readonly hash: HashName | null;
  /** Verified under the public key before it is handed back. @throws SafeInstallError SIGNATURE_INVALID, SIGNING_FAILED */
  sign(message: Buffer): Promise<Buffer>;
}

/** A key that is in this process. */
export function heldHere(privateKey: KeyObject, padding: AnswerForm["padding"]): SigningKey {
  const announced = createPublicKey(privateKey);
  const { consumers, hash } = announcedAs(announced, padding);
  const how = paddingFor(announced, padding);
  const asked = { key: announced, hash };
  return {
    ...consumers,
    hash,
    sign: async (message) =>
      readAnswer(sign(hash, message, { key: privateKey, ...how }), { format: "der", padding }, { ...asked, message }),
  };
}

/** Runs a program with these bytes for its input. @returns what it writes to its output. @throws SafeInstallError SIGNING_FAILED */
export type RunFilter = (input: Buffer) => Promise<Buffer>;

/** A key that only a program can use. @param announced the public key that it is said to be */
export function heldByProgram(
  announced: KeyObject,
  form: AnswerForm & { readonly input: KeyInput },
  run: RunFilter,
): SigningKey {
  const { consumers, hash } = announcedAs(announced, form.padding);
  return {
    ...consumers,
    hash,
    sign: async (message) =>
      readAnswer(await run(inputOf(message, form.input, hash)), form, { key: announced, hash, message }),
  };
}

function announcedAs(announced: KeyObject, padding: AnswerForm["padding"]) {
  const found = signs(announced);
  if (found === null) {
    throw new SafeInstallError("usage", "SIGNING_KEY", `a key of kind ${describeKey(announced)} signs nothing here`, {
      hint: "ECDSA on P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits, or Ed25519",
    });
  }
  const publicKey = padding === "pss" && announced.asymmetricKeyType === "rsa" ? pssKey(announced) : announced;
  const spki = publicKey.export({ format: "der", type: "spki" });
  const fingerprint = `sha256:${createHash("sha256").update(spki).digest("hex")}`;
  return { consumers: { publicKey, fingerprint }, hash: found === "none" ? null : found };
}

function paddingFor(key: KeyObject, padding: AnswerForm["padding"]) {
  if (key.asymmetricKeyType !== "rsa-pss" && (key.asymmetricKeyType !== "rsa" || padding !== "pss")) return {};
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}
