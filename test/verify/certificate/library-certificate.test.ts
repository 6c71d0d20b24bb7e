import { readCertificate } from "../../../src/verify/certificate/certificate.ts";
import { children, only, whole } from "../../../src/verify/certificate/der.ts";
import { libraryCertificate, verifyAhead } from "../../../src/verify/certificate/library-certificate.ts";
import { createInstance, newKey } from "../../support/sigstore.ts";
import { issueLeaf } from "../../support/sigstore/certificate.ts";
import { bits, boolean, context, integer, octets, oid, sequence, tlv } from "../../support/sigstore/der.ts";
import { identity } from "../judging.ts";
import { describe, expect, it } from "vitest";

const { intermediate } = await createInstance();
const at = new Date("2026-02-03T04:05:06Z");
const leaf = issueLeaf(intermediate, { key: newKey() }, identity, at, {}).certificate;

/** A certificate with these extensions, which nobody signed. */
function withExtensions(...extensions: readonly Buffer[]) {
  const [tbs, ...rest] = children(leaf, only(leaf, 0, leaf.length, 0x30));
  const parts = children(leaf, tbs!).map((one) => whole(leaf, one));
  const der = sequence(
    sequence(...parts.slice(0, 7), context(3, sequence(...extensions))),
    ...rest.map((one) => whole(leaf, one)),
  );
  return readCertificate(der);
}
const extension = (name: string, value: Buffer) => sequence(oid(name), octets(value));
const basic = (...content: readonly Buffer[]) => extension("2.5.29.19", sequence(...content));
const usage = (byte: number) => extension("2.5.29.15", bits(Buffer.from([byte])));
const OTHER = extension("1.2.3.4", sequence());

describe("what a certificate may do, for the library", () => {
  it.each([
    ["says nothing of it", [OTHER], false, undefined],
    ["is an authority's", [basic(boolean(true))], true, { isCA: true, pathLenConstraint: undefined }],
    ["is no authority's", [basic(boolean(false))], false, { isCA: false, pathLenConstraint: undefined }],
    ["does not say of whom it is", [basic()], false, { isCA: false, pathLenConstraint: undefined }],
    [
      "says yes in a way that DER has not",
      [basic(tlv(1, Buffer.from([1])))],
      false,
      { isCA: false, pathLenConstraint: undefined },
    ],
    [
      "says yes by another kind of value",
      [basic(tlv(2, Buffer.from([0xff])))],
      false,
      { isCA: false, pathLenConstraint: undefined },
    ],
    ["may certify", [basic(boolean(true)), usage(0x04)], true, { isCA: true, pathLenConstraint: undefined }],
    ["may certify and more", [basic(boolean(true)), usage(0x86)], true, { isCA: true, pathLenConstraint: undefined }],
    ["may sign alone", [basic(boolean(true)), usage(0x80)], false, { isCA: true, pathLenConstraint: undefined }],
    ["may certify, and is no authority's", [usage(0x04), OTHER], false, undefined],
    ["has none below", [basic(boolean(true), integer(0))], true, { isCA: true, pathLenConstraint: 0n }],
    ["has some below", [basic(boolean(true), integer(300))], true, { isCA: true, pathLenConstraint: 300n }],
  ] as const)("one that %s", (_, extensions, isCA, constraints) => {
    const read = libraryCertificate(withExtensions(...extensions)) as unknown as Record<string, unknown>;
    expect(read["isCA"]).toBe(isCA);
    expect(read["extBasicConstraints"]).toEqual(constraints);
  });

  it.each([
    ["of another kind", tlv(4, Buffer.from([1]))],
    ["of nothing", tlv(2)],
  ])("a number %s is none", (_, length) => {
    const read = withExtensions(basic(boolean(true), length));
    expect(() => libraryCertificate(read)).toThrow(expect.objectContaining({ code: "CERTIFICATE_INVALID" }) as Error);
  });

  it("which key it is for, and which signed it, where it says so", () => {
    const id = Buffer.from("0123");
    const of = (...all: readonly Buffer[]) => libraryCertificate(withExtensions(...all));
    const own = of(extension("2.5.29.14", octets(id)));
    expect(own.extSubjectKeyID).toEqual({ keyIdentifier: id });
    expect(own.extAuthorityKeyID).toBeUndefined();
    const issuer = of(extension("2.5.29.35", sequence(context(0, id, false))));
    expect(issuer.extAuthorityKeyID).toEqual({ keyIdentifier: id });
    expect(issuer.extSubjectKeyID).toBeUndefined();
  });
});

describe("as the library asks", () => {
  const [own, issuer, other] = [
    leaf,
    intermediate.certificate,
    issueLeaf(intermediate, { key: newKey() }, identity, at, {}).certificate,
  ].map((der) => libraryCertificate(readCertificate(der))) as [
    ReturnType<typeof libraryCertificate>,
    ReturnType<typeof libraryCertificate>,
    ReturnType<typeof libraryCertificate>,
  ];

  it("who signed it, whether that was found out ahead or not", async () => {
    expect([own.verify(issuer), own.verify(other), own.verify()]).toEqual([true, false, false]);
    const again = libraryCertificate(readCertificate(leaf));
    await Promise.all([verifyAhead(again, issuer), verifyAhead(again, other)]);
    expect([again.verify(issuer), again.verify(other)]).toEqual([true, false]);
  });

  it("when it holds: from its first moment to its last", () => {
    const { notBefore, notAfter } = own;
    const dates = [notBefore, notAfter, new Date(notBefore.getTime() - 1), new Date(notAfter.getTime() + 1)];
    expect(dates.map((date) => own.validForDate(date))).toEqual([true, true, false, false]);
  });

  it("whether another one is the same", () => {
    expect(own.equals(own)).toBe(true);
    expect(own.equals(libraryCertificate(readCertificate(leaf)))).toBe(true);
    expect(own.equals(other)).toBe(false);
  });
});
