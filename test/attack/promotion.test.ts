/** What a build has left is promoted: what of it is not what it says, by whom it says, by which policy? */
import type { SafeInstallError } from "../../src/errors.ts";
import { instance, KINDS, type Made, promotionWorld, type World } from "../support/promotion.ts";
import { pipelineOf, signerFor } from "../support/signed.ts";
import { layRepository } from "../support/repository.ts";
import { hexOf } from "../support/tarball.ts";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const lay = ({ put }: World, { filename, bytes }: Made) => put(`dist/${filename}`, bytes);
const codesIn = ({ report }: Awaited<ReturnType<World["check"]>>) =>
  report.projects.flatMap(({ packages, unbound }) => [
    ...unbound.map(({ denial }) => denial.code),
    ...packages.flatMap(({ denials }) => denials.map(({ code }) => code)),
  ]);
const digestOf = ({ bytes }: Made) => ({ sha256: hexOf(bytes, "sha256") });
const refusal = (run: Promise<unknown>) => run.then(String, (error: SafeInstallError) => error.code);

describe.each(KINDS)("check dist/ of $ecosystem", ({ ecosystem, make }) => {
  const widget = make("widget");

  it("signed by the pinned pipeline: promotable, with every digest in the report", async () => {
    const world = promotionWorld(ecosystem);
    lay(world, widget);
    await world.sign(widget, "widget");
    const { exit, shown, report } = await world.check(["dist"]);
    expect(exit).toBe(0);
    const digests = (["sha256", "sha384", "sha512"] as const).map((one) => `${one}:${hexOf(widget.bytes, one)}`);
    expect(report.projects[0]?.packages).toMatchObject([{ ground: "signed", built: digests }]);
    for (const digest of digests) expect(shown).toContain(`${digest}  dist/${widget.filename}`);
    expect((await world.check([`dist/${widget.filename}`])).exit).toBe(0);
  });

  it("without evidence, or by another pipeline, it is not", async () => {
    const world = promotionWorld(ecosystem);
    lay(world, widget);
    expect(codesIn(await world.check(["dist"]))).toEqual(["NO_EVIDENCE"]);
    await world.sign(widget, "mallory");
    const run = await world.check(["dist"]);
    expect([run.exit, ...codesIn(run)]).toEqual([65, "UNTRUSTED_SIGNER"]);
  });

  it("a renamed file is judged by the name inside, or refused where installers go by the file's", async () => {
    const world = promotionWorld(ecosystem, ["widget", "evil"]);
    const evil = make("evil");
    const renamed = { ...evil, filename: widget.filename };
    lay(world, renamed);
    await world.sign(renamed, "evil", { subjects: [{ name: evil.filename, digest: digestOf(evil) }] });
    const run = await world.check(["dist"]);
    const purls = run.report.projects.flatMap(({ packages }) => packages.map(({ purl }) => purl));
    if (ecosystem === "pypi") expect([run.exit, ...codesIn(run)]).toEqual([66, "PACKAGE_MISMATCH"]);
    else expect([run.exit, ...purls]).toEqual([0, `pkg:${ecosystem}/evil@1.0.0`]);
    // The pipeline of the one does not speak for the other, whatever the file is called.
    await world.sign(renamed, "widget", { subjects: [{ name: evil.filename, digest: digestOf(evil) }] });
    expect((await world.check(["dist"])).exit).toBeGreaterThan(64);
  });

  it("another package's bytes under the evidence of the right ones do not hold", async () => {
    const world = promotionWorld(ecosystem);
    const other = { ...make("widget", "1.0.1"), filename: widget.filename };
    lay(world, ecosystem === "pypi" ? { ...widget, bytes: make("widget2").bytes } : other);
    await world.sign(widget, "widget");
    expect((await world.check(["dist"])).exit).toBe(66);
  });

  it("a statement about the same bytes under another package's name contradicts", async () => {
    const world = promotionWorld(ecosystem);
    lay(world, widget);
    const subjects = [{ name: make("other").filename, digest: digestOf(widget) }];
    await world.sign(widget, "widget", { subjects });
    const run = await world.check(["dist"]);
    expect([run.exit, ...codesIn(run)]).toEqual([66, "SUBJECT_MISMATCH"]);
  });

  it("known bytes, a rule without a signer and an exception are good enough to install, not to promote", async () => {
    const open = { packages: [`${ecosystem}:widget`], unsigned: "allow", reason: "tried", expires: "2999-01-01" };
    const world = promotionWorld(ecosystem, [], { rules: [open] });
    lay(world, widget);
    const run = await world.check(["dist"]);
    expect([run.exit, ...codesIn(run)]).toEqual([65, "NOT_PROMOTABLE"]);
    expect((await world.check(["dist"], { allowsBaseline: true })).exit).toBe(0);
    const excepted = promotionWorld(ecosystem, ["widget"], {
      exceptions: [
        {
          package: `pkg:${ecosystem}/widget@1.0.0`,
          digests: [`sha512:${hexOf(widget.bytes)}`],
          excuses: ["NO_EVIDENCE"],
          reason: "tried",
          expires: "2999-01-01",
        },
      ],
    });
    lay(excepted, widget);
    expect(codesIn(await excepted.check(["dist"]))).toEqual(["NOT_PROMOTABLE"]);
    expect((await excepted.check(["dist"], { allowsBaseline: true })).exit).toBe(0);
  });

  it("--allow-baseline lets in nothing that no rule lets in", async () => {
    const world = promotionWorld(ecosystem, ["widget"], { mode: "audit" });
    lay(world, widget);
    expect((await world.check(["dist"], { allowsBaseline: true })).exit).toBe(65);
  });

  it("with a policy planted inside, or with nothing in it, it is not judged", async () => {
    const world = promotionWorld(ecosystem);
    mkdirSync(join(world.folder, "dist"));
    expect(await refusal(world.check(["dist"]))).toBe("NOTHING_BUILT");
    lay(world, widget);
    const open = { packages: [`${ecosystem}:*`], unsigned: "allow", reason: "planted", expires: "2999-01-01" };
    world.put("dist/.signing-policy.json", { version: 1, rules: [open] });
    for (const policy of [null, "dist/.signing-policy.json"])
      expect(await refusal(world.check(["dist"], { options: { policy } }))).toBe("UNKNOWN_FILE");
  });

  it("what is no archive is denied, and so is the folder", async () => {
    const world = promotionWorld(ecosystem);
    lay(world, { ...widget, bytes: Buffer.from("no archive at all") });
    const run = await world.check(["dist"]);
    // Text is an archive without members to tar.
    expect([run.exit, ...codesIn(run)]).toEqual([66, ecosystem === "npm" ? "PACKAGE_MISMATCH" : "ARCHIVE_INVALID"]);
  });
});

