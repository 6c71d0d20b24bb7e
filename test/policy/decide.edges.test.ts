import { decide, scriptsOf } from "../../src/policy/decide.ts";
import { registriesOf, tighten } from "../../src/policy/layer.ts";
import { matchRule } from "../../src/policy/match.ts";
import { admits } from "../../src/policy/predicate.ts";
import type { LayerDecision } from "../../src/model/decision.ts";
import type { Layer } from "../../src/policy/layer.ts";
import { attestation } from "../support/attestation.ts";
import { BROKEN, NOW, codes, facts, layer, ref } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAME = "npm:@acme/widget@2.1.0";
const judge = (one: Layer, more: Parameters<typeof facts>[1] = {}) => decide([one], facts(NAME, more), NOW);
/** As no parser would make it. */
const ruledBy = (rule: object): Layer => {
  const one = layer({});
  return { ...one, policy: { ...one.policy, rules: [{ packages: ["npm:*"], ...rule }] } };
};

describe("bytes without a signature", () => {
  it.each<[object, string[]]>([
    [{ unsigned: "allow", reason: "x", expires: "2027-01-01" }, []],
    [{ unsigned: "allow", reason: "x" }, ["DENIED_BY_RULE"]],
    [{ unsigned: "allow", expires: "2027-01-01" }, ["DENIED_BY_RULE"]],
    [{ unsigned: "allow" }, ["DENIED_BY_RULE"]],
    [{ unsigned: "deny", reason: "x", expires: "2027-01-01" }, ["DENIED_BY_RULE"]],
    [{ reason: "x", expires: "2027-01-01" }, ["DENIED_BY_RULE"]],
  ])("%j: %j", (rule, expected) => {
    expect(codes(judge(ruledBy(rule)))).toEqual(expected);
  });
});

describe("where no rule speaks", () => {
  it("none is named, and audit softens it", () => {
    expect(judge(layer({})).layers).toMatchObject([{ rule: null, outcome: "denied" }]);
    expect(judge(layer({ mode: "audit" })).layers).toMatchObject([{ rule: null, outcome: "audited" }]);
  });

  it("an inner layer says nothing, the outermost denies", () => {
    const inner = layer({ rules: [{ packages: ["npm:other"], unsigned: "deny" }] }, { name: "inner" });
    const outer = layer({ rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "x", expires: "2027-01-01" }] });
    expect(decide([outer, inner], facts(NAME), NOW).layers.map((one) => one.layer)).toEqual([outer.name]);
    expect(codes(decide([inner, outer], facts(NAME), NOW))).toEqual(["NO_RULE"]);
  });
});

describe("beside what does not hold", () => {
  const FAULT = { code: "ARCHIVE_INVALID", message: "", details: [] } as const;

  it("what is merely missing is not told of, what no exception excuses is", () => {
    expect(codes(judge(layer({}), { verdicts: [BROKEN] }))).toEqual(["SIGNATURE_INVALID"]);
    expect(codes(judge(ruledBy({ unsigned: "deny" }), { faults: [FAULT], verdicts: [BROKEN] }))).toEqual([
      "ARCHIVE_INVALID",
      "SIGNATURE_INVALID",
      "DENIED_BY_RULE",
    ]);
  });

  it("nothing of a layer that would let it in", () => {
    const allowing = ruledBy({ unsigned: "allow", reason: "x", expires: "2027-01-01" });
    const { layers, denials } = judge(allowing, { faults: [FAULT] });
    expect(denials).toEqual([FAULT]);
    expect(layers).toEqual([
      { layer: ".signing-policy.json", rule: "rules[0] npm:*", outcome: "denied", denials: [FAULT] },
    ]);
  });

  it("a broken bundle has nothing to compare", () => {
    expect(judge(layer({}), { verdicts: [BROKEN] }).denials[0]).toMatchObject({
      message: "the signature does not verify",
      details: [],
    });
  });

  it("nobody judges without a layer", () => {
    expect(() => decide([], facts(NAME), NOW)).toThrow("at least one layer");
  });
});

describe("whose scripts run", () => {
  const ALLOWED: LayerDecision = { layer: "gone", rule: null, outcome: "allowed", ground: { kind: "recorded" } };

  it("a layer that is not there says nothing of it", () => {
    expect(scriptsOf([], [ALLOWED], ref(NAME))).toEqual({});
  });
});

describe("layers", () => {
  it("where there is none there are no further origins", () => {
    expect(registriesOf([], "npm")).toEqual([]);
  });

  it("who may allow --audit, and how, is told", () => {
    try {
      tighten([layer({})], { audit: true });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "AUDIT_NOT_ALLOWED", kind: "usage" });
      expect((error as { hint?: string }).hint).toContain("commandLine");
    }
  });
});

describe("matching what no parser would let through", () => {
  it("a range that is none includes no version, also not one that the complaint about it spells", () => {
    const { policy } = ruledBy({ versions: "2.1.0 nonsense ???" });
    expect(matchRule(policy, ref(NAME)).kind).toBe("version");
  });
});

describe("what a statement must be to count", () => {
  it.each<[object, string | null, boolean]>([
    [{}, null, true],
    [{ provenance: {} }, null, false],
    [{ provenance: {} }, "https://slsa.dev/provenance/v1", true],
    [{ provenance: {}, predicateTypes: ["https://a.example"] }, "https://a.example", false],
    [{ predicateTypes: ["https://a.example"] }, "https://a.example", true],
    [{}, "https://a.example", false],
  ])("%j, %s: %s", (rule, predicateType, expected) => {
    expect(admits({ packages: ["npm:*"], ...rule }, attestation({ predicateType }))).toBe(expected);
  });
});
