import { CODES, type Code, type Denial } from "../../src/model/codes.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import { EXIT, exitOfKind, worstExit } from "../../src/exit.ts";
import { exitOf, outcomeOf } from "../../src/gate/gate.ts";
import type { Judge } from "../../src/gate/judge.ts";
import { type JudgedPart, judgePart } from "../../src/gate/part.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Part } from "../../src/plugin.ts";
import { part } from "../support/part.ts";
import { artifact } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const DIGEST = { algorithm: "sha512", hex: "a".repeat(128) } as const;
const GOOD: Artifact = { ...artifact("npm:good@1.0.0"), digests: [DIGEST] };
const BAD: Artifact = { ...artifact("npm:bad@1.0.0"), digests: [DIGEST] };

function denial(code: Code): Denial {
  return { code, message: code, details: [] };
}

function partOf(artifacts: readonly Artifact[], unbound: readonly Code[] = []): Part {
  return part({ artifacts, unbound: unbound.map((code) => ({ package: null, location: "x", denial: denial(code) })) });
}

/** Denies what is called "bad", with this code. */
function judge(code: Code = "NO_EVIDENCE", outcome: "denied" | "audited" = "denied"): Judge {
  return {
    wantsBytes: true,
    offline: false,
    wanted: () => ({ evidence: false, baseline: false, signature: false, sources: [] }),
    compares: () => [],
    verify: () => ({ status: "needs-bytes" }),
    decide: ({ artifact, verdicts, unavailable }) => {
      const isBad = artifact.package.name === "bad";
      const denials = isBad ? [denial(code)] : [];
      return { artifact, verdicts, unavailable, denials, layers: [], outcome: isBad ? outcome : "allowed" };
    },
  };
}

describe("a part", () => {
  it("everything let through is handed on, with its bytes", async () => {
    const { isDenied, proven } = await judgePart(partOf([GOOD]), judge());
    expect(isDenied).toBe(false);
    expect(proven.map(({ artifact }) => artifact.package.name)).toEqual(["good"]);
  });

  it("one package is denied, and none is handed on", async () => {
    expect(await judgePart(partOf([GOOD, BAD]), judge())).toMatchObject({ isDenied: true, proven: [] });
  });

  it("what cannot be bound denies the whole set", async () => {
    expect(await judgePart(partOf([GOOD], ["GIT_DEPENDENCY"]), judge())).toMatchObject({ isDenied: true, proven: [] });
  });

  it("what is audited is let through", async () => {
    const { isDenied, proven } = await judgePart(partOf([GOOD, BAD]), judge("NO_EVIDENCE", "audited"));
    expect({ isDenied, count: proven.length }).toEqual({ isDenied: false, count: 2 });
  });

  it.each([
    [true, ["good"]],
    [false, []],
  ])("that opens more is fetched by a check, too: %s", async (opens, names) => {
    const { proven } = await judgePart({ ...partOf([GOOD]), opens }, { ...judge(), wantsBytes: false });
    expect(proven.map(({ artifact }) => artifact.package.name)).toEqual(names);
  });

  it("more packages than the bound are not looked at", async () => {
    const many = Array.from({ length: LIMITS.artifacts + 1 }, () => GOOD);
    const refuses: Judge = {
      ...judge(),
      wanted: () => {
        throw new Error("was asked");
      },
    };
    await expect(judgePart(partOf(many), refuses)).rejects.toMatchObject({
      kind: "unbound",
      code: "TOO_MANY",
      message: `the lock names more than ${LIMITS.artifacts} packages`,
    });
    await expect(judgePart(partOf(many.slice(1)), refuses)).rejects.toThrow("was asked");
  });

  it("so many packages are judged at once, and no more", async () => {
    let [now, most] = [0, 0];
    const obtain: Part["obtain"] = async () => {
      most = Math.max(most, ++now);
      await new Promise((done) => setImmediate(done));
      now--;
      return { digests: [DIGEST], read: async () => Buffer.from("bytes") };
    };
    const many = Array.from({ length: 3 * LIMITS.concurrency }, () => GOOD);
    await judgePart({ ...partOf(many), obtain }, judge());
    expect(most).toBe(LIMITS.concurrency);
  });
});

