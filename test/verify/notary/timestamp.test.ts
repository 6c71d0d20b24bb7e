import {
  attestationOf,
  CONTENT,
  FORMATS,
  jws,
  outcomeOf,
  type Trusting,
  verdictOf,
} from "../../support/notary/judged.ts";
import {
  basicConstraints,
  CODE_SIGNING,
  keyUsage,
  newAuthority,
  newLeaf,
  newUnit,
  purposes,
  SIGNED_AT,
  type Stamping,
  TIME_STAMPING,
  tokenOf,
} from "../../support/notary/mint.ts";
import { describe, expect, it } from "vitest";

const OWN = newLeaf("own", { from: new Date("2026-05-01"), to: new Date("2026-07-01") });
const TSA = newAuthority("tsa");
const UNIT = newUnit("unit", { issuer: TSA });
const stores = [
  ["ca", OWN],
  ["tsa", TSA],
] as const;
const signing = (how: Stamping | Buffer | null) => ({
  by: OWN,
  above: [],
  content: CONTENT,
  ...(how === null ? {} : { timestamp: Buffer.isBuffer(how) ? how : (signature: Buffer) => tokenOf(signature, how) }),
});
const outcome = (how: Stamping | Buffer | null, trusting: Partial<Trusting> = {}) =>
  outcomeOf(jws(signing(how)), { stores, ...trusting });

