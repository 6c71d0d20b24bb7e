import { heldByProgram, heldHere } from "../../../src/sign/key/signing-key.ts";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";

const message = Buffer.from("to be signed\n");
const pair = {
  "P-256": generateKeyPairSync("ec", { namedCurve: "P-256" }),
  "P-384": generateKeyPairSync("ec", { namedCurve: "P-384" }),
  "P-521": generateKeyPairSync("ec", { namedCurve: "P-521" }),
  RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  "RSA-PSS": generateKeyPairSync("rsa-pss", { modulusLength: 2048 }),
  Ed25519: generateKeyPairSync("ed25519"),
};

describe("a key here", () => {
  it.each([
    ["P-256", "sha256"],
    ["P-384", "sha384"],
    ["P-521", "sha512"],
    ["RSA", "sha256"],
    ["RSA-PSS", "sha256"],
    ["Ed25519", null],
  ] as const)("%s signs over %s", async (name, hash) => {
    const key = heldHere(pair[name].privateKey, "pkcs1");
    expect(key.hash).toBe(hash);
    expect(verify(hash, message, key.publicKey, await key.sign(message))).toBe(true);
  });

  it("RSA padded as PSS is announced as a key for that alone", async () => {
    const key = heldHere(pair.RSA.privateKey, "pss");
    expect(key.publicKey.asymmetricKeyType).toBe("rsa-pss");
    expect(key.publicKey.asymmetricKeyDetails).toMatchObject({ hashAlgorithm: "sha256", saltLength: 32 });
    expect(verify("sha256", message, key.publicKey, await key.sign(message))).toBe(true);
    expect(key.fingerprint).not.toBe(heldHere(pair.RSA.privateKey, "pkcs1").fingerprint);
  });
});

describe("a key of a program", () => {
  const FORM = { format: "der", padding: "pkcs1", input: "digest" } as const;

  it("is asked with what it reads, and its answer is verified", async () => {
    const asked: Buffer[] = [];
    const run = async (input: Buffer) => {
      asked.push(input);
      return sign("sha256", message, pair.RSA.privateKey);
    };
    for (const input of ["digest", "digestinfo", "message"] as const)
      await heldByProgram(pair.RSA.publicKey, { ...FORM, input }, run).sign(message);
    expect(asked.map((one) => one.length)).toEqual([32, 51, message.length]);
    expect(asked[1]?.subarray(19)).toEqual(asked[0]);
  });

  it("Ed25519 is given the message, whatever was said", async () => {
    const run = async (input: Buffer) => sign(null, input, pair.Ed25519.privateKey);
    await expect(heldByProgram(pair.Ed25519.publicKey, FORM, run).sign(message)).resolves.toHaveLength(64);
  });

  it("that signs with another key than was announced is found out", async () => {
    const run = async (input: Buffer) => sign(null, input, generateKeyPairSync("ed25519").privateKey);
    await expect(heldByProgram(pair.Ed25519.publicKey, FORM, run).sign(message)).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
    });
  });

  it("of a kind that signs nothing here is refused", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
    expect(() => heldByProgram(publicKey, FORM, async (input) => input)).toThrow(/secp256k1 signs nothing here/);
  });
});
