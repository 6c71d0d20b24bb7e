import { anchorsOf, fitting, hinted, instancesOf, ofPolicies } from "../../../src/verify/trust/anchor.ts";
import { heldKey } from "../../../src/verify/trust/held-key.ts";
import type { TrustRoot } from "../../../src/model/trust.ts";
import { createInstance, newKey, pem } from "../../support/sigstore.ts";
import { describe, expect, it } from "vitest";

const { trustedRoot } = await createInstance({ curve: "P-256" });
const THRESHOLDS = { tlog: 1, sct: 1, timestamps: 1 };
const ALONE = { tlog: 0, sct: 0, timestamps: 0 };
const root = (id: string, json: unknown = trustedRoot): TrustRoot => ({
  id,
  name: `root ${id}`,
  json,
  thresholds: THRESHOLDS,
});
const encoded = Buffer.from(pem("PUBLIC KEY", newKey().spki));
const hold = (more: Partial<Parameters<typeof heldKey>[1]> = {}) =>
  heldKey(encoded, { usage: "policy", thresholds: THRESHOLDS, ...more });
const shown = (anchors: ReturnType<typeof anchorsOf>) =>
  anchors.map((one) => `${one.root ?? "-"} ${one.key === null ? "itself" : one.key.held.usage}`);

describe("grounds on which a bundle can be trusted", () => {
  it("are each instance of each root, alone and with each key that may rest on it", () => {
    const roots = [root("a"), root("b", [trustedRoot, trustedRoot])];
    expect(shown(anchorsOf(roots, []))).toEqual(["a itself", "b itself", "b itself"]);
    expect(shown(anchorsOf(roots, [hold({ roots: ["b"] })])).slice(3)).toEqual(["b policy", "b policy"]);
    expect(shown(anchorsOf(roots, [hold({ roots: null })])).slice(3)).toEqual(["a policy", "b policy", "b policy"]);
    expect(shown(anchorsOf(roots, [hold({ roots: [] }), hold({ roots: ["c"] })])).slice(3)).toEqual([]);
    expect(instancesOf(root("a"))).toEqual([trustedRoot]);
    expect(instancesOf(root("b", [1, 2]))).toEqual([1, 2]);
  });

  it("a key asks for what it asks for, and needs no root where that is nothing", () => {
    const [, withRoot] = anchorsOf([root("a")], [hold({ thresholds: { ...THRESHOLDS, tlog: 2 } })]);
    expect(withRoot).toMatchObject({ root: "a", name: "root a", thresholds: { tlog: 2 } });
    expect(withRoot?.material.tlogs.length).toBeGreaterThan(0);
    for (const [thresholds, expected] of [
      [ALONE, ["a policy", "- policy"]],
      [{ ...ALONE, sct: 1 }, ["a policy", "- policy"]],
      [{ ...ALONE, tlog: 1 }, ["a policy"]],
      [{ ...ALONE, timestamps: 1 }, ["a policy"]],
    ] as const)
      expect(shown(anchorsOf([root("a")], [hold({ thresholds })])).slice(1)).toEqual(expected);
    const [bare] = anchorsOf([], [hold({ thresholds: ALONE })]);
    expect(bare).toMatchObject({ root: null, name: null, thresholds: ALONE });
    expect(Object.values(bare?.material ?? {}).flat()).toEqual([]);
  });

  it("keys for anything but bundles are none", () => {
    const keys = ["npm:attestations", "policy", "npm:signatures", "other"].map((usage) => hold({ usage }));
    expect(shown(anchorsOf([root("a")], keys)).slice(1)).toEqual(["a npm:attestations", "a policy"]);
  });
});

describe("the likely ones", () => {
  const [own, policy, npm] = anchorsOf([root("a")], [hold({ hints: ["mine"] }), hold({ usage: "npm:attestations" })]);
  const all = [own!, policy!, npm!];

  it("have the key that is named, or that a policy holds", () => {
    expect(hinted(all, "mine")).toEqual([policy]);
    expect(hinted(all, hold().hints[0]!)).toEqual([policy, npm]);
    expect(hinted(all, "other")).toEqual([]);
    expect(ofPolicies(all)).toEqual([policy]);
  });

  it("have a root where something has to be vouched for, and none else; whichever there are, if there is no other", () => {
    const bare = anchorsOf([], [hold({ thresholds: ALONE })]);
    expect(fitting([policy!, ...bare], true)).toEqual([policy]);
    expect(fitting([policy!, ...bare], false)).toEqual(bare);
    expect(fitting([policy!], false)).toEqual([policy]);
    expect(fitting(bare, true)).toEqual(bare);
  });
});
