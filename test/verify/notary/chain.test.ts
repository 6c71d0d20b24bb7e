import { CONTENT, FORMATS, jws, outcomeOf } from "../../support/notary/judged.ts";
import {
  basicConstraints,
  CODE_SIGNING,
  extension,
  keyUsage,
  newAuthority,
  newKey,
  newLeaf,
  type Party,
  purposes,
  TIME_STAMPING,
} from "../../support/notary/mint.ts";
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";

const ROOT = newAuthority("root");
const MIDDLE = newAuthority("middle", { issuer: ROOT });
const stores = [["ca", ROOT]] as const;
const outcome = (by: Party, above: readonly Party[] = [MIDDLE, ROOT]) =>
  outcomeOf(jws({ by, above, content: CONTENT }), { stores });
const leaf = (how: Parameters<typeof newLeaf>[1] = {}) => newLeaf("release", { issuer: MIDDLE, ...how });
const REFUSED = /^CERTIFICATE_INVALID: the certificate chain: /;

describe("the chain of a good signature", () => {
  it.each(FORMATS)("is one leaf, its authorities and their root (%s)", (_, written) => {
    const by = leaf();
    expect(outcomeOf(written({ by, above: [MIDDLE, ROOT], content: CONTENT }), { stores })).toBe("verified");
  });

  it.each([
    ["without extended key usage", { purposes: null }],
    ["with nonRepudiation as well", { usage: keyUsage(0xc0) }],
    ["with critical certificate policies", { policies: extension("2.5.29.32", true, Buffer.from("3000", "hex")) }],
  ])("may have a leaf %s", (_, extensions) => expect(outcome(leaf({ extensions }))).toBe("verified"));

  it("may be a leaf that is its own issuer and stands in the store", () => {
    const own = newLeaf("own");
    expect(outcomeOf(jws({ by: own, above: [], content: CONTENT }), { stores: [["ca", own]] })).toBe("verified");
    expect(outcome(own, [])).toBe("foreign");
  });

  it("may have any certificate of it in the store", () => {
    const by = leaf();
    const signed = jws({ by, above: [MIDDLE, ROOT], content: CONTENT });
    expect(outcomeOf(signed, { stores: [["ca", MIDDLE]] })).toBe("verified");
    expect(outcomeOf(signed, { stores: [["ca", newAuthority("root")]] })).toBe("foreign");
    expect(outcomeOf(signed, { stores: [["signingAuthority", ROOT]] })).toBe("foreign");
  });
});

describe("a leaf does not sign", () => {
  it.each([
    ["no key usage", { usage: null }, "no key usage"],
    ["key usage that is not critical", { usage: keyUsage(0x80, false) }, "not critical"],
    ["no digital signature", { usage: keyUsage(0x40) }, "not digital signature"],
    ["keyEncipherment", { usage: keyUsage(0xa0) }, "more than signatures"],
    ["dataEncipherment", { usage: keyUsage(0x90) }, "more than signatures"],
    ["keyAgreement", { usage: keyUsage(0x88) }, "more than signatures"],
    ["keyCertSign", { usage: keyUsage(0x84) }, "more than signatures"],
    ["cRLSign", { usage: keyUsage(0x82) }, "more than signatures"],
    ["encipherOnly", { usage: keyUsage(0x81) }, "more than signatures"],
    ["a purpose of its own alone", { purposes: purposes(["1.3.6.1.4.1.311.10.3.13"]) }, "not code signing"],
    ["server authentication too", { purposes: purposes([CODE_SIGNING, "1.3.6.1.5.5.7.3.1"]) }, "something else"],
    ["e-mail protection too", { purposes: purposes([CODE_SIGNING, "1.3.6.1.5.5.7.3.4"]) }, "something else"],
    ["time stamping too", { purposes: purposes([CODE_SIGNING, TIME_STAMPING]) }, "something else"],
    ["OCSP signing too", { purposes: purposes([CODE_SIGNING, "1.3.6.1.5.5.7.3.9"]) }, "something else"],
    ["any purpose too", { purposes: purposes([CODE_SIGNING, "2.5.29.37.0"]) }, "something else"],
    ["an authority's constraints", { constraints: basicConstraints(true) }, "one of an authority"],
    [
      "a critical extension that nobody knows",
      { own: extension("1.2.3.4", true, Buffer.from("0500", "hex")) },
      "not known",
    ],
    ["name constraints", { own: extension("2.5.29.30", true, Buffer.from("3000", "hex")) }, "not known"],
  ])("with %s", (_, extensions, why) => {
    const found = outcome(leaf({ extensions }));
    expect(found).toMatch(REFUSED);
    expect(found).toContain(why);
  });

  it.each([
    ["P-224", () => newKey("secp224r1")],
    ["secp256k1", () => newKey("secp256k1")],
    ["RSA of 1024 bits", () => generateKeyPairSync("rsa", { modulusLength: 1024 })],
    ["RSA of 2560 bits", () => generateKeyPairSync("rsa", { modulusLength: 2560 })],
  ])("with a key of %s", (_, key) => expect(outcome(leaf({ key: key() }))).toMatch(/has a key of kind/));
});

