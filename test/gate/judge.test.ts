import { ArtifactError, SourceUnavailable } from "../../src/errors.ts";
import { type Judge, judgeArtifact } from "../../src/gate/judge.ts";
import type { Facts } from "../../src/model/facts.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import type { Denial } from "../../src/model/codes.ts";
import type { Decision, Ground } from "../../src/model/decision.ts";
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
      if ("nugetSignature" in evidence || "notary" in evidence) return { status: "foreign", evidence, detail: "" };
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
      const { log, codes, decision, proven } = await run({ own: () => [bundle("good")], obtain }, { wantsBytes: true });
      expect(log).toEqual(["own", "obtain"]);
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

  describe("what is asked", () => {
    it("the first source is asked while the bytes are fetched, and once", async () => {
      const { log } = await run({ own: () => [bundle("good")] }, { wantsBytes: true });
      expect(log).toEqual(["own", "obtain"]);
    });

    it("a source that had nothing is told of, one that answered or could not is not", async () => {
      const own = () => {
        throw new SourceUnavailable("https://npm.example", "answered 503");
      };
      const asked = (all: readonly Facts[]) => all.at(-1)?.asked;
      expect(asked((await run({})).seen)).toEqual([{ kind: "own" }, DIRECTORY]);
      expect(asked((await run({ own })).seen)).toEqual([DIRECTORY]);
      expect(asked((await run({ own: () => [bundle("other")] })).seen)).toEqual([DIRECTORY]);
      expect(asked((await run({ own: () => [bundle("other")], directory: () => [bundle("other")] })).seen)).toEqual([]);
    });

    it("the package's own signature is asked for by name", async () => {
      const asked: Source[] = [];
      const collect: Part["collect"] = async (_, source) => {
        asked.push(source);
        return [];
      };
      for (const signature of [true, false]) {
        const wanted = () => ({ evidence: true, baseline: false, signature, sources: [] });
        await judgeArtifact(artifact, part({ collect }), judge({ wanted }));
      }
      expect(asked).toEqual([{ kind: "own", signature: true }, { kind: "own" }]);
    });

    it("a fault that a source tells of ends the questions", async () => {
      const own = () => {
        throw new ArtifactError(denial("PACKAGE_MISMATCH"));
      };
      const { log, codes } = await run({ own, directory: () => [bundle("good")] });
      expect({ log, codes }).toEqual({ log: ["own"], codes: ["PACKAGE_MISMATCH"] });
    });

    it("one denial that does not hold among others ends them", async () => {
      const decide = (facts: Facts): Decision => ({
        artifact,
        verdicts: facts.verdicts,
        unavailable: [],
        layers: [],
        outcome: "denied",
        denials: [denial("NO_EVIDENCE"), denial("SIGNATURE_INVALID")],
      });
      expect((await run({}, { decide })).log).toEqual(["own"]);
    });

    it("a bug is no denial", async () => {
      const own = () => {
        throw new TypeError("a bug");
      };
      const verify = () => {
        throw new TypeError("another");
      };
      const obtain = () => {
        throw new TypeError("a third");
      };
      await expect(run({ own })).rejects.toThrow("a bug");
      await expect(run({ own: () => [bundle("good")] }, { verify })).rejects.toThrow("another");
      await expect(run({ own: () => [bundle("good")], obtain }, { wantsBytes: true })).rejects.toThrow("a third");
    });
  });

  describe("what is known of the bytes", () => {
    const none: Artifact = { ...artifact, digests: [] };
    const judgedOf = async (one: Artifact, changes: Partial<Judge>) => {
      const log: string[] = [];
      const mine = judge(changes);
      const { proven } = await judgeArtifact(one, partOf({ own: () => [bundle("good")] }, log), mine);
      return { log, proven, digests: mine.seen.at(-1)?.digests };
    };

    it("they are fetched where the lock states no digest", async () => {
      expect((await judgedOf(none, {})).log).toContain("obtain");
    });

    it("they are fetched where a policy speaks in another algorithm", async () => {
      const { log, digests } = await judgedOf(artifact, { compares: () => ["sha256"] });
      expect(log).toContain("obtain");
      expect(digests).toEqual(HASHED);
      expect((await judgedOf(artifact, { compares: () => ["sha512"] })).log).not.toContain("obtain");
    });

    it("scripts that run are handed on, and nothing where no layer says so", async () => {
      const decide = (scripts?: "run" | "skip") => (): Decision => ({
        artifact,
        verdicts: [],
        unavailable: [],
        layers: [],
        denials: [],
        outcome: "allowed",
        ...(scripts === undefined ? {} : { scripts }),
      });
      for (const scripts of ["run", "skip"] as const) {
        expect((await judgedOf(artifact, { wantsBytes: true, decide: decide(scripts) })).proven).toMatchObject({
          scripts,
        });
      }
      const { proven } = await judgedOf(artifact, { wantsBytes: true, decide: decide() });
      expect(proven).not.toBeNull();
      expect(proven).not.toHaveProperty("scripts");
    });

    it("a verdict forgets the bundle, and nothing else", async () => {
      const { seen } = await run({ own: () => [bundle("good")] });
      expect(seen.at(-1)?.verdicts[0]?.evidence).toEqual({ source: "registry", location: "good", bundle: null });
      const malformed: Evidence = { source: "registry", location: "x", malformed: "no JSON" };
      const told = await run({ own: () => [malformed] });
      expect(told.seen.at(-1)?.verdicts[0]?.evidence).toEqual(malformed);
    });

    it("a signature over the bytes is verified over them, with every digest", async () => {
      const subjects: unknown[] = [];
      const verify: Judge["verify"] = (evidence, subject) => {
        subjects.push(subject);
        return subject.bytes === null ? { status: "needs-bytes" } : { status: "foreign", evidence, detail: "" };
      };
      await run({ own: () => [bundle("x")] }, { verify });
      const names = artifact.subjectNames;
      expect(subjects).toEqual([
        { names, digests: [LOCKED], bytes: null },
        { names, digests: HASHED, bytes: Buffer.from("bytes") },
      ]);
    });

    it("names are compared as the part compares them", async () => {
      const asked: (boolean | null | undefined)[] = [];
      const verify: Judge["verify"] = (evidence, subject) => {
        expect(subject.names).toEqual(artifact.subjectNames);
        asked.push(subject.isName?.("WIDGET"), subject.isName?.("other"));
        return { status: "foreign", evidence, detail: "" };
      };
      const isSubjectName = (stated: string) => stated === "WIDGET";
      await judgeArtifact({ ...artifact, isSubjectName }, partOf({ own: () => [bundle("x")] }, []), judge({ verify }));
      await judgeArtifact(artifact, partOf({ own: () => [bundle("x")] }, []), judge({ verify }));
      expect(asked).toEqual([true, false, undefined, undefined]);
    });
  });

  describe("a package in several forms", () => {
    const OTHER = [{ algorithm: "sha256", hex: "cc".repeat(32) }] as const;
    const formed: Artifact = { ...artifact, form: "as locked" };
    const forms = [
      { name: "first", digests: [LOCKED], read: async () => Buffer.from("first") },
      { name: "unsigned", digests: OTHER, read: async () => Buffer.from("unsigned") },
    ];

    async function judged(
      one: Artifact,
      says: (digest: string | undefined) => Partial<Verdict>,
      more: { readonly mismatchHint?: string; readonly bare?: boolean } = {},
    ) {
      const { mismatchHint, bare = false } = more;
      const obtained = {
        digests: HASHED,
        read: async () => Buffer.from("bytes"),
        ...(bare ? {} : { forms }),
        ...(mismatchHint === undefined ? {} : { mismatchHint }),
      };
      const asked: (string | undefined)[] = [];
      const verify = (evidence: Evidence, { digests, bytes }: Parameters<Judge["verify"]>[1]) => {
        const at = digests.at(-1)?.hex.slice(0, 2);
        asked.push(bytes === null ? `${at}` : `${at} ${Buffer.from(bytes).toString()}`);
        return { evidence, ...says(at) } as Verdict;
      };
      const mine = judge({
        verify,
        wanted: () => ({ evidence: true, baseline: false, signature: false, sources: [] }),
      });
      const reach = part({ collect: async () => [bundle("x")], obtain: async () => obtained });
      const { decision } = await judgeArtifact(one, reach, mine);
      return { verdict: decision.verdicts[0], asked };
    }
    const verified = { status: "verified", attestation: attestation() } as const;
    const broken = (code: string) => ({ status: "broken", code, detail: "other bytes" }) as Partial<Verdict>;

    it("the form that a verified bundle is about is named", async () => {
      const { verdict, asked } = await judged(formed, () => verified);
      expect(verdict).toMatchObject({ status: "verified", form: "as locked" });
      expect(asked).toEqual(["aa"]);
    });

    it.each(["SUBJECT_MISMATCH", "SIGNATURE_INVALID"])(
      "%s: the other forms are tried, with their bytes",
      async (code) => {
        const { verdict, asked } = await judged(formed, (at) => (at === "cc" ? verified : broken(code)));
        expect(verdict).toMatchObject({ status: "verified", form: "unsigned" });
        expect(asked).toEqual(["aa", "aa first", "cc unsigned"]);
      },
    );

    it.each([
      ["another fault", formed, broken("BUNDLE_MALFORMED")],
      ["a stranger's bundle", formed, { status: "foreign", detail: "x" } as const],
      ["a package of one form", artifact, broken("SUBJECT_MISMATCH")],
    ])("%s: no other form is tried", async (_, one, says) => {
      const { verdict, asked } = await judged(one, (at) => (at === "cc" ? verified : says), { mismatchHint: "hint" });
      expect(asked).toEqual(["aa"]);
      expect(verdict).toMatchObject(says);
      expect(verdict).not.toHaveProperty("form");
    });

    it("none of them: the hint says what else it may be", async () => {
      const hinted = await judged(formed, () => broken("SUBJECT_MISMATCH"), { mismatchHint: "rebuilt?" });
      expect(hinted.verdict).toMatchObject({ status: "broken", detail: "other bytes; rebuilt?" });
      const plain = await judged(formed, () => broken("SUBJECT_MISMATCH"), { bare: true });
      expect(plain.verdict).toMatchObject({ status: "broken", detail: "other bytes" });
    });
  });
});

