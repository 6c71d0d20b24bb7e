import type { LayerDecision } from "../../src/model/decision.ts";
import { scriptsOf } from "../../src/policy/decide.ts";
import { layer, ref } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const at = (name: string, scripts?: unknown) => layer(scripts === undefined ? {} : { scripts }, { name });
const says = (layer: string, kind: "signed" | "recorded" | "baseline"): LayerDecision => ({
  layer,
  rule: "rules[0] npm:*",
  outcome: "allowed",
  ground: kind === "recorded" ? { kind } : { kind, signers: ["x"] },
});
const audited = (layer: string): LayerDecision => ({
  layer,
  rule: null,
  outcome: "audited",
  denials: [{ code: "NO_EVIDENCE", message: "", details: [] }],
});

describe("scriptsOf", () => {
  it.each([
    ["nothing said", undefined, "signed", undefined],
    ["all", "all", "recorded", "run"],
    ["all", "all", "audited", "run"],
    ["none", "none", "signed", "skip"],
    ["signed", "signed", "signed", "run"],
    ["signed", "signed", "baseline", "skip"],
    ["signed", "signed", "recorded", "skip"],
    ["signed", "signed", "audited", "skip"],
    ["named", ["npm:esbuild", "npm:widget"], "recorded", "run"],
    ["named by a beginning", ["npm:wid*"], "recorded", "run"],
    ["not named", ["npm:esbuild", "pypi:widget", "npm:widget-extra"], "signed", "skip"],
  ] as const)("%s: %j, %s: %s", (_, scripts, kind, expected) => {
    const decision = kind === "audited" ? audited("root") : says("root", kind);
    expect(scriptsOf([at("root", scripts)], [decision], ref("npm:widget@1.0.0"))).toEqual(
      expected === undefined ? {} : { scripts: expected },
    );
  });

  it("all layers that speak must let them; one that does not speak has no say", () => {
    const layers = [at("root", "all"), at("inner", "none")];
    const widget = ref("npm:widget@1.0.0");
    expect(scriptsOf(layers, [says("root", "signed"), says("inner", "signed")], widget)).toEqual({ scripts: "skip" });
    expect(scriptsOf(layers, [says("root", "signed")], widget)).toEqual({ scripts: "run" });
    const silent = [at("root"), at("inner", "signed")];
    expect(scriptsOf(silent, [says("root", "signed")], widget)).toEqual({});
    expect(scriptsOf(silent, [says("root", "signed"), says("inner", "signed")], widget)).toEqual({ scripts: "run" });
  });

  it.each(["some", [], ["widget"], ["npm:*x"], { npm: "all" }, true])("%j is not a choice", (scripts) => {
    expect(() => at("root", scripts)).toThrow(/scripts/);
  });
});
