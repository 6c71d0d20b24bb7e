import { ArtifactError, SourceUnavailable } from "../../src/errors.ts";
import { type Judge, judgeArtifact } from "../../src/gate/judge.ts";
import type { Facts } from "../../src/model/facts.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import type { Denial } from "../../src/model/codes.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import type { Source } from "../../src/model/wanted.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import type { Part } from "../../src/plugin.ts";
import { part } from "../support/part.ts";
import { attestation } from "../support/attestation.ts";
import { describe, expect, it } from "vitest";

const LOCKED = { algorithm: "sha512", hex: "aa".repeat(64) } as const;
const HASHED = [LOCKED, { algorithm: "sha256", hex: "bb".repeat(32) }] as const;

const artifact: Artifact = {
  package: { ecosystem: "npm", name: "widget", version: "1.0.0", purl: "pkg:npm/widget@1.0.0" },
  digests: [LOCKED],
  locations: ["node_modules/widget"],
  subjectNames: ["pkg:npm/widget@1.0.0"],
  runsScripts: false,
};

const DIRECTORY: Source = { kind: "directory", path: "/bundles" };
const denial = (code: Denial["code"]): Denial => ({ code, message: code, details: [] });
const bundle = (name: string, cached = false): Evidence => ({
  source: "registry",
  location: name,
  bundle: name,
  ...(cached ? { cached } : {}),
});

interface Script {
  readonly own?: (fresh: boolean) => readonly Evidence[];
  readonly directory?: () => readonly Evidence[];
  readonly obtain?: () => void;
}

function partOf(script: Script, log: string[]): Part {
  return part({
    artifacts: [artifact],
    obtain: async () => {
      log.push("obtain");
      script.obtain?.();
      return { digests: HASHED, read: async () => Buffer.from("bytes") };
    },
    collect: async (_, source, fresh) => {
      log.push(fresh ? `${source.kind} fresh` : source.kind);
      return source.kind === "own" ? (script.own?.(fresh) ?? []) : (script.directory?.() ?? []);
    },
  });
}

/** A court whose words are simple: the bundle "good" satisfies, "bad" is broken, "message" wants the bytes. */
function judge(changes: Partial<Judge> = {}): Judge & { readonly seen: Facts[] } {
  const seen: Facts[] = [];
  return {
    seen,
    wantsBytes: false,
    offline: false,
    wanted: () => ({ evidence: true, baseline: false, signature: false, sources: [DIRECTORY] }),
    compares: () => [],
    verify: (evidence, { bytes }): Verdict | { status: "needs-bytes" } => {
      if ("registrySignature" in evidence) return { status: "verified", evidence, attestation: attestation() };
      if ("malformed" in evidence)
        return { status: "broken", evidence, code: "BUNDLE_MALFORMED", detail: evidence.malformed };
      if ("nugetSignature" in evidence) return { status: "foreign", evidence, detail: "" };
      if (evidence.bundle === "bad") return { status: "broken", evidence, code: "SIGNATURE_INVALID", detail: "" };
      if (evidence.bundle === "never") return { status: "needs-bytes" };
      if (evidence.bundle === "message" && bytes === null) return { status: "needs-bytes" };
      if (evidence.bundle === "other") return { status: "foreign", evidence, detail: "" };
      return { status: "verified", evidence, attestation: attestation() };
    },
    decide: (facts): Decision => {
      seen.push(facts);
      const broken = facts.verdicts.flatMap((v) => (v.status === "broken" ? [denial(v.code)] : []));
      const hard = [...facts.faults, ...broken];
      const good = facts.verdicts.some(({ status }) => status === "verified");
      const denials = hard.length > 0 ? hard : good ? [] : [denial("NO_EVIDENCE")];
      const { artifact, verdicts, unavailable } = facts;
      return {
        artifact,
        verdicts,
        unavailable,
        denials,
        layers: [],
        outcome: denials.length === 0 ? "allowed" : "denied",
      };
    },
    ...changes,
  };
}

async function run(script: Script, changes: Partial<Judge> = {}) {
  const log: string[] = [];
  const mine = judge(changes);
  const { decision, proven } = await judgeArtifact(artifact, partOf(script, log), mine);
  return {
    log,
    outcome: decision.outcome,
    codes: decision.denials.map(({ code }) => code),
    proven,
    decision,
    seen: mine.seen,
  };
}

