import { openPrivateKey, publicKeyOf } from "../../../src/sign/key/private-key.ts";
import { CORPUS, hasCorpus, jsonFromCorpus } from "../../verify/corpus.ts";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PASSWORD = "a password of the tests";
const pem = (passphrase?: string, namedCurve = "P-256") => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve });
  const encrypted = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return Buffer.from(privateKey.export({ type: "pkcs8", format: "pem", ...encrypted }));
};
const open = (encoded: Buffer, password = PASSWORD) => openPrivateKey(encoded, "key.pem", async () => password);

describe("a key file", () => {
  it("is opened by its password", async () => {
    const { key, warnings } = await open(pem(PASSWORD));
    expect([publicKeyOf(key).asymmetricKeyType, warnings]).toEqual(["ec", []]);
  });

  it.each([
    ["the wrong password", pem(PASSWORD), "not opened by the password"],
    ["a key without a password", pem(), "not encrypted"],
    ["a curve that signs nothing here", pem(PASSWORD, "secp256k1"), "secp256k1"],
    ["a certificate", Buffer.from("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"), "no private key"],
    ["anything else", Buffer.from("hello"), "no private key"],
    [
      "cosign's own kind",
      Buffer.from("-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\nAA==\n-----END ENCRYPTED COSIGN PRIVATE KEY-----\n"),
      "cosign's own kind",
    ],
  ])("%s is refused, and no password is told", async (_, encoded, words) => {
    const wrong = "not the password";
    const password = words.includes("opened") ? wrong : PASSWORD;
    const failure = await open(encoded, password).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "usage", code: "SIGNING_KEY", message: expect.stringContaining(words) });
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(password);
  });

  it("of a kind that is refused asks for no password", async () => {
    const asked = openPrivateKey(pem(), "key.pem", () => Promise.reject(new Error("asked")));
    await expect(asked).rejects.toThrow("not encrypted");
  });
});

interface EncryptedKeys {
  readonly encryptedKeys: readonly {
    readonly path: string;
    readonly passphrase: string;
    readonly nodeCrypto: string;
  }[];
}

describe.skipIf(!hasCorpus)("real key files", () => {
  const { encryptedKeys } = hasCorpus
    ? (jsonFromCorpus("further/key-command/manifest.json") as EncryptedKeys)
    : { encryptedKeys: [] };

  it.each(encryptedKeys)("$path: $nodeCrypto", async ({ path, passphrase, nodeCrypto }) => {
    const encoded = readFileSync(join(CORPUS, "further/key-command", path));
    if (!nodeCrypto.startsWith("opens")) {
      await expect(open(encoded, passphrase)).rejects.toThrow("cosign's own kind");
      return;
    }
    const { key, warnings } = await open(encoded, passphrase);
    expect(key.type).toBe("private");
    expect(warnings).toHaveLength(nodeCrypto.includes("not to be recommended") ? 1 : 0);
    await expect(open(encoded, `${passphrase} `)).rejects.toThrow("not opened by the password");
  });

  it("are six", () => expect(encryptedKeys).toHaveLength(hasCorpus ? 6 : 0));
});
