import { decide } from "../../src/policy/decide.ts";
import { CODES } from "../../src/model/codes.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import {
  BROKEN,
  FOREIGN,
  NOW,
  OTHER_SHA512,
  SHA256,
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
const PURL = "pkg:npm/%40acme/widget@2.1.0";
const signers = {
  widget: { githubActions: { repository: "acme/widget" } },
  second: { githubActions: { repository: "acme/second" } },
  third: { githubActions: { repository: "acme/third" } },
  vendor: { publicKey: { files: ["vendor.pem"] } },
  npmjs: { npmRegistry: "https://npm.example" },
};
const SECOND = { ...WIDGET, sourceRepositoryURI: "https://github.com/acme/second" };
const MALLORY = { ...WIDGET, sourceRepositoryURI: "https://github.com/mallory/widget" };

const ruled = (rule: object, more: object = {}) =>
  layer({ signers, rules: [{ packages: ["npm:@acme/*"], ...rule }], ...more });
const widget = (more: object = {}, policy: object = {}) => ruled({ signedBy: ["widget"], ...more }, policy);
const judge = decided.bind(null, NAME);
const exception = (more: object = {}) => ({
  exceptions: [
    { package: PURL, digests: [SHA512], excuses: ["NO_EVIDENCE"], reason: "x", expires: "2027-01-01", ...more },
  ],
});

describe("signedBy", () => {
  it("allows what the signer signed", () => {
    const decision = judge(widget(), [signedBy(WIDGET)]);
    expect(decision.outcome).toBe("allowed");
    expect(decision.layers).toEqual([
      {
        layer: ".signing-policy.json",
        rule: "rules[0] npm:@acme/*",
        outcome: "allowed",
        ground: { kind: "signed", signers: ["widget"] },
      },
    ]);
  });

  it("another's signature is denied, with the closest one's differences", () => {
    const far = signedBy({ ...MALLORY, issuer: "https://elsewhere.example" });
    const { outcome, denials } = judge(widget(), [far, signedBy(MALLORY), FOREIGN]);
    expect(outcome).toBe("denied");
    expect(denials).toEqual([
      {
        code: "UNTRUSTED_SIGNER",
        message: 'signed, but not by "widget"',
        details: [{ name: "repository", expected: "acme/widget", found: "mallory/widget" }],
        location: "https://npm.example/attestations",
        hint: `safe-install explain ${PURL}`,
      },
    ]);
  });

  it("another's signature beside the signer's is passed over", () => {
    expect(judge(widget(), [signedBy(MALLORY), FOREIGN, signedBy(WIDGET)]).outcome).toBe("allowed");
  });

  it("no evidence is denied; with a source that could not be asked it is not known", () => {
    const [denial] = judge(widget()).denials;
    expect(denial?.code).toBe("NO_EVIDENCE");
    expect(denial?.hint).toContain("safe-install policy except ");
    const unavailable = [{ location: "https://npm.example/a", reason: "503" }];
    expect(judge(widget(), [], { unavailable }).denials).toMatchObject([
      { code: "EVIDENCE_UNAVAILABLE", location: "https://npm.example/a" },
    ]);
  });

  it("only a foreign bundle is no evidence", () => {
    expect(codes(judge(widget(), [FOREIGN]))).toEqual(["NO_EVIDENCE"]);
  });

  it("a key's publish attestation is no identity", () => {
    const publish = verified({
      signer: { kind: "key", fingerprint: "sha256:x", usage: "npm:attestations" },
      predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    });
    expect(codes(judge(widget(), [publish]))).toEqual(["NO_EVIDENCE"]);
    expect(codes(judge(widget(), [publish, signedBy(MALLORY)]))).toEqual(["UNTRUSTED_SIGNER"]);
  });

  it.each([
    ["https://slsa.dev/provenance/v1", true],
    ["https://slsa.dev/provenance/v0.2", true],
    ["https://docs.pypi.org/attestations/publish/v1", true],
    [null, true],
    ["https://spdx.dev/Document", false],
    ["https://slsa.dev/verification_summary/v1", false],
    ["https://slsa.dev/provenance/v1.0", false],
    ["https://github.com/npm/attestation/tree/main/specs/publish/v0.1", false],
  ])("statements of type %s admit: %s", (predicateType, expected) => {
    const verdicts = [signedBy(WIDGET, { predicateType })];
    expect(judge(widget(), verdicts).outcome === "allowed").toBe(expected);
    if (!expected) expect(codes(judge(widget(), verdicts))).toEqual(["NO_EVIDENCE"]);
  });

  it("predicateTypes adds types", () => {
    const verdicts = [signedBy(WIDGET, { predicateType: "https://spdx.dev/Document" })];
    expect(judge(widget({ predicateTypes: ["https://spdx.dev/Document"] }), verdicts).outcome).toBe("allowed");
  });

  it("{version} is the package's", () => {
    const one = layer({
      signers: { widget: { githubActions: { repository: "acme/widget", ref: "refs/tags/v{version}" } } },
      rules: [{ packages: ["npm:@acme/*"], signedBy: ["widget"] }],
    });
    expect(judge(one, [signedBy(WIDGET)]).outcome).toBe("allowed");
    expect(codes(decide([one], facts("npm:@acme/widget@2.1.1", { verdicts: [signedBy(WIDGET)] }), NOW))).toEqual([
      "UNTRUSTED_SIGNER",
    ]);
  });
});

