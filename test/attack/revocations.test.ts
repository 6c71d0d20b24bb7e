/** What a policy takes back stays taken back, however a lock spells the version and whichever digest it knows. */
import { judgeOver } from "../../src/gate/ground.ts";
import { judgeArtifact } from "../../src/gate/judge.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import { formatDigest } from "../../src/model/digest.ts";
import { createHash } from "node:crypto";
import { part } from "../support/part.ts";
import { layer, NOW, ref } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const CONTENT = Buffer.from("the bytes of a wheel that was taken over");
const PUBLISHED = Buffer.from("the same package before its registry signed it");
const of = (algorithm: "sha256" | "sha384" | "sha512", bytes = CONTENT) => ({
  algorithm,
  hex: createHash(algorithm).update(bytes).digest("hex"),
});

/** `check`: bytes are fetched only where something asks for them. */
async function judged(policy: object, name: string, known: readonly ("sha256" | "sha512")[], more: object = {}) {
  const artifact: Artifact = {
    package: ref(name),
    digests: known.map((algorithm) => of(algorithm)),
    locations: ["x"],
    subjectNames: [],
    runsScripts: false,
  };
  let fetched = 0;
  const one = part({
    artifacts: [artifact],
    obtain: async () => {
      fetched++;
      const published = { name: "as published", digests: [of("sha256", PUBLISHED)], read: async () => PUBLISHED };
      return { digests: [of("sha256"), of("sha512")], read: async () => CONTENT, forms: [published] };
    },
    collect: async () => [],
  });
  const rules = [{ packages: ["npm:*", "pypi:*", "nuget:*"], unsigned: "allow", reason: "x", expires: "2027-01-01" }];
  const judge = judgeOver([layer({ rules, ...policy }, more)], () => ({ status: "needs-bytes" }), {
    wantsBytes: false,
    offline: false,
    now: NOW,
  });
  const { decision } = await judgeArtifact(artifact, one, judge);
  return { codes: decision.denials.map(({ code }) => code), fetched };
}

const revoking = (entry: object) => ({ revoked: [{ reason: "taken over", ...entry }] });

describe("a revoked version", () => {
  it.each([
    ["pkg:pypi/widget@1.0.0", "pypi:widget@1.0"],
    ["pkg:pypi/widget@1.0", "pypi:widget@1.0.0"],
    ["pkg:pypi/Wid_get@1.0rc1", "pypi:wid-get@1.0.0-RC.1"],
    ["pkg:pypi/widget@1.0.post1", "pypi:widget@1.0-1"],
    ["pkg:pypi/widget@1.0%2Bcu.118", "pypi:widget@1.0.0+cu_118"],
    ["pkg:nuget/Widget@1.0.0-beta", "nuget:widget@1.0.0-BETA"],
    ["pkg:nuget/Widget@1.0-beta", "nuget:Widget@1.0.0-beta"],
    ["pkg:nuget/Widget@1.0.0", "nuget:Widget@1.0.0.0"],
    ["pkg:nuget/Widget@1.0.0", "nuget:Widget@1.0.0+build.7"],
    ["pkg:npm/widget@1.0.0", "npm:widget@1.0.0+build"],
  ])("%s meets %s", async (purl, locked) => {
    expect((await judged(revoking({ package: purl }), locked, ["sha512"])).codes).toEqual(["REVOKED"]);
  });

  it.each([
    ["pkg:pypi/widget@1.0", "pypi:widget@1.0.1"],
    ["pkg:pypi/widget@1.0", "pypi:widget@1.0+local"],
    ["pkg:pypi/widget@1.0", "pypi:widget@1!1.0"],
    ["pkg:pypi/widget@1.0", "pypi:widget@10"],
    ["pkg:nuget/Widget@1.0.0", "nuget:Widget@1.0.0.1"],
    ["pkg:nuget/Widget@1.0.0", "nuget:Widget@1.0.0-beta"],
    ["pkg:npm/widget@1.0.0", "npm:widget@1.0.0-0"],
  ])("%s is not %s", async (purl, locked) => {
    expect((await judged(revoking({ package: purl }), locked, ["sha512"])).codes).toEqual([]);
  });
});

describe("revoked bytes", () => {
  it.each(["sha256", "sha384", "sha512"] as const)("by %s, whichever digest the lock knows", async (algorithm) => {
    const policy = revoking({ digest: formatDigest(of(algorithm)) });
    for (const known of [["sha256"], ["sha512"], []] as const) {
      expect((await judged(policy, "npm:widget@1.0.0", known)).codes, known.join()).toEqual(["REVOKED"]);
    }
  });

  it("in another form of the package", async () => {
    const policy = revoking({ digest: formatDigest(of("sha256", PUBLISHED)) });
    expect((await judged(policy, "nuget:Widget@1.0.0", ["sha512"])).codes).toEqual(["REVOKED"]);
  });

  it("are not fetched where the lock's digest says enough", async () => {
    const policy = revoking({ digest: formatDigest(of("sha512", PUBLISHED)) });
    expect(await judged(policy, "npm:widget@1.0.0", ["sha512"])).toEqual({ codes: [], fetched: 0 });
  });
});

describe("what a policy admits by its bytes", () => {
  const denied = { packages: ["pypi:*"], signedBy: ["x"] };
  const signers = { x: { githubActions: { repository: "acme/x" } } };
  const exception = (purl: string) => ({
    signers,
    rules: [denied],
    exceptions: [
      {
        package: purl,
        digests: [formatDigest(of("sha512"))],
        excuses: ["NO_EVIDENCE"],
        reason: "x",
        expires: "2027-01-01",
      },
    ],
  });

  it("an exception: the version in another spelling, the digest in another algorithm", async () => {
    const policy = exception("pkg:pypi/widget@1.0");
    expect(await judged(policy, "pypi:widget@1.0.0", ["sha256"])).toEqual({ codes: [], fetched: 1 });
  });

  it("recorded digests: the same", async () => {
    const policy = {
      recorded: { file: ".signing-recorded.json", expires: "2027-01-01", reason: "x" },
      rules: [{ packages: ["pypi:*"], unsigned: "recorded" }],
    };
    const recordedPackages = { "pkg:pypi/widget@1.0": [formatDigest(of("sha512"))] };
    const { recorded } = layer(policy, { recordedPackages });
    expect(await judged(policy, "pypi:widget@1.0.0", ["sha256"], { recorded })).toEqual({ codes: [], fetched: 1 });
    const other = { recordedPackages: { "pkg:pypi/widget@1.0": [formatDigest(of("sha512", PUBLISHED))] } };
    const changed = layer(policy, other).recorded;
    const { codes } = await judged(policy, "pypi:widget@1.0.0", ["sha256"], { recorded: changed });
    expect(codes).toEqual(["RECORDED_MISMATCH"]);
  });
});
