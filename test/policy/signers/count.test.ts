import type { Attestation } from "../../../src/model/attestation.ts";
import { assignHands } from "../../../src/policy/signers/count.ts";
import { attestation } from "../../support/attestation.ts";
import { describe, expect, it } from "vitest";

const by = (leafKey: string, bundle: string): Attestation =>
  attestation({ leafKey, bundleDigest: { algorithm: "sha256", hex: bundle } });
type Given = readonly (readonly [signer: string, key: string, bundle: string])[];
const count = (given: Given) => {
  const made = new Map<string, Attestation>();
  const counted = given.map(([signer, key, bundle]) => {
    const mark = `${key} ${bundle}`;
    const one = made.get(mark) ?? by(key, bundle);
    made.set(mark, one);
    return { signer, attestation: one };
  });
  return assignHands(counted)
    .map(({ signer }) => signer)
    .toSorted()
    .join("");
};

describe("hands", () => {
  it.each<[string, Given, string]>([
    ["nobody", [], ""],
    ["one", [["a", "k", "1"]], "a"],
    [
      "two of their own",
      [
        ["a", "k", "1"],
        ["b", "l", "2"],
      ],
      "ab",
    ],
    [
      "one with two bundles",
      [
        ["a", "k", "1"],
        ["a", "l", "2"],
      ],
      "a",
    ],
    [
      "one key",
      [
        ["a", "k", "1"],
        ["b", "k", "2"],
      ],
      "a",
    ],
    [
      "one bundle",
      [
        ["a", "k", "1"],
        ["b", "l", "1"],
      ],
      "a",
    ],
    [
      "one attestation under two names",
      [
        ["a", "k", "1"],
        ["b", "k", "1"],
      ],
      "a",
    ],
    [
      "the other's second helps",
      [
        ["a", "k", "1"],
        ["a", "l", "2"],
        ["b", "k", "1"],
      ],
      "ab",
    ],
    [
      "a chain of keys and bundles is one hand",
      [
        ["a", "k", "1"],
        ["b", "l", "1"],
        ["c", "l", "3"],
      ],
      "a",
    ],
    [
      "two hands that a third joins",
      [
        ["a", "k", "1"],
        ["b", "l", "2"],
        ["c", "k", "2"],
      ],
      "a",
    ],
    [
      "two hands that a third joins, beside a fourth",
      [
        ["a", "k", "1"],
        ["b", "l", "2"],
        ["c", "k", "2"],
        ["d", "m", "4"],
      ],
      "ad",
    ],
    [
      "joined later, both names before",
      [
        ["x", "z", "0"],
        ["a", "k", "1"],
        ["b", "l", "2"],
        ["c", "l", "1"],
      ],
      "ax",
    ],
    [
      "moved twice",
      [
        ["a", "k", "1"],
        ["a", "l", "2"],
        ["b", "l", "2"],
        ["b", "m", "3"],
        ["c", "k", "1"],
      ],
      "abc",
    ],
  ])("%s", (_, given, expected) => {
    expect(count(given)).toBe(expected);
  });
});
