import { layRepository } from "../support/repository.ts";
import { plainNpm, safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { type Instance, githubIdentity } from "../support/sigstore.ts";
import { makeTarball } from "../support/tarball.ts";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** Ways to have something run that nobody proved, where somebody asks for a tool. */

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;

const GOOD = "#!/usr/bin/env node\nconsole.log('good');\n";
const tool = (name: string, version: string, code = GOOD) => ({
  name,
  version,
  files: { "cli.js": code },
  bin: { [name]: "cli.js" },
});

beforeEach(async () => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  instance ??= await createInstance();
  registry = await startRegistry();
  onTestFinished(() => registry.close());
  await publishSigned(registry, instance, tool("say", "1.0.0"));
  write(".npmrc", `registry=${registry.url}\n`);
  write("package.json", { name: "project", version: "1.0.0" });
  write("trust/root.json", instance.trustedRoot);
  write(".signing-policy.json", policyFor(["say"]));
  layRepository(project);
});

function write(path: string, content: unknown, mode = 0o644): void {
  putInto(project, path, content, mode);
}

const evil = () => `#!/bin/sh\ntouch '${join(home, "ran")}'\necho evil\n`;
const ran = () => existsSync(join(home, "ran"));
const run = (...args: string[]) =>
  safeInstall(args, { cwd: project, home, env: { npm_config_fetch_retries: "0", npm_config_yes: "true" } });

/** Every file and what is in it. */
function everything(): Readonly<Record<string, string>> {
  const paths = readdirSync(project, { recursive: true, encoding: "utf8" }).toSorted();
  const files = paths.filter((path) => statSync(join(project, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(project, path), "utf8")]));
}

describe("what nobody proved is not run", () => {
  const scripts = () => ({ preinstall: `touch '${join(home, "ran")}'` });

  test("without a rule, with another signer, without evidence", async () => {
    registry.publish({ ...tool("unknown", "1.0.0", evil()), scripts: scripts() });
    await publishSigned(
      registry,
      instance,
      { ...tool("say", "2.0.0", evil()), scripts: scripts() },
      {
        identity: githubIdentity({
          repository: "mallory/say",
          workflow: ".github/workflows/release.yml",
          ref: "refs/tags/v2.0.0",
        }),
      },
    );
    registry.publish({ ...tool("say", "3.0.0", evil()), scripts: scripts() });
    const before = everything();
    expect(await run("npx", "unknown")).toMatchObject({
      exit: 65,
      stdout: "",
      stderr: expect.stringContaining("NO_RULE"),
    });
    expect(await run("npx", "say@2")).toMatchObject({
      exit: 65,
      stdout: "",
      stderr: expect.stringContaining("UNTRUSTED_SIGNER"),
    });
    expect(await run("npx", "say")).toMatchObject({
      exit: 65,
      stdout: "",
      stderr: expect.stringContaining("NO_EVIDENCE"),
    });
    expect(await run("npm", "exec", "--package=say@1", "--package=unknown", "--", "say")).toMatchObject({
      exit: 65,
      stdout: "",
    });
    expect(ran()).toBe(false);
    expect(everything()).toEqual(before);
  });

  test("a dependency of it", async () => {
    registry.publish({ name: "deep", version: "1.0.0", scripts: scripts() });
    await publishSigned(registry, instance, { ...tool("say", "1.1.0"), dependencies: { deep: "1.0.0" } });
    expect(await run("npx", "say")).toMatchObject({
      exit: 65,
      stdout: "",
      stderr: expect.stringContaining("npm:deep@1.0.0"),
    });
    expect(ran()).toBe(false);
  });

  test("in a folder without a policy; a policy can be named", async () => {
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, ".npmrc"), `registry=${registry.url}\n`);
    writeFileSync(join(elsewhere, "package.json"), "{}");
    const asked = registry.requests.length;
    for (const args of [
      ["npx", "say"],
      ["npm", "exec", "say"],
      ["npm", "create", "say"],
      ["npx", "--no-install", "say"],
    ])
      expect(await safeInstall(args, { cwd: elsewhere, home })).toMatchObject({
        exit: 78,
        stderr: expect.stringContaining("NO_POLICY"),
      });
    expect(registry.requests.length).toBe(asked);
    const policy = join(project, ".signing-policy.json");
    expect(await safeInstall(["--policy", policy, "npx", "say"], { cwd: elsewhere, home })).toMatchObject({
      exit: 0,
      stdout: "good",
    });
    expect(readdirSync(elsewhere).toSorted()).toEqual([".npmrc", "package.json"]);
  });

  test("the registry has other bytes once the verdict is there", async () => {
    let downloads = 0;
    const bytes = registry.tarballOf("say", "1.0.0");
    const swapped = await startRegistry({
      packages: [tool("say", "1.0.0")],
      intercept: (request, response) => {
        if (request.url?.endsWith(".tgz") !== true) return false;
        response.writeHead(200).end(downloads++ === 0 ? bytes.bytes : makeTarball(tool("say", "1.0.0", evil())));
        return true;
      },
    });
    onTestFinished(() => swapped.close());
    await publishSigned(swapped, instance, tool("say", "1.0.0"));
    write(".npmrc", `registry=${swapped.url}\n`);
    expect(await run("npx", "say")).toMatchObject({ exit: 0, stdout: "good" });
    expect(downloads).toBe(1);
  });
});

