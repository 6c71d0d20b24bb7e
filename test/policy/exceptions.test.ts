import type { Code, Denial } from "../../src/model/codes.ts";
import type { Decision, LayerDecision } from "../../src/model/decision.ts";
import { excuse, exceptionFigures } from "../../src/policy/exceptions.ts";
import type { Layer } from "../../src/policy/layer.ts";
import { NOW, OTHER_SHA512, SHA256, SHA512, artifact, facts, layer } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAME = "npm:@acme/widget@2.1.0";
const PURL = "pkg:npm/%40acme/widget@2.1.0";
const base = { package: PURL, digests: [SHA512], excuses: ["NO_EVIDENCE"], reason: "x", expires: "2027-01-01" };
const having = (...more: readonly object[]) => layer({ exceptions: more.map((one) => ({ ...base, ...one })) });
/** As no parser would make it. */
const bent = (purl: string) => {
  const one = having({});
  return { ...one, policy: { ...one.policy, exceptions: [{ ...base, package: purl }] } } as Layer;
};
const denial = (code: Code, hint?: string): Denial => ({
  code,
  message: "",
  details: [],
  ...(hint === undefined ? {} : { hint }),
});
const excused = (one: Layer, denials: readonly Denial[], sha: readonly string[] = [SHA512]) =>
  excuse(one, denials, facts(NAME, { sha }), NOW);

describe("what exceptions excuse", () => {
  it("nothing, where there is none", () => {
    const denials = [denial("NO_EVIDENCE")];
    expect(excused(layer({}), denials)).toEqual({ remaining: denials, ground: null });
  });

  it.each<[string, Layer, readonly string[], boolean]>([
    ["this version and its bytes", having({}), [SHA512], true],
    ["one of several digests", having({}), [SHA256, SHA512], true],
    ["other bytes", having({}), [OTHER_SHA512], false],
    ["another version", having({ package: "pkg:npm/%40acme/widget@2.1.1" }), [SHA512], false],
    ["another package", having({ package: "pkg:npm/%40acme/gadget@2.1.0" }), [SHA512], false],
    ["another code", having({ excuses: ["TOO_NEW"] }), [SHA512], false],
    ["expired", having({ expires: "2026-11-21" }), [SHA512], false],
    ["no package URL", bent("nonsense"), [SHA512], false],
    ["no version", bent("pkg:npm/%40acme/widget"), [SHA512], false],
  ])("%s", (_, one, sha, expected) => {
    const { remaining, ground } = excused(one, [denial("NO_EVIDENCE")], sha);
    expect(remaining).toHaveLength(expected ? 0 : 1);
    expect(ground === null).toBe(!expected);
  });

  it("a code that may not be excused stays, and the exception is not near it", () => {
    const { remaining, ground } = excused(having({ excuses: ["NO_EVIDENCE"] }), [denial("REVOKED", "a")]);
    expect(remaining).toEqual([denial("REVOKED", "a")]);
    expect(ground).toBeNull();
    const one = having({});
    const wide = { ...one, policy: { ...one.policy, exceptions: [{ ...base, excuses: ["REVOKED"] }] } } as Layer;
    expect(excused(wide, [denial("REVOKED", "a")], [OTHER_SHA512]).remaining).toEqual([denial("REVOKED", "a")]);
  });

  it("the ground names every code and reason, and the day on which the first of them ends", () => {
    const one = having({ reason: "first", expires: "2027-03-01" }, { excuses: ["TOO_NEW"], reason: "second" });
    expect(excused(one, [denial("NO_EVIDENCE"), denial("TOO_NEW"), denial("COUNT_NOT_MET")])).toEqual({
      remaining: [denial("COUNT_NOT_MET")],
      ground: { kind: "excepted", excuses: ["NO_EVIDENCE", "TOO_NEW"], reason: "first; second", expires: "2027-01-01" },
    });
  });
});

