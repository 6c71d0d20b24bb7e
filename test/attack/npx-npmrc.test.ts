import { layRepository } from "../support/git.ts";
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), typeof content === "string" ? content : JSON.stringify(content), { mode });
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

test("packages above the temporary folder are nobody's dependencies", async () => {
  const above = temporaryFolder();
  const planted = join(above, "node_modules", "planted");
  mkdirSync(planted, { recursive: true });
  writeFileSync(join(planted, "index.js"), `require("fs").writeFileSync(${JSON.stringify(join(home, "ran"))}, "");`);
  const outcome = await run(["npx", "say@1.0.0"], { TMPDIR: above });
  expect(outcome).toMatchObject({ exit: 64, stdout: "", stderr: expect.stringContaining("PROJECT_OUTSIDE") });
  expect(ran()).toBe(false);
});
