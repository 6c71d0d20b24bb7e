import { layRepository } from "../support/repository.ts";
import { safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** A stranger's clone, in which somebody asks for a tool that is proven: the clone's own code does not run instead, or with it. */

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;

const TOOL = {
  name: "say",
  version: "1.0.0",
  files: {
    "cli.js":
      "#!/usr/bin/env node\ntry { require('planted'); } catch {}\nconsole.log(process.env.EDITOR === './evil' ? 'evil' : 'good');\n",
  },
  bin: { say: "cli.js" },
};

beforeEach(async () => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  instance ??= await createInstance();
  registry = await startRegistry();
  onTestFinished(() => registry.close());
  await publishSigned(registry, instance, TOOL);
  layRepository(project);
  npmrc();
  write("package.json", { name: "project", version: "1.0.0" });
  write("trust/root.json", instance.trustedRoot);
  write(".signing-policy.json", policyFor(["say"]));
});

function write(path: string, content: unknown, mode = 0o644): void {
  putInto(project, path, content, mode);
}

const npmrc = (...lines: readonly string[]) => write(".npmrc", [`registry=${registry.url}`, ...lines, ""].join("\n"));
const evil = () => `#!/bin/sh\ntouch '${join(home, "ran")}'\necho evil\n`;
const ran = () => existsSync(join(home, "ran"));
const ENV = { npm_config_fetch_retries: "0" };
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  safeInstall(args, { cwd: project, home, env: { ...ENV, ...env } });

describe("a project's .npmrc", () => {
  test("does not say that what lies on disk is run", async () => {
    npmrc("yes=false");
    write("node_modules/.bin/say", evil(), 0o755);
    expect(await run(["npx", "say"])).toMatchObject({ exit: 64, stderr: expect.stringContaining("ON_DISK") });
    expect(await run(["npx", "say@1.0.0"])).toMatchObject({ exit: 0, stdout: "good" });
    expect(ran()).toBe(false);
  });

  test("does not say what is called", async () => {
    npmrc(`call=touch '${join(home, "ran")}'`);
    for (const args of [["npx"], ["npx", "-p", "say"], ["npx", "--no-install"]])
      expect(await run(args)).toMatchObject({ exit: 64, stderr: expect.stringContaining("PROJECT_NPMRC") });
    expect(ran()).toBe(false);
  });

  test.each(["node-options", '"node\\u002doptions"'])("brings no code into node by %s", async (key) => {
    write("planted.cjs", `require("fs").writeFileSync(${JSON.stringify(join(home, "ran"))}, "");`);
    npmrc(`${key}=--require=${join(project, "planted.cjs")}`, "editor=./evil");
    expect(await run(["npx", "say@1.0.0"], { EDITOR: "ed" })).toMatchObject({ exit: 0, stdout: "good" });
    expect(await run(["npx", "-p", "say", "-c", "say"], { EDITOR: "ed" })).toMatchObject({ exit: 0, stdout: "good" });
    expect(ran()).toBe(false);
  });

  test("has no shell and no program of its own for install scripts", async () => {
    await publishSigned(registry, instance, { ...TOOL, version: "1.1.0", scripts: { postinstall: "node -e 0" } });
    write("shell", evil(), 0o755);
    write("planted.cjs", `require("fs").writeFileSync(${JSON.stringify(join(home, "ran"))}, "");`);
    npmrc(`script-shell=${join(project, "shell")}`, `node-options=--require=${join(project, "planted.cjs")}`);
    write(".signing-policy.json", policyFor(["say"], { scripts: "all" }));
    expect(await run(["npx", "say@1.1.0"])).toMatchObject({ exit: 0, stdout: "good" });
    expect(ran()).toBe(false);
  });

  test("does not choose the package", async () => {
    await publishSigned(registry, instance, {
      ...TOOL,
      name: "other",
      files: { "cli.js": "#!/usr/bin/env node\nconsole.log('other');\n" },
    });
    write(".signing-policy.json", policyFor(["say", "other"]));
    for (const key of ["package", "package[]"]) {
      npmrc(`${key}=other`);
      expect(await run(["npx", "say"])).toMatchObject({ exit: 0, stdout: "good" });
    }
  });

  test("does not let scripts run where the user says no", async () => {
    const scripts = { postinstall: `touch '${join(home, "ran")}'` };
    await publishSigned(registry, instance, { ...TOOL, version: "1.1.0", scripts });
    npmrc("ignore-scripts=false", "dangerously-allow-all-scripts=true");
    const user = join(home, ".npmrc");
    writeFileSync(user, "ignore-scripts=true\n");
    expect(await run(["npx", "say@1.1.0"])).toMatchObject({ exit: 0, stdout: "good" });
    expect(ran()).toBe(false);
  });

  test("is not shown to a proven tool or to its install script, but for registries", async () => {
    const files = { "cli.js": "#!/usr/bin/env node\nconsole.log(JSON.stringify(process.env));\n" };
    const scripts = { postinstall: `env > '${join(home, "env")}'` };
    await publishSigned(registry, instance, { ...TOOL, version: "1.2.0", files, scripts });
    const { definitions } = npmDefinitions;
    const refused = /^(?:.*proxy|strict-ssl|ca|cafile|cert|key|local-address|userconfig|globalconfig|call|_auth)$/;
    // Where they would change what is done here, the tool would not run: that is another test's.
    const steering =
      /^(?:global|location|prefix|offline|dry-run|package-lock.*|registry|cache|node-options|yes|usage|version.*|workspaces?)$/;
    const clashing = (key: string) => "exclusive" in (definitions[key] ?? {});
    const keys = Object.keys(definitions).filter((key) => !refused.test(key) && !steering.test(key) && !clashing(key));
    const unknown = ["nodedir", "disturl", "say_binary_host", "electron_mirror", "constructor", "x-y"];
    npmrc(...[...keys, ...unknown].map((key) => `${key}=planted-1`), "package=other");
    write(".signing-policy.json", policyFor(["say"], { scripts: "all" }));
    const outcome = await run(["npx", "say@1.2.0"]);
    expect(outcome, outcome.stderr).toMatchObject({ exit: 0 });
    expect(outcome.stdout).not.toContain("planted-1");
    expect(readFileSync(join(home, "env"), "utf8")).not.toContain("planted-1");
    expect(keys.length).toBeGreaterThan(100);
  });

  test("brings no code into a command on disk that is the user's own", async () => {
    write("planted.cjs", `require("fs").writeFileSync(${JSON.stringify(join(home, "ran"))}, "");`);
    write("shell", evil(), 0o755);
    npmrc(
      `node-options=--require=${join(project, "planted.cjs")}`,
      "python=planted-1",
      `script-shell=${join(project, "shell")}`,
    );
    const outcome = await run(["npx", "--no-install", "-c", "node -p process.env.npm_config_python"], {
      npm_config_python: "own",
    });
    expect(outcome, outcome.stderr).toMatchObject({ exit: 0, stdout: "own" });
    expect(ran()).toBe(false);
  });

  test("what else it says counts: registries, scopes, values in quotes and of the environment", async () => {
    write(
      ".npmrc",
      `registry=http://127.0.0.1:9/\n"@acme:registry" = "${registry.url}"\ninit-author-name="a;b # c"\nomit[]=dev\n; a comment\n`,
    );
    await publishSigned(registry, instance, { ...TOOL, name: "@acme/say" });
    write(".signing-policy.json", policyFor(["@acme/say"]));
    expect(await run(["npx", "@acme/say"])).toMatchObject({ exit: 0, stdout: "good" });
  });
});