describe("an authority does not issue", () => {
  const below = (how: Parameters<typeof newAuthority>[1]) => {
    const middle = newAuthority("middle", { issuer: ROOT, ...how });
    return outcome(newLeaf("release", { issuer: middle }), [middle, ROOT]);
  };

  it.each([
    ["without basic constraints", { constraints: null }, "no authority"],
    ["as CA:FALSE", { constraints: basicConstraints(false) }, "no authority"],
    ["with constraints that are not critical", { constraints: basicConstraints(true, null, false) }, "not critical"],
    ["without key usage", { usage: null }, "key usage is not there"],
    ["with key usage that is not critical", { usage: keyUsage(0x06, false) }, "not critical"],
    ["without keyCertSign", { usage: keyUsage(0x82) }, "not to sign certificates"],
    ["for servers alone", { purposes: purposes(["1.3.6.1.5.5.7.3.1"]) }, "for something else"],
  ])("%s", (_, extensions, why) => {
    const found = below({ extensions });
    expect(found).toMatch(REFUSED);
    expect(found).toContain(why);
  });

  it("for code signing, where it says so, it does", () =>
    expect(below({ extensions: { purposes: purposes([CODE_SIGNING]) } })).toBe("verified"));

  it("below a path length", () => {
    const top = newAuthority("top", { extensions: { constraints: basicConstraints(true, 0) } });
    const middle = newAuthority("middle", { issuer: top });
    const direct = newLeaf("release", { issuer: top });
    const trusting = { stores: [["ca", top]] as const };
    expect(outcomeOf(jws({ by: direct, above: [top], content: CONTENT }), trusting)).toBe("verified");
    const by = newLeaf("release", { issuer: middle });
    expect(outcomeOf(jws({ by, above: [middle, top], content: CONTENT }), trusting)).toContain("so many authorities");
  });
});

describe("a chain is refused", () => {
  const by = leaf();

  it.each([
    ["without its root", [MIDDLE], "does not end with a root"],
    ["with the leaf alone", [], "does not end with a root"],
    ["without the authority between", [ROOT], "names another issuer"],
    ["in another order", [ROOT, MIDDLE], "names another issuer"],
    ["with the root twice", [MIDDLE, ROOT, ROOT], "stands within the chain"],
    ["with a stranger's root behind it", [MIDDLE, ROOT, newAuthority("root")], "stands within the chain"],
    ["by a stranger of the same names", [newAuthority("middle", { issuer: ROOT }), ROOT], "signature does not verify"],
  ])("%s", (_, above, why) => {
    const found = outcome(by, above);
    expect(found).toMatch(REFUSED);
    expect(found).toContain(why);
  });

  it("signed with SHA-1", () => expect(outcome(leaf({ sha1: true }))).toContain("it is signed in 1.2.840.10045.4.1"));

  it("of more than ten", () => {
    const long = Array.from({ length: 10 }, () => ROOT);
    expect(outcome(by, long)).toBe("BUNDLE_MALFORMED: the envelope has more than 10 certificates");
  });

  it("with a byte behind a certificate", () => {
    const longer = { ...by, certificate: Buffer.concat([by.certificate, Buffer.from([0])]) };
    expect(outcome(longer)).toMatch(/^CERTIFICATE_INVALID: a certificate is not well-formed DER/);
  });
});