describe("a timestamp", () => {
  it.each(FORMATS)("lets a signature outlive its certificate (%s)", (_, written) => {
    const envelope = written(signing({ by: UNIT }));
    expect(attestationOf(envelope, { stores }).signedAt).toEqual(SIGNED_AT);
    expect(outcomeOf(envelope, { stores: [["ca", OWN]] })).toMatch(/^TIME_INVALID: .* no timestamp that counts/);
  });

  it("may lack its root, not what issued the unit", () => {
    const middle = newAuthority("middle", { issuer: TSA });
    const unit = newUnit("unit", { issuer: middle });
    expect(outcome({ by: unit, chain: [middle] })).toBe("verified");
    expect(outcome({ by: unit, chain: [middle, TSA] })).toBe("verified");
    expect(outcome({ by: unit })).toContain("that the tsa store does not hold");
  });

  it("is asked for where there is a store, always or once a certificate has expired", () => {
    const before = new Date("2026-06-02");
    expect(outcome(null, { now: before })).toContain("there is no timestamp, and the tsa store asks for one");
    expect(outcome(null, { now: before, timestamps: "afterCertExpiry" })).toBe("verified");
    expect(outcome(Buffer.from("garbage"), { now: before, timestamps: "afterCertExpiry" })).toBe("verified");
    expect(outcome(null, { timestamps: "afterCertExpiry" })).toContain("there is no timestamp");
  });

  it("says when, as exactly as the authority can", () => {
    expect(outcome({ by: UNIT, at: new Date("2026-06-30T23:59:00Z"), accuracy: 30 })).toBe("verified");
    expect(outcome({ by: UNIT, at: new Date("2026-06-30T23:59:00Z"), accuracy: 90 })).toContain(
      "not valid at the time",
    );
    expect(outcome({ by: UNIT, at: new Date("2026-05-01T00:00:30Z"), accuracy: 90 })).toContain(
      "not valid at the time",
    );
    expect(outcome({ by: UNIT, at: new Date("2026-08-01") })).toContain("not valid at the time");
    expect(outcome({ by: UNIT, at: new Date("2026-06-01") }, { now: new Date("2026-05-30") })).toMatch(
      /^TIME_AFTER_NOW/,
    );
  });

  it.each([
    ["over another signature", { by: UNIT, over: Buffer.from("other") }, "over another signature"],
    ["by a stranger", { by: newUnit("unit", { issuer: newAuthority("tsa") }) }, "the tsa store does not hold"],
    ["by a unit of another key", { by: { ...UNIT, key: OWN.key } }, "does not verify"],
    ["that does not say which certificate made it", { by: UNIT, names: null }, "which certificate made it"],
    ["that names another certificate", { by: UNIT, names: TSA.certificate }, "does not hold the certificate"],
    ["of another version", { by: UNIT, version: 2 }, "CMS SignedData"],
    ["of another type of content", { by: UNIT, type: "1.2.840.113549.1.7.1" }, "CMS SignedData"],
    ["whose signer signed another type", { by: UNIT, signedType: "1.2.840.113549.1.7.1" }, "CMS SignedData"],
    ["with two signers", { by: UNIT, twice: true }, "CMS SignedData"],
    ["with an altered signature", { by: UNIT, signature: Buffer.from("3006020101020101", "hex") }, "does not verify"],
  ] as const)("does not hold %s", (_, how, why) => {
    const found = outcome(how);
    expect(found).toMatch(/^TIME_INVALID: /);
    expect(found).toContain(why);
  });

  it.each([
    ["no extended key usage", { purposes: null }, "not for stamping times alone"],
    [
      "a purpose beside it",
      { purposes: purposes([TIME_STAMPING, CODE_SIGNING], true) },
      "not for stamping times alone",
    ],
    ["another purpose", { purposes: purposes([CODE_SIGNING], true) }, "not for stamping times alone"],
    ["a purpose that is not critical", { purposes: purposes([TIME_STAMPING]) }, "does not say critically"],
    ["an authority's constraints", { constraints: basicConstraints(true) }, "one of an authority"],
    ["key usage for encipherment", { usage: keyUsage(0x20) }, "not digital signature"],
    ["key usage that is not critical", { usage: keyUsage(0x80, false) }, "not critical"],
  ])("does not hold by a unit with %s", (_, extensions, why) =>
    expect(outcome({ by: newUnit("unit", { issuer: TSA, extensions }) })).toContain(why),
  );

  it("does not hold by what was not valid then", () => {
    const unit = newUnit("unit", { issuer: TSA, to: new Date("2026-05-01") });
    expect(outcome({ by: unit })).toContain("a certificate of the timestamp was not valid at its time");
  });

  it("does not hold by what an authority for servers issued", () => {
    const middle = newAuthority("middle", { issuer: TSA, extensions: { purposes: purposes(["1.3.6.1.5.5.7.3.1"]) } });
    expect(outcome({ by: newUnit("unit", { issuer: middle }), chain: [middle] })).toContain("for something else");
  });

  it("does not hold as garbage, and is not looked at without a store", () => {
    expect(outcome(Buffer.from("garbage"))).toMatch(/^TIME_INVALID: the timestamp does not hold/);
    const now = new Date("2026-06-02");
    expect(outcomeOf(jws(signing(Buffer.from("garbage"))), { stores: [["ca", OWN]], now })).toBe("verified");
  });
});

describe("a lower level", () => {
  it("passes over the time, the expiry and the authorities, and says so", () => {
    const envelope = jws(signing(null));
    expect(outcomeOf(envelope, { stores })).toMatch(/^TIME_INVALID/);
    const { signer, signedAt } = attestationOf(envelope, { stores, level: "permissive" });
    expect(signedAt).toBeNull();
    const held = signer.kind === "key" ? (signer.notary?.heldBy ?? []) : [];
    expect(held.flatMap(({ passedOver }) => passedOver)).toEqual([
      "there is no timestamp, and the tsa store asks for one",
      "revocation not checked: the level does not ask for it",
    ]);
  });

  it("passes over nothing that is broken in itself", () => {
    const envelope = jws({ ...signing(null), target: { size: 1 } });
    expect(verdictOf(envelope, { stores, level: "audit" })).toMatchObject({ code: "SUBJECT_MISMATCH" });
    expect(outcomeOf(jws(signing(null)), { stores: [["ca", TSA]], level: "audit" })).toBe("foreign");
  });
});
