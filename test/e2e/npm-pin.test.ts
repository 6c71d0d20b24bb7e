import { layRepository } from "../support/repository.ts";
import { runAt } from "../support/author.ts";
import { BIN, isolated, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, pipelineOf, policyFor, publishSigned } from "../support/signed.ts";
import { githubIdentity, type Instance } from "../support/sigstore.ts";
import { execa } from "execa";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

/** From a denied installation to an allowed one, by what is printed and nothing else. */

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;

beforeAll(async () => {
  instance = await createInstance({ curve: "P-256" });
  registry = await startRegistry({
    packages: [
      { name: "plain", version: "1.0.0" },
      { name: "plain", version: "1.1.0" },
      { name: "far", version: "1.0.0", manifest: { os: ["plan9"] } },
    ],
  });
  const manifest = { optionalDependencies: { far: "1.0.0" } };
  await publishSigned(registry, instance, { name: "w", version: "2.0.0", dependencies: { plain: "^1.0.0" }, manifest });
  await publishSigned(registry, instance, { name: "known", version: "1.0.0" });
  await publishSigned(registry, instance, { name: "moved", version: "1.0.0" });
  const identity = githubIdentity({
    repository: "acme/other",
    workflow: ".github/workflows/x.yml",
    ref: "refs/tags/v2",
  });
  await publishSigned(registry, instance, { name: "moved", version: "2.0.0" }, { identity });
  await publishSigned(registry, instance, {
    name: "both",
    version: "3.0.0",
    dependencies: { moved: "2.0.0", plain: "1.0.0" },
  });
});
afterAll(() => registry.close());
beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
});

const MANIFEST = { name: "project", version: "1.0.0" };