describe("provenance", () => {
  const HOSTED = "https://github.com/actions/runner/github-hosted";
  const v1 = (builder: string, buildType = "x") => ({
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: { buildDefinition: { buildType }, runDetails: { builder: { id: builder } } },
  });
  const v02 = (builder: string) => ({
    predicateType: "https://slsa.dev/provenance/v0.2",
    predicate: { builder: { id: builder }, buildType: "x" },
  });
  const rule = widget({ provenance: { builder: HOSTED } });

  it.each([
    ["v1 says so", v1(HOSTED), "allowed"],
    ["v0.2 says so", v02(HOSTED), "allowed"],
    ["v1 says otherwise", v1("https://github.com/actions/runner/self-hosted"), "denied"],
    ["v0.2's place in a v1 statement", { ...v02(HOSTED), predicateType: "https://slsa.dev/provenance/v1" }, "denied"],
    ["it says nothing", { predicate: {} }, "denied"],
    ["it is no object", { predicate: null }, "denied"],
  ])("%s", (_, part, outcome) => {
    const decision = judge(rule, [signedBy(WIDGET, part)]);
    expect(decision.outcome).toBe(outcome);
    if (outcome === "denied") expect(codes(decision)).toEqual(["PROVENANCE_MISMATCH"]);
  });

  it("the certificate wins over what the build says of itself", () => {
    const verdicts = [signedBy({ ...WIDGET, runnerEnvironment: "self-hosted" }, v1(HOSTED))];
    expect(codes(judge(rule, verdicts))).toEqual(["PROVENANCE_MISMATCH"]);
  });

  it("buildType", () => {
    expect(judge(widget({ provenance: { buildType: "x" } }), [signedBy(WIDGET, v1(HOSTED))]).outcome).toBe("allowed");
    expect(codes(judge(widget({ provenance: { buildType: "y" } }), [signedBy(WIDGET, v1(HOSTED))]))).toEqual([
      "PROVENANCE_MISMATCH",
    ]);
  });

  it("is met by SLSA only", () => {
    expect(codes(judge(rule, [signedBy(WIDGET, { ...v1(HOSTED), predicateType: null })]))).toEqual(["NO_EVIDENCE"]);
  });
});

describe("count", () => {
  const two = ruled({ signedBy: ["widget", "second", "third"], count: 2 });

  it("two signers, each with a bundle and a key", () => {
    expect(judge(two, [signedBy(WIDGET), signedBy(SECOND)]).outcome).toBe("allowed");
  });

  it.each([
    ["one signer", [signedBy(WIDGET)]],
    ["one signer twice", [signedBy(WIDGET), signedBy(WIDGET)]],
    [
      "two signers with one key",
      [signedBy(WIDGET, { leafKey: "sha256:1" }), signedBy(SECOND, { leafKey: "sha256:1" })],
    ],
    [
      "two signers with one bundle",
      [
        signedBy(WIDGET, { bundleDigest: { algorithm: "sha256", hex: "1" } }),
        signedBy(SECOND, { bundleDigest: { algorithm: "sha256", hex: "1" } }),
      ],
    ],
    ["a signer and a stranger", [signedBy(WIDGET), signedBy(MALLORY)]],
    [
      "a signer and another's SBOM",
      [signedBy(WIDGET), signedBy(SECOND, { predicateType: "https://spdx.dev/Document" })],
    ],
  ])("%s is not enough", (_, verdicts) => {
    expect(codes(judge(two, verdicts))).toEqual(["COUNT_NOT_MET"]);
  });
});

