import { CODES, type Code, type Denial } from "../src/model/codes.ts";
import type { Artifact } from "../src/model/artifact.ts";
import { EXIT, exitOfKind, worstExit } from "../src/exit.ts";
import { gate } from "../src/gate.ts";
import type { Judge } from "../src/judge.ts";
import { LIMITS } from "../src/limits.ts";
import type { Session } from "../src/plugin.ts";
import { artifact } from "./support/policy.ts";
import { describe, expect, it } from "vitest";

const DIGEST = { algorithm: "sha512", hex: "a".repeat(128) } as const;
const GOOD: Artifact = { ...artifact("npm:good@1.0.0"), digests: [DIGEST] };
const BAD: Artifact = { ...artifact("npm:bad@1.0.0"), digests: [DIGEST] };

function denial(code: Code): Denial {
  return { code, message: code, details: [] };
}

function session(artifacts: readonly Artifact[], unbound: readonly Code[] = []): Session {
  return {
    project: "/p",
    lockfile: null,
    artifacts,
    unbound: unbound.map((code) => ({ package: null, location: "x", denial: denial(code) })),
    notGated: [],
    obtain: async () => ({ digests: [DIGEST], read: async () => Buffer.from("bytes") }),
    collect: async () => [],
    handoff: async () => 0,
    close: async () => {},
  };
}

/** Denies what is called "bad", with this code. */
function judge(code: Code = "NO_EVIDENCE", outcome: "denied" | "audited" = "denied"): Judge {
  return {
    wantsBytes: true,
    offline: false,
    wanted: () => ({ evidence: false, sources: [] }),
    verify: () => ({ status: "needs-bytes" }),
    decide: ({ artifact, verdicts, unavailable }) => {
      const isBad = artifact.package.name === "bad";
      const denials = isBad ? [denial(code)] : [];
      return { artifact, verdicts, unavailable, denials, layers: [], outcome: isBad ? outcome : "allowed" };
    },
  };
}

describe("gate", () => {
  it("everything let through is handed on, with its bytes", async () => {
    const { outcome, exit, proven } = await gate(session([GOOD]), judge());
    expect({ outcome, exit }).toEqual({ outcome: "allowed", exit: 0 });
    expect(proven.map(({ artifact }) => artifact.package.name)).toEqual(["good"]);
  });

  it("one package is denied, and none is handed on", async () => {
    const { outcome, exit, proven } = await gate(session([GOOD, BAD]), judge());
    expect({ outcome, exit, proven }).toEqual({ outcome: "denied", exit: 65, proven: [] });
  });

  it("what cannot be bound denies the whole set", async () => {
    const { outcome, exit, proven } = await gate(session([GOOD], ["GIT_DEPENDENCY"]), judge());
    expect({ outcome, exit, proven }).toEqual({ outcome: "denied", exit: 66, proven: [] });
  });

  it("what is audited is let through, and called so", async () => {
    const { outcome, exit, proven } = await gate(session([GOOD, BAD]), judge("NO_EVIDENCE", "audited"));
    expect({ outcome, exit, count: proven.length }).toEqual({ outcome: "audited", exit: 0, count: 2 });
  });

  it("more packages than the bound are not looked at", async () => {
    const many = Array.from({ length: LIMITS.artifacts + 1 }, () => GOOD);
    const refuses: Judge = {
      ...judge(),
      wanted: () => {
        throw new Error("was asked");
      },
    };
    await expect(gate(session(many), refuses)).rejects.toMatchObject({ kind: "unbound", code: "TOO_MANY" });
  });
});

describe("exit codes", () => {
  it.each(Object.entries(CODES))("%s ends with its own", async (code, { exit }) => {
    expect((await gate(session([BAD]), judge(code as Code))).exit).toBe(exit);
    expect((await gate(session([], [code as Code]), judge())).exit).toBe(exit);
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