describe("what is signed beside it", () => {
  const [{ make }] = KINDS;
  const widget = make("widget");
  const GENERATOR =
    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
  const RELEASE = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.0.0";
  const signers = { widget: signerFor("widget"), other: signerFor("other") };
  const judged = async (rule: object, what: object, by = "widget") => {
    const rules = [{ packages: ["npm:widget"], signedBy: ["widget"], ...rule }];
    const world = promotionWorld("npm", [], { signers, rules });
    lay(world, widget);
    await world.sign(widget, by, what);
    const run = await world.check(["dist"]);
    return [run.exit, ...codesIn(run)];
  };

  it("a known builder's name that another workflow writes raises no level, and contradicts its certificate", async () => {
    const builtBy = (id: string) => ({ predicate: { runDetails: { builder: { id } } } });
    for (const asks of [{ slsa: { buildLevel: 3 } }, { slsa: { buildLevel: 2, builders: "known" } }])
      expect(await judged(asks, builtBy(GENERATOR))).toEqual([65, "PROVENANCE_MISMATCH"]);
    expect(await judged({ slsa: { buildLevel: 2 } }, builtBy(RELEASE))).toEqual([0]);
    expect(await judged({ slsa: { buildLevel: 2 } }, builtBy(GENERATOR))).toEqual([65, "PROVENANCE_MISMATCH"]);
    expect(await judged({ provenance: { builder: GENERATOR } }, builtBy(GENERATOR))).toEqual([
      65,
      "PROVENANCE_MISMATCH",
    ]);
  });

  const SUMMARY = {
    verificationResult: "PASSED",
    verifier: { id: "https://verifier.example/v1" },
    resourceUri: "pkg:npm/widget@1.0.0",
    verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
  };

  it.each<readonly [string, object, readonly unknown[], string]>([
    ["that passed", {}, [0], "widget"],
    ["that failed", { verificationResult: "FAILED" }, [65, "PROVENANCE_MISMATCH"], "widget"],
    ["of another package", { resourceUri: "pkg:npm/other@1.0.0" }, [65, "PROVENANCE_MISMATCH"], "widget"],
    ["of another verifier", { verifier: { id: "https://verifier.example/v2" } }, [65, "PROVENANCE_MISMATCH"], "widget"],
    ["signed by another", {}, [65, "UNTRUSTED_SIGNER"], "other"],
  ])("a verification summary %s", async (_, part, expected, by) => {
    const vsa = { verifier: "https://verifier.example/v1", levels: ["SLSA_BUILD_LEVEL_2"] };
    const what = { predicateType: "https://slsa.dev/verification_summary/v1", predicate: { ...SUMMARY, ...part } };
    expect(await judged({ vsa }, what, by)).toEqual(expected);
  });
});