describe("attestations", () => {
  const SBOM = "https://spdx.dev/Document";
  const rule = widget({ attestations: [SBOM] });

  it("further statements by the rule's signers", () => {
    expect(judge(rule, [signedBy(WIDGET), signedBy(WIDGET, { predicateType: SBOM })]).outcome).toBe("allowed");
  });

  it("by nobody, or by a stranger, is denied", () => {
    expect(codes(judge(rule, [signedBy(WIDGET)]))).toEqual(["NO_EVIDENCE"]);
    expect(codes(judge(rule, [signedBy(WIDGET), signedBy(MALLORY, { predicateType: SBOM })]))).toEqual(["NO_EVIDENCE"]);
  });

  it("alone admit nothing", () => {
    expect(codes(judge(rule, [signedBy(WIDGET, { predicateType: SBOM })]))).toEqual(["NO_EVIDENCE"]);
  });
});

describe("minimumAge", () => {
  const rule = widget({ minimumAge: "72h" });
  const at = (time: string | null) => signedBy(WIDGET, { signedAt: time === null ? null : new Date(time) });

  it.each([
    ["2026-11-18T12:00:00Z", "allowed"],
    ["2026-11-18T12:00:01Z", "denied"],
    ["2027-01-01T00:00:00Z", "denied"],
    [null, "denied"],
  ])("signed at %s: %s", (time, outcome) => {
    const decision = judge(rule, [at(time)]);
    expect(decision.outcome).toBe(outcome);
    if (outcome === "denied") expect(codes(decision)).toEqual(["TOO_NEW"]);
  });

  it("counts from the oldest counted bundle, and a stranger's does not count", () => {
    expect(judge(rule, [at("2026-11-21T00:00:00Z"), at("2026-01-01T00:00:00Z")]).outcome).toBe("allowed");
    const strangers = signedBy(MALLORY, { signedAt: new Date("2026-01-01T00:00:00Z") });
    expect(codes(judge(rule, [at("2026-11-21T00:00:00Z"), strangers]))).toEqual(["TOO_NEW"]);
  });
});

describe("without signers", () => {
  const recorded = { file: ".signing-recorded.json", reason: "x", expires: "2026-11-22" };
  const known = (digests: readonly string[], more: object = {}) =>
    layer(
      { recorded: { ...recorded, ...more }, rules: [{ packages: ["npm:*"], unsigned: "recorded" }] },
      { recordedPackages: { [PURL]: digests } },
    );

  it.each([
    ["the digest", [SHA512], {}, []],
    ["one of several files", [OTHER_SHA512, SHA512], {}, []],
    ["other bytes", [OTHER_SHA512], {}, ["RECORDED_MISMATCH"]],
    ["nothing that can be compared", [SHA256], {}, ["NOT_RECORDED"]],
    ["expired today", [SHA512], { expires: "2026-11-21" }, ["RULE_EXPIRED"]],
  ])("recorded: %s", (_, digests, more, expected) => {
    expect(codes(judge(known(digests, more)))).toEqual(expected);
  });

  it("recorded: another version is not", () => {
    const decision = decide([known([SHA512])], facts("npm:@acme/widget@2.1.1"), NOW);
    expect(codes(decision)).toEqual(["NOT_RECORDED"]);
    expect(decision.denials[0]?.hint).toContain(SHA512);
  });

  it("recorded: says so, never signed", () => {
    expect(judge(known([SHA512])).layers[0]).toMatchObject({ ground: { kind: "recorded" } });
  });

  it("allow, until its day", () => {
    const allow = (expires: string) => ruled({ unsigned: "allow", reason: "ours", expires });
    expect(judge(allow("2026-11-22")).layers[0]).toMatchObject({ ground: { kind: "unsigned", reason: "ours" } });
    expect(codes(judge(allow("2026-11-21")))).toEqual(["RULE_EXPIRED"]);
  });

  it("deny, also where nothing is said", () => {
    expect(codes(judge(ruled({ unsigned: "deny" })))).toEqual(["DENIED_BY_RULE"]);
    expect(codes(judge(ruled({})))).toEqual(["DENIED_BY_RULE"]);
  });

  it("an expired rule denies what it would admit", () => {
    expect(codes(judge(widget({ expires: "2026-11-21" }), [signedBy(WIDGET)]))).toEqual(["RULE_EXPIRED"]);
    expect(judge(widget({ expires: "2026-11-22" }), [signedBy(WIDGET)]).outcome).toBe("allowed");
  });
});

