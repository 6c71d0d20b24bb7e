import { runAt } from "../../support/author.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { layRepository } from "../../support/repository.ts";
import { createInstance, pipelineOf, policyFor } from "../../support/signed.ts";
import type { Instance } from "../../support/sigstore.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

const HEX = "ab".repeat(64);
const WIDGET = "pkg:npm/widget@1.0.0";
const RIGHT = { repository: "acme/widget", workflow: ".github/workflows/release.yml", ref: "refs/tags/v1.0.0" };
const by = (more: object = {}, trust = "test") => ({ githubActions: { ...RIGHT, ...more }, trust });

let instance: Instance;
let project: string;

beforeAll(async () => {
  instance = await createInstance();
});
beforeEach(() => {
  project = temporaryFolder();
  layRepository(project);
  mkdirSync(join(project, "trust"));
  writeFileSync(join(project, "trust/root.json"), JSON.stringify(instance.trustedRoot));
  const exceptions = [
    {
      package: "pkg:npm/left-pad@1.3.0",
      digests: [`sha512:${HEX}`],
      excuses: ["NO_RULE"],
      reason: "x",
      expires: "2999-01-01",
    },
  ];
  writeFileSync(join(project, ".signing-policy.json"), JSON.stringify(policyFor(["widget"], { exceptions })));
});

function test(trials: unknown, ...words: readonly string[]) {
  const text = typeof trials === "string" ? trials : JSON.stringify({ version: 1, trials });
  writeFileSync(join(project, "trials.json"), text);
  return runAt(project, temporaryFolder(), ["policy", "test", "trials.json", ...words]);
}

describe("safe-install policy test", () => {
  it.each([
    ["its pipeline", { signedBy: by() }, "allow"],
    ["another repository", { signedBy: by({ repository: "mallory/widget" }) }, "deny UNTRUSTED_SIGNER"],
    ["another ref", { signedBy: by({ ref: "refs/heads/main" }) }, "deny UNTRUSTED_SIGNER"],
    ["another root", { signedBy: by({}, "public-good") }, "deny UNTRUSTED_SIGNER"],
    ["no provenance", { signedBy: by(), predicateType: "https://spdx.dev/Document" }, "deny"],
    ["nobody", {}, "deny NO_EVIDENCE"],
    ["the registry", { signedBy: { npmRegistry: "https://npm.example/" } }, "deny"],
    ["a name without a rule", { package: "pkg:npm/other@1.0.0" }, "deny NO_RULE"],
    ["excepted bytes", { package: "pkg:npm/left-pad@1.3.0", digests: [`sha512:${HEX}`] }, "allow"],
    [
      "other bytes",
      { package: "pkg:npm/left-pad@1.3.0", digests: [`sha512:${HEX.replace("a", "c")}`] },
      "deny NO_RULE",
    ],
  ])("%s", async (says, trial, expected) => {
    const { exit, stdout } = await test([{ says, package: WIDGET, ...trial, expect: expected }]);
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining("1 trial as expected") });
    const otherwise = expected === "allow" ? "deny" : "allow";
    const failed = await test([{ says, package: WIDGET, ...trial, expect: otherwise }]);
    expect(failed).toMatchObject({
      exit: 78,
      stdout: expect.stringContaining(`expected ${otherwise}, found ${expected.split(" ")[0]}`),
    });
  });

  it("evidence that is kept is verified: a changed byte denies", async () => {
    const digest = { sha512: HEX };
    const bundle = await instance.attest({
      identity: pipelineOf("widget", "1.0.0"),
      subjects: [{ name: WIDGET, digest }],
    });
    writeFileSync(join(project, "kept.json"), JSON.stringify(bundle));
    const trial = { package: WIDGET, evidence: "kept.json", digests: [`sha512:${HEX}`] };
    expect(await test([{ ...trial, expect: "allow" }])).toMatchObject({ exit: 0 });
    const text = JSON.stringify(bundle).replace(/"sig":"(.)/, (_, first) => `"sig":"${first === "A" ? "B" : "A"}`);
    writeFileSync(join(project, "kept.json"), text);
    expect(await test([{ ...trial, expect: "deny LOG_MISMATCH" }])).toMatchObject({ exit: 0 });
  });

  it("a root that is fetched, and is not held here: what is supposed needs none, evidence under it is not known", async () => {
    const tuf = { mirror: "https://tuf.example", root: "trust/tuf.json" };
    const policy = policyFor(["widget"], { trust: { test: { tuf } } });
    writeFileSync(join(project, ".signing-policy.json"), JSON.stringify(policy));
    const signed = { _type: "root", version: 1 };
    writeFileSync(join(project, "trust/tuf.json"), JSON.stringify({ signed, signatures: [] }));
    expect(await test([{ package: WIDGET, signedBy: by(), expect: "allow" }])).toMatchObject({ exit: 0 });
    const subjects = [{ name: WIDGET, digest: { sha512: HEX } }];
    const bundle = await instance.attest({ identity: pipelineOf("widget", "1.0.0"), subjects });
    writeFileSync(join(project, "kept.json"), JSON.stringify(bundle));
    const trial = { package: WIDGET, evidence: "kept.json", digests: [`sha512:${HEX}`] };
    expect(await test([{ ...trial, expect: "deny EVIDENCE_UNAVAILABLE" }])).toMatchObject({ exit: 0 });
  });

  it.each([
    ["what is no certificate's value", { signedBy: by({ ref: "refs/tags/v{version}" }) }, "without * or {version}"],
    ["a key", { signedBy: { publicKey: { files: ["a.pem"] } } }, "keep a bundle"],
    ["a root that nobody names", { signedBy: by({}, "other") }, "trust root other"],
    ["evidence that is not there", { evidence: "none.json", digests: [`sha512:${HEX}`] }, "there is no none.json"],
  ])("%s: the trial fails, whatever it expects", async (_, trial, said) => {
    for (const expected of ["allow", "deny"])
      expect(await test([{ package: WIDGET, ...trial, expect: expected }])).toMatchObject({
        exit: 78,
        stdout: expect.stringContaining(said),
      });
  });

  it.each([
    ["no JSON", "{", "trials.json"],
    ["no list", "{}", "missing"],
    ["a word too many", [{ package: WIDGET, expects: "allow" }], "expect"],
    ["no code", [{ package: WIDGET, expect: "deny NO_EVIDENSE" }], "expected"],
    ["no version", [{ package: "pkg:npm/widget", expect: "deny" }], "one version"],
  ])("%s: usage", async (_, trials, said) => {
    expect(await test(trials)).toMatchObject({ exit: 64, stderr: expect.stringContaining(said) });
  });

  it("a file that is not there, and none at all: usage", async () => {
    expect(await test([{ package: WIDGET, expect: "deny" }], "none.json")).toMatchObject({ exit: 64 });
    expect(await runAt(project, temporaryFolder(), ["policy", "test"])).toMatchObject({ exit: 64 });
  });
});
