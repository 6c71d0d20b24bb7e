import { layRepository } from "../support/repository.ts";
import { safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

/** Tools that are run without being installed, by the real npm, from what was proven. */

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;

/** Says what it was given, as JSON; ends with the number that it is given as `--exit=N`. */
const SAY = `#!/usr/bin/env node
const words = process.argv.slice(2);
let input = "";
process.stdin.on("data", (text) => { input += text; }).on("end", () => {
  const { npm_config_user_agent: agent, npm_command: command, INIT_CWD: from, npm_config_offline: offline } = process.env;
  console.log(JSON.stringify({ name: require("./package.json").name, words, input, cwd: process.cwd(), agent, command, from, offline }));
  process.exitCode = Number(words.find((one) => one.startsWith("--exit="))?.slice(7) ?? 0);
});
`;

const TOOL = { files: { "cli.js": SAY }, bin: { say: "cli.js" } };
const NAMES = ["say", "helper", "@acme/say", "create-app", "@acme/create", "two", "none", "outer"];

beforeAll(async () => {
  instance = await createInstance();
  registry = await startRegistry();
  const tools = [
    { ...TOOL, name: "say", version: "1.0.0" },
    { ...TOOL, name: "say", version: "2.0.0", dependencies: { helper: "^1.0.0" } },
    { name: "helper", version: "1.0.0", files: { "h.js": "#!/bin/sh\necho helped $1\n" }, bin: { helper: "h.js" } },
    { ...TOOL, name: "@acme/say", version: "1.0.0", bin: { any: "cli.js" } },
    { ...TOOL, name: "create-app", version: "1.0.0", bin: "cli.js" },
    { ...TOOL, name: "@acme/create", version: "1.0.0", bin: { create: "cli.js" } },
    { ...TOOL, name: "two", version: "1.0.0", bin: { one: "cli.js", other: "index.js" } },
    { name: "none", version: "1.0.0" },
    // Carries a dependency with a command of its own name.
    { ...TOOL, name: "outer", version: "1.0.0", bin: { helper: "cli.js" }, dependencies: { helper: "1.0.0" } },
  ];
  for (const tool of tools) await publishSigned(registry, instance, tool);
  registry.publish({ name: "say", version: "3.0.0-unsigned", ...TOOL });
  await publishSigned(registry, instance, {
    ...TOOL,
    name: "say",
    version: "2.1.0",
    dependencies: { helper: "^1.0.0" },
  });
});
afterAll(() => registry.close());

beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  layRepository(project);
  mkdirSync(join(project, "trust"));
  write("trust/root.json", instance.trustedRoot);
  write(".signing-policy.json", policyFor(NAMES));
  write(".npmrc", `registry=${registry.url}\n`);
  write("package.json", { name: "project", version: "1.0.0" });
});

function write(path: string, content: unknown): void {
  putInto(project, path, content);
}

const ENV = { npm_config_fetch_retries: "0" };
const run = (args: readonly string[], input?: string) =>
  safeInstall(args, { cwd: project, home, env: ENV, ...(input === undefined ? {} : { input }) });