describe("no rule", () => {
  it("is denied, with the command that would settle it", () => {
    const [denial] = judge(layer({ rules: [{ packages: ["npm:other"], unsigned: "deny" }] })).denials;
    expect(denial?.code).toBe("NO_RULE");
    expect(denial?.hint).toContain("safe-install policy pin @acme/widget");
  });

  it("a version that the narrowest rules leave out never falls to a wider one", () => {
    const one = layer({
      signers,
      rules: [
        { packages: ["npm:@acme/widget"], versions: "<2", signedBy: ["widget"] },
        { packages: ["npm:*"], unsigned: "allow", reason: "x", expires: "2027-01-01" },
      ],
    });
    expect(codes(judge(one, [signedBy(WIDGET)]))).toEqual(["NO_RULE"]);
  });

  it("rules that speak alike deny when one is met", () => {
    const one = layer({
      rules: [
        { packages: ["pypi:a"], versions: ">=1", unsigned: "allow", reason: "x", expires: "2027-01-01" },
        { packages: ["pypi:a"], versions: "<=2", unsigned: "allow", reason: "x", expires: "2027-01-01" },
      ],
    });
    expect(codes(decide([one], facts("pypi:a@1.5"), NOW))).toEqual(["RULE_AMBIGUOUS"]);
  });
});

describe("what does not hold", () => {
  it("denies whatever the others say", () => {
    const { outcome, denials } = judge(widget(), [signedBy(WIDGET), BROKEN]);
    expect(outcome).toBe("denied");
    expect(denials).toMatchObject([{ code: "SIGNATURE_INVALID", location: "https://npm.example/attestations" }]);
  });

  it("denies under every rule, mode and exception", () => {
    const allow = ruled({ unsigned: "allow", reason: "x", expires: "2027-01-01", mode: "audit" });
    expect(judge(allow, [BROKEN]).outcome).toBe("denied");
    const excepted = layer({ mode: "audit", ...exception({ excuses: ["NO_RULE"] }) });
    expect(judge(excepted).outcome).toBe("allowed");
    expect(codes(judge(excepted, [BROKEN]))).toEqual(["SIGNATURE_INVALID"]);
  });

  it("so do faults of the bytes", () => {
    const faults = [{ code: "INTEGRITY_MISMATCH", message: "x", details: [] }] as const;
    expect(codes(judge(widget({ mode: "audit" }), [signedBy(WIDGET)], { faults }))).toEqual(["INTEGRITY_MISMATCH"]);
  });
});

