import { putInto } from "../support/folder.ts";
import { BIN, safeInstall } from "../support/cli.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { npmStage } from "../support/npm-stage.ts";
import { type Locked, type ProjectFiles, writeProject } from "../support/project.ts";
import { createInstance, pipelineOf, policyFor, publishSigned, subjectOf } from "../support/signed.ts";
import { execa } from "execa";
import { chmodSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";

const stage = npmStage(async ({ registry, instance }) => {
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  await publishSigned(registry, instance, { name: "widget", version: "1.1.0" });
  await publishSigned(registry, instance, { name: "gadget", version: "2.0.0" });
  registry.publish({ name: "plain", version: "1.0.0" });
  registry.publish({ name: "other", version: "1.0.0" });
});

const WIDGET = { name: "widget", version: "1.0.0" };
const GADGET = { name: "gadget", version: "2.0.0" };
const PLAIN = { name: "plain", version: "1.0.0" };
const POLICY = policyFor(["widget", "gadget", "plain", "other"]);
const ALLOW = { packages: ["npm:*"], unsigned: "allow", reason: "mine", expires: "2099-01-01" };

function write(locked: readonly Locked[], files: ProjectFiles = {}): void {
  writeProject(stage.project, stage.registry, {
    locked,
    policy: POLICY,
    ...files,
    files: { "trust/root.json": stage.instance.trustedRoot, ...files.files },
  });
}
function put(path: string, content: unknown): void {
  putInto(stage.project, path, content);
}

interface Report {
  readonly projects: readonly [
    {
      readonly project: string;
      readonly lockfile: string;
      readonly packages: readonly { readonly purl: string; readonly outcome: string }[];
      readonly notGated: readonly { readonly kind: string; readonly name: string }[];
      readonly notes: readonly string[];
    },
  ];
}

async function check(...args: string[]) {
  const { exit, stdout, stderr } = await safeInstall(["check", "--report=json", ...args], {
    cwd: stage.project,
    home: stage.home,
  });
  const [project] = stdout === "" ? [] : (JSON.parse(stdout) as Report).projects;
  const judged = project?.packages.map(({ purl, outcome }) => `${purl} ${outcome}`);
  return { exit, judged, project, stderr };
}

const EVERYTHING = ["pkg:npm/plain@1.0.0 denied", "pkg:npm/widget@1.0.0 allowed"];

describe("check --changed-since", () => {
  it("judges what the revision's lock does not hold, and names the rest", async () => {
    write([WIDGET, PLAIN]);
    commitAll(stage.project);
    write([WIDGET, PLAIN, GADGET]);
    expect(await check("--changed-since", "main")).toMatchObject({
      exit: 0,
      judged: ["pkg:npm/gadget@2.0.0 allowed"],
      project: {
        notGated: [
          { kind: "unchanged", name: "plain@1.0.0" },
          { kind: "unchanged", name: "widget@1.0.0" },
        ],
      },
    });
    expect((await check()).exit).toBe(65);
    const { stdout } = await safeInstall(["check", "--changed-since=main"], { cwd: stage.project, home: stage.home });
    expect(stdout).toContain("2 unchanged since the revision");
    expect(stdout).toContain("✓ every changed package is allowed by a rule");
  });

  it("a changed package is denied as ever, and another version is another package", async () => {
    write([WIDGET]);
    commitAll(stage.project);
    write([{ ...WIDGET, version: "1.1.0" }, PLAIN]);
    expect(await check("--changed-since", "HEAD")).toMatchObject({
      exit: 65,
      judged: ["pkg:npm/plain@1.0.0 denied", "pkg:npm/widget@1.1.0 allowed"],
    });
  });

  it("the same version with another digest has changed", async () => {
    write([WIDGET]);
    commitAll(stage.project);
    const { integrity } = stage.registry.tarballOf("gadget", "2.0.0");
    write([{ ...WIDGET, entry: { integrity } }]);
    expect(await check("--changed-since", "main")).toMatchObject({ exit: 66, judged: ["pkg:npm/widget@1.0.0 denied"] });
  });

  it("what no digest binds is judged every time", async () => {
    write([{ ...PLAIN, entry: { integrity: undefined } }]);
    commitAll(stage.project);
    expect(await check("--changed-since", "main")).toMatchObject({ exit: 65, judged: ["pkg:npm/plain@1.0.0 denied"] });
  });

  it("what cannot be bound is denied every time", async () => {
    const forked = {
      ...PLAIN,
      entry: { resolved: "git+ssh://git@github.com/acme/plain.git#abc", integrity: undefined },
    };
    write([forked]);
    commitAll(stage.project);
    expect((await check("--changed-since", "main")).exit).toBe(66);
  });

  it.each([
    ["a policy", () => put(".signing-policy.json", { ...POLICY, mode: "enforce" })],
    [
      "a revocation",
      () => put(".signing-policy.json", { ...POLICY, revoked: [{ package: "pkg:npm/x@1.0.0", reason: "x" }] }),
    ],
    ["a policy further in", () => put("app/.signing-policy.json", { version: 1 })],
    [
      "a trust root",
      () => put("trust/root.json", readFileSync(join(stage.project, "trust/root.json"), "utf8").replace("{", "{ ")),
    ],
    [
      "the recorded file",
      () => put("recorded.json", { version: 1, packages: { "pkg:npm/x@1.0.0": [`sha512:${"a".repeat(128)}`] } }),
    ],
  ])("everything is judged where %s changed", async (what, change) => {
    const recorded = { file: "recorded.json", reason: "x", expires: "2099-01-01" };
    write([WIDGET, PLAIN], {
      policy: what === "the recorded file" ? { ...POLICY, recorded } : POLICY,
      files: { "recorded.json": { version: 1, packages: {} } },
    });
    if (what === "a policy further in") {
      for (const name of ["package.json", "package-lock.json", ".npmrc"])
        put(`app/${name}`, readFileSync(join(stage.project, name), "utf8"));
    }
    commitAll(stage.project);
    const where = what === "a policy further in" ? ["app/package-lock.json"] : [];
    expect(await check("--changed-since", "main", ...where)).toMatchObject({ exit: 0, judged: [] });
    change();
    expect(await check("--changed-since", "main", ...where)).toMatchObject({
      exit: 65,
      judged: EVERYTHING,
      project: { notes: [expect.stringContaining("differ from main: everything is judged")] },
    });
  });

  it.each([
    ["no lock", () => rmSync(join(stage.project, "package-lock.json"))],
    ["a lock that cannot be read", () => put("package-lock.json", "<<<<<<<")],
  ])("everything is judged where the revision has %s", async (_, before) => {
    write([WIDGET, PLAIN]);
    before();
    commitAll(stage.project);
    write([WIDGET, PLAIN]);
    expect(await check("--changed-since", "main")).toMatchObject({ exit: 65, judged: EVERYTHING });
  });

  it("a policy of the command line is compared as well", async () => {
    write([WIDGET, PLAIN], { files: { "ci/policy.json": { version: 1, rules: [ALLOW] } } });
    commitAll(stage.project);
    const options = ["--changed-since", "main", "--policy", "ci/policy.json"];
    expect(await check(...options)).toMatchObject({ exit: 0, judged: [] });
    put("ci/policy.json", { version: 1, rules: [{ ...ALLOW, packages: ["npm:widget"] }] });
    expect(await check(...options)).toMatchObject({ exit: 65, judged: EVERYTHING });
  });

  it("a revision that is not here is no reason to judge less", async () => {
    write([WIDGET]);
    commitAll(stage.project);
    const { exit, stderr } = await check("--changed-since", "origin/main");
    expect({ exit, stderr }).toEqual({ exit: 69, stderr: expect.stringContaining("fetch-depth: 0") });
  });

  it("outside of a repository it is refused", async () => {
    write([WIDGET]);
    rmSync(join(stage.project, ".git"), { recursive: true });
    expect(await check("--changed-since", "main")).toMatchObject({ exit: 64 });
  });
});

describe("check --staged", () => {
  it("judges what would be committed, by the policy that would be committed", async () => {
    write([WIDGET]);
    commitAll(stage.project);
    write([WIDGET, PLAIN]);
    git(stage.project, "add", "package-lock.json", "package.json");
    write([WIDGET]);
    const bad = await check("--staged");
    expect(bad).toMatchObject({ exit: 65, judged: ["pkg:npm/plain@1.0.0 denied", "pkg:npm/widget@1.0.0 allowed"] });
    expect(bad.project).toMatchObject({ project: ".", lockfile: "package-lock.json" });
    expect((await check()).exit).toBe(0);

    put(".signing-policy.json", { ...POLICY, rules: [ALLOW] });
    expect((await check("--staged")).exit).toBe(65);
    git(stage.project, "add", ".signing-policy.json");
    expect((await check("--staged")).exit).toBe(0);
    expect(git(stage.project, "status", "--porcelain")).toContain("MM package-lock.json");
  });

  it("a commit that touches no lock passes at a root that has none, and says so", async () => {
    put("app/package-lock.json", "{}");
    commitAll(stage.project);
    put("README.md", "words");
    git(stage.project, "add", "README.md");
    expect(await safeInstall(["check", "--staged"], { cwd: stage.project, home: stage.home })).toMatchObject({
      exit: 0,
      stdout: "",
      stderr: expect.stringContaining("nothing to judge: neither a lock nor a manifest is staged"),
    });
  });

  it("an npm of the repository is none, although it is outside of what is judged", async () => {
    write([WIDGET], {
      files: { "tools/npm/package.json": { name: "npm", version: "1.0.0" }, "tools/npm/bin/npm-cli.js": "" },
    });
    symlinkSync("npm-cli.js", join(stage.project, "tools/npm/bin/npm"));
    commitAll(stage.project);
    const env = { PATH: `${join(stage.project, "tools/npm/bin")}${delimiter}${process.env["PATH"] ?? ""}` };
    expect(await safeInstall(["check", "--staged"], { cwd: stage.project, home: stage.home, env })).toMatchObject({
      exit: 0,
    });
    const { stdout } = await safeInstall(["check", "--changed-since=main"], {
      cwd: stage.project,
      home: stage.home,
      env,
    });
    expect(stdout).toContain("1 unchanged since the revision");
  });

  it("judges only what the commit changes", async () => {
    write([PLAIN]);
    commitAll(stage.project);
    write([PLAIN, GADGET]);
    git(stage.project, "add", "--all");
    expect(await check("--staged", "--changed-since", "HEAD")).toMatchObject({
      exit: 0,
      judged: ["pkg:npm/gadget@2.0.0 allowed"],
    });
  });

  it("is what a commit hook sees, also where only a part is committed", async () => {
    write([WIDGET]);
    commitAll(stage.project);
    write([WIDGET, PLAIN]);
    put("README.md", "words");
    git(stage.project, "add", "README.md");
    const script = `#!/bin/sh\nenv > '${stage.home}/env'\nexec '${process.execPath}' '${BIN}' check --staged >'${stage.home}/out' 2>&1\n`;
    put(".git/hooks/pre-commit", script);
    chmodSync(join(stage.project, ".git/hooks/pre-commit"), 0o755);
    const commit = (...args: string[]) =>
      execa("git", ["commit", "--quiet", "--message", "x", ...args], {
        cwd: stage.project,
        env: { ...GIT_ENV, npm_config_registry: stage.registry.url },
        extendEnv: false,
      });
    await commit();
    // A commit of named files has an index of its own, which only its environment names.
    await expect(commit("package-lock.json", "package.json")).rejects.toThrow();
    expect(readFileSync(join(stage.home, "env"), "utf8")).toContain("GIT_INDEX_FILE=");
    expect(readFileSync(join(stage.home, "out"), "utf8")).toContain("npm:plain@1.0.0   NO_EVIDENCE");
  });

  it("evidence may lie in a folder of the repository", async () => {
    const subjects = [subjectOf(stage.registry, "other", "1.0.0")];
    const bundle = await stage.instance.attest({ identity: pipelineOf("other", "1.0.0"), subjects });
    const digest = subjects[0]?.digest.sha512;
    const policy = { ...POLICY, sources: { npm: [{ directory: "bundles" }] } };
    write([{ name: "other", version: "1.0.0" }], {
      policy,
      files: { [`bundles/sha512-${digest}.sigstore.json`]: bundle },
    });
    commitAll(stage.project);
    expect((await check("--staged")).exit).toBe(0);
    expect((await check("--policy-from", "main")).exit).toBe(0);
  });
});

describe("check --policy-from", () => {
  const from = (...args: string[]) => check("--policy-from", "main", ...args);

  it.each([
    ["loosens the policy", () => put(".signing-policy.json", { version: 1, rules: [ALLOW] })],
    ["audits", () => put(".signing-policy.json", { ...POLICY, mode: "audit" })],
    ["records what nobody reviewed", () => put("recorded.json", recordedOf("plain"))],
    [
      "takes the policy away and brings another",
      () => {
        rmSync(join(stage.project, ".signing-policy.json"));
        put("app/.signing-policy.json", { version: 1, rules: [ALLOW] });
      },
    ],
  ])("a change that %s cannot approve itself", async (_, change) => {
    const rules = [...(policyFor(["widget"]).rules as object[]), { packages: ["npm:plain"], unsigned: "recorded" }];
    const recorded = { file: "recorded.json", reason: "x", expires: "2099-01-01" };
    write([WIDGET], {
      policy: { ...POLICY, rules, recorded },
      files: { "recorded.json": { version: 1, packages: {} } },
    });
    commitAll(stage.project);
    git(stage.project, "switch", "--quiet", "--create", "change");
    put("recorded.json", recordedOf("widget"));
    write([WIDGET, PLAIN], {
      policy: { ...POLICY, rules, recorded },
      files: { "recorded.json": { version: 1, packages: {} } },
    });
    change();
    commitAll(stage.project);
    expect((await from()).exit).toBe(65);
  });

  function recordedOf(name: string) {
    return {
      version: 1,
      packages: { [`pkg:npm/${name}@1.0.0`]: [`sha512:${subjectOf(stage.registry, name, "1.0.0").digest.sha512}`] },
    };
  }

  it("a root that the change replaces does not count", async () => {
    const mallory = await createInstance();
    await publishSigned(stage.registry, mallory, { name: "stolen", version: "1.0.0" });
    const policy = policyFor(["widget", "stolen"]);
    write([WIDGET], { policy });
    commitAll(stage.project);
    write([{ name: "stolen", version: "1.0.0" }], { policy, files: { "trust/root.json": mallory.trustedRoot } });
    expect((await check()).exit).toBe(0);
    expect((await from()).exit).toBe(65);
  });

  it("a layer that the change adds can deny, never allow, wherever it lies", async () => {
    write([WIDGET], { policy: undefined });
    for (const name of ["package.json", "package-lock.json", ".npmrc"])
      put(`app/${name}`, readFileSync(join(stage.project, name), "utf8"));
    put("app/.signing-policy.json", { ...policyFor(["widget"]) });
    put("app/trust/root.json", stage.instance.trustedRoot);
    commitAll(stage.project);
    const inApp = async () => (await from("app/package-lock.json")).exit;
    expect(await inApp()).toBe(0);
    // Outermost by its place; were it asked first, it alone would decide on what the other has no rule for.
    write([WIDGET, PLAIN], { policy: { version: 1, rules: [ALLOW] } });
    for (const name of ["package.json", "package-lock.json"])
      put(`app/${name}`, readFileSync(join(stage.project, name), "utf8"));
    expect(await inApp()).toBe(65);
    put("app/package.json", git(stage.project, "show", "main:app/package.json"));
    put("app/package-lock.json", git(stage.project, "show", "main:app/package-lock.json"));
    expect(await inApp()).toBe(0);
    put(".signing-policy.json", { version: 1, rules: [{ packages: ["npm:widget"], unsigned: "deny" }] });
    expect(await inApp()).toBe(65);
    put(".signing-policy.json", { version: 1, revoked: [{ package: "pkg:npm/widget@1.0.0", reason: "x" }] });
    expect(await inApp()).toBe(66);
  });

  it("a change cannot bring the first policy along", async () => {
    write([WIDGET], { policy: undefined });
    commitAll(stage.project);
    write([WIDGET]);
    const { exit, stderr } = await from();
    expect({ exit, stderr }).toEqual({ exit: 78, stderr: expect.stringContaining("reviewed and merged first") });
  });

  it("names the commit, and counts for installing too", async () => {
    write([WIDGET]);
    const commit = commitAll(stage.project);
    const { project } = await from();
    expect(project?.notes).toEqual([`the policy is that of refs/heads/main (${commit})`]);
    put(".signing-policy.json", { version: 1 });
    expect(
      (await safeInstall(["--policy-from=main", "npm", "ci"], { cwd: stage.project, home: stage.home })).exit,
    ).toBe(0);
    expect((await safeInstall(["npm", "ci"], { cwd: stage.project, home: stage.home })).exit).toBe(65);
  });
});