describe("what an exception that comes near says", () => {
  const hintOf = (one: Layer, hint?: string, code: Code = "NO_EVIDENCE", sha = [SHA512]) =>
    excused(one, [denial(code, hint)], sha).remaining[0]?.hint;

  it("expired, before the denial's own hint", () => {
    const one = having({ expires: "2026-11-20" });
    expect(hintOf(one, "own")).toBe("an exception for this version expired on 2026-11-20; own");
    expect(hintOf(one)).toBe("an exception for this version expired on 2026-11-20");
  });

  it("for other bytes", () => {
    expect(hintOf(having({}), "own", "NO_EVIDENCE", [OTHER_SHA512])).toBe(
      "an exception for this version is for other bytes; own",
    );
  });

  it("nothing, where it is for another code", () => {
    expect(hintOf(having({ expires: "2026-11-20" }), "own", "TOO_NEW")).toBe("own");
  });

  it("nothing of the nearest where that one holds", () => {
    const one = having({ excuses: ["TOO_NEW", "NO_EVIDENCE"] });
    const [kept] = excused(one, [denial("COUNT_NOT_MET", "own")]).remaining;
    expect(kept?.hint).toBe("own");
  });
});

describe("the figures of exceptions", () => {
  const excepted: LayerDecision = {
    layer: ".signing-policy.json",
    rule: null,
    outcome: "allowed",
    ground: { kind: "excepted", excuses: ["NO_EVIDENCE"], reason: "x", expires: "2027-01-01" },
  };
  const decision = (name: string, ...layers: readonly LayerDecision[]): Decision => ({
    artifact: artifact(name),
    outcome: "allowed",
    layers,
    denials: [],
    verdicts: [],
    unavailable: [],
  });
  const uses = (one: Layer, ...decisions: readonly Decision[]) =>
    exceptionFigures([one], decisions, NOW).map((figure) => figure.uses);

  it("their age, what is left, and who decided", () => {
    const one = having({ since: "2026-11-01", approvedBy: "me" }, { expires: "2026-11-01" });
    expect(exceptionFigures([layer({}), one], [], NOW)).toEqual([
      {
        policy: ".signing-policy.json",
        package: PURL,
        excuses: ["NO_EVIDENCE"],
        approvedBy: "me",
        since: "2026-11-01",
        ageDays: 20,
        expires: "2027-01-01",
        daysLeft: 41,
        uses: 0,
      },
      {
        policy: ".signing-policy.json",
        package: PURL,
        excuses: ["NO_EVIDENCE"],
        approvedBy: null,
        since: null,
        ageDays: null,
        expires: "2026-11-01",
        daysLeft: -20,
        uses: 0,
      },
    ]);
  });

  it("today is day 0, without a sign", () => {
    const today = having({ since: "2026-11-21", expires: "2026-11-21" });
    const [figure] = exceptionFigures([today], [], new Date("2026-11-21T00:00:00Z"));
    expect([figure?.ageDays, figure?.daysLeft]).toEqual([0, 0]);
  });

  it("what is no day has nothing left", () => {
    const one = having({});
    const wrong = { ...one, policy: { ...one.policy, exceptions: [{ ...base, expires: "2026-02-30" }] } } as Layer;
    expect(exceptionFigures([wrong], [], NOW)[0]?.daysLeft).toBe(0);
  });

  it.each<[string, Decision, number]>([
    ["by this layer", decision(NAME, excepted), 1],
    ["by one of several layers", decision(NAME, { ...excepted, layer: "other" }, excepted), 1],
    ["by another layer", decision(NAME, { ...excepted, layer: "other" }), 0],
    ["signed", decision(NAME, { ...excepted, ground: { kind: "recorded" } }), 0],
    [
      "denied",
      decision(NAME, { layer: ".signing-policy.json", rule: null, outcome: "denied", denials: [denial("NO_RULE")] }),
      0,
    ],
    ["another version", decision("npm:@acme/widget@2.1.1", excepted), 0],
    ["another package", decision("npm:@acme/gadget@2.1.0", excepted), 0],
  ])("used: %s", (_, one, expected) => {
    expect(uses(having({}), one)).toEqual([expected]);
    expect(uses(having({}), one, one)).toEqual([2 * expected]);
  });

  it("what names no version is used by none", () => {
    for (const purl of ["nonsense", "pkg:npm/%40acme/widget"]) {
      expect(uses(bent(purl), decision(NAME, excepted))).toEqual([0]);
    }
  });
});
