import { describe, expect, test } from "vitest";
import { readCertificate } from "../../../src/verify/certificate/certificate.ts";
import { createInstance, newKey } from "../../support/sigstore.ts";
import { children, only, whole } from "../../../src/verify/certificate/der.ts";
import { issueLeaf } from "../../support/sigstore/certificate.ts";
import { context, generalizedTime, octets, oid, sequence, tlv } from "../../support/sigstore/der.ts";
import { identity } from "../judging.ts";

const { intermediate } = await createInstance();
const at = new Date("2026-02-03T04:05:06Z");
const { certificate: der, key } = issueLeaf(intermediate, { key: newKey() }, identity, at, {});

/** The same certificate with other parts of what is signed (RFC 5280, 4.1). */
function rebuilt(change: (parts: Buffer[]) => unknown): Buffer {
  const [tbs, ...rest] = children(der, only(der, 0, der.length, 0x30));
  const parts = children(der, tbs!).map((one) => whole(der, one));
  change(parts);
  return sequence(sequence(...parts), ...rest.map((one) => whole(der, one)));
}

const VALIDITY = 4;
const EXTENSIONS = 7;

describe("a certificate in strict reading", () => {
  test("its parts are slices of its bytes", () => {
    const read = readCertificate(der);
    expect(read.spki.equals(key.spki)).toBe(true);
    expect(read.notBefore).toEqual(at);
    expect(read.notAfter).toEqual(new Date("2026-02-03T04:15:06Z"));
    expect(read.serialNumber[0]).toBe(0x21);
    expect(der.includes(read.tbs) && der.includes(read.signature)).toBe(true);
  });

  test("the precertificate lacks the list of timestamps and nothing else", () => {
    const list = Buffer.from("060a2b06010401d679020402", "hex");
    const read = readCertificate(der);
    expect(read.tbs.includes(list)).toBe(true);
    expect(read.precertificate().includes(list)).toBe(false);
    const without = issueLeaf(intermediate, { key: newKey() }, identity, at, { sct: "none" });
    const same = readCertificate(without.certificate);
    expect(same.precertificate().equals(same.tbs)).toBe(true);
  });

  test.each([3, 4, 5, 6])("its part %i is a sequence", (at) => {
    const other = rebuilt((parts) => (parts[at] = Buffer.concat([Buffer.from([0x31]), parts[at]!.subarray(1)])));
    expect(() => readCertificate(other)).toThrow(expect.objectContaining({ code: "CERTIFICATE_INVALID" }));
  });

  test("its times are of either kind", () => {
    const times = sequence(generalizedTime(at), generalizedTime(new Date("2050-01-01T00:00:00Z")));
    const read = readCertificate(rebuilt((parts) => (parts[VALIDITY] = times)));
    expect([read.notBefore, read.notAfter]).toEqual([at, new Date("2050-01-01T00:00:00Z")]);
  });

  test("an extension is critical where a BOOLEAN says so, and no other tag does", () => {
    const with1 = (tag: number) =>
      rebuilt((parts) => {
        const one = sequence(oid("1.2.3.4"), tlv(tag, Buffer.from([0xff])), octets(Buffer.from("x")));
        parts[EXTENSIONS] = context(3, sequence(one));
      });
    expect([...readCertificate(with1(0x01)).extensions.values()]).toMatchObject([{ critical: true }]);
    expect(() => readCertificate(with1(0x02))).toThrow(/certificate/);
  });

  const sha384 = Buffer.from("2a8648ce3d040303", "hex");
  const wrong: readonly (readonly [string, (copy: Buffer) => Buffer])[] = [
    [
      "another algorithm outside than inside",
      (copy) => (copy.writeUInt8(2, copy.lastIndexOf(sha384) + sha384.length - 1), copy),
    ],
    ["bytes after it", (copy) => Buffer.concat([copy, Buffer.from([0])])],
    ["cut off", (copy) => copy.subarray(0, -1)],
    ["an indefinite length", (copy) => (copy.writeUInt8(0x80, 1), copy)],
    ["a length in more bytes than needed", (copy) => Buffer.concat([Buffer.from([0x30, 0x83, 0]), copy.subarray(2)])],
    ["not version 3", (copy) => (copy.writeUInt8(1, copy.indexOf(Buffer.from("a003020102", "hex")) + 4), copy)],
    ["a month that is none", (copy) => (copy.write("13", copy.indexOf("260203040506Z") + 2, "latin1"), copy)],
    ["empty", () => Buffer.alloc(0)],
  ];
  test.each(wrong)("refused: %s", (_, change) => {
    expect(() => readCertificate(change(Buffer.from(der)))).toThrow(/certificate/);
  });
});