function write(files: Readonly<Record<string, unknown>> = {}): void {
  layRepository(project);
  const all = {
    ".npmrc": `registry=${registry.url}\nfetch-retries=0\n`,
    "package.json": MANIFEST,
    "trust/root.json": instance.trustedRoot,
    ".signing-policy.json": policyFor(["known"]),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

function everything(): Readonly<Record<string, string>> {
  const paths = readdirSync(project, { recursive: true, encoding: "utf8" }).toSorted();
  const files = paths.filter((path) => statSync(join(project, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(project, path), "utf8")]));
}

const policy = () => JSON.parse(everything()[".signing-policy.json"] ?? "{}") as { rules?: unknown; signers?: object };
const recorded = () => {
  const { packages } = JSON.parse(everything()[".signing-recorded.json"] ?? "{}") as { packages?: object };
  return Object.keys(packages ?? {});
};

/** What a shell makes of a line that was copied from the screen. */
async function typed(line: string, cwd = project) {
  const bin = temporaryFolder();
  writeFileSync(join(bin, "safe-install"), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 });
  const env = { ...isolated(home), PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
  const { exitCode, stdout, stderr } = await execa("sh", ["-c", line], { cwd, env, extendEnv: false, reject: false });
  return { exit: exitCode, stdout, stderr };
}

/** The changed lines of the diffs on a screen. */
const diffOf = (screen: string) => screen.split("\n").filter((line) => /^ *(?:\d+ +)?[+-] ?\S|^[+-]/.test(line));
const commandIn = (screen: string) => /^to write it: (.*)$/m.exec(screen)?.[1] ?? "";

const CASES: readonly (readonly [string, readonly string[], string])[] = [
  ["a new package", ["npm", "install", "w"], "."],
  ["a range, for development", ["npm", "i", "-D", "w@>=1 <3"], "."],
  ["into a workspace", ["npm", "add", "w@^2.0.0", "-w", "inner"], "."],
  ["from inside a workspace", ["npm", "install", "w@2"], "inner"],
];

describe("a denied installation prints the command that lets it in", () => {
  test.each(CASES)("%s", async (_, words, folder) => {
    write({
      "package.json": { ...MANIFEST, workspaces: ["inner"] },
      "inner/package.json": { ...MANIFEST, name: "inner" },
    });
    const cwd = join(project, folder);
    const before = everything();
    const denied = await safeInstall(words, { cwd, home });
    expect(denied).toMatchObject({ exit: 65, stderr: expect.stringContaining("acme/w") });
    expect(everything()).toEqual(before);

    const line = commandIn(denied.stderr);
    expect(line).toMatch(/^safe-install policy pin --write -- npm /);
    const shown = await typed(line.replace(" --write", ""), cwd);
    expect(shown).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing was written") });
    expect(everything()).toEqual(before);
    const pinned = await typed(line, cwd);
    const place = folder === "." ? ".signing-policy.json" : "../.signing-policy.json";
    expect(pinned).toMatchObject({ exit: 0, stdout: expect.stringContaining("wrote") });
    expect(pinned.stdout.split(" ").at(-1)).toBe(place);
    // What was shown with the question is what is written.
    expect(diffOf(denied.stderr).length).toBeGreaterThan(3);
    expect(diffOf(pinned.stdout)).toEqual(diffOf(denied.stderr));
    const changed = Object.entries(everything()).flatMap(([path, text]) => (before[path] === text ? [] : [path]));
    expect(changed).toEqual([".signing-policy.json", ".signing-recorded.json"]);
    // Also what only other machines install.
    expect(recorded()).toEqual(["pkg:npm/far@1.0.0", "pkg:npm/plain@1.1.0"]);
    expect(Object.keys(policy().signers ?? {})).toEqual(["known", "acme-w"]);

    const allowed = await safeInstall(words, { cwd, home });
    expect(allowed).toMatchObject({ exit: 0, stderr: expect.stringContaining("1 publisher verified") });
    expect(existsSync(join(project, "node_modules/w/package.json"))).toBe(true);
  });

  test("the same for a lock that is there, with --policy", async () => {
    const elsewhere = {
      "trust/policy.json": { ...policyFor(["known"]), trust: { test: { trustedRoot: "root.json" } } },
    };
    write({ ...elsewhere, "package.json": { ...MANIFEST, dependencies: { plain: "1.0.0" } } });
    await execa("npm", ["install", "--package-lock-only"], { cwd: project, env: isolated(home), extendEnv: false });
    const words = ["--policy", "trust/policy.json", "npm", "ci"];
    const denied = await safeInstall(words, { cwd: project, home });
    const line = commandIn(denied.stderr);
    expect({ line, exit: denied.exit }).toEqual({
      line: "safe-install policy pin --policy trust/policy.json --write -- npm ci",
      exit: 65,
    });
    expect(await typed(line)).toMatchObject({ exit: 0 });
    expect(await safeInstall(words, { cwd: project, home })).toMatchObject({ exit: 0 });
  });

  test("another version of a package that is there stays let in", async () => {
    registry.publish({ name: "late", version: "1.0.0", manifest: { repository: "github:acme/late" } });
    await publishSigned(registry, instance, { name: "late", version: "2.0.0" });
    write({ "package.json": { ...MANIFEST, dependencies: { late: "1.0.0" } } });
    await typed("safe-install policy pin --write -- npm install");
    expect(await safeInstall(["npm", "install"], { cwd: project, home })).toMatchObject({ exit: 0 });
    const words = ["npm", "install", "newer@npm:late@2.0.0"];
    const denied = await safeInstall(words, { cwd: project, home });
    const pinned = await typed(commandIn(denied.stderr));
    expect(pinned).toMatchObject({ exit: 0 });
    expect(diffOf(pinned.stdout)).toEqual(diffOf(denied.stderr));
    expect(policy().rules).toContainEqual({ packages: ["npm:late"], versions: "<2.0.0", unsigned: "recorded" });
    expect(await safeInstall(words, { cwd: project, home })).toMatchObject({ exit: 0 });
  });

  test("a version that the policy leaves out on purpose: no line that would let it in", async () => {
    const { rules, ...rest } = policyFor(["known", "w"]) as { rules: object[] };
    const narrowed = rules.map((rule, at) => (at === 1 ? { ...rule, versions: "<2.0.0" } : rule));
    write({ ".signing-policy.json": { ...rest, rules: narrowed } });
    const { exit, stderr } = await safeInstall(["npm", "install", "w", "--omit=optional"], { cwd: project, home });
    expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringMatching(/w@2\.0\.0 +refused +NO_RULE/) });
    expect((await typed(commandIn(stderr))).exit).toBe(65);
    expect(policy().rules).toEqual([...narrowed, { packages: ["npm:*"], unsigned: "recorded" }]);
    expect(recorded()).toEqual(["pkg:npm/far@1.0.0", "pkg:npm/plain@1.1.0"]);
    const again = await safeInstall(["npm", "install", "w"], { cwd: project, home });
    expect({ exit: again.exit, line: commandIn(again.stderr) }).toEqual({ exit: 65, line: "" });
  });

  test("a project above the repository is nobody's to ask about", async () => {
    write({
      "package.json": { ...MANIFEST, workspaces: ["inner"] },
      "inner/package.json": { ...MANIFEST, name: "inner" },
    });
    layRepository(join(project, "inner"));
    const { stdout, stderr } = await runAt(join(project, "inner"), home, [
      "policy",
      "pin",
      "--",
      "npm",
      "install",
      "w",
    ]);
    expect({ stdout, stderr }).toMatchObject({ stdout: "", stderr: expect.stringContaining("PROJECT_OUTSIDE") });
  });

  test("a credential that was typed is not repeated", async () => {
    write();
    const { origin } = registry;
    const words = ["npm", "install", "w", `--${origin.replace("http:", "")}/:_authToken=s3cret`];
    const { exit, stderr } = await safeInstall(words, { cwd: project, home });
    expect({ exit, line: commandIn(stderr) }).toEqual({
      exit: 65,
      line: "safe-install policy pin --write -- THE SAME COMMAND",
    });
    expect(stderr).not.toContain("s3cret");
  });
});

