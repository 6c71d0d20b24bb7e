import { SafeInstallError } from "../../../src/errors.ts";
import { readAnswer } from "../../../src/sign/key/answer.ts";
import { CORPUS, hasCorpus, jsonFromCorpus } from "../../verify/corpus.ts";
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const message = Buffer.from("to be signed\n");
const DER = { format: "der", padding: "pkcs1" } as const;
const [ec, other] = [p256(), p256()];
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed = generateKeyPairSync("ed25519");

function p256() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function read(
  answer: Buffer,
  form: Parameters<typeof readAnswer>[1],
  key: KeyObject,
  hash: "sha256" | null = "sha256",
) {
  return readAnswer(answer, form, { message, key, hash });
}

function refused(
  answer: Buffer,
  form: Parameters<typeof readAnswer>[1],
  key: KeyObject,
  hash: "sha256" | null = "sha256",
) {
  try {
    read(answer, form, key, hash);
  } catch (error) {
    if (!(error instanceof SafeInstallError)) throw error;
    expect(error).toMatchObject({ kind: "unbound", code: "SIGNATURE_INVALID" });
    return `${error.message} | ${error.hint}`;
  }
  throw new Error("was taken for a signature");
}

describe("what a program wrote", () => {
  const der = sign("sha256", message, ec.privateKey);

  it("is taken as it is where it verifies", () => {
    expect(read(der, DER, ec.publicKey)).toBe(der);
    const pkcs1 = sign("sha256", message, rsa.privateKey);
    expect(read(pkcs1, DER, rsa.publicKey)).toBe(pkcs1);
    const raw = sign(null, message, ed.privateKey);
    expect(read(raw, DER, ed.publicKey, null)).toBe(raw);
  });

  it("r and s become DER, whatever their first bytes are", () => {
    for (let round = 0; round < 40; round++) {
      const raw = sign("sha256", message, { key: ec.privateKey, dsaEncoding: "ieee-p1363" });
      const found = read(raw, { ...DER, format: "p1363" }, ec.publicKey);
      expect(read(found, DER, ec.publicKey)).toBe(found);
    }
  });

  const pss = (saltLength: number) =>
    sign("sha256", message, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

  it("PSS with the salt of its digest is taken where it is asked for", () => {
    expect(read(pss(32), { ...DER, padding: "pss" }, rsa.publicKey)).toHaveLength(256);
  });

  const digest = createHash("sha256").update(message).digest();
  it.each([
    ["nothing", Buffer.alloc(0), DER, ec, "wrote no signature"],
    ["text", Buffer.from(`${der.toString("base64")}\n`), DER, ec, "as text (base64)"],
    ["a line end behind it", Buffer.concat([der, Buffer.from("\n")]), DER, ec, "something follows the signature"],
    ["two bytes behind it", Buffer.concat([der, Buffer.from("\r\n")]), DER, ec, "something follows the signature"],
    [
      "r and s",
      sign("sha256", message, { key: ec.privateKey, dsaEncoding: "ieee-p1363" }),
      DER,
      ec,
      "--key-format p1363",
    ],
    ["DER in place of r and s", der, { ...DER, format: "p1363" }, ec, "--key-format der"],
    ["another key's", sign("sha256", message, other.privateKey), DER, ec, "another key than the label names"],
    ["hashed twice", sign("sha256", digest, ec.privateKey), DER, ec, "hashed once more"],
    ["RSA hashed twice", sign("sha256", digest, rsa.privateKey), DER, rsa, "hashed once more"],
    ["PSS", pss(32), DER, rsa, "--padding pss"],
    ["PSS with a long salt", pss(222), DER, rsa, "--padding pss"],
    ["PSS with a long salt where PSS is right", pss(222), { ...DER, padding: "pss" }, rsa, "rsa_pss_saltlen:digest"],
    ["PKCS#1 for PSS", sign("sha256", message, rsa.privateKey), { ...DER, padding: "pss" }, rsa, "--padding pkcs1"],
    ["a bare digest", privateEncrypt({ key: rsa.privateKey }, digest), DER, rsa, "--key-input digestinfo"],
  ] as const)("%s is refused with its reason", (_, answer, form, pair, words) => {
    expect(refused(answer, form, pair.publicKey)).toContain(words);
  });

  it("a byte behind a signature of full length is refused", () => {
    let full = der;
    while (full.length < 72) full = sign("sha256", message, ec.privateKey);
    const longer = Buffer.concat([full, Buffer.from([0])]);
    expect(refused(longer, DER, ec.publicKey)).toContain("something follows the signature");
  });

  it("Ed25519 over a digest is refused with its reason", () => {
    expect(refused(sign(null, digest, ed.privateKey), DER, ed.publicKey, null)).toContain("in place of the message");
  });
});

interface KeyCommand {
  readonly cases: readonly {
    readonly id: string;
    readonly path: string | null;
    readonly key: string;
    readonly hash: "sha256" | "sha384" | "sha512";
    readonly expected: "accept" | "reject" | "no signature";
  }[];
}

/** Answers of real tokens and of openssl. */
describe.skipIf(!hasCorpus)("real answers", () => {
  const folder = join(CORPUS, "further/key-command");
  const { cases } = hasCorpus ? (jsonFromCorpus("further/key-command/manifest.json") as KeyCommand) : { cases: [] };
  const bytes = (path: string) => readFileSync(join(folder, path));

  it.each(cases)("$id: $expected", ({ path, key, hash, expected }) => {
    const publicKey = createPublicKey(bytes(key));
    const asked = {
      message: bytes("message.bin"),
      key: publicKey,
      hash: publicKey.asymmetricKeyType === "ed25519" ? null : hash,
    };
    const answer = path === null ? Buffer.alloc(0) : bytes(path);
    const taken = () => readAnswer(answer, DER, asked);
    if (expected === "accept") expect(taken()).toEqual(answer);
    else expect(taken).toThrow(expected === "reject" ? /nothing is written/ : /wrote no signature/);
  });

  it("are 25", () => expect(cases).toHaveLength(hasCorpus ? 25 : 0));
});