it("a registry's signature is in its metadata: no file of npm meets a baseline, whatever is allowed", async () => {
  const [{ make }] = KINDS;
  const signers = { npmjs: { npmRegistry: "https://npm.example" } };
  const rules = [{ packages: ["npm:widget"], baseline: ["npmjs"] }];
  const world = promotionWorld("npm", [], { trust: {}, signers, rules });
  lay(world, make("widget"));
  for (const allowsBaseline of [false, true]) {
    const run = await world.check(["dist"], { allowsBaseline });
    expect([run.exit, ...codesIn(run)]).toEqual([65, "NO_EVIDENCE"]);
  }
});

describe("evidence of several packages in one file", () => {
  const [{ make }] = KINDS;
  const both = ["widget", "other"].map((name) => make(name));
  const lines = async (...statements: readonly (readonly (Made & { readonly as?: Made })[])[]) => {
    const bundles = await Promise.all(
      statements.map((files, at) =>
        instance.attest({
          identity: pipelineOf(at === 0 ? "widget" : "other", "1.0.0"),
          subjects: files.map(({ as, ...file }) => ({ name: file.filename, digest: digestOf(as ?? file) })),
        }),
      ),
    );
    return bundles.map((one) => JSON.stringify(one)).join("\n");
  };
  const checked = async (text: string) => {
    const world = promotionWorld("npm", ["widget", "other"]);
    for (const one of both) lay(world, one);
    world.put("dist/multiple.intoto.jsonl", text);
    const run = await world.check(["dist"]);
    return [run.exit, ...codesIn(run)];
  };
  const [widget, other] = both as [Made, Made];

  it("speaks for each by what it says of it", async () => {
    expect(await checked(await lines([widget], [other]))).toEqual([0]);
    // The pipeline of the one does not speak for the other.
    expect(await checked(await lines([widget, other]))).toEqual([65, "UNTRUSTED_SIGNER"]);
    expect(await checked(await lines([widget]))).toEqual([65, "NO_EVIDENCE"]);
  });

  it("does not hold where it names a file with other bytes, or cannot be read", async () => {
    expect(await checked(await lines([widget], [other], [{ ...other, as: widget }]))).toEqual([
      66,
      "SUBJECT_MISMATCH",
      "SUBJECT_MISMATCH",
    ]);
    expect((await checked(`${await lines([widget], [other])}\n{"dsseEnvelope":{}}`))[0]).toBe(66);
  });
});

