import { npmStage } from "../support/npm-stage.ts";
import { githubIdentity } from "../support/sigstore.ts";
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type ProjectFiles, writeProject } from "../support/project.ts";
import { type RegistryPackage } from "../support/registry.ts";
import { policyFor, publishSigned, subjectOf } from "../support/signed.ts";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const stage = npmStage(async ({ registry, instance }) => {
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  await publishSigned(registry, instance, { name: "@acme/gadget", version: "2.0.0" });
});

const WIDGET = { name: "widget", version: "1.0.0" };
const GADGET = { name: "@acme/gadget", version: "2.0.0" };

function prepare(files: ProjectFiles): void {
  writeProject(stage.project, stage.registry, {
    policy: policyFor(["widget", "@acme/gadget"]),
    ...files,
    files: { "trust/root.json": stage.instance.trustedRoot, ...files.files },
  });
}

/** npm's own waiting between retries is taken out: tests do not sleep. */
const run = (...args: string[]) =>
  safeInstall(args, { cwd: stage.project, home: stage.home, env: { npm_config_fetch_retries: "0" } });
const installed = () =>
  existsSync(join(stage.project, "node_modules")) ? readdirSync(join(stage.project, "node_modules")) : [];

async function publish(content: RegistryPackage, what: Parameters<typeof publishSigned>[3] = {}): Promise<void> {
  await publishSigned(stage.registry, stage.instance, content, what);
}

