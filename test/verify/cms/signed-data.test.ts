import { readSignedData, readSignerInfo, single } from "../../../src/verify/cms/signed-data.ts";
import { context, integer, octets, oid, sequence, set, tlv } from "../../support/sigstore/der.ts";
import { describe, expect, it } from "vitest";

/** SignedData that nobody signed, around this content. */
const around = (content: Buffer) =>
  sequence(
    oid("1.2.840.113549.1.7.2"),
    context(0, sequence(integer(1), set(), sequence(oid("1.2.840.113549.1.7.1"), context(0, content)), set())),
  );

/** BER: a text in pieces, up to an end mark. */
const pieces = (...all: readonly Buffer[]) => Buffer.concat([Buffer.from([0x24, 0x80]), ...all, Buffer.from([0, 0])]);

describe("the content of SignedData", () => {
  it("is one text, or the pieces of one", () => {
    expect(readSignedData(around(octets(Buffer.from("abcd")))).content.toString()).toBe("abcd");
    const two = pieces(octets(Buffer.from("ab")), octets(Buffer.from("cd")));
    expect(readSignedData(around(two)).content.toString()).toBe("abcd");
  });

  it("has pieces of text alone", () => {
    expect(() => readSignedData(around(pieces(octets(Buffer.from("ab")), tlv(0x0c, Buffer.from("cd")))))).toThrow(
      /CMS/,
    );
  });
});

const SIGNED_DATA = oid("1.2.840.113549.1.7.2");
const DATA = oid("1.2.840.113549.1.7.1");
const CONTENT = context(0, octets(Buffer.from("abcd")));
const INNER = [integer(1), set(), sequence(DATA, CONTENT), set()] as const;
const data = (...parts: readonly Buffer[]) => context(0, sequence(...parts));
const inner = (at: number, part: Buffer) => sequence(SIGNED_DATA, data(...INNER.with(at, part)));
const encapsulated = (...parts: readonly Buffer[]) => inner(2, sequence(...parts));
const ber = (...bytes: readonly number[]) => encapsulated(DATA, context(0, Buffer.from(bytes)));
const NOT_CMS = expect.objectContaining({
  code: "BUNDLE_MALFORMED",
  message: expect.stringContaining("CMS") as string,
});

describe("SignedData", () => {
  it("has its content, the certificates among what comes along, and its signers", () => {
    const certificates = context(
      0,
      Buffer.concat([sequence(integer(7)), context(1, integer(8)), sequence(integer(9))]),
    );
    const read = readSignedData(sequence(SIGNED_DATA, data(...INNER.slice(0, 3), certificates, set())));
    expect(read).toMatchObject({ contentType: "2a864886f70d010701", signers: [] });
    expect(read.certificates).toEqual([sequence(integer(7)), sequence(integer(9))]);
    expect(readSignedData(sequence(SIGNED_DATA, data(...INNER))).certificates).toEqual([]);
    const most = data(...INNER.slice(0, 3), certificates, context(1, integer(1)), set());
    expect(readSignedData(sequence(SIGNED_DATA, most)).content.toString()).toBe("abcd");
  });

  it.each([
    ["is empty", sequence()],
    ["says its type alone", sequence(SIGNED_DATA)],
    ["has what it wraps in another tag", sequence(SIGNED_DATA, tlv(0xa1, sequence(...INNER)))],
    ["has more behind it", sequence(SIGNED_DATA, data(...INNER), integer(1))],
    ["is of another type", sequence(DATA, data(...INNER))],
    ["says its type in another tag", sequence(tlv(0x04, SIGNED_DATA.subarray(2)), data(...INNER))],
    ["has a version that is no number", inner(0, octets(Buffer.from([1])))],
    ["has digests that are no set", inner(1, sequence())],
    ["has a content that is no sequence", inner(2, set(DATA, CONTENT))],
    ["has signers that are no set", inner(3, sequence())],
    ["has nothing in it", sequence(SIGNED_DATA, data())],
    ["has a version alone", sequence(SIGNED_DATA, data(integer(1)))],
    ["has no content", sequence(SIGNED_DATA, data(integer(1), set()))],
    ["has more parts than there are", sequence(SIGNED_DATA, data(...INNER, set(), set(), set()))],
    ["has a content of nothing", encapsulated()],
    ["has a content without its text", encapsulated(DATA)],
    ["has a text in another tag", encapsulated(DATA, tlv(0xa1, octets(Buffer.from("abcd"))))],
    ["has a type of content in another tag", encapsulated(octets(Buffer.from("x")), CONTENT)],
    ["has pieces without an end", ber(0x24, 0x80, 0x04, 0x01, 0x61)],
    ["has pieces with half an end", ber(0x24, 0x80, 0x04, 0x01, 0x61, 0x01, 0x00)],
  ])("is none where it %s", (_, der) => {
    expect(() => readSignedData(der)).toThrow(NOT_CMS as Error);
  });

  it.each([
    ["pieces of a length that is told", [0x24, 0x05, 0x04, 0x01, 0x61, 0x00, 0x00]],
    ["one text of a length that is not", [0x04, 0x80, 0x04, 0x01, 0x61, 0x00, 0x00]],
  ])("has no %s", (_, bytes) => expect(() => readSignedData(ber(...bytes))).toThrow());
});

