import { BIN, isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import type { Instance } from "../support/sigstore.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { commandsOf, hook, snippet, VERSION } from "../support/snippets.ts";
import { hexOf } from "../support/tarball.ts";
import { execa } from "execa";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;
let bin: string;
let base: string;

beforeAll(async () => {
  instance = await createInstance();
  registry = await startRegistry();
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  registry.publish({ name: "plain", version: "1.0.0" });
  registry.publish({ ...PUBLISHED, files: { "index.js": `#!/usr/bin/env node\nimport(${JSON.stringify(BIN)});\n` } });
});
afterAll(() => registry.close());

/** Stands for the published program. */
const PUBLISHED = { name: "safe-install", version: VERSION, bin: { "safe-install": "index.js" } };

const EVIL = "#!/bin/sh\necho owned\n";

/** A global `safe-install` that stands for the published program. */
beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  bin = join(home, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "safe-install"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(bin, "safe-install"), 0o755);
  write("widget");
  base = commitAll(project);
  git(project, "update-ref", "refs/remotes/origin/main", base);
  git(project, "switch", "--quiet", "--create", "change");
});

function write(name: string, policy: unknown = policyFor(["widget", "plain"])): void {
  writeProject(project, registry, {
    locked: [{ name, version: "1.0.0" }],
    policy,
    files: { "trust/root.json": instance.trustedRoot, ".gitignore": "node_modules\n.husky/_\n" },
  });
}

/** A change that brings a package that nobody signed, and a policy that lets it in. */
function approveOneself(): void {
  const allow = { packages: ["npm:*"], unsigned: "allow", reason: "mine", expires: "2099-01-01" };
  write("plain", { version: 1, rules: [allow] });
}

const environment = (more: Record<string, string> = {}) => ({
  ...GIT_ENV,
  ...isolated(home),
  npm_config_registry: registry.url,
  RUNNER_TEMP: home,
  AGENT_TEMPDIRECTORY: home,
  SAFE_INSTALL_SHA256: hexOf(registry.tarballOf("safe-install", VERSION).bytes, "sha256"),
  PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
  ...more,
});

