import { createHash } from "node:crypto";

/** What a program that signs is given on its standard input. */
export type KeyInput = "digest" | "digestinfo" | "message";

export type HashName = "sha256" | "sha384" | "sha512";

/** DER of DigestInfo up to the digest (RFC 8017 section 9.2, note 1). */
const PREFIXES: Readonly<Record<HashName, string>> = {
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

/** @param hash null: the key signs messages, and is given nothing else */
export function inputOf(message: Buffer, input: KeyInput, hash: HashName | null): Buffer {
  if (hash === null || input === "message") return message;
  const digest = createHash(hash).update(message).digest();
  return input === "digest" ? digest : Buffer.concat([Buffer.from(PREFIXES[hash], "hex"), digest]);
}
