import { readSignedData, readSignerInfo } from "../../../src/verify/cms/signed-data.ts";
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

describe("a SignerInfo", () => {
  const algorithm = sequence(oid("2.16.840.1.101.3.4.2.1"));
  const parts = [integer(1), sequence(), algorithm, context(0, Buffer.alloc(0)), algorithm, octets(Buffer.from("sig"))];

  it("is whole, or none", () => {
    expect(readSignerInfo(sequence(...parts)).signature.toString()).toBe("sig");
    for (let count = 0; count < parts.length; count++) {
      expect(() => readSignerInfo(sequence(...parts.slice(0, count))), `${count} parts`).toThrow(/CMS/);
    }
  });
});
