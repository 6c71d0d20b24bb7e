import type { Decision, Ground, LayerDecision } from "../../src/model/decision.ts";
import { promotable } from "../../src/policy/promotion.ts";
import { artifact } from "../support/policy.ts";
import { expect, it } from "vitest";

const about = { layer: ".signing-policy.json", rule: "rules[0] npm:widget" };
const allowed = (ground: Ground): LayerDecision => ({ ...about, outcome: "allowed", ground });
const SIGNED = allowed({ kind: "signed", signers: ["widget"] });
const WEAK: readonly Ground[] = [
  { kind: "baseline", signers: ["npmjs"] },
  { kind: "recorded" },
  { kind: "archive", reason: "r", expires: "2999-01-01" },
  { kind: "unsigned", reason: "r", expires: "2999-01-01" },
  { kind: "excepted", excuses: ["NO_EVIDENCE"], reason: "r", expires: "2999-01-01" },
];

function decision(...layers: readonly LayerDecision[]): Decision {
  const denials = layers.flatMap((layer) => (layer.outcome === "allowed" ? [] : layer.denials));
  const outcome = denials.length === 0 ? "allowed" : "denied";
  return { artifact: artifact("npm:widget@1.0.0"), outcome, layers, denials, verdicts: [], unavailable: [] };
}

it("a signer that each layer names is enough", () => {
  expect(promotable(decision(SIGNED, SIGNED), false)).toEqual(decision(SIGNED, SIGNED));
});

it.each(WEAK)("$kind is not, in any layer, unless whoever promotes says so", (ground) => {
  const one = promotable(decision(SIGNED, allowed(ground)), false);
  expect(one).toMatchObject({ outcome: "denied", layers: [{ outcome: "allowed" }, { outcome: "denied" }] });
  expect(one.denials.map(({ code, details }) => [code, details[0]?.found])).toEqual([["NOT_PROMOTABLE", ground.kind]]);
  expect(promotable(decision(SIGNED, allowed(ground)), true).outcome).toBe("allowed");
});

it.each(["audited", "denied"] as const)("what is %s stays denied, whatever is allowed", (outcome) => {
  const denial = { code: "NO_EVIDENCE", message: "", details: [] } as const;
  const layer: LayerDecision = { ...about, outcome, denials: [denial] };
  for (const allows of [true, false])
    expect(promotable({ ...decision(SIGNED, layer), outcome }, allows)).toMatchObject({
      outcome: "denied",
      denials: [denial],
      layers: [{}, { outcome: "denied" }],
    });
});