describe("exit codes", () => {
  it.each(Object.entries(CODES))("%s ends with its own", async (code, { exit }) => {
    const [denied, unbound] = [partOf([BAD]), partOf([], [code as Code])];
    const allowed = await judgePart(partOf([GOOD]), judge());
    expect(exitOf([allowed, await judgePart(denied, judge(code as Code))])).toBe(exit);
    expect(exitOf([await judgePart(unbound, judge())])).toBe(exit);
  });

  it("69 where every package is signed after now: the clock here is slow", async () => {
    const late = await judgePart(partOf([BAD]), judge("TIME_AFTER_NOW"));
    expect(exitOf([late])).toBe(69);
    expect(exitOf([late, await judgePart(partOf([BAD]), judge("SIGNATURE_INVALID"))])).toBe(66);
  });

  it.each<[string, readonly (readonly Code[])[], readonly Code[], number]>([
    ["every package is signed after now", [["TIME_AFTER_NOW"], ["TIME_AFTER_NOW", "TIME_AFTER_NOW"]], [], 69],
    ["one of them is something else, too", [["TIME_AFTER_NOW"], ["TIME_AFTER_NOW", "SIGNATURE_INVALID"]], [], 66],
    ["one of them is allowed", [["TIME_AFTER_NOW"], []], [], 66],
    ["something cannot be bound", [["TIME_AFTER_NOW"]], ["GIT_DEPENDENCY"], 66],
    ["there is no package", [], [], 0],
  ])("%s", (_, packages, unbound, expected) => {
    const decisions = packages.map((codes) => ({
      outcome: codes.length === 0 ? "allowed" : "denied",
      denials: codes.map(denial),
    }));
    expect(exitOf([{ part: partOf([], unbound), decisions } as unknown as JudgedPart])).toBe(expected);
  });

  it.each([
    [[69, 65, 66], 66],
    [[69, 65], 65],
    [[69, 0], 69],
    [[0], 0],
    [[], 0],
  ])("the worst reason decides the exit: %j is %d", (exits, expected) => {
    expect(worstExit(exits)).toBe(expected);
  });

  it.each([
    ["usage", 64],
    ["policy", 78],
    ["unbound", 66],
    ["unavailable", 69],
    ["installer", 127],
  ] as const)("an error of kind %s: %d", (kind, exit) => {
    expect(exitOfKind(kind)).toBe(exit);
  });

  it.each([
    ["all allowed", [[GOOD]], "allowed"],
    ["one audited", [[GOOD], [BAD]], "audited"],
  ] as const)("several parts: %s", async (_, sets, outcome) => {
    const parts = await Promise.all(sets.map((one) => judgePart(partOf(one), judge("NO_EVIDENCE", "audited"))));
    expect({ outcome: outcomeOf(parts), exit: exitOf(parts) }).toEqual({ outcome, exit: 0 });
  });

  it.each([
    ["its last", [[GOOD], [BAD]]],
    ["its first", [[BAD], [GOOD]]],
  ] as const)("one part denied, %s: denied", async (_, sets) => {
    const parts = await Promise.all(sets.map((one) => judgePart(partOf(one), judge())));
    expect({ outcome: outcomeOf(parts), exit: exitOf(parts) }).toEqual({ outcome: "denied", exit: 65 });
  });

  it("are those of the design", () => {
    expect(EXIT).toEqual({
      ok: 0,
      usage: 64,
      denied: 65,
      doesNotHold: 66,
      unavailable: 69,
      bug: 70,
      policy: 78,
      installerNotFound: 127,
    });
  });
});
