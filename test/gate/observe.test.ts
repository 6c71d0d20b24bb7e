import { observer } from "../../src/gate/observe.ts";
import type { Wanted } from "../../src/model/wanted.ts";
import { artifact } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const DIRECTORY = { kind: "directory", path: "/bundles" } as const;
const GITHUB = { kind: "github", repositories: ["acme/widget"] } as const;
const ONE = artifact("npm:widget@1.0.0");

describe("what an observer asks for", () => {
  const asks = (wanted: Wanted) =>
    observer({
      verify: () => ({ status: "needs-bytes" }),
      offline: false,
      wanted: () => wanted,
      sources: () => [DIRECTORY],
    }).judge.wanted(ONE);

  it("what the policy asks for, in the same way: else what it lets in would look lost", () => {
    const wanted = { evidence: true, baseline: false, signature: true, sources: [GITHUB] };
    expect(asks(wanted)).toEqual(wanted);
  });

  it("everything there is, where no policy asks who made it", () => {
    const nothing = { evidence: false, baseline: false, signature: false, sources: [] };
    expect(asks(nothing)).toEqual({ ...nothing, evidence: true, sources: [DIRECTORY] });
  });
});
