import { describe, expect, test } from "vitest";
import { authorityKeyId, readCertificate, subjectKeyId } from "../../../src/verify/certificate/certificate.ts";
import { createInstance, newKey } from "../../support/sigstore.ts";
import { children, contentOf, only, whole } from "../../../src/verify/certificate/der.ts";
import { issueLeaf } from "../../support/sigstore/certificate.ts";
import {
  bits,
  boolean,
  context,
  generalizedTime,
  integer,
  octets,
  oid,
  sequence,
  set,
  tlv,
  utcTime,
} from "../../support/sigstore/der.ts";
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

describe("a certificate of any other shape is none", () => {
  const OUTER = children(der, only(der, 0, der.length, 0x30));
  const TBS = children(der, OUTER[0]!).map((one) => whole(der, one));
  const [, ALGORITHM, SIGNATURE] = OUTER.map((one) => whole(der, one)) as [Buffer, Buffer, Buffer];
  const inner = (...parts: readonly Buffer[]) => sequence(sequence(...parts), ALGORITHM, SIGNATURE);
  const tagged = (tag: number, part: Buffer) => Buffer.concat([Buffer.from([tag]), part.subarray(1)]);
  const extended = (...all: readonly Buffer[]) => inner(...TBS.with(EXTENSIONS, context(3, sequence(...all))));
  const timed = (...all: readonly Buffer[]) => inner(...TBS.with(VALIDITY, sequence(...all)));
  const text = (tag: number, digits: string) => tlv(tag, Buffer.from(digits));
  const UNTIL = generalizedTime(new Date("2050-01-01T00:00:00Z"));
  const ONE = sequence(oid("1.2.3.4"), octets(Buffer.from("x")));
  const bare = (algorithm: Buffer) => sequence(sequence(...TBS.with(2, algorithm)), algorithm, SIGNATURE);

  test("and this one has the right one", () => {
    expect(inner(...TBS).equals(der)).toBe(true);
    const [, , signature] = OUTER;
    expect(readCertificate(der).signature).toEqual(contentOf(der, signature!).subarray(1));
    expect(readCertificate(extended(ONE)).extensions.get("2a0304")).toEqual({
      critical: false,
      value: Buffer.from("x"),
    });
  });

  test.each<[string, Buffer]>([
    ["nothing in it", sequence()],
    ["no algorithm", sequence(sequence(...TBS))],
    ["no signature", sequence(sequence(...TBS), ALGORITHM)],
    ["a signed part that is no sequence", sequence(set(...TBS), ALGORITHM, SIGNATURE)],
    ["an algorithm that is no sequence", sequence(sequence(...TBS), tagged(0x31, ALGORITHM), SIGNATURE)],
    ["a signature that is no bits", sequence(sequence(...TBS), ALGORITHM, tagged(0x04, SIGNATURE))],
    ["a signature of half a byte", sequence(sequence(...TBS), ALGORITHM, bits(Buffer.from("sig"), 4))],
    ["more behind the signature", sequence(sequence(...TBS), ALGORITHM, SIGNATURE, integer(1))],
    ["an algorithm without a name", bare(sequence())],
    ["an algorithm whose name is none", bare(sequence(octets(Buffer.from("x"))))],
    ["nothing signed", inner()],
    ["no version", inner(...TBS.slice(1))],
    ["a version alone", inner(TBS[0]!)],
    ["a version in another tag", inner(...TBS.with(0, tagged(0xa1, TBS[0]!)))],
    ["version 2", inner(...TBS.with(0, context(0, integer(1))))],
    ["a serial number that is none", inner(...TBS.with(1, octets(Buffer.from("1"))))],
    ["no inner algorithm", inner(...TBS.slice(0, 2))],
    ["no issuer", inner(...TBS.slice(0, 3))],
    ["no validity", inner(...TBS.slice(0, 4))],
    ["no subject", inner(...TBS.slice(0, 5))],
    ["no key", inner(...TBS.slice(0, 6))],
    ["no extensions", inner(...TBS.slice(0, 7))],
    ["extensions in another tag", inner(...TBS.with(EXTENSIONS, tagged(0xa2, TBS[EXTENSIONS]!)))],
    ["more behind its extensions", inner(...TBS, integer(1))],
    ["no times", timed()],
    ["one time", timed(UNTIL)],
    ["a time in another tag", timed(text(0x0c, "20260203040506Z"), UNTIL)],
    ["a time with more behind it", timed(text(0x18, "20260203040506Z0"), UNTIL)],
    ["a time with more before it", timed(text(0x18, "020260203040506Z"), UNTIL)],
    ["a time without seconds", timed(text(0x17, "2602030405Z"), UNTIL)],
    ["a time of another zone", timed(text(0x17, "260203040506+0100"), UNTIL)],
    ["an extension that is no sequence", extended(set(oid("1.2.3.4"), octets(Buffer.from("x"))))],
    ["an extension of nothing", extended(sequence())],
    ["an extension without a value", extended(sequence(oid("1.2.3.4")))],
    ["an extension whose name is none", extended(sequence(octets(Buffer.from("n")), octets(Buffer.from("x"))))],
    ["an extension whose value is none", extended(sequence(oid("1.2.3.4"), integer(1)))],
    [
      "an extension of four parts",
      extended(sequence(oid("1.2.3.4"), boolean(true), boolean(true), octets(Buffer.from("x")))),
    ],
    [
      "an extension that is not critical, and says so",
      extended(sequence(oid("1.2.3.4"), boolean(false), octets(Buffer.from("x")))),
    ],
    ["an extension twice", extended(ONE, ONE)],
  ])("with %s", (_, other) => {
    expect(() => readCertificate(other)).toThrow(expect.objectContaining({ code: "CERTIFICATE_INVALID" }) as Error);
  });

  test("a name twice is two signers", () => {
    for (const name of ["2.5.29.17", "1.3.6.1.4.1.57264.1.9"]) {
      const one = sequence(oid(name), octets(Buffer.from("x")));
      expect(() => readCertificate(extended(one, one))).toThrow(
        expect.objectContaining({ code: "SIGNER_AMBIGUOUS" }) as Error,
      );
    }
  });

  test("years of two digits are of the last century from 50 on", () => {
    const of = (date: string) => readCertificate(timed(utcTime(new Date(date)), UNTIL)).notBefore.toISOString();
    expect(of("2049-12-31T23:59:59Z")).toBe("2049-12-31T23:59:59.000Z");
    expect(of("1950-01-01T00:00:00Z")).toBe("1950-01-01T00:00:00.000Z");
  });

  test("key identifiers are there, or they are not", () => {
    const id = Buffer.from("0123");
    const [none, both, other] = [
      [ONE],
      [
        sequence(oid("2.5.29.14"), octets(octets(id))),
        sequence(oid("2.5.29.35"), octets(sequence(context(1, integer(1)), context(0, id, false)))),
      ],
      [sequence(oid("2.5.29.35"), octets(sequence(context(1, integer(1)))))],
    ].map((all) => readCertificate(extended(...all)));
    expect([authorityKeyId(none!), subjectKeyId(none!)]).toEqual([null, null]);
    expect([authorityKeyId(both!), subjectKeyId(both!)]).toEqual([id, id]);
    expect(authorityKeyId(other!)).toBeNull();
  });
});
