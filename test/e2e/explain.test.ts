import { runAt } from "../support/author.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { githubIdentity, type Instance } from "../support/sigstore.ts";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;

beforeAll(async () => {
  instance = await createInstance({ curve: "P-256" });
  registry = await startRegistry();
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  const identity = githubIdentity({
    repository: "mallory/gadget",
    workflow: ".github/workflows/release.yml",
    ref: "refs/tags/v2.0.0",
  });
  await publishSigned(registry, instance, { name: "@acme/gadget", version: "2.0.0" }, { identity });
  registry.publish({ name: "plain", version: "1.0.0" });
});
afterAll(() => registry.close());
beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  prepare(policyFor(["widget", "@acme/gadget"]));
});

const LOCKED = [
  { name: "widget", version: "1.0.0" },
  { name: "widget", version: "1.0.0", at: "node_modules/deep/node_modules/widget" },
  { name: "@acme/gadget", version: "2.0.0" },
  { name: "plain", version: "1.0.0" },
];

function prepare(policy: object): void {
  writeProject(project, registry, { locked: LOCKED, policy, files: { "trust/root.json": instance.trustedRoot } });
}

const run = (...args: string[]) => runAt(project, home, args);

describe("safe-install explain", () => {
  it("a package that is let in: where it is, which rule and why, each claim, each piece of evidence", async () => {
    const { exit, stdout } = await run("explain", "widget");
    expect(exit).toBe(0);
    expect(stdout).toContain("✓ npm:widget@1.0.0 is allowed");
    expect(stdout).toContain("node_modules/widget, node_modules/deep/node_modules/widget");
    expect(stdout).toContain("rules[0] npm:widget   (the exact name)");
    expect(stdout).toMatch(/repository\s+✓ https:\/\/github\.com\/acme\/widget/);
    expect(stdout).toMatch(/ref\s+✓ refs\/tags\/v1\.0\.0/);
    expect(stdout).toContain("allowed: signed by widget");
    expect(stdout).toContain("holds: https://slsa.dev/provenance/v1");
  });

  it("a package by another signer: each claim expected and found, and the way out", async () => {
    const { exit, stdout } = await run("explain", "pkg:npm/%40acme/gadget@2.0.0");
    expect(exit).toBe(65);
    expect(stdout).toContain("✗ npm:@acme/gadget@2.0.0 is denied   UNTRUSTED_SIGNER");
    expect(stdout).toMatch(
      /repository\s+✗ expected\s+https:\/\/github\.com\/acme\/gadget\n\s+found\s+https:\/\/github\.com\/mallory\/gadget/,
    );
    expect(stdout).toMatch(/ref\s+✓ refs\/tags\/v2\.0\.0/);
    expect(stdout).toContain("safe-install policy pin @acme/gadget --write");
  });

  it("no rule: the patterns that are not asked, and what would let it in", async () => {
    const { exit, stdout } = await run("explain", "plain@1.0.0");
    expect(exit).toBe(65);
    expect(stdout).toContain("none: no pattern matches the name");
    expect(stdout).toContain("none: nobody says who made it");
    expect(stdout).toContain("safe-install policy pin plain --write");
  });

  it("the most specific pattern speaks; the others are named", async () => {
    const { rules, ...policy } = policyFor(["widget"]) as { rules: object[] };
    prepare({ ...policy, rules: [{ packages: ["npm:*", "npm:wid*"], unsigned: "deny" }, ...rules] });
    const { stdout } = await run("explain", "widget");
    expect(stdout).toContain("rules[1] npm:widget   (the exact name)");
    expect(stdout).toMatch(/not asked\s+rules\[0\] npm:wid\*, rules\[0\] npm:\*/);
  });

  it("evidence that no rule asks for is shown as that", async () => {
    prepare({ version: 1, rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "test", expires: "2099-01-01" }] });
    const { exit, stdout } = await run("explain", "widget");
    expect(exit).toBe(0);
    expect(stdout).toContain("proves nothing here");
    expect(stdout).toContain("(the rule does not ask for it)");
  });

  it("usage: a name that is not there with the nearest, none, and two", async () => {
    expect(await run("explain", "wigdet")).toMatchObject({
      exit: 64,
      stderr: expect.stringMatching(/no lockfile here names wigdet.*widget/),
    });
    expect(await run("explain")).toMatchObject({ exit: 64, stderr: expect.stringContaining("expected one package") });
    expect(await run("explain", "--write", "widget")).toMatchObject({ exit: 64 });
    expect(await run("explain", "--report", "json", "widget")).toMatchObject({ exit: 64 });
  });

  it.each(["init", "policy", "explain"])("%s has help of its own, of lines that fit a terminal", async (command) => {
    const { exit, stdout } = await run("help", command);
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`^safe-install ${command}`));
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect((await run(command, "--help")).stdout).toBe(stdout);
  });
});

