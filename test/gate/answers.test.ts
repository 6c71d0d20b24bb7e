import { ArtifactError, SourceUnavailable } from "../../src/errors.ts";
import { answerOf } from "../../src/gate/answers.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import { artifact } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const ONE = artifact("npm:a@1.0.0");
const NOTHING = { evidence: [], unavailable: [], faults: [] };
const bundle: Evidence = { source: "registry", location: "x", bundle: {} };
const answer = (collect: () => readonly Evidence[]) =>
  answerOf({ collect: async () => collect() }, ONE, { kind: "own" }, false);
const failing = (error: Error) =>
  answer(() => {
    throw error;
  });

describe("what a source said", () => {
  it("nothing, or some bundles", async () => {
    expect(await answer(() => [])).toEqual(NOTHING);
    expect(await answer(() => [bundle])).toEqual({ ...NOTHING, evidence: [bundle] });
  });

  it("as many as the bound, and not one more", async () => {
    const many = Array.from({ length: LIMITS.bundlesPerArtifact }, () => bundle);
    expect((await answer(() => many)).evidence).toEqual(many);
    expect((await answer(() => [...many, bundle])).evidence).toEqual([
      { source: "registry", location: "x", malformed: `more than ${LIMITS.bundlesPerArtifact} bundles` },
    ]);
  });

  it("that it could not be asked, or that the artifact does not hold", async () => {
    expect(await failing(new SourceUnavailable("https://a.example", "503"))).toEqual({
      ...NOTHING,
      unavailable: [{ location: "https://a.example", reason: "503" }],
    });
    const denial = { code: "PACKAGE_MISMATCH", message: "", details: [] } as const;
    expect(await failing(new ArtifactError(denial))).toEqual({ ...NOTHING, faults: [denial] });
    await expect(failing(new TypeError("a bug"))).rejects.toThrow("a bug");
  });
});