describe("a SignerInfo", () => {
  const algorithm = sequence(oid("2.16.840.1.101.3.4.2.1"));
  const parts = [integer(1), sequence(), algorithm, context(0, Buffer.alloc(0)), algorithm, octets(Buffer.from("sig"))];

  it("is whole, or none", () => {
    expect(readSignerInfo(sequence(...parts)).signature.toString()).toBe("sig");
    for (let count = 0; count < parts.length; count++) {
      expect(() => readSignerInfo(sequence(...parts.slice(0, count))), `${count} parts`).toThrow(/CMS/);
    }
  });

  const none = (at: number, part: Buffer) => sequence(...parts.with(at, part));
  const attribute = (name: string, ...values: readonly Buffer[]) => sequence(oid(name), set(...values));
  const signed = (...all: readonly Buffer[]) => none(3, context(0, Buffer.concat(all)));

  it.each([
    ["version", none(0, octets(Buffer.from([1])))],
    ["digest algorithm", none(2, set(oid("1.2.3")))],
    ["signed attributes", none(3, context(1, Buffer.alloc(0)))],
    ["signature algorithm", none(4, set(oid("1.2.3")))],
    ["signature", none(5, integer(1))],
    ["unsigned attributes", sequence(...parts, context(0, Buffer.alloc(0)))],
    ["end", sequence(...parts, context(1, Buffer.alloc(0)), integer(1))],
    ["name of its digest algorithm", none(2, sequence())],
    ["kind of name for its digest algorithm", none(2, sequence(octets(Buffer.from("x"))))],
    ["attribute without a name", signed(sequence())],
    ["attribute without values", signed(sequence(oid("1.2.3")))],
    ["attribute of another shape", signed(sequence(oid("1.2.3"), sequence()))],
    ["attribute of three parts", signed(sequence(oid("1.2.3"), set(), set()))],
    ["attribute whose name is no name", signed(sequence(octets(Buffer.from("x")), set()))],
  ])("has no other %s", (_, der) => expect(() => readSignerInfo(der)).toThrow(NOT_CMS as Error));

  it("has each attribute once, and what it says is what was signed, as a set", () => {
    const two = [attribute("1.2.3", integer(1)), attribute("1.2.4", integer(2), integer(3))];
    const read = readSignerInfo(sequence(...parts.with(3, context(0, Buffer.concat(two))), context(1, two[0]!)));
    expect(read.signedAttributes).toEqual(set(...two));
    expect([...read.signed]).toEqual([
      ["2a03", [integer(1)]],
      ["2a04", [integer(2), integer(3)]],
    ]);
    expect([...read.unsigned.keys()]).toEqual(["2a03"]);
    expect(read).toMatchObject({ digestAlgorithm: "608648016503040201", signatureAlgorithm: "608648016503040201" });
    expect([single(read.signed, "2a03"), single(read.signed, "2a05")]).toEqual([integer(1), null]);
    expect(() => single(read.signed, "2a04")).toThrow(expect.objectContaining({ code: "SIGNATURE_INVALID" }) as Error);
    expect(() => readSignerInfo(signed(two[0]!, two[0]!))).toThrow(
      expect.objectContaining({ code: "SIGNATURE_INVALID" }) as Error,
    );
    expect(readSignerInfo(sequence(...parts)).unsigned.size).toBe(0);
  });
});
