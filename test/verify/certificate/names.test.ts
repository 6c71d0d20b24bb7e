import { attributesOf, dotted, nameText } from "../../../src/verify/certificate/names.ts";
import * as der from "../../support/sigstore/der.ts";
import { nameOf } from "../../support/notary/mint.ts";
import { describe, expect, it } from "vitest";

const content = (name: Buffer) => name.subarray(2);
const read = (name: Buffer) => attributesOf(content(name));

describe("the attributes of a name", () => {
  it("have short names where there are some, else their OID", () =>
    expect(read(nameOf(["C", "US"], ["O", "Contoso"], ["1.2.840.113549.1.9.1", "a@b"]))).toEqual([
      { type: "C", value: "US" },
      { type: "O", value: "Contoso" },
      { type: "1.2.840.113549.1.9.1", value: "a@b" },
    ]));

  it.each([
    ["PrintableString", der.tlv(0x13, Buffer.from("abc")), "abc"],
    ["IA5String", der.tlv(0x16, Buffer.from("a@b")), "a@b"],
    ["BMPString", der.tlv(0x1e, Buffer.from([0, 0x4d, 0, 0xfc])), "Mü"],
    ["BMPString cut", der.tlv(0x1e, Buffer.from([0])), null],
    ["UTF8String that is none", der.tlv(0x0c, Buffer.from([0xff])), null],
    ["PrintableString with a NUL", der.tlv(0x13, Buffer.from("a\u0000b")), null],
    ["T61String", der.tlv(0x14, Buffer.from("abc")), null],
  ])("as %s", (_, value, text) => expect(read(nameOf(["O", value]))).toEqual([{ type: "O", value: text }]));

  it("of one RDN stand one after another", () => {
    const both = ["2.5.4.10", "2.5.4.11"].map((oid) => der.sequence(der.oid(oid), der.utf8(oid)));
    expect(read(der.sequence(der.set(...both))).map(({ type }) => type)).toEqual(["O", "OU"]);
  });

  it("are no others than a name has", () => {
    for (const wrong of [der.set(der.set()), der.set(der.sequence(der.integer(1)))])
      expect(() => read(der.sequence(wrong))).toThrow(/DER/);
  });
});

describe("a name as text", () => {
  it("escapes what stands between attributes", () =>
    expect(nameText(read(nameOf(["C", "US"], ["O", "a, b+c"], ["CN", ' #"'])))).toBe('C=US, O=a\\, b\\+c, CN=\\ #\\"'));

  it("shows an OID in dots", () => expect(dotted("2a864886f70d010901")).toBe("1.2.840.113549.1.9.1"));
});
