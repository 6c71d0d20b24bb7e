import { matchSigner } from "../../../src/policy/signers/signer.ts";
import { paddedPieces, matches } from "../../../src/policy/signers/pattern.ts";
import { attestation } from "../../support/attestation.ts";
import { layer, WIDGET } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

const one = layer({
  signers: {
    padded: { githubActions: { repository: "acme/widget", ref: "refs/tags/v{version:padded}" } },
    literal: { githubActions: { repository: "acme/widget", ref: "refs/tags/v{version}" } },
  },
});
const admits = (tag: string, version: string | null, name = "padded") => {
  const claims = { ...WIDGET, sourceRepositoryRef: `refs/tags/${tag}` };
  return matchSigner(one, name, attestation({ signer: { kind: "certificate", claims } }), version).length === 0;
};

describe("{version:padded}", () => {
  it.each([
    ["v2024.10.03", "2024.10.3"],
    ["v2024.10.3", "2024.10.3"],
    ["v02024.010.0003", "2024.10.3"],
    ["v2024.01.00", "2024.1.0"],
    ["v2024.01.05rc1", "2024.1.5rc1"],
    ["v1.02.0+build.7", "1.2.0+build.7"],
  ])("%s is a tag of %s", (tag, version) => {
    expect(admits(tag, version)).toBe(true);
  });

  it.each([
    ["v2024.10.30", "2024.10.3"],
    ["v2024.10.03.0", "2024.10.3"],
    ["v2024.10.03", "2024.10.30"],
    ["v2024.100.3", "2024.10.3"],
    ["v2024.10.3 ", "2024.10.3"],
    ["v2024.10", "2024.10.0"],
    ["v2024.10.0", "2024.10"],
    ["v2024.10.03rc01", "2024.10.3rc1"],
    ["v2024.10.03-rc1", "2024.10.3rc1"],
    ["v2024.10.03.post01", "2024.10.3.post1"],
    ["v01!2.0", "1!2.0"],
    ["v1!02.0", "1!2.0"],
    ["v1.0+01", "1.0+1"],
    ["v1.0.0+build.07", "1.0.0+build.7"],
    ["v2024.10.03", "10.3"],
    ["v٠2024.10.3", "2024.10.3"],
    ["v2024.10.03", null],
    ["v", null],
    ["v0", null],
  ])("%s is none of %s", (tag, version) => {
    expect(admits(tag, version)).toBe(false);
  });

  it("{version} stays literal", () => {
    expect(admits("v2024.10.03", "2024.10.3", "literal")).toBe(false);
    expect(admits("v2024.10.3", "2024.10.3", "literal")).toBe(true);
  });

  it("many zeros cost time in proportion", () => {
    const tag = `${"0".repeat(100_000)}1.2.3`;
    expect(matches(paddedPieces("1.2.3"), tag)).toBe(true);
    expect(matches(paddedPieces("1.2.4"), tag)).toBe(false);
  });
});
