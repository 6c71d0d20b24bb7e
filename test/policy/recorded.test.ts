import type { Layer } from "../../src/policy/layer.ts";
import { judgeRecorded } from "../../src/policy/recorded.ts";
import { NOW, OTHER_SHA512, SHA256, SHA512, facts, layer } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const NAME = "npm:@acme/widget@2.1.0";
const PURL = "pkg:npm/%40acme/widget@2.1.0";
const recording = (digests: readonly string[] | null, expires = "2027-12-31") =>
  layer(
    { recorded: { file: "r.json", reason: "x", expires } },
    { recordedPackages: digests === null ? {} : { [PURL]: digests } },
  );
const judged = (one: Layer, ...sha: readonly string[]) => {
  const { artifact, digests } = facts(NAME, { sha });
  return judgeRecorded(one, artifact.package, digests, NOW);
};

describe("recorded bytes", () => {
  it.each([
    ["the same", [SHA512], [SHA512]],
    ["one of the artifact's digests", [SHA512], [SHA256, SHA512]],
    ["one of the recorded ones", [OTHER_SHA512, SHA512], [SHA512]],
    ["the same in one algorithm", [SHA256, OTHER_SHA512], [SHA512, SHA256]],
  ])("%s are let in", (_, recorded, found) => {
    expect(judged(recording(recorded), ...found)).toEqual([]);
  });

  it("other bytes of a recorded version, in what can be compared", () => {
    expect(judged(recording([SHA512, SHA512]), OTHER_SHA512, SHA256)).toEqual([
      {
        code: "RECORDED_MISMATCH",
        message: "r.json records this version with other bytes",
        details: [{ name: "digest", expected: `${SHA512} or ${SHA512}`, found: OTHER_SHA512 }],
        hint: "somebody changed a published version: find out who before recording anything",
      },
    ]);
    const two = [OTHER_SHA512, SHA256];
    const other = `sha256:${"d".repeat(64)}`;
    expect(judged(recording([SHA512, other]), ...two)[0]?.details[0]?.found).toBe(two.join(", "));
  });

  it.each([
    ["the sha512 where there is one", [SHA256, SHA512], SHA512],
    ["wherever it stands", [SHA512, SHA256], SHA512],
    ["else the first", [SHA256], SHA256],
    ["else a place for it", [], "sha512:..."],
  ])("not recorded: to be recorded with %s", (_, found, digest) => {
    const [denial, ...others] = judged(recording(null), ...found);
    expect(others).toEqual([]);
    expect(denial).toMatchObject({ code: "NOT_RECORDED", message: "r.json does not record this version", details: [] });
    expect(denial?.hint).toContain(`"${PURL}": ["${digest}"]`);
  });

  it("recorded in no algorithm that is known here: not recorded", () => {
    expect(judged(recording([SHA256]), SHA512)).toMatchObject([{ code: "NOT_RECORDED" }]);
  });
});

describe("nothing that counts is recorded", () => {
  const expired = (day: string) => [
    {
      code: "RULE_EXPIRED",
      message: `the recorded digests expired on ${day}`,
      details: [],
      hint: 'move "recorded": { "expires": ... } in .signing-policy.json after review, or write a rule with signedBy',
    },
  ];

  it("the file's time is over", () => {
    expect(judged(recording([SHA512], "2026-11-21"), SHA512)).toEqual(expired("2026-11-21"));
    expect(judged(recording([SHA512], "2026-11-22"), SHA512)).toEqual([]);
  });

  it("a policy without a file, or a file that was not read", () => {
    const held = recording([SHA512]);
    expect(judged({ ...held, recorded: null }, SHA512)).toEqual(expired("2027-12-31"));
    expect(judged({ ...layer({}), recorded: held.recorded }, SHA512)).toEqual(expired("an unknown day"));
    expect(judged(layer({}), SHA512)).toEqual(expired("an unknown day"));
  });
});
