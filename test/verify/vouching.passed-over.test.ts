/** A timestamp of an authority that nobody named, beside a log that says when. */
import { createInstance } from "../support/sigstore.ts";
import { besides, edited, identity, judged, outcome, rootOf, subjects } from "./judging.ts";
import { describe, expect, test } from "vitest";

const instance = await createInstance();
const stranger = await createInstance({ name: "stranger.test" });
const logged = await instance.attest({ subjects, identity });
const AT = new Date("2026-01-01T00:00:00Z");
const foreign = await stranger.attest({ subjects, identity, log: "none", timestamps: [AT] });
const late = await stranger.attest({ subjects, identity, log: "none", timestamps: [new Date("2035-01-01T00:00:00Z")] });

/** The bundle with the other's timestamps beside its own. */
function beside(bundle: unknown, other: unknown) {
  return edited(bundle, (copy) => {
    edited(other, ({ verificationMaterial }) => {
      const own = copy.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? [];
      const more = verificationMaterial.timestampVerificationData.rfc3161Timestamps;
      copy.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [...own, ...more] };
    });
  });
}

const roots = [rootOf(instance)];
const signedAt = (bundle: unknown) => {
  const verdict = judged(bundle, { roots });
  return verdict.status === "verified" ? verdict.attestation.signedAt?.toISOString() : verdict;
};

describe("a timestamp of an authority that no root in use holds", () => {
  test("is passed over beside a log's time, whatever it says", () => {
    expect(signedAt(beside(logged, foreign))).toBe(signedAt(logged));
    expect(signedAt(beside(logged, late))).toBe(signedAt(logged));
  });

  test("is passed over beside one of an authority that is held, and a log", async () => {
    const both = await instance.attest({ subjects, identity, timestamps: 1 });
    expect(signedAt(beside(both, late))).toBe(signedAt(both));
  });

  test("counts for nothing: what the root asks for is missing", () => {
    const asking = [rootOf(instance, { tlog: 1, sct: 1, timestamps: 2 })];
    expect(outcome(beside(logged, foreign), { roots: asking })).toBe("TIME_INVALID");
  });

  test("is refused where no log says when, and the words name what is missing", async () => {
    const unlogged = await instance.attest({ subjects, identity, log: "none", timestamps: 1 });
    const lenient = [rootOf(instance, { tlog: 0, sct: 1, timestamps: 1 })];
    expect(outcome(unlogged, { roots: lenient })).toBe("verified");
    expect(judged(beside(unlogged, foreign), { roots: lenient })).toMatchObject({
      code: "TIME_INVALID",
      detail: expect.stringContaining("by an authority that is unknown") as string,
    });
  });

  test("one of an authority that is held still has to hold", async () => {
    const other = await instance.attest({ subjects: [{ ...subjects[0]!, name: "other" }], identity, timestamps: 1 });
    expect(outcome(beside(logged, other), { roots })).toBe("TIME_INVALID");
  });

  test("beside this thread the same", async () => {
    for (const { verdict, beside: other } of await besides()) expect(other).toEqual(verdict);
  });
});