describe("what lies on disk takes nobody's place", () => {
  test("a command of the same name in the project is refused, and named; a version takes the registry's", async () => {
    write("node_modules/.bin/say", evil(), 0o755);
    expect(await run("npx", "say")).toMatchObject({
      exit: 64,
      stdout: "",
      stderr: expect.stringContaining(join("node_modules", ".bin", "say")),
    });
    expect(ran()).toBe(false);
    expect(await run("npx", "say@1.0.0")).toMatchObject({ exit: 0, stdout: "good" });
    expect(await run("npx", "-p", "say", "say")).toMatchObject({ exit: 0, stdout: "good" });
    expect(await run("npx", "-p", "say", "-c", "say")).toMatchObject({ exit: 0, stdout: "good" });
    expect(ran()).toBe(false);
  });

  test("an installed package of that version is not taken for the proven one", async () => {
    write("node_modules/say/package.json", { name: "say", version: "1.0.0", bin: { say: "cli.js" } });
    write("node_modules/say/cli.js", evil(), 0o755);
    expect(await run("npx", "say@1.0.0")).toMatchObject({ exit: 0, stdout: "good" });
    expect(ran()).toBe(false);
  });

  test("it runs where somebody says so, and is named", async () => {
    write("node_modules/.bin/say", evil(), 0o755);
    const { exit, stdout, stderr } = await run("npx", "--no-install", "say");
    expect({ exit, stdout, stderr }).toMatchObject({
      exit: 0,
      stdout: "evil",
      stderr: expect.stringContaining("not judged: 1 run or left as it lies on disk, not proven again: say"),
    });
    const call = await run("npx", "-c", "say");
    expect(call).toMatchObject({ exit: 0, stdout: "evil", stderr: expect.stringContaining("not proven again: say") });
  });

  test("the project's own command of that name, and a global one", async () => {
    write("package.json", { name: "project", version: "1.0.0", bin: { say: "cli.js" } });
    write("cli.js", evil(), 0o755);
    expect(await run("npx", "say")).toMatchObject({ exit: 64, stderr: expect.stringContaining("ON_DISK") });
    write("package.json", { name: "project", version: "1.0.0" });
    const prefix = temporaryFolder();
    mkdirSync(join(prefix, "bin"));
    writeFileSync(join(prefix, "bin", "say"), evil(), { mode: 0o755 });
    const env = { npm_config_prefix: prefix };
    expect(await safeInstall(["npx", "say"], { cwd: project, home, env })).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining(join(prefix, "bin", "say")),
    });
    expect(ran()).toBe(false);
  });

  test("no program of the project stands in for node, for the shell or for the tool", async () => {
    for (const name of ["node", "sh", "env", "npm"]) write(`node_modules/.bin/${name}`, evil(), 0o755);
    write("bin/node", evil(), 0o755);
    const PATH = [join(project, "node_modules", ".bin"), join(project, "bin"), process.env["PATH"] ?? ""].join(":");
    const env = { PATH, npm_config_yes: "true" };
    expect(await safeInstall(["npx", "say"], { cwd: project, home, env })).toMatchObject({ exit: 0, stdout: "good" });
    const call = await safeInstall(["npx", "-p", "say", "-c", "say"], { cwd: project, home, env });
    expect(call).toMatchObject({ exit: 0, stdout: "good" });
    expect(ran()).toBe(false);
  });

  test("the project's .npmrc names no shell, no package and no command", async () => {
    write("shell", evil(), 0o755);
    write(".npmrc", `registry=${registry.url}\nscript-shell=${join(project, "shell")}\n`);
    expect(await run("npx", "-p", "say", "-c", "say")).toMatchObject({ exit: 0, stdout: "good" });
    registry.publish({ ...tool("unknown", "1.0.0", evil()) });
    const asked = registry.requests.length;
    // On 2dc5600 npm read these and failed only because it had nothing to take the package from.
    for (const line of ["package=unknown", "package[]=unknown", '"package"=unknown', '"pack\\u0061ge[]"=unknown']) {
      write(".npmrc", `registry=${registry.url}\n${line}\n`);
      expect(await run("npx", "-c", "unknown"), line).toMatchObject({
        exit: 64,
        stdout: "",
        stderr: expect.stringContaining("package names what npx would take"),
      });
    }
    expect(registry.requests.length).toBe(asked);
    expect(ran()).toBe(false);
  });

  test("the project's .npmrc does not choose among what is on disk; a package that is typed does", async () => {
    write("node_modules/own/package.json", { name: "own", version: "1.0.0", bin: "cli.js" });
    write("node_modules/own/cli.js", GOOD, 0o755);
    mkdirSync(join(project, "node_modules/.bin"));
    symlinkSync("../own/cli.js", join(project, "node_modules/.bin/own"));
    write(".npmrc", `registry=${registry.url}\npackage[]=say\n`);
    expect(await run("npx", "--no-install", "own")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("PROJECT_NPMRC"),
    });
    expect(await run("npx", "--no-install", "--package=own", "own")).toMatchObject({ exit: 0, stdout: "good" });
  });

  test("a folder above the temporary one is not the project", async () => {
    const above = temporaryFolder();
    writeFileSync(join(above, "package.json"), JSON.stringify({ workspaces: ["*/*/run"] }));
    const env = { TMPDIR: above, npm_config_fetch_retries: "0" };
    const asked = registry.requests.length;
    const outcome = await safeInstall(["npx", "say@1.0.0"], { cwd: project, home, env });
    expect(outcome).toMatchObject({ exit: 64, stdout: "", stderr: expect.stringContaining("PROJECT_OUTSIDE") });
    expect(registry.requests.length).toBe(asked);
  });

  test("what an earlier npx has left in npm's cache is not looked at", async () => {
    const left = join(home, ".npm", "_npx", createHash("sha512").update("say").digest("hex").slice(0, 16));
    const { integrity, resolved } = registry.tarballOf("say", "1.0.0");
    const own = { name: "say", version: "1.0.0", bin: { say: "cli.js" } };
    const put = (path: string, content: unknown, mode = 0o644) => {
      putInto(left, path, content, mode);
    };
    const entry = { version: "1.0.0", resolved, integrity, bin: { say: "cli.js" } };
    put("node_modules/say/package.json", own);
    put("node_modules/say/cli.js", evil(), 0o755);
    put("node_modules/.bin/say", evil(), 0o755);
    put("package.json", { dependencies: { say: "^1.0.0" }, _npx: { packages: ["say"] } });
    const lock = { name: "x", lockfileVersion: 3, requires: true, packages: { "node_modules/say": entry } };
    put("node_modules/.package-lock.json", lock);
    // The attack works: npm runs what lies there.
    const plain = await plainNpm(["exec", "--yes", "say"], { cwd: project, home });
    expect(plain).toMatchObject({ exit: 0, stdout: "evil" });
    expect(ran()).toBe(true);
    expect(await run("npx", "say")).toMatchObject({ exit: 0, stdout: "good" });
    expect(await run("npx", "--no-install", "say")).toMatchObject({ exit: 1, stdout: "" });
  });
});

test("what a proven tool's failing install script says commands no terminal and no CI system", async () => {
  const said = "console.error('\\u001b]0;title\\u0007\\n::error::x\\n##vso[task.setvariable variable=PATH]y')";
  const scripts = { postinstall: `node -e "${said}; process.exit(1)"` };
  await publishSigned(registry, instance, { ...tool("loud", "1.0.0"), scripts });
  write(".signing-policy.json", policyFor(["loud"]));
  const env = { npm_config_yes: "true", npm_config_dangerously_allow_all_scripts: "true" };
  const { exit, stderr } = await safeInstall(["npx", "loud"], { cwd: project, home, env });
  expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("task.setvariable") });
  expect(stderr).not.toMatch(/\p{Cc}(?<!\n)|^::error|##vso/mu);
});
