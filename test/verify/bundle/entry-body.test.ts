import { readBody } from "../../../src/verify/bundle/entry-body.ts";
import { newKey, pem } from "../../support/sigstore.ts";
import { describe, expect, test } from "vitest";

const key = newKey();
const SIGNATURE = Buffer.from("signature").toString("base64");
const VERIFIER = Buffer.from(pem("PUBLIC KEY", key.spki)).toString("base64");
const signed = { signature: SIGNATURE, verifier: VERIFIER };
const dsse = (signatures: unknown, more: object = {}) => ({
  kind: "dsse",
  apiVersion: "0.0.1",
  spec: { signatures },
  ...more,
});

function read(entry: unknown, stated = { kind: "dsse", version: "0.0.1" }) {
  return readBody(Buffer.from(typeof entry === "string" ? entry : JSON.stringify(entry)), stated);
}

describe("the body of a log entry", () => {
  test("names what was signed with what", () => {
    expect(read(dsse([signed]))).toEqual({
      signature: Buffer.from("signature"),
      verifier: { kind: "key", der: key.spki },
    });
  });

  test.each<[string, unknown, string]>([
    ["an entry of another kind than stated", dsse([signed], { kind: "hashedrekord" }), "LOG_MISMATCH"],
    ["an entry of another version than stated", dsse([signed], { apiVersion: "0.0.2" }), "LOG_MISMATCH"],
    ["an entry that records two signatures", dsse([signed, signed]), "LOG_MISMATCH"],
    ["an entry that records no signature", dsse([]), "LOG_MISMATCH"],
    ["an entry without a list", dsse({ 0: signed, length: 1 }), "LOG_MISMATCH"],
    ["an entry of nothing", dsse([signed], { spec: null }), "LOG_MISMATCH"],
    ["an entry without what it records", dsse([signed], { spec: undefined }), "LOG_MISMATCH"],
    ["an entry of a text", dsse([signed], { spec: "signatures" }), "LOG_MISMATCH"],
    ["a signature that is none", dsse([null]), "LOG_MISMATCH"],
    ["a signature that is a number", dsse([7]), "LOG_MISMATCH"],
    ["a verifier that is two", dsse([{ ...signed, verifier: twice() }]), "LOG_MISMATCH"],
    ["a verifier that is none", dsse([{ ...signed, verifier: SIGNATURE }]), "LOG_MISMATCH"],
    ["no signature", dsse([{ ...signed, signature: "" }]), "LOG_MISMATCH"],
    ["a name twice", JSON.stringify(dsse([signed])).replace('"spec"', '"spec":{},"spec"'), "LOG_INVALID"],
    ["no JSON", "rubbish", "LOG_INVALID"],
  ])("%s", (_, entry, code) => {
    expect(() => read(entry)).toThrow(expect.objectContaining({ code }));
  });

  test("a kind that is not known", () => {
    const entry = { kind: "helm", apiVersion: "0.0.1", spec: {} };
    expect(() => read(entry, { kind: "helm", version: "0.0.1" })).toThrow(
      expect.objectContaining({ code: "LOG_INVALID" }),
    );
  });
});

function twice(): string {
  const one = pem("PUBLIC KEY", key.spki);
  return Buffer.from(`${one}\n${one}`).toString("base64");
}