test("a link on PATH into the project is not followed", async () => {
  for (const name of ["node", "sh", "env"]) write(`tools/${name}`, evil(), 0o755);
  const link = join(temporaryFolder(), "link");
  symlinkSync(project, link);
  const PATH = [join(link, "tools"), process.env["PATH"] ?? ""].join(":");
  expect(await run(["npx", "say@1.0.0"], { PATH })).toMatchObject({ exit: 0, stdout: "good" });
  expect(await run(["npx", "-p", "say", "-c", "say"], { PATH })).toMatchObject({ exit: 0, stdout: "good" });
  expect(ran()).toBe(false);
});

test("a dependency's command called sh is no shell", async () => {
  const sh = { name: "sh", version: "1.0.0", files: { "sh.js": evil() }, bin: { sh: "sh.js", bash: "sh.js" } };
  await publishSigned(registry, instance, sh);
  const scripts = { postinstall: `touch '${join(home, "built")}'` };
  await publishSigned(registry, instance, { ...TOOL, version: "2.0.0", dependencies: { sh: "1.0.0" }, scripts });
  write(".signing-policy.json", policyFor(["say", "sh"], { scripts: "all" }));
  expect(await run(["npx", "-p", "say@2.0.0", "-c", "say"])).toMatchObject({ exit: 0, stdout: "good" });
  expect(ran()).toBe(false);
  expect(existsSync(join(home, "built"))).toBe(true);
  expect(await run(["npx", "-p", "say@2.0.0", "-c", "say"], { npm_config_script_shell: "bash" })).toMatchObject({
    exit: 0,
    stdout: "good",
  });
  expect(ran()).toBe(false);
});

test("packages above the temporary folder are nobody's dependencies", async () => {
  const above = temporaryFolder();
  const planted = join(above, "node_modules", "planted");
  mkdirSync(planted, { recursive: true });
  writeFileSync(join(planted, "index.js"), `require("fs").writeFileSync(${JSON.stringify(join(home, "ran"))}, "");`);
  const outcome = await run(["npx", "say@1.0.0"], { TMPDIR: above });
  expect(outcome).toMatchObject({ exit: 64, stdout: "", stderr: expect.stringContaining("PROJECT_OUTSIDE") });
  expect(ran()).toBe(false);
});
