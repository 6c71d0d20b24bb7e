import { decide } from "../../src/policy/decide.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import {
  BROKEN,
  FOREIGN,
  NOW,
  SHA512,
  WIDGET,
  codes,
  decided,
  facts,
  layer,
  signedBy,
  verified,
} from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAME = "npm:@acme/widget@2.1.0";
const REGISTRY = "https://npm.example/";
const signers = {
  widget: { githubActions: { repository: "acme/widget" } },
  npmjs: { npmRegistry: "https://npm.example" },
  mirror: { npmRegistry: "https://mirror.example/npm/proxy" },
};
const ruled = (rule: object, more: object = {}) =>
  layer({ signers, rules: [{ packages: ["npm:@acme/*"], ...rule }], ...more });
const judge = decided.bind(null, NAME);
const key = (usage: string, registry?: string) =>
  verified({
    signer: { kind: "key", fingerprint: "sha256:x", usage, ...(registry === undefined ? {} : { registry }) },
    predicateType: null,
    roots: [],
    signedAt: null,
  });
const published = (registry = REGISTRY) => key("npm:signatures", registry);
const unavailable = [{ location: "https://npm.example/@acme%2fwidget", reason: "answered 503" }];

describe("a baseline", () => {
  const baseline = ruled({ baseline: ["npmjs"] });

  it("is met by the registry's own signature", () => {
    const { outcome, layers } = judge(baseline, [published()]);
    expect(outcome).toBe("allowed");
    expect(layers).toMatchObject([{ ground: { kind: "baseline", signers: ["npmjs"] } }]);
  });

  it("without a registry's signature is denied", () => {
    expect(codes(judge(baseline))).toEqual(["NO_EVIDENCE"]);
    expect(codes(judge(baseline, [FOREIGN]))).toEqual(["NO_EVIDENCE"]);
    expect(codes(judge(baseline, [], { unavailable }))).toEqual(["EVIDENCE_UNAVAILABLE"]);
  });

  it.each<[string, Verdict]>([
    ["a pipeline's provenance", signedBy(WIDGET)],
    ["a pipeline's signature over the file", signedBy(WIDGET, { predicateType: null })],
    ["a held key's signature over the file", key("policy", REGISTRY)],
    ["the registry's publish attestation", key("npm:attestations", REGISTRY)],
  ])("is never met by %s", (_, verdict) => {
    expect(codes(judge(baseline, [verdict]))).toEqual(["NO_EVIDENCE"]);
  });

  it.each([
    ["npmjs", "https://npm.example/", true],
    ["npmjs", "https://npm.example/feed/registry/", true],
    ["npmjs", "http://npm.example/", false],
    ["npmjs", "https://npm.example.evil/", false],
    ["npmjs", "https://npm.example:444/", false],
    ["npmjs", "", false],
    ["mirror", "https://mirror.example/npm/proxy/", true],
    ["mirror", "https://mirror.example/npm/proxy-of-mallory/", false],
    ["mirror", "https://mirror.example/npm/", false],
  ])("%s from %s counts: %s", (name, registry, expected) => {
    const decision = judge(ruled({ baseline: [name] }), [published(registry)]);
    expect(codes(decision)).toEqual(expected ? [] : ["UNTRUSTED_SIGNER"]);
    if (!expected) expect(decision.denials[0]?.details).toMatchObject([{ name: "npmRegistry", found: registry }]);
  });

  it("of several registries needs one", () => {
    expect(judge(ruled({ baseline: ["mirror", "npmjs"] }), [published()]).layers).toMatchObject([
      { ground: { kind: "baseline", signers: ["npmjs"] } },
    ]);
  });

  it("of the npm registry is as good as the public-good root that its keys come with", () => {
    const lacking = { location: "https://tuf.example", reason: "is too old" };
    const missingRoots = new Map([["public-good<=1", lacking]]);
    const aged = { ...baseline, roots: { "public-good": "public-good<=1" } };
    expect(codes(judge(aged, [published()], { missingRoots }))).toEqual(["EVIDENCE_UNAVAILABLE"]);
    expect(codes(judge(aged, [], { missingRoots }))).toEqual(["EVIDENCE_UNAVAILABLE"]);
    expect(codes(judge(aged, [published()]))).toEqual([]);
    // Another policy that did not ask for an age stands on what there is.
    expect(codes(judge(baseline, [published()], { missingRoots }))).toEqual([]);
  });

  it("that does not hold denies, whatever else does", () => {
    const { denials } = judge(baseline, [published(), BROKEN]);
    expect(denials.map(({ code }) => code)).toEqual(["SIGNATURE_INVALID"]);
  });

  it("is audited and excepted as any other rule", () => {
    expect(judge(ruled({ baseline: ["npmjs"], mode: "audit" })).outcome).toBe("audited");
    const exceptions = [
      {
        package: "pkg:npm/%40acme/widget@2.1.0",
        digests: [SHA512],
        excuses: ["NO_EVIDENCE"],
        reason: "x",
        expires: "2027-01-01",
      },
    ];
    expect(judge(ruled({ baseline: ["npmjs"] }, { exceptions })).layers).toMatchObject([
      { ground: { kind: "excepted" } },
    ]);
  });

  it("of a revoked registry is revoked, in every window: its time is not signed", () => {
    const window = { signedFrom: "2020-01-01T00:00:00Z", signedUntil: "2020-01-02T00:00:00Z", reason: "x" };
    const revoked = (signer: string) => ruled({ baseline: ["npmjs"] }, { revoked: [{ signer, ...window }] });
    expect(codes(judge(revoked("npmjs"), [published()]))).toEqual(["REVOKED"]);
    expect(judge(revoked("mirror"), [published()]).outcome).toBe("allowed");
  });
});

describe("a registry's signature", () => {
  it("says nothing about who made it: signedBy is never met by it", () => {
    expect(codes(judge(ruled({ signedBy: ["widget"] }), [published()]))).toEqual(["NO_EVIDENCE"]);
    const [denial] = judge(ruled({ signedBy: ["widget"] }), [published()]).denials;
    expect(denial?.message).toContain("only a registry's signature");
  });

  it("and an identity are asked for by layers of their own", () => {
    const outer = ruled({ signedBy: ["widget"] });
    const inner = ruled({ baseline: ["npmjs"] });
    const both = (verdicts: readonly Verdict[]) => decide([outer, inner], facts(NAME, { verdicts }), NOW).outcome;
    expect(both([signedBy(WIDGET), published()])).toBe("allowed");
    expect(both([signedBy(WIDGET)])).toBe("denied");
    expect(both([published()])).toBe("denied");
  });
});
