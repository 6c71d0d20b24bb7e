import { fromP1363, isExactDer } from "../../../src/sign/key/ecdsa.ts";
import { generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";

const message = Buffer.from("to be signed\n");

it.each([
  ["P-256", 32],
  ["P-384", 48],
  ["P-521", 66],
] as const)(
  "%s: every signature is one DER value, and what is longer, or spelt otherwise, is none",
  (namedCurve, size) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve });
    for (let round = 0; round < 30; round++) {
      const der = sign("sha256", message, privateKey);
      expect(isExactDer(der)).toBe(true);
      expect(isExactDer(Buffer.concat([der, Buffer.from([0])]))).toBe(false);
      expect(isExactDer(der.subarray(0, -1))).toBe(false);
      const raw = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
      expect(isExactDer(fromP1363(raw, size) ?? raw)).toBe(true);
      expect(fromP1363(raw.subarray(1), size)).toBeNull();
    }
  },
);

it("a number with zeros before it, or with a sign, is another spelling", () => {
  const of = (r: string) =>
    Buffer.from(
      `30${(r.length / 2 + 5).toString(16).padStart(2, "0")}02${(r.length / 2).toString(16).padStart(2, "0")}${r}020101`,
      "hex",
    );
  expect(isExactDer(of("05"))).toBe(true);
  expect(isExactDer(of("0080"))).toBe(true);
  expect(isExactDer(of("0005"))).toBe(false);
  expect(isExactDer(of("80"))).toBe(false);
  expect(isExactDer(Buffer.from("300702818105020101", "hex"))).toBe(false);
  expect(isExactDer(Buffer.from("02", "hex"))).toBe(false);
  expect(fromP1363(Buffer.alloc(64), 32)).toEqual(Buffer.from("3006020100020100", "hex"));
});