describe("the folder", () => {
  const [{ make }] = KINDS;
  const widget = make("widget");

  it.each([".signing-policy.json", "NuGet.config", "more", "stray.tgz.sigstore.json", "README.md"])(
    "with %s in it is not judged: nobody can say what is promoted along",
    async (name) => {
      const world = promotionWorld("npm");
      lay(world, widget);
      await world.sign(widget, "widget");
      if (name === "more") mkdirSync(join(world.folder, "dist", name));
      else world.put(`dist/${name}`, { version: 1, mode: "audit" });
      expect(await refusal(world.check(["dist"]))).toBe("UNKNOWN_FILE");
    },
  );

  it("a link in it is none of its files", async () => {
    const world = promotionWorld("npm");
    world.put("elsewhere.tgz", widget.bytes);
    mkdirSync(join(world.folder, "dist"));
    symlinkSync(join(world.folder, "elsewhere.tgz"), join(world.folder, "dist", widget.filename));
    expect(await refusal(world.check(["dist"]))).toBe("UNKNOWN_FILE");
  });

  it("without any package it is not judged", async () => {
    const world = promotionWorld("npm");
    mkdirSync(join(world.folder, "dist"));
    expect(await refusal(world.check(["dist"]))).toBe("NOTHING_BUILT");
  });

  it("holds no policy that judges it, nor a root that one names", async () => {
    const world = promotionWorld("npm", []);
    lay(world, { ...widget, filename: "a.tgz" });
    const open = { packages: ["npm:widget"], unsigned: "allow", reason: "planted", expires: "2999-01-01" };
    world.put("dist/a.tgz.sigstore.json", { version: 1, rules: [open] });
    const planted = { policy: "dist/a.tgz.sigstore.json" };
    expect(await refusal(world.check(["dist"], { allowsBaseline: true, options: planted }))).toBe("POLICY_JUDGED");
    const named = promotionWorld("npm", ["widget"], { trust: { test: { trustedRoot: "dist/a.tgz.sigstore.json" } } });
    lay(named, { ...widget, filename: "a.tgz" });
    named.put("dist/a.tgz.sigstore.json", instance.trustedRoot);
    expect(await refusal(named.check(["dist"]))).toBe("POLICY_JUDGED");
  });

  it("is not judged by a policy in it where its packages are named one by one, unless that policy is named", async () => {
    const world = promotionWorld("npm", []);
    lay(world, widget);
    const open = { packages: ["npm:widget"], unsigned: "allow", reason: "planted", expires: "2999-01-01" };
    world.put("dist/.signing-policy.json", { version: 1, rules: [open] });
    const dist = join(world.folder, "dist");
    const given = { allowsBaseline: true };
    expect(await refusal(world.check([widget.filename], given, dist))).toBe("POLICY_JUDGED");
    const named = { ...given, options: { policy: ".signing-policy.json" } };
    expect((await world.check([widget.filename], named, dist)).exit).toBe(0);
  });

  it("is judged by the policies above it where the command is typed in it", async () => {
    const world = promotionWorld("npm");
    layRepository(world.folder);
    lay(world, widget);
    await world.sign(widget, "widget");
    expect((await world.check(["."], {}, join(world.folder, "dist"))).exit).toBe(0);
  });

  it("is judged in enforce mode whatever is said, and beside no lock", async () => {
    const world = promotionWorld("npm", ["widget"], { commandLine: { audit: true } });
    lay(world, widget);
    world.put("package-lock.json", { lockfileVersion: 3, packages: {} });
    expect(await refusal(world.check(["dist"], { options: { mode: "audit" } }))).toBe("USAGE");
    expect(await refusal(world.check(["dist", "package-lock.json"]))).toBe("USAGE");
    expect(await refusal(world.check(["dist"], { staged: true }))).toBe("USAGE");
    expect(await refusal(world.check(["package-lock.json"], { allowsBaseline: true }))).toBe("USAGE");
  });

  it("one package that is not promotable stops all of them", async () => {
    const world = promotionWorld("npm", ["widget", "other"]);
    const other = make("other");
    lay(world, widget);
    lay(world, other);
    await world.sign(widget, "widget");
    const run = await world.check(["dist"]);
    expect([run.exit, ...codesIn(run)]).toEqual([65, "NO_EVIDENCE"]);
  });
});