describe("safe-install policy diff", () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: project,
      stdio: "pipe",
    });
  const write = (policy: object) => writeFileSync(join(project, ".signing-policy.json"), JSON.stringify(policy));

  beforeEach(() => {
    rmSync(join(project, ".git"), { recursive: true });
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "first");
  });

  it("no change, in words", async () => {
    expect(await run("policy", "diff", "HEAD")).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/since HEAD \([0-9a-f]{40}\): nothing changes for the lock here/),
    });
  });

  it("newly allowed, newly forbidden, softened, and on another ground", async () => {
    const before = policyFor(["widget"], {
      rules: [
        { packages: ["npm:widget"], signedBy: ["widget"] },
        { packages: ["npm:plain"], unsigned: "allow", reason: "test", expires: "2099-01-01" },
      ],
    });
    write(before);
    git("commit", "-qam", "second");
    const after = policyFor(["widget", "@acme/gadget"], {
      rules: [
        { packages: ["npm:widget"], unsigned: "allow", reason: "test", expires: "2099-01-01" },
        { packages: ["npm:@acme/gadget"], unsigned: "allow", reason: "test", expires: "2099-01-01" },
      ],
      signers: undefined,
      trust: undefined,
    });
    write(after);
    const { exit, stdout } = await run("policy", "diff", "HEAD");
    expect(exit).toBe(0);
    const text = stdout.replaceAll(/\s+/g, " ");
    expect(text).toContain(
      "newly allowed: 1 package npm:@acme/gadget@2.0.0 before denied (NO_RULE) now unsigned until 2099-01-01",
    );
    expect(text).toContain(
      "newly forbidden: 1 package npm:plain@1.0.0 before unsigned until 2099-01-01 now denied (NO_RULE)",
    );
    expect(text).toContain(
      "for another reason: 1 package npm:widget@1.0.0 before signed by widget now unsigned until 2099-01-01",
    );
    expect(text).toContain(".signing-policy.json: signer widget is gone");
    expect(text).toContain(".signing-policy.json: trust root test is gone");
    write({ ...after, mode: "audit" });
    expect((await run("policy", "diff", "HEAD")).stdout).toContain("mode: enforce becomes audit");
  });

  it("a revision without a policy: everything is new", async () => {
    rmSync(join(project, ".signing-policy.json"));
    git("commit", "-qam", "none");
    write(policyFor(["widget"]));
    const { stdout } = await run("policy", "diff", "HEAD");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("npm:widget@1.0.0 before no policy now signed by widget");
  });

  it("a revision that is none could not be found out; none named is usage", async () => {
    expect(await run("policy", "diff", "nowhere")).toMatchObject({
      exit: 69,
      stderr: expect.stringContaining("nowhere"),
    });
    expect(await run("policy", "diff")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("expected one revision"),
    });
  });
});

describe("safe-install policy lint", () => {
  it("findings with their places, 78 above a note", async () => {
    const { exit, stdout } = await run("policy", "lint");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/note {2}\.signing-policy\.json:\d+:\d+: signers\.widget\.githubActions {2}no-id/);
    const { signers, ...policy } = policyFor(["widget"]) as { signers: object };
    prepare({ ...policy, signers: { ...signers, spare: { githubActions: { repository: "acme/spare" } } } });
    const second = await run("policy", "lint");
    expect(second.exit).toBe(78);
    expect(second.stdout).toContain("no rule names this signer");
    expect(second.stdout).toContain("a build of any branch, also of a pull request");
  });

  it("a policy that is wrong is told with its place, as everywhere", async () => {
    prepare({ version: 1, rulez: [] });
    expect(await run("policy", "lint")).toMatchObject({ exit: 78, stderr: expect.stringContaining("rulez") });
  });
});

describe("--json", () => {
  const asked = async (...args: string[]) => {
    const { exit, stdout } = await run(...args, "--json");
    const answer = JSON.parse(stdout) as Record<string, unknown> & { readonly exit?: number };
    expect(answer).toMatchObject({ schemaVersion: 1 });
    if (!("error" in answer)) expect(answer.exit).toBe(exit);
    return answer;
  };

  it("every command answers with one object", async () => {
    expect(await asked("check")).toMatchObject({ outcome: "denied", projects: [{ lockfile: "package-lock.json" }] });
    expect(await asked("explain", "widget")).toMatchObject({
      command: "explain",
      packages: [{ purl: "pkg:npm/widget@1.0.0", outcome: "allowed" }],
      unbound: [],
    });
    expect(await asked("explain", "NO_RULE")).toMatchObject({ code: "NO_RULE" });
    expect(await asked("policy", "lint")).toMatchObject({ command: "policy lint", findings: expect.any(Array) });
    expect(await asked("policy", "pin", "plain")).toMatchObject({
      command: "policy pin",
      changes: true,
      written: [],
      packages: [{ purl: "pkg:npm/plain@1.0.0", status: "new" }],
    });
    expect(await asked("policy", "except")).toMatchObject({ exceptions: [] });
    expect(await asked("cache")).toMatchObject({ kinds: { evidence: { files: expect.any(Number) } } });
    expect(await asked("trust", "show")).toMatchObject({ roots: expect.any(Array) });
    expect(await asked("explain", "nobody")).toMatchObject({ error: { kind: "usage", code: "NOT_IN_LOCK" } });
    rmSync(join(project, ".signing-policy.json"));
    const written = await asked("init", "--record");
    expect(written).toMatchObject({ command: "init", policy: ".signing-policy.json", open: [], unbound: [] });
    expect(written["written"]).toHaveLength(2);
  });
});