describe("judgeArtifact", () => {
  it("asks no further source once the rule is met", async () => {
    expect(await run({ own: () => [bundle("good")] })).toMatchObject({ log: ["own"], outcome: "allowed" });
  });

  it("asks the next source where the first does not suffice", async () => {
    const { log, outcome } = await run({ own: () => [bundle("other")], directory: () => [bundle("good")] });
    expect({ log, outcome }).toEqual({ log: ["own", "directory"], outcome: "allowed" });
  });

  it("a broken bundle ends the questions and denies, whatever its neighbours say", async () => {
    const { log, codes } = await run({ own: () => [bundle("good"), bundle("bad")], directory: () => [bundle("good")] });
    expect({ log, codes }).toEqual({ log: ["own"], codes: ["SIGNATURE_INVALID"] });
  });

  it("asks nobody where no rule wants evidence", async () => {
    expect(
      (await run({}, { wanted: () => ({ evidence: false, baseline: false, signature: false, sources: [DIRECTORY] }) }))
        .log,
    ).toEqual([]);
  });

  it("is asked for the registry's signature where a rule has a baseline, and for nothing else then", async () => {
    const wanted = (evidence: boolean) => () => ({ evidence, baseline: true, signature: false, sources: [DIRECTORY] });
    expect((await run({}, { wanted: wanted(false) })).log).toEqual(["registrySignature"]);
    expect((await run({}, { wanted: wanted(true) })).log).toEqual(["registrySignature", "own", "directory"]);
  });

  it("a source that cannot be asked is told, and the next one is asked", async () => {
    const own = () => {
      throw new SourceUnavailable("https://npm.example", "answered 503");
    };
    const { outcome, decision } = await run({ own, directory: () => [bundle("good")] });
    expect({ outcome, unavailable: decision.unavailable }).toEqual({
      outcome: "allowed",
      unavailable: [{ location: "https://npm.example", reason: "answered 503" }],
    });
  });

  it("too many bundles are refused as a whole", async () => {
    const many = Array.from({ length: 65 }, () => bundle("good"));
    expect((await run({ own: () => many })).codes).toEqual(["BUNDLE_MALFORMED"]);
  });

  describe("bytes", () => {
    it("are not fetched for check where the lock states a digest", async () => {
      expect(await run({ own: () => [bundle("good")] })).toMatchObject({ log: ["own"], proven: null });
    });

    it("are fetched for check where a signature is over them, and hashed digests count then", async () => {
      const { log, outcome, seen } = await run({ own: () => [bundle("message")] });
      expect({ log, outcome, digests: seen.at(-1)?.digests }).toEqual({
        log: ["own", "obtain"],
        outcome: "allowed",
        digests: HASHED,
      });
    });

    it("are fetched for an install, once, and are what is handed on", async () => {
      const { log, proven } = await run({ own: () => [bundle("message")] }, { wantsBytes: true });
      expect(log.filter((word) => word === "obtain")).toHaveLength(1);
      expect(proven?.bytes.digests).toEqual(HASHED);
    });

    it("are fetched for an install also where nothing else needs them", async () => {
      const { log, proven } = await run({ own: () => [bundle("good")] }, { wantsBytes: true });
      expect(log).toContain("obtain");
      expect(proven?.bytes.digests).toEqual(HASHED);
    });

    it("that contradict the lock deny, and the evidence about them is not looked at", async () => {
      const obtain = () => {
        throw new ArtifactError(denial("INTEGRITY_MISMATCH"));
      };
      const { codes, decision, proven } = await run({ own: () => [bundle("good")], obtain }, { wantsBytes: true });
      expect({ codes, verdicts: decision.verdicts, proven }).toEqual({
        codes: ["INTEGRITY_MISMATCH"],
        verdicts: [],
        proven: null,
      });
    });

    it("that cannot be had deny also where only the signature wanted them", async () => {
      const obtain = () => {
        throw new ArtifactError(denial("ARTIFACT_UNAVAILABLE"));
      };
      expect((await run({ own: () => [bundle("message")], obtain })).codes).toEqual(["ARTIFACT_UNAVAILABLE"]);
    });

    it("a statement that never binds them is about something else", async () => {
      expect((await run({ own: () => [bundle("never")] })).codes).toEqual(["SUBJECT_MISMATCH"]);
    });

    it("are not handed on for what is denied", async () => {
      expect((await run({}, { wantsBytes: true })).proven).toBeNull();
    });
  });

  describe("an earlier run's answers", () => {
    it("that suffice are enough", async () => {
      expect((await run({ own: () => [bundle("good", true)] })).log).toEqual(["own"]);
    });

    it("that do not suffice are asked again", async () => {
      const { log, outcome } = await run({ own: (fresh) => [fresh ? bundle("good") : bundle("other", true)] });
      expect({ log, outcome }).toEqual({ log: ["own", "directory", "own fresh"], outcome: "allowed" });
    });

    it("are all there is when offline", async () => {
      const { log, outcome } = await run({ own: () => [bundle("other", true)] }, { offline: true });
      expect({ log, outcome }).toEqual({ log: ["own", "directory"], outcome: "denied" });
    });

    it("a missing answer is not asked twice", async () => {
      expect((await run({ own: () => [] })).log).toEqual(["own", "directory"]);
    });
  });
});
