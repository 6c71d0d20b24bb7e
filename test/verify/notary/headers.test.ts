import { CONTENT, FORMATS, NOW, outcomeOf } from "../../support/notary/judged.ts";
import { newLeaf, SIGNED_AT } from "../../support/notary/mint.ts";
import { Tagged } from "cborg";
import { describe, expect, it } from "vitest";

const N = "io.cncf.notary";
const [SCHEME, TIME, AUTHENTIC, EXPIRY] = ["signingScheme", "signingTime", "authenticSigningTime", "expiry"].map(
  (name) => `${N}.${name}`,
) as [string, string, string, string];
const OWN = newLeaf("own");

describe.each(FORMATS)("the protected headers (%s)", (format, written) => {
  const at = (date: Date) => (format === "jws" ? date.toISOString() : new Tagged(1, date.getTime() / 1000));
  const outcome = (headers: Readonly<Record<string, unknown>>, type: "ca" | "signingAuthority" = "ca") =>
    outcomeOf(written({ by: OWN, above: [], content: CONTENT, headers }), { stores: [[type, OWN]] });
  const later = (days: number) => at(new Date(NOW.getTime() + days * 86_400_000));

  it("hold as they should be", () => {
    expect(outcome({})).toBe("verified");
    expect(outcome({ [EXPIRY]: later(1), crit: [SCHEME, EXPIRY] })).toBe("verified");
    expect(outcome({ "com.example.note": "not critical" })).toBe("verified");
  });

  it("hold with a signing authority's time", () => {
    const authority = { [SCHEME]: "notary.x509.signingAuthority", [TIME]: undefined, crit: [SCHEME, AUTHENTIC] };
    expect(outcome({ ...authority, [AUTHENTIC]: at(SIGNED_AT) }, "signingAuthority")).toBe("verified");
    expect(outcome({ ...authority, [AUTHENTIC]: at(SIGNED_AT) })).toBe("foreign");
    expect(outcome({ ...authority, [AUTHENTIC]: later(1) }, "signingAuthority")).toMatch(/^TIME_AFTER_NOW: /);
    expect(outcome({ ...authority, [AUTHENTIC]: at(new Date("2025-01-01")) }, "signingAuthority")).toMatch(
      /^TIME_INVALID: .* when the authority says that it signed/,
    );
    const without = { ...authority, [AUTHENTIC]: undefined, [TIME]: at(SIGNED_AT) };
    expect(outcome(without, "signingAuthority")).toMatch(/names .*authenticSigningTime as critical, and does not/);
    const uncritical = { ...authority, [AUTHENTIC]: at(SIGNED_AT), crit: [SCHEME] };
    expect(outcome(uncritical, "signingAuthority")).toContain(`does not name ${AUTHENTIC} as critical`);
    const both = { ...authority, [AUTHENTIC]: at(SIGNED_AT), [TIME]: at(SIGNED_AT) };
    expect(outcome(both, "signingAuthority")).toContain(`has ${TIME}, which is not of the scheme`);
  });

  it.each([
    ["another content type", { cty: "application/json" }, "has a payload that is not"],
    ["no content type", { cty: undefined }, "has a payload that is not"],
    ["no scheme", { [SCHEME]: undefined }, "no signing scheme"],
    ["an unknown scheme", { [SCHEME]: "notary.x509.v2" }, "no signing scheme"],
    ["no critical headers", { crit: undefined }, "names no critical headers"],
    ["an empty list of critical headers", { crit: [] }, "names no critical headers"],
    ["critical headers that are a text", { crit: SCHEME }, "names no critical headers"],
    ["a critical header that nobody knows", { crit: [SCHEME, "com.example.x"], "com.example.x": 1 }, "is not known"],
    ["a critical header that is not there", { crit: [SCHEME, EXPIRY] }, "does not have it"],
    ["a critical header twice", { crit: [SCHEME, SCHEME] }, "critical header twice"],
    ["a scheme that is not critical", { crit: [TIME] }, "is not known"],
    ["a verification plugin", { [`${N}.verificationPlugin`]: "com.example.plugin" }, "verification plugin"],
    ["no time", { [TIME]: undefined }, `has no ${TIME} that is a time`],
    ["a time that is none", { [TIME]: "yesterday" }, `has no ${TIME} that is a time`],
  ])("do not hold with %s", (_, headers, why) => {
    const found = outcome(headers);
    expect(found).toMatch(/^BUNDLE_MALFORMED: the envelope /);
    expect(found).toContain(why);
  });

  it("do not hold with what expires uncritically, before it was signed, or has expired", () => {
    expect(outcome({ [EXPIRY]: later(1) })).toContain(`does not name ${EXPIRY} as critical`);
    const before = { [EXPIRY]: at(new Date(SIGNED_AT.getTime() - 1000)), crit: [SCHEME, EXPIRY] };
    expect(outcome(before)).toContain("expires before it was signed");
    const passed = { [EXPIRY]: later(-1), crit: [SCHEME, EXPIRY] };
    expect(outcome(passed)).toBe("TIME_INVALID: the signature expired at 2026-11-30T00:00:00.000Z");
  });

  it("do not hold with the authority's time beside the signer's", () =>
    expect(outcome({ [AUTHENTIC]: at(SIGNED_AT) })).toContain(`has ${AUTHENTIC}, which is not of the scheme`));

  it("do not hold with one that stands beside them unsigned, too", () => {
    const open = { [SCHEME]: "notary.x509.signingAuthority" };
    const found = outcomeOf(written({ by: OWN, above: [], content: CONTENT, open }), { stores: [["ca", OWN]] });
    expect(found).toBe("BUNDLE_MALFORMED: the envelope has one header in both places");
  });

  it("do not hold with a name that looks like one that is read", () =>
    expect(outcome({ [SCHEME.toUpperCase()]: "notary.x509" })).toContain("which looks like"));
});

describe("what only one format could say", () => {
  const outcome = (at: 0 | 1, headers: Readonly<Record<string, unknown>>) =>
    outcomeOf(FORMATS[at][1]({ by: OWN, above: [], content: CONTENT, headers }), { stores: [["ca", OWN]] });

  it("is refused", () => {
    expect(outcome(0, { b64: false })).toContain("says how its payload is encoded");
    expect(outcome(0, { alg: "none" })).toBe(
      "SIGNATURE_INVALID: signed in none, and the certificate's key signs in ES256",
    );
    expect(outcome(0, { alg: 7 })).toContain("has no algorithm");
    expect(outcome(1, { alg: "ES256" })).toContain("has no algorithm that is known");
    expect(outcome(1, { [TIME]: SIGNED_AT.getTime() / 1000 })).toContain(`has no ${TIME} that is a time`);
    expect(outcome(1, { [TIME]: new Tagged(1, "2026") })).toContain("has a time that is no number");
    expect(outcome(1, { [TIME]: new Tagged(0, "2026-06-01T00:00:00Z") })).toContain("not well-formed CBOR");
    expect(outcome(1, { alg: -39 })).toContain("signed in PS512, and the certificate's key signs in ES256");
  });
});