describe("revoked", () => {
  const revoked = (entry: object) => widget({}, { revoked: [{ reason: "taken over", ...entry }] });
  const signed = (time: string | null) => [signedBy(WIDGET, { signedAt: time === null ? null : new Date(time) })];

  it.each([
    ["the run, all attempts", { run: "https://github.com/acme/widget/actions/runs/1" }, true],
    ["the run, named by an attempt", { run: "https://github.com/acme/widget/actions/runs/1/attempts/1" }, true],
    ["another run with the same beginning", { run: "https://github.com/acme/widget/actions/runs/12" }, false],
    ["this version", { package: PURL }, true],
    ["every version", { package: "pkg:npm/%40acme/widget" }, true],
    ["another version", { package: "pkg:npm/%40acme/widget@2.1.1" }, false],
    ["these bytes", { digest: SHA512 }, true],
    ["other bytes", { digest: OTHER_SHA512 }, false],
    ["the signer", { signer: "widget" }, true],
    ["another signer", { signer: "second" }, false],
    [
      "the signer, inside the window",
      { signer: "widget", signedFrom: "2026-05-11T00:00:00Z", signedUntil: "2026-05-12T00:00:00Z" },
      true,
    ],
    ["the signer, the window's end", { signer: "widget", signedUntil: "2026-05-11T08:00:00Z" }, false],
    ["the signer, the window's beginning", { signer: "widget", signedFrom: "2026-05-11T08:00:00Z" }, true],
    ["the signer, before the window", { signer: "widget", signedFrom: "2026-05-11T08:00:01Z" }, false],
  ])("%s: %j %s", (_, entry, expected) => {
    const decision = judge(revoked(entry), signed("2026-05-11T08:00:00Z"));
    expect(codes(decision)).toEqual(expected ? ["REVOKED"] : []);
  });

  it("evidence without a time is inside every window", () => {
    const entry = { signer: "widget", signedFrom: "2026-05-11T00:00:00Z", signedUntil: "2026-05-12T00:00:00Z" };
    expect(codes(judge(revoked(entry), signed(null)))).toEqual(["REVOKED"]);
  });

  it("one revoked bundle denies whatever else satisfies, also in audit mode", () => {
    const one = widget({ mode: "audit" }, { revoked: [{ signer: "second", reason: "x" }] });
    expect(judge(one, [signedBy(WIDGET)]).outcome).toBe("allowed");
    const decision = judge(one, [signedBy(WIDGET), signedBy(SECOND)]);
    expect(decision.outcome).toBe("denied");
    expect(codes(decision)).toEqual(["REVOKED"]);
  });

  it("counts for all layers, also one that does not speak", () => {
    const inner = layer({ revoked: [{ digest: SHA512, reason: "x" }] }, { name: "inner" });
    const decision = decide([widget(), inner], facts(NAME, { verdicts: [signedBy(WIDGET)] }), NOW);
    expect(codes(decision)).toEqual(["REVOKED"]);
    expect(decision.layers).toHaveLength(1);
  });
});

describe("exceptions", () => {
  it("excuse what they name, for one version and its bytes", () => {
    const decision = judge(widget({}, exception()));
    expect(decision.layers[0]).toMatchObject({
      outcome: "allowed",
      ground: { kind: "excepted", excuses: ["NO_EVIDENCE"], reason: "x", expires: "2027-01-01" },
    });
  });

  it.each([
    ["another version", { package: "pkg:npm/%40acme/widget@2.1.1" }],
    ["another package", { package: "pkg:npm/%40acme/widgets@2.1.0" }],
    ["the same name elsewhere", { package: "pkg:nuget/widget@2.1.0" }],
    ["other bytes", { digests: [OTHER_SHA512] }],
    ["bytes by a digest that is not known", { digests: [SHA256] }],
    ["another code", { excuses: ["UNTRUSTED_SIGNER"] }],
    ["yesterday", { expires: "2026-11-21" }],
  ])("do not excuse %s", (_, more) => {
    expect(codes(judge(widget({}, exception(more))))).toEqual(["NO_EVIDENCE"]);
  });

  it("say so where one has expired or is for other bytes", () => {
    expect(judge(widget({}, exception({ expires: "2026-11-21" }))).denials[0]?.hint).toContain("expired on 2026-11-21");
    expect(judge(widget({}, exception({ digests: [OTHER_SHA512] }))).denials[0]?.hint).toContain("other bytes");
  });

  it("leave what they do not name", () => {
    const one = widget({ minimumAge: "72h", attestations: ["https://spdx.dev/Document"] }, exception());
    const decision = judge(one, [signedBy(WIDGET, { signedAt: NOW })]);
    expect(codes(decision)).toEqual(["TOO_NEW"]);
  });

  it("never excuse what may not be excused, even if a policy were to say so", () => {
    const one = ruled({ unsigned: "deny" }, exception());
    const [said] = one.policy.exceptions ?? [];
    if (said === undefined) throw new Error("no exception");
    const forced = { ...one, policy: { ...one.policy, exceptions: [{ ...said, excuses: ["DENIED_BY_RULE"] }] } };
    expect(codes(judge(forced))).toEqual(["DENIED_BY_RULE"]);
  });

  it("count for their own layer only", () => {
    const outer = layer({ ...exception(), signers, rules: [{ packages: ["npm:*"], signedBy: ["widget"] }] });
    const inner = widget();
    expect(decide([outer], facts(NAME), NOW).outcome).toBe("allowed");
    expect(codes(decide([outer, inner], facts(NAME), NOW))).toEqual(["NO_EVIDENCE"]);
    expect(codes(decide([inner, outer], facts(NAME), NOW))).toEqual(["NO_EVIDENCE"]);
  });
});