describe("what is pinned with a command", () => {
  const pin = (...words: string[]) => runAt(project, home, ["policy", "pin", ...words]);
  const two = () => ({ ".signing-policy.json": policyFor(["known", "both", "moved"]) });

  test("a pipeline that changed is named, not pinned; by its name it is", async () => {
    write(two());
    const command = ["--", "npm", "install", "both"];
    const { exit, stdout } = await pin("--write", ...command);
    expect({ exit, stdout }).toMatchObject({ exit: 65, stdout: expect.stringMatching(/moved@2\.0\.0 +changed/) });
    expect(stdout).toContain("if that is meant: safe-install policy pin moved --write -- npm install both");
    expect(policy().rules).toEqual([
      ...(policyFor(["known", "both", "moved"])["rules"] as []),
      { packages: ["npm:*"], unsigned: "recorded" },
    ]);
    expect((await pin("moved", "--write", ...command)).exit).toBe(0);
    expect(await safeInstall(["npm", "install", "both"], { cwd: project, home })).toMatchObject({ exit: 0 });
  });

  test("another version of a package keeps its own ground", async () => {
    write({ ...two(), "package.json": { ...MANIFEST, dependencies: { moved: "1.0.0" } } });
    expect(await safeInstall(["npm", "install"], { cwd: project, home })).toMatchObject({ exit: 0 });
    expect((await pin("moved", "--write", "--", "npm", "install", "both")).exit).toBe(65);
    expect((await pin("--write", "--", "npm", "install", "both")).exit).toBe(0);
    expect(policy().rules).toContainEqual({ packages: ["npm:moved"], versions: "<2.0.0", signedBy: ["moved"] });
    expect(await safeInstall(["npm", "install", "both"], { cwd: project, home })).toMatchObject({ exit: 0 });
  });

  test("what does not hold is not pinned by its name either", async () => {
    await publishSigned(
      registry,
      instance,
      { name: "swapped", version: "1.0.0" },
      {
        identity: pipelineOf("swapped", "1.0.0"),
        subjects: [{ name: "pkg:npm/swapped@1.0.0", digest: { sha512: "0".repeat(128) } }],
      },
    );
    write();
    const before = everything();
    expect((await pin("--write", "--", "npm", "install", "swapped")).exit).toBe(66);
    expect((await pin("swapped", "--write", "--", "npm", "install", "swapped")).exit).toBe(66);
    expect(everything()).toEqual(before);
  });

  test("a name that no lock has is not looked up", async () => {
    write({ "package-lock.json": { ...MANIFEST, lockfileVersion: 3, packages: { "": MANIFEST } } });
    const asked = registry.requests.length;
    const { exit, stderr } = await pin("w", "--write");
    expect({ exit, stderr }).toMatchObject({ exit: 64, stderr: expect.stringContaining("pin -- npm install NAME") });
    expect(registry.requests.length).toBe(asked);
  });

  test.each([
    ["nothing", [], "USAGE"],
    ["no installer", ["frob", "install", "w"], "USAGE"],
    ["what installs nothing", ["npm", "view", "w"], "USAGE"],
    ["git", ["npm", "install", "acme/w"], "GIT_DEPENDENCY"],
    ["npm link", ["npm", "link", "w"], "NOT_GATED"],
  ])("%s is refused", async (_, words, code) => {
    write();
    const before = everything();
    const { stdout, stderr } = await pin("--write", "--", ...words);
    expect({ stdout, stderr }).toMatchObject({ stdout: "", stderr: expect.stringContaining(code) });
    expect(everything()).toEqual(before);
  });

  test("a first policy, in a folder with nothing in it", async () => {
    layRepository(project);
    mkdirSync(join(project, "node_modules"));
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n`);
    writeFileSync(join(home, "root.json"), JSON.stringify(instance.trustedRoot));
    expect(await safeInstall(["npm", "install", "w"], { cwd: project, home })).toMatchObject({
      exit: 78,
      stderr: expect.stringContaining("safe-install init -- npm install"),
    });
    const root = `test=${join(home, "root.json")}`;
    expect((await pin("--write", "--", "npm", "install", "w")).exit).toBe(78);
    expect(await runAt(project, home, ["init", "--trusted-root", root, "--", "npm", "install", "w"])).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("acme/w"),
    });
    expect(readdirSync(project).toSorted()).toEqual([
      ".git",
      ".npmrc",
      ".signing-policy.json",
      ".signing-recorded.json",
      "node_modules",
    ]);
  });
});