describe("safe-install npm ci", () => {
  it("installs what is proven, by the real npm, and ends with its code", async () => {
    prepare({ locked: [WIDGET, GADGET] });
    const { exit, stderr } = await run("npm", "ci");
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
    expect(installed().sort()).toEqual([".package-lock.json", "@acme", "widget"]);
    expect(readdirSync(stage.project).filter((name) => name.startsWith(".safe-install"))).toEqual([]);
  });

  it("a second run asks the registry for nothing", async () => {
    prepare({ locked: [WIDGET, GADGET] });
    expect((await run("npm", "ci")).exit).toBe(0);
    const before = stage.registry.requests.length;
    expect((await run("npm", "ci")).exit).toBe(0);
    expect((await run("--offline", "npm", "ci")).exit).toBe(0);
    expect(stage.registry.requests.slice(before)).toEqual([]);
  });

  it("one evidence request and one download a package, and no packument", async () => {
    prepare({ locked: [WIDGET, GADGET] });
    const before = stage.registry.requests.length;
    await run("npm", "ci");
    const asked = stage.registry.requests.slice(before).map(({ url }) => url);
    expect(asked.filter((url) => url.includes("/attestations/"))).toHaveLength(2);
    expect(asked.filter((url) => url.endsWith(".tgz"))).toHaveLength(2);
    expect(asked).toHaveLength(4);
  });

  it("one package by another repository: nothing is installed, nothing is changed, and the screen says why", async () => {
    const identity = githubIdentity({
      repository: "mallory/evil",
      workflow: ".github/workflows/release.yml",
      ref: "refs/tags/v1.0.0",
    });
    await publish({ name: "evil", version: "1.0.0" }, { identity });
    prepare({ locked: [WIDGET, { name: "evil", version: "1.0.0" }], policy: policyFor(["widget", "evil"]) });
    mkdirSync(join(stage.project, "node_modules", "before"), { recursive: true });
    const lock = readFileSync(join(stage.project, "package-lock.json"), "utf8");
    const { exit, stderr } = await run("npm", "ci");
    expect(exit).toBe(65);
    expect(stderr).toContain("npm:evil@1.0.0   UNTRUSTED_SIGNER");
    expect(stderr).toMatch(/repository\s+expected\s+acme\/evil\n\s+found\s+mallory\/evil/);
    expect(stderr).toContain("nothing was installed, nothing was changed");
    expect(installed()).toEqual(["before"]);
    expect(readFileSync(join(stage.project, "package-lock.json"), "utf8")).toBe(lock);
  });

  it("a package without evidence is denied with its own code", async () => {
    stage.registry.publish({ name: "plain", version: "1.0.0" });
    prepare({ locked: [{ name: "plain", version: "1.0.0" }], policy: policyFor(["plain"]) });
    expect(await run("npm", "ci")).toMatchObject({
      exit: 65,
      stderr: expect.stringContaining("npm:plain@1.0.0   NO_EVIDENCE"),
    });
  });

  it("a registry that does not answer is another thing: could not find out", async () => {
    stage.registry.publish({ name: "down", version: "1.0.0", attestations: { status: 503 } });
    prepare({ locked: [{ name: "down", version: "1.0.0" }], policy: policyFor(["down"]) });
    expect(await run("npm", "ci")).toMatchObject({ exit: 69, stderr: expect.stringContaining("EVIDENCE_UNAVAILABLE") });
  });

  it("what does not hold outranks what is denied", async () => {
    stage.registry.publish({ name: "plain", version: "1.0.0" });
    await publish({ name: "moved", version: "1.0.0" }, { subjects: [subjectOf(stage.registry, "plain", "1.0.0")] });
    prepare({
      locked: [
        { name: "plain", version: "1.0.0" },
        { name: "moved", version: "1.0.0" },
      ],
      policy: policyFor(["plain", "moved"]),
    });
    expect(await run("npm", "ci")).toMatchObject({ exit: 66, stderr: expect.stringContaining("SUBJECT_MISMATCH") });
  });

  it("audit lets through what is merely missing, and never says verified", async () => {
    stage.registry.publish({ name: "plain", version: "1.0.0" });
    prepare({
      locked: [WIDGET, { name: "plain", version: "1.0.0" }],
      policy: policyFor(["widget", "plain"], { mode: "audit" }),
    });
    const { exit, stderr } = await run("npm", "ci");
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("! npm:plain@1.0.0   NO_EVIDENCE"),
    });
    expect(stderr).toContain("nothing here is called verified");
    expect(installed()).toContain("plain");
    expect((await run("--enforce", "npm", "ci")).exit).toBe(65);
  });

  it("audit does not let through what contradicts", async () => {
    const other = { name: "pkg:npm/other@1.0.0", digest: { sha512: "0".repeat(128) } };
    await publish({ name: "forged", version: "1.0.0" }, { subjects: [other] });
    prepare({ locked: [{ name: "forged", version: "1.0.0" }], policy: policyFor(["forged"], { mode: "audit" }) });
    expect((await run("npm", "ci")).exit).toBe(66);
    expect(installed()).toEqual([]);
  });

  it("npm's own failure is passed on, and node_modules is as it was", async () => {
    await publish({ name: "breaks", version: "1.0.0", scripts: { postinstall: "exit 7" } });
    prepare({
      locked: [{ name: "breaks", version: "1.0.0", entry: { hasInstallScript: true } }],
      policy: policyFor(["breaks"]),
    });
    mkdirSync(join(stage.project, "node_modules", "before"), { recursive: true });
    writeFileSync(join(stage.project, "node_modules", "before", "x"), "x");
    const { exit } = await run("npm", "ci");
    expect(exit).not.toBe(0);
    expect([64, 65, 66, 69, 70, 78]).not.toContain(exit);
    expect(installed()).toEqual(["before"]);
    expect(readdirSync(stage.project).filter((name) => name.startsWith(".safe-install"))).toEqual([]);
  });

  it.each(["", "relative"])("a HOME of %j is none: neither we nor npm take the project for one", async (HOME) => {
    const scripts = { home: 'node -p "process.env.HOME"' };
    prepare({ locked: [], files: { "package.json": { name: "app", version: "1.0.0", scripts } } });
    const env = { HOME };
    const args = ["npm", "run", "--silent", "home"];
    // With an input of its own it is a process of its own.
    const { exit, stdout } = await safeInstall(args, { cwd: stage.project, home: stage.home, env, input: "" });
    expect({ exit, stdout: stdout.trim() }).toEqual({ exit: 0, stdout: userInfo().homedir });
  });

  it("without a policy it says what to do next", async () => {
    prepare({ locked: [WIDGET], policy: undefined });
    const { exit, stderr } = await run("npm", "ci");
    expect({ exit, stderr }).toMatchObject({ exit: 78, stderr: expect.stringContaining("NO_POLICY") });
    expect(stderr).toContain("hint");
    expect(installed()).toEqual([]);
  });

  it("a policy that is wrong is shown with line and column", async () => {
    prepare({ locked: [WIDGET], policy: { version: 1, rulez: [] } });
    expect(await run("npm", "ci")).toMatchObject({
      exit: 78,
      stderr: expect.stringMatching(/\.signing-policy\.json:\d+:\d+/),
    });
  });

  it("what installs in another way is refused, what does not install passes through", async () => {
    prepare({ locked: [WIDGET] });
    expect(await run("npm", "link", "left-pad")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("NOT_GATED"),
    });
    expect(await run("npm", "frobnicate")).toMatchObject({ exit: 64 });
    expect(await run("npm", "pkg", "get", "name")).toMatchObject({ exit: 0, stdout: '"project"' });
    expect(await run("npm", "--version")).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(installed()).toEqual([]);
  });

  it("needs no home, no cache and no terminal to be quiet about them", async () => {
    prepare({ locked: [WIDGET] });
    const { exit, stderr } = await run("--quiet", "npm", "ci");
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  });
});

