import { goesOn } from "../../src/author/goes-on.ts";
import { describe, expect, it } from "vitest";

const SDK = ["nuget:Acme.Sdk@1.0.0"];

function asked(found: Parameters<typeof goesOn>[0], written: readonly string[], env: Record<string, string> = {}) {
  const said: string[] = [];
  const screen = { write: (text: string) => void said.push(text), isTTY: false, columns: 80 };
  return [goesOn(found, written, { env, stdout: screen, stderr: screen }), said.join("")] as const;
}

describe("to look again", () => {
  it("is for what comes behind something that is allowed now", () => {
    expect(asked({ isWhole: false, wouldRun: [] }, ["policy"])).toEqual([true, ""]);
    expect(asked({ isWhole: false, wouldRun: [] }, ["policy"], { CI: "true" })).toEqual([true, ""]);
    expect(asked({ isWhole: true, wouldRun: [] }, ["policy"])).toEqual([false, ""]);
    expect(asked({ isWhole: false, wouldRun: SDK }, [])).toEqual([false, ""]);
  });

  it("is said before something runs by it, and waits for the review in CI", () => {
    const [goes, said] = asked({ isWhole: false, wouldRun: SDK }, ["policy"]);
    expect(goes).toBe(true);
    expect(said).toContain("nuget:Acme.Sdk@1.0.0 runs now");
    const [goesInCi, saidInCi] = asked({ isWhole: false, wouldRun: SDK }, ["policy"], { TF_BUILD: "True" });
    expect(goesInCi).toBe(false);
    expect(saidInCi).toContain("not read on: nuget:Acme.Sdk@1.0.0 would run");
  });
});
