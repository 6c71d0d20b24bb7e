import { decide } from "../../src/policy/decide.ts";
import { assignHands } from "../../src/policy/signers/count.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { attestation } from "../support/attestation.ts";
import { BROKEN, FOREIGN, NOW, SHA512, WIDGET, facts, layer, signedBy } from "../support/policy.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const NAMES = ["npm:@acme/widget@2.1.0", "npm:@acme/other@1.0.0", "npm:left-pad@1.3.0"] as const;
const signers = {
  widget: { githubActions: { repository: "acme/widget" } },
  second: { githubActions: { repository: "acme/second" } },
};

const ground = fc.constantFrom(
  { signedBy: ["widget"] },
  { signedBy: ["widget", "second"] },
  { signedBy: ["widget", "second"], count: 2 },
  { signedBy: ["widget"], minimumAge: "72h" },
  { unsigned: "allow", reason: "x", expires: "2027-01-01" },
  { unsigned: "deny" },
);
const rules = fc
  .uniqueArray(fc.constantFrom("npm:*", "npm:@acme/*", "npm:@acme/widget", "npm:left-*"), { minLength: 1 })
  .chain((patterns) => fc.tuple(...patterns.map((pattern) => ground.map((is) => ({ packages: [pattern], ...is })))));
const excuses = fc.constantFrom(
  [],
  [
    {
      package: "pkg:npm/left-pad@1.3.0",
      digests: [SHA512],
      excuses: ["NO_EVIDENCE", "NO_RULE"],
      reason: "x",
      expires: "2027-01-01",
    },
  ],
);
const revoked = fc.constantFrom(
  [],
  [{ signer: "second", reason: "x" }],
  [{ package: "pkg:npm/%40acme/other", reason: "x" }],
);
const someLayer = fc
  .record({ rules, mode: fc.constantFrom("enforce", "audit"), exceptions: excuses, revoked })
  .map(({ rules, mode, exceptions, revoked }) =>
    layer({
      mode,
      signers,
      rules: [...rules],
      ...(exceptions.length === 0 ? {} : { exceptions }),
      ...(revoked.length === 0 ? {} : { revoked }),
    }),
  );
const verdict: fc.Arbitrary<Verdict> = fc
  .constantFrom("widget", "second", "mallory")
  .chain((repository) =>
    fc.record({
      repository: fc.constant(repository),
      signedAt: fc.constantFrom(null, NOW, new Date("2026-01-01T00:00:00Z")),
    }),
  )
  .map(({ repository, signedAt }) =>
    signedBy({ ...WIDGET, sourceRepositoryURI: `https://github.com/acme/${repository}` }, { signedAt }),
  );
const scene = fc.record({
  layers: fc.array(someLayer, { minLength: 1, maxLength: 3 }),
  name: fc.constantFrom(...NAMES),
  verdicts: fc.array(verdict, { maxLength: 4 }),
});

const RANK = { allowed: 0, audited: 1, denied: 2 } as const;

describe("decide", () => {
  it("a layer more never allows more", () => {
    fc.assert(
      fc.property(scene, someLayer, ({ layers, name, verdicts }, more) => {
        const before = decide(layers, facts(name, { verdicts }), NOW);
        const after = decide([...layers, more], facts(name, { verdicts }), NOW);
        expect(RANK[after.outcome]).toBeGreaterThanOrEqual(RANK[before.outcome]);
      }),
    );
  });

  it("something that does not hold always denies", () => {
    fc.assert(
      fc.property(scene, ({ layers, name, verdicts }) => {
        expect(decide(layers, facts(name, { verdicts: [...verdicts, BROKEN] }), NOW).outcome).toBe("denied");
      }),
    );
  });

  it("a foreign bundle, and the order of bundles, change nothing", () => {
    fc.assert(
      fc.property(scene, ({ layers, name, verdicts }) => {
        const { outcome } = decide(layers, facts(name, { verdicts }), NOW);
        expect(decide(layers, facts(name, { verdicts: [FOREIGN, ...verdicts] }), NOW).outcome).toBe(outcome);
        expect(decide(layers, facts(name, { verdicts: verdicts.toReversed() }), NOW).outcome).toBe(outcome);
      }),
    );
  });

  it("is denied with reasons, allowed without; a layer's word is never softer than its denials", () => {
    fc.assert(
      fc.property(scene, ({ layers, name, verdicts }) => {
        const decision = decide(layers, facts(name, { verdicts }), NOW);
        expect(decision.denials.length === 0).toBe(decision.outcome === "allowed");
        expect(decision.layers.length).toBeGreaterThan(0);
        expect(decision.layers[0]?.layer).toBe(layers[0]?.name);
      }),
    );
  });

  it("a stranger's signature alone never meets signedBy", () => {
    const signed = layer({ signers, rules: [{ packages: ["npm:*"], signedBy: ["widget", "second"] }] });
    const strange = fc.record({
      sourceRepositoryURI: fc.webUrl(),
      issuer: fc.webUrl(),
      sourceRepositoryRef: fc.string(),
    });
    fc.assert(
      fc.property(strange, (claims) => {
        expect(decide([signed], facts(NAMES[0], { verdicts: [signedBy({ ...WIDGET, ...claims })] }), NOW).outcome).toBe(
          "denied",
        );
      }),
    );
  });
});

describe("assignHands", () => {
  const counted = fc.array(
    fc.record({ signer: fc.constantFrom("a", "b", "c", "d"), key: fc.nat({ max: 4 }), bundle: fc.nat({ max: 4 }) }),
    { maxLength: 8 },
  );

  it("finds as many as trying every choice does", () => {
    fc.assert(
      fc.property(counted, (choice) => {
        const all = choice.map(({ signer, key, bundle }) => ({
          signer,
          attestation: attestation({ leafKey: `k${key}`, bundleDigest: { algorithm: "sha256", hex: `b${bundle}` } }),
        }));
        const found = assignHands(all);
        expect(new Set(found.map(({ signer }) => signer)).size).toBe(found.length);
        expect(found.length).toBe(bestOf(choice));
      }),
      { numRuns: 500 },
    );
  });

  interface Choice {
    readonly signer: string;
    readonly key: number;
    readonly bundle: number;
  }

  /** Bundles that share a key or a digest, through any chain, are one hand. */
  function bestOf(choice: readonly Choice[]): number {
    const hand = choice.map((_, at) => at);
    for (let round = 0; round < choice.length; round++) {
      for (const [at, one] of choice.entries()) {
        for (const [to, other] of choice.entries()) {
          if (one.key !== other.key && one.bundle !== other.bundle) continue;
          const joined = Math.min(hand[at] ?? 0, hand[to] ?? 0);
          hand[at] = joined;
          hand[to] = joined;
        }
      }
    }
    const seats = choice.map(({ signer }, at) => ({ signer, hand: hand[at] }));
    const best = (rest: typeof seats): number => {
      const [first, ...others] = rest;
      if (first === undefined) return 0;
      const without = others.filter(({ signer, hand }) => signer !== first.signer && hand !== first.hand);
      return Math.max(best(others), 1 + best(without));
    };
    return best(seats);
  }
});