/** As the hosts run a step: a shell that stops at the first error, but for Azure's. */
async function step(command: string, env: Record<string, string>, stops = true) {
  const { exitCode, stdout, stderr } = await execa("sh", [...(stops ? ["-e"] : []), "-c", command], {
    cwd: project,
    env: environment(env),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exit: exitCode, stdout, stderr };
}

async function steps(name: string, env: Record<string, string>) {
  const done = [];
  for (const command of commandsOf(snippet(name))) done.push(await step(command, env, name !== "azure"));
  return done;
}

const installed = (name: string) => existsSync(join(project, "node_modules", name));

describe("the page's snippet for", () => {
  const summary = () => join(home, "summary.md");
  const github = () => ({ GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary(), BASE: base, CI: "true" });

  it("GitHub Actions: checks by the base's policy, installs, and leaves a log", async () => {
    const [fetched, checked, installing, ...more] = await steps("github", github());
    expect(fetched).toMatchObject({ exit: 0 });
    expect(more).toEqual([]);
    expect(checked).toMatchObject({ exit: 0 });
    expect(installing).toMatchObject({ exit: 0 });
    expect(installed("widget")).toBe(true);
    expect(readFileSync(join(project, "decisions.jsonl"), "utf8")).toContain('"package":"pkg:npm/widget@1.0.0"');
    expect(readFileSync(summary(), "utf8").match(/^## ✅/gm)).toHaveLength(2);
  });

  it("GitHub Actions: a change that approves itself is annotated and stopped", async () => {
    approveOneself();
    const [, checked, installing] = await steps("github", github());
    expect(checked?.exit).toBe(65);
    // Nor is it the change's own policy that installs: which scripts run is its say.
    expect(installing?.exit).toBe(65);
    expect(installed("plain")).toBe(false);
    expect(checked?.stdout).toMatch(
      /^::error file=package-lock\.json,line=\d+,title=NO_EVIDENCE npm%3Aplain@1\.0\.0::/m,
    );
    expect(readFileSync(summary(), "utf8")).toContain("NO_EVIDENCE");
    const sarif = JSON.parse(readFileSync(join(project, "safe-install.sarif"), "utf8")) as { version: string };
    expect(sarif.version).toBe("2.1.0");
  });

  it("Azure Pipelines", async () => {
    const env = { TF_BUILD: "True", BASE: "main" };
    expect((await steps("azure", env)).map(({ exit }) => exit)).toEqual([0, 0, 0]);
    expect(installed("widget")).toBe(true);
    approveOneself();
    const [, checked] = await steps("azure", env);
    expect(checked).toMatchObject({ exit: 65, stdout: expect.stringContaining("##vso[task.logissue type=error;") });
    expect(snippet("azure")).toMatch(/--policy-from "refs\/remotes\/origin\/\$BASE" npm ci\n {4}condition: eq\(/);
    expect(snippet("azure")).toMatch(/safe-install npm ci\n {4}condition: and\(succeeded\(\), ne\(/);
  });

  it("GitLab CI, in a merge request and elsewhere", async () => {
    expect((await steps("gitlab", { CI_MERGE_REQUEST_DIFF_BASE_SHA: base })).map(({ exit }) => exit)).toEqual([0]);
    approveOneself();
    expect((await steps("gitlab", { CI_MERGE_REQUEST_DIFF_BASE_SHA: base }))[0]?.exit).toBe(65);
    expect((await steps("gitlab", {})).map(({ exit }) => exit)).toEqual([0]);
    expect(snippet("gitlab")).toContain('${base:+--policy-from "$base"} npm ci');
    expect(snippet("gitlab")).toContain('rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"');
  });

  it.each(["github", "azure", "gitlab"])("%s: the change brings no gate of its own", async (name) => {
    const evil = await startRegistry({ packages: [{ ...PUBLISHED, files: { "index.js": EVIL } }] });
    onTestFinished(() => evil.close());
    for (const place of ["node_modules/safe-install/index.js", "node_modules/.bin/safe-install", "npm", "npx"]) {
      mkdirSync(join(project, place, ".."), { recursive: true });
      writeFileSync(join(project, place), EVIL, { mode: 0o755 });
    }
    const registries = `registry=${evil.url}\nuserconfig=\${PWD}/.npmrc\nprefix=\${PWD}\n`;
    writeFileSync(join(project, ".npmrc"), registries);
    writeFileSync(join(home, ".npmrc"), `registry=${evil.url}\n`);
    const env = { ...github(), CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    const done = await steps(name, name === "azure" ? { ...env, BASE: "main" } : env);
    expect(done.map(({ stdout, stderr }) => stdout + stderr).join("")).not.toContain("owned");
    expect(evil.requests.filter(({ url }) => url.includes("safe-install"))).toEqual([]);

    // Nor does a registry that has other bytes under the same version.
    const [first] = await steps(name, { ...env, BASE: "main", npm_config_registry: evil.url });
    expect(first).toMatchObject({ exit: 1, stdout: expect.stringContaining("FAILED") as string });
  });

  it("pre-commit: the hook that it names, with the command of the hook", async () => {
    const [, id = ""] = /id: (\S+)/.exec(snippet("pre-commit")) ?? [];
    const { entry, files } = hook(id);
    for (const file of [
      "package-lock.json",
      "a/package.json",
      ".npmrc",
      ".signing-policy.json",
      ".signing-recorded.json",
    ])
      expect(files(file)).toBe(true);
    expect(files("src/index.ts")).toBe(false);
    expect(snippet("pre-commit")).toContain(`rev: v${VERSION}`);
    write("plain");
    expect((await step(entry, {})).exit).toBe(0);
    git(project, "add", "--all");
    expect(await step(entry, {})).toMatchObject({ exit: 65, stdout: expect.stringContaining("npm:plain@1.0.0") });
  });

  it("husky: a commit with what nobody signed does not happen", async () => {
    mkdirSync(join(project, ".husky", "_"), { recursive: true });
    writeFileSync(join(project, ".husky", "pre-commit"), snippet("husky"));
    // What husky 9 puts there: git's hook runs the file of the same name one folder up.
    writeFileSync(
      join(project, ".husky", "_", "pre-commit"),
      `#!/bin/sh\nexec sh -e "$(dirname "$0")/../pre-commit" "$@"\n`,
    );
    chmodSync(join(project, ".husky", "_", "pre-commit"), 0o755);
    git(project, "config", "core.hooksPath", ".husky/_");
    const commit = () => step("git add --all && git commit --quiet --message change", {});
    expect((await commit()).exit).toBe(0);
    write("plain");
    const refused = await commit();
    expect(refused.exit).not.toBe(0);
    expect(`${refused.stdout}${refused.stderr}`).toContain("npm:plain@1.0.0   NO_EVIDENCE");
    expect(git(project, "show", "HEAD:package-lock.json")).not.toContain("plain");
  });
});