describe("audit", () => {
  it("softens what is merely missing or unexpected, and never says verified", () => {
    const decision = judge(widget({}, { mode: "audit" }), [signedBy(MALLORY)]);
    expect(decision.outcome).toBe("audited");
    expect(codes(decision)).toEqual(["UNTRUSTED_SIGNER"]);
  });

  it("of a rule goes before the policy's", () => {
    expect(judge(widget({ mode: "audit" }, { mode: "enforce" })).outcome).toBe("audited");
    expect(judge(widget({ mode: "enforce" }, { mode: "audit" })).outcome).toBe("denied");
  });

  it("a rule that has expired or admits nothing is denied in audit mode as well", () => {
    expect(judge(widget({ expires: "2026-11-21", mode: "audit" }), [signedBy(WIDGET)]).outcome).toBe("denied");
    expect(judge(ruled({ unsigned: "deny", mode: "audit" }), [signedBy(WIDGET)]).outcome).toBe("denied");
  });

  it("stops where one of several reasons is hard", () => {
    const one = ruled({ signedBy: ["widget", "vendor"] }, { mode: "audit" });
    expect(judge(one, [signedBy(MALLORY)]).outcome).toBe("audited");
    expect(judge(one, [signedBy(MALLORY), BROKEN]).outcome).toBe("denied");
  });

  it.each(Object.entries(CODES).filter(([, { audit }]) => !audit))("never softens %s", (code) => {
    const faults = [{ code: code as "REVOKED", message: "x", details: [] }];
    expect(judge(layer({ mode: "audit" }), [], { faults }).outcome).toBe("denied");
  });
});

describe("layers", () => {
  const outer = layer({ signers, rules: [{ packages: ["npm:*"], signedBy: ["widget", "second"] }] }, { name: "outer" });
  const inner = layer({ signers, rules: [{ packages: ["npm:@acme/*"], signedBy: ["second"] }] }, { name: "inner" });
  const both = (verdicts: readonly Verdict[], name = NAME) => decide([outer, inner], facts(name, { verdicts }), NOW);

  it("all that speak must allow", () => {
    expect(both([signedBy(SECOND)]).outcome).toBe("allowed");
    const denied = both([signedBy(WIDGET)]);
    expect(denied.outcome).toBe("denied");
    expect(denied.layers.map(({ layer, outcome }) => [layer, outcome])).toEqual([
      ["outer", "allowed"],
      ["inner", "denied"],
    ]);
  });

  it("an inner one speaks only for what its rules match", () => {
    const decision = both([signedBy(WIDGET)], "npm:left-pad@1.3.0");
    expect(decision.outcome).toBe("allowed");
    expect(decision.layers.map(({ layer }) => layer)).toEqual(["outer"]);
  });

  it("an inner one never loosens", () => {
    const loose = layer({ rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "x", expires: "2027-01-01" }] });
    expect(codes(decide([outer, loose], facts(NAME), NOW))).toEqual(["NO_EVIDENCE"]);
    const audit = layer({ mode: "audit" });
    expect(decide([outer, audit], facts(NAME), NOW).outcome).toBe("denied");
  });

  it("one that audits and one that enforces: the stricter outcome", () => {
    const auditing = layer({ mode: "audit", signers, rules: [{ packages: ["npm:*"], signedBy: ["third"] }] });
    expect(decide([outer, auditing], facts(NAME, { verdicts: [signedBy(WIDGET)] }), NOW).outcome).toBe("audited");
    expect(decide([auditing, outer], facts(NAME, { verdicts: [signedBy(MALLORY)] }), NOW).outcome).toBe("denied");
  });

  it("none at all is a mistake of ours, never an allowance", () => {
    expect(() => decide([], facts(NAME), NOW)).toThrow();
  });
});