describe("runs the tool from the proven bytes", () => {
  it("with its words, standard input and exit code, and nothing else on standard output", async () => {
    const files = readdirSync(project).toSorted();
    const { exit, stdout, stderr } = await run(["npx", "say", "a b", "--flag", "--exit=7", "--", "-x"], "from a pipe");
    expect({ exit, stderr }).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
    expect(JSON.parse(stdout)).toMatchObject({
      name: "say",
      words: ["a b", "--flag", "--exit=7", "--", "-x"],
      input: "from a pipe",
      cwd: project,
      from: project,
      command: "exec",
      agent: expect.stringMatching(/^npm\/\d+\./),
    });
    expect(JSON.parse(stdout)).not.toHaveProperty("offline");
    expect(stderr).toContain("npx say");
    expect(readdirSync(project).toSorted()).toEqual(files);
    expect(existsSync(join(home, ".npm", "_npx"))).toBe(false);
    expect(
      existsSync(join(home, ".local", "state", "safe-install", "journals"))
        ? readdirSync(join(home, ".local", "state", "safe-install", "journals"))
        : [],
    ).toEqual([]);
  });

  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["npm exec with --", ["npm", "exec", "--", "say@1", "--w"], '"words":["--w"]'],
    ["npm x, a version", ["npm", "x", "say@1.0.0", "word"], '"words":["word"]'],
    ["npx, a scoped package with another command", ["npx", "-y", "@acme/say", "w"], '"name":"@acme/say"'],
    ["several packages, the command of the second", ["npx", "-p", "say", "-p", "helper", "helper", "me"], "helped me"],
    ["--call", ["npx", "--package=say", "--package=helper", "-c", "helper you && say | wc -l"], "helped you\n1"],
    ["a command of one of several", ["npm", "exec", "--package=two", "--", "one", "w"], '"name":"two"'],
    ["npm init NAME", ["npm", "init", "app", "--", "--template", "x"], '"words":["--template","x"]'],
    ["npm create @scope", ["npm", "create", "@acme", "w"], '"name":"@acme/create"'],
    ["npm init with a version", ["npm", "init", "app@1"], '"name":"create-app"'],
    ["a command that a dependency has, too", ["npx", "outer"], '"name":"outer"'],
    ["a program of the system with a package at hand", ["npx", "-p", "helper", "sh", "-c", "helper us"], "helped us"],
  ];
  it.each(cases)("%s", async (_, args, expected) => {
    const { exit, stdout, stderr } = await run(args, "");
    expect({ exit, stderr, stdout: stdout.trim() }).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining(expected),
    });
  });

  it("asks the registry for nothing once the verdict is there, and offline for nothing at all", async () => {
    expect((await run(["npx", "say@1.0.0"])).exit).toBe(0);
    const asked = registry.requests.length;
    const again = await run(["--offline", "npx", "say@1.0.0"]);
    expect(again).toMatchObject({ exit: 0, stdout: expect.stringContaining('"name":"say"') });
    expect(registry.requests.length).toBe(asked);
  });

  it("install scripts are npm's or the policy's to choose, and stay out of standard output", async () => {
    const name = "built";
    await publishSigned(registry, instance, {
      ...TOOL,
      name,
      version: "1.0.0",
      scripts: { postinstall: "echo noise && node -e \"require('fs').writeFileSync('built.txt','')\"" },
      bin: { built: "cli.js" },
    });
    write(".signing-policy.json", policyFor([name], { scripts: "all" }));
    const { exit, stdout } = await run(["npx", "built"], "");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^\{.*\}$/);
  });
});

describe("without a rule", () => {
  it.each([
    ["npx", ["npx", "--yes", "say@1"]],
    ["-g", ["npm", "install", "-g", "say@1"]],
  ])("%s: the denial prints the line that lets it in", async (_, args) => {
    write(".signing-policy.json", policyFor(["helper"]));
    const env = { ...ENV, npm_config_prefix: join(home, "prefix"), npm_config_registry: registry.url };
    const options = { cwd: project, home, env };
    const denied = await safeInstall(args, options);
    const pin = ["policy", "pin", "--write", "--", ...args];
    expect(denied).toMatchObject({
      exit: 65,
      stderr: expect.stringContaining(`to write it: safe-install ${pin.join(" ")}`),
    });
    expect(await safeInstall(pin, options)).toMatchObject({ exit: 0 });
    expect(await safeInstall(args, options)).toMatchObject({ exit: 0 });
  });
});

describe("refused", () => {
  it.each([
    ["several commands", ["npx", "two"], "NO_EXECUTABLE", 64],
    ["no command", ["npx", "none"], "NO_EXECUTABLE", 64],
    ["a call and a command", ["npx", "-p", "say", "-c", "say", "say"], "USAGE", 64],
    ["git", ["npx", "github:acme/say"], "GIT_DEPENDENCY", 66],
    ["a URL", ["npx", "https://evil.example/x.tgz"], "REMOTE_DEPENDENCY", 66],
    ["a folder", ["npx", "./tool"], "FILE_DEPENDENCY", 66],
    ["an archive among packages", ["npx", "-p", "say", "-p", "./x.tgz", "say"], "FILE_DEPENDENCY", 66],
    ["a version that there is not", ["npx", "say@9"], "NOT_RESOLVED", 69],
    ["npm init without a name", ["npm", "init"], "NOT_GATED", 64],
    ["in a workspace", ["npm", "exec", "-w", "a", "say"], "NOT_GATED", 64],
    ["npm link NAME", ["npm", "link", "say"], "NOT_GATED", 64],
  ] as const)("%s", async (_, args, code, exit) => {
    const outcome = await run(args);
    expect(outcome).toMatchObject({ exit, stderr: expect.stringContaining(code), stdout: "" });
  });
});