describe("safe-install check", () => {
  it("judges without downloading and without touching anything", async () => {
    prepare({ locked: [WIDGET, GADGET] });
    const before = stage.registry.requests.length;
    const files = readdirSync(stage.project);
    const { exit, stdout } = await run("check");
    expect({ exit, stdout }).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("2 publisher verified"),
    });
    expect(stage.registry.requests.slice(before).filter(({ url }) => url.endsWith(".tgz"))).toEqual([]);
    expect(readdirSync(stage.project)).toEqual(files);
  });

  it("takes several lockfiles; the worst decides", async () => {
    stage.registry.publish({ name: "plain", version: "1.0.0" });
    prepare({ locked: [WIDGET] });
    const good = stage.project;
    stage.project = join(temporaryFolder(), "other");
    prepare({ locked: [{ name: "plain", version: "1.0.0" }], policy: policyFor(["plain"]) });
    const { exit, stdout } = await run(
      "check",
      "--report",
      "json",
      join(good, "package-lock.json"),
      "package-lock.json",
    );
    const report = JSON.parse(stdout) as { projects: { outcome: string; exit: number }[] };
    expect(exit).toBe(65);
    expect(report.projects).toMatchObject([
      { outcome: "allowed", exit: 0 },
      { outcome: "denied", exit: 65 },
    ]);
  });

  it("writes a report to a file and keeps the screen for people", async () => {
    prepare({ locked: [WIDGET] });
    const { stdout } = await run("check", "--report", "json=out/../report.json");
    expect(JSON.parse(readFileSync(join(stage.project, "report.json"), "utf8"))).toMatchObject({
      schemaVersion: 1,
      outcome: "allowed",
    });
    expect(stdout).toContain("✓");
  });

  it("a lockfile that nobody knows is a usage error", async () => {
    prepare({ locked: [WIDGET] });
    expect(await run("check", "pnpm-lock.yaml")).toMatchObject({ exit: 64 });
  });

  it("fetches the bytes where the signature is over them", async () => {
    stage.registry.publish({ name: "message", version: "1.0.0" });
    const { bytes } = stage.registry.tarballOf("message", "1.0.0");
    const identity = githubIdentity({
      repository: "acme/message",
      workflow: ".github/workflows/release.yml",
      ref: "refs/tags/v1.0.0",
    });
    const bundle = await stage.instance.signMessage({ bytes, identity });
    stage.registry.setAttestations("message", "1.0.0", { bundles: [{ bundle }] });
    prepare({ locked: [{ name: "message", version: "1.0.0" }], policy: policyFor(["message"]) });
    const before = stage.registry.requests.length;
    expect((await run("check")).exit).toBe(0);
    expect(stage.registry.requests.slice(before).filter(({ url }) => url.endsWith(".tgz"))).toHaveLength(1);
  });
});