describe("bytes that an earlier run was given, which nothing in the lock binds", () => {
  const allowed = (ground: Ground): Partial<Judge> => ({
    wantsBytes: true,
    decide: ({ artifact, verdicts, unavailable, faults }) => ({
      artifact,
      verdicts,
      unavailable,
      denials: faults,
      outcome: faults.length === 0 ? "allowed" : "denied",
      layers: [{ layer: "policy", rule: null, outcome: "allowed", ground }],
    }),
  });
  const OPEN = { reason: "", expires: "2999-01-01" };
  const COUNT: readonly Ground[] = [
    { kind: "signed", signers: ["one"] },
    { kind: "baseline", signers: ["npm"] },
    { kind: "recorded" },
  ];
  const COUNT_NOT: readonly Ground[] = [
    { kind: "unsigned", ...OPEN },
    { kind: "excepted", excuses: ["NO_EVIDENCE"], ...OPEN },
  ];

  async function asked(changes: Partial<Judge>, isKept = true) {
    const anew: boolean[] = [];
    const obtain = async (_: Artifact, again = false) => {
      anew.push(again);
      return { digests: HASHED, read: async () => Buffer.from("bytes"), ...(isKept && !again ? { isKept } : {}) };
    };
    const { proven } = await judgeArtifact(artifact, part({ artifacts: [artifact], obtain }), judge(changes));
    return { anew, proven };
  }

  it.each(COUNT)("count where something names them: $kind", async (ground) => {
    const { anew, proven } = await asked(allowed(ground));
    expect(anew).toEqual([false]);
    expect(proven?.bytes.isKept).toBe(true);
  });

  it.each(COUNT_NOT)("are fetched anew where nothing does: $kind", async (ground) => {
    const { anew, proven } = await asked(allowed(ground));
    expect(anew).toEqual([false, true]);
    expect(proven?.bytes.isKept).toBeUndefined();
  });

  it("and where they are denied: other ones may be let in", async () =>
    expect((await asked({ wantsBytes: true })).anew).toEqual([false, true]));

  it("not without a network, and not where they were fetched", async () => {
    const [unsigned] = COUNT_NOT;
    expect((await asked({ ...allowed(unsigned!), offline: true })).anew).toEqual([false]);
    expect((await asked(allowed(unsigned!), false)).anew).toEqual([false]);
  });
});
