import { start, waitingScript } from "../support/interrupted.ts";
import { layRepository } from "../support/repository.ts";
import { plainNpm, safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { makeTarball } from "../support/tarball.ts";
import { execa } from "execa";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** The folder of global packages, changed by the real npm from what was proven. */

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;
let prefix: string;

const code = (text: string) => `#!/usr/bin/env node\nconsole.log(${JSON.stringify(text)});\n`;
const NAMES = ["tool", "dep", "peer", "other", "@acme/scoped", "carrier", "native", "real"];

beforeEach(async () => {
  home = temporaryFolder();
  prefix = join(temporaryFolder(), "prefix");
  project = join(temporaryFolder(), "project");
  instance ??= await createInstance();
  registry = await startRegistry();
  onTestFinished(() => registry.close());
  const packages = [
    { name: "dep", version: "1.0.0" },
    { name: "dep", version: "2.0.0" },
    { name: "peer", version: "1.0.0", dependencies: { dep: "^1.0.0" } },
    {
      name: "tool",
      version: "1.0.0",
      dependencies: { dep: "^2.0.0" },
      files: { "cli.js": code("tool 1") },
      bin: { tool: "cli.js", old: "cli.js" },
      manifest: { peerDependencies: { peer: "^1.0.0" }, optionalDependencies: { far: "1.0.0" } },
    },
    {
      name: "other",
      version: "1.0.0",
      dependencies: { dep: "1.0.0" },
      files: { "cli.js": code("other") },
      bin: "cli.js",
    },
    { name: "@acme/scoped", version: "1.0.0", files: { "cli.js": code("scoped") }, bin: "cli.js" },
    {
      name: "carrier",
      version: "1.0.0",
      dependencies: { inner: "3.0.0" },
      bundled: [{ name: "inner", version: "3.0.0" }],
    },
    {
      name: "native",
      version: "1.0.0",
      scripts: { postinstall: "node -e \"require('fs').writeFileSync('built','')\"" },
    },
    { name: "real", version: "1.0.0" },
  ];
  for (const one of packages) await publishSigned(registry, instance, one);
  registry.publish({ name: "far", version: "1.0.0", manifest: { os: ["plan9"] } });
  put("trust/root.json", instance.trustedRoot);
  put(".signing-policy.json", policyFor(NAMES));
  put("package.json", { name: "linked", version: "1.0.0", bin: { linked: "cli.js" }, dependencies: { dep: "^1.0.0" } });
  put("cli.js", code("linked"), 0o755);
  layRepository(project);
});

function put(path: string, content: unknown, mode = 0o644): void {
  putInto(project, path, content, mode);
}

function plant(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(prefix, path)), { recursive: true });
  writeFileSync(join(prefix, path), content, { mode });
}

const env = () => ({
  npm_config_prefix: prefix,
  npm_config_registry: registry.url,
  npm_config_fetch_retries: "0",
  npm_config_dangerously_allow_all_scripts: "true",
});
const run = (...args: string[]) => safeInstall(["npm", ...args], { cwd: project, home, env: env() });

/** Every file and link below the global prefix. */
function everything(folder = prefix): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const read = (path: string) => {
    const stats = lstatSync(join(folder, path));
    if (stats.isSymbolicLink()) return `-> ${readlinkSync(join(folder, path))}`;
    return stats.isFile() ? readFileSync(join(folder, path), "utf8") : "folder";
  };
  return Object.fromEntries(paths.map((path) => [path, read(path)]));
}

/** What plain npm makes of the same command in a folder of its own. */
async function plainly(...commands: readonly (readonly string[])[]): Promise<Readonly<Record<string, string>>> {
  const folder = join(temporaryFolder(), "prefix");
  mkdirSync(folder);
  for (const args of commands) {
    const { exitCode } = await execa("npm", args, {
      cwd: project,
      reject: false,
      env: { ...env(), npm_config_prefix: folder },
    });
    expect(exitCode).toBe(0);
  }
  return everything(folder);
}

test("--prefix names where it goes, also where nothing is yet; the policy is that of the folder where it was typed", async () => {
  const there = join(temporaryFolder(), "new", "prefix");
  expect(await run("install", "-g", "--prefix", there, "@acme/scoped")).toMatchObject({ exit: 0 });
  expect(existsSync(join(there, "lib/node_modules/@acme/scoped/cli.js"))).toBe(true);
  expect(existsSync(prefix)).toBe(false);
  put(".signing-policy.json", { version: 1 });
  expect(await run("install", "-g", "--prefix", there, "tool")).toMatchObject({ exit: 65 });
});

describe("what others have put there", () => {
  test("is nobody's dependency", async () => {
    plant("lib/node_modules/dep/package.json", JSON.stringify({ name: "dep", version: "2.0.0", main: "evil.js" }));
    plant("lib/node_modules/dep/evil.js", "");
    plant("lib/node_modules/peer/package.json", JSON.stringify({ name: "peer", version: "1.0.0", main: "evil.js" }));
    expect(await run("install", "-g", "tool")).toMatchObject({ exit: 0 });
    const own = join(prefix, "lib", "node_modules", "tool", "node_modules");
    expect(readdirSync(own).filter((name) => !name.startsWith("."))).toEqual(["dep", "peer"]);
    expect(existsSync(join(own, "dep", "evil.js"))).toBe(false);
  });
});

describe("what lies there is what plain npm would have put there", () => {
  test.each([
    ["dependencies, peers, platforms", ["tool"]],
    ["several, one with a scope", ["@acme/scoped", "other", "tool@^1.0.0"]],
    ["bundled dependencies", ["carrier"]],
    ["an alias", ["alias@npm:real@1"]],
    ["a script", ["native"]],
  ])("%s", async (_, specs) => {
    const { exit, stderr } = await run("install", "-g", ...specs);
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining("publisher verified") });
    expect(everything()).toEqual(await plainly(["install", "-g", ...specs]));
    expect(readdirSync(project).toSorted()).toEqual([
      ".git",
      ".signing-policy.json",
      "cli.js",
      "package.json",
      "trust",
    ]);
  });

  test("npm update -g, by name and all of it; uninstall -g; what is a link stays", async () => {
    expect((await run("i", "-g", "tool", "other")).exit).toBe(0);
    expect((await run("link")).exit).toBe(0);
    const two = { name: "tool", version: "2.0.0", files: { "cli.js": code("tool 2") }, bin: { tool: "cli.js" } };
    await publishSigned(registry, instance, two);
    expect(await run("update", "-g", "nobody")).toMatchObject({ exit: 64, stderr: expect.stringContaining("nobody") });
    expect(await run("up", "--global", "tool")).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("1 package: 1 publisher verified"),
    });
    expect(await execa(join(prefix, "bin", "tool"))).toMatchObject({ stdout: "tool 2" });
    expect(existsSync(join(prefix, "bin", "old"))).toBe(false);
    const all = await run("update", "-g");
    expect(all).toMatchObject({ exit: 0, stderr: expect.stringContaining("linked is left as it is") });
    expect(await run("rm", "-g", "tool")).toMatchObject({ exit: 0 });
    expect(Object.keys(everything()).filter((path) => path.includes("tool"))).toEqual([]);
    expect(await execa(join(prefix, "bin", "linked"))).toMatchObject({ stdout: "linked" });
    expect(await execa(join(prefix, "bin", "other"))).toMatchObject({ stdout: "other" });
  });

  test("npm link: a link, its commands, and nothing asked of the registry", async () => {
    const asked = registry.requests.length;
    expect(await run("link")).toMatchObject({ exit: 0, stderr: expect.stringContaining("(yours): linked") });
    expect(realpathSync(join(prefix, "lib/node_modules/linked"))).toBe(realpathSync(project));
    expect(await execa(join(prefix, "bin", "linked"))).toMatchObject({ stdout: "linked" });
    expect(registry.requests.length).toBe(asked);
    // A project cannot turn it elsewhere.
    put(".npmrc", `prefix=${join(project, "other")}\n`);
    expect((await run("link")).exit).toBe(0);
    expect(existsSync(join(project, "other"))).toBe(false);
  });

  test("the policy says whose scripts run", async () => {
    put(".signing-policy.json", policyFor(NAMES, { scripts: "none" }));
    expect((await run("install", "-g", "native")).exit).toBe(0);
    expect(existsSync(join(prefix, "lib/node_modules/native/built"))).toBe(false);
    put(".signing-policy.json", policyFor(NAMES, { scripts: ["npm:native"] }));
    expect((await run("install", "-g", "native")).exit).toBe(0);
    expect(existsSync(join(prefix, "lib/node_modules/native/built"))).toBe(true);
  });
});

describe("what was there before is not trusted, and comes back", () => {
  const evil = code("evil");

  test("a poisoned copy of the same version, with a poisoned dependency, is replaced; others are named", async () => {
    // What npm takes for installed already: it believes package.json about the digest.
    const claims = (name: string, version: string, more: object = {}) => {
      const { integrity, resolved } = registry.tarballOf(name, version);
      return JSON.stringify({ name, version, _integrity: integrity, _resolved: resolved, ...more });
    };
    const bin = { tool: "cli.js", old: "cli.js" };
    plant("lib/node_modules/tool/package.json", claims("tool", "1.0.0", { bin, dependencies: { dep: "^2.0.0" } }));
    plant("lib/node_modules/tool/cli.js", evil, 0o755);
    plant("lib/node_modules/tool/node_modules/dep/package.json", claims("dep", "2.0.0"));
    plant("lib/node_modules/tool/node_modules/dep/index.js", evil);
    plant("lib/node_modules/tool/node_modules/left/index.js", evil);
    mkdirSync(join(prefix, "bin"));
    for (const name of Object.keys(bin)) symlinkSync("../lib/node_modules/tool/cli.js", join(prefix, "bin", name));
    plant("lib/node_modules/beside/index.js", evil);
    const { exit, stderr } = await run("install", "-g", "tool");
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("not proven again: global beside"),
    });
    const poisoned = Object.entries(everything()).filter(([, content]) => content === evil);
    expect(poisoned.map(([path]) => path)).toEqual(["lib/node_modules/beside/index.js"]);
    expect(await execa(join(prefix, "bin", "tool"))).toMatchObject({ stdout: "tool 1" });
  });

  test("denied: not one byte is different", async () => {
    expect((await run("install", "-g", "tool")).exit).toBe(0);
    registry.publish({ name: "tool", version: "3.0.0", files: { "cli.js": evil }, bin: { tool: "cli.js" } });
    const before = everything();
    for (const args of [
      ["install", "-g", "tool"],
      ["update", "-g"],
      ["install", "-g", "far"],
    ])
      expect(await run(...args)).toMatchObject({
        exit: expect.toSatisfy((exit: number) => exit === 65 || exit === 69),
      });
    expect(everything()).toEqual(before);
  });

  test("npm fails, for a script or a program in the way: not one byte is different", async () => {
    const broken = { name: "tool", version: "1.5.0", bin: { tool: "index.js" }, scripts: { postinstall: "exit 3" } };
    expect((await run("install", "-g", "tool")).exit).toBe(0);
    await publishSigned(registry, instance, broken);
    const before = everything();
    expect((await run("install", "-g", "tool")).exit).not.toBe(0);
    expect(everything()).toEqual(before);
    plant("bin/other", "somebody else's\n", 0o755);
    const beside = everything();
    const { exit, stderr } = await run("install", "-g", "other");
    expect({ exit, stderr }).toMatchObject({ stderr: expect.stringContaining("EEXIST") });
    expect(exit).not.toBe(0);
    expect(everything()).toEqual(beside);
    expect(await run("install", "-g", "other", "--force")).toMatchObject({ exit: 64 });
  });

  test("other bytes, another version and another dependency after the judgement are not had", async () => {
    expect((await run("install", "-g", "tool")).exit).toBe(0);
    const bytes = makeTarball({ name: "dep", version: "2.0.0", files: { "index.js": evil } });
    let served = 0;
    const racing: Registry = await startRegistry({
      packages: [],
      intercept: (request, response) => {
        if (request.url !== "/dep/-/dep-2.0.0.tgz") return false;
        racing.publish({ name: "dep", version: "3.0.0", files: { "index.js": evil } });
        if (served++ === 0) return false;
        response.writeHead(200).end(bytes);
        return true;
      },
    });
    onTestFinished(() => racing.close());
    for (const name of ["tool", "dep", "peer"]) {
      for (const version of ["1.0.0", "2.0.0"]) {
        const dependencies = name === "tool" ? { dependencies: { dep: "*" } } : {};
        await publishSigned(racing, instance, { name, version, ...dependencies });
      }
    }
    const asked = await safeInstall(["npm", "install", "-g", "tool"], {
      cwd: project,
      home: temporaryFolder(),
      env: { ...env(), npm_config_registry: racing.url },
    });
    expect(asked.exit).toBe(0);
    expect(served).toBe(1);
    expect(Object.values(everything())).not.toContain(evil);
  });

  test("a script that puts something beside it is found out, and the old package comes back", async () => {
    const scripts = {
      postinstall: `node -e "const f=require('fs');f.mkdirSync('../stray');f.writeFileSync('../stray/package.json','{}')"`,
    };
    expect((await run("install", "-g", "native")).exit).toBe(0);
    await publishSigned(registry, instance, { name: "native", version: "2.0.0", scripts });
    const { exit, stderr } = await run("install", "-g", "native");
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("stray appeared") });
    expect(readFileSync(join(prefix, "lib/node_modules/native/package.json"), "utf8")).toContain('"1.0.0"');
  });
});

test("kill -9 in the middle: the next -g puts the old package back", async () => {
  expect((await run("install", "-g", "native")).exit).toBe(0);
  const before = everything();
  const { script, begun } = await waitingScript();
  await publishSigned(registry, instance, { name: "native", version: "3.0.0", scripts: { postinstall: script } });
  const killed = start(["npm", "install", "-g", "native"], { cwd: project, home, env: env() });
  await begun(killed);
  killed.signal("SIGKILL");
  await killed.ended;
  expect(everything()).not.toEqual(before);
  expect((await run("install", "-g", "real")).exit).toBe(0);
  const after = Object.entries(everything()).filter(([path]) => !path.startsWith("lib/node_modules/real"));
  expect(Object.fromEntries(after)).toEqual(before);
});

describe("refused", () => {
  test("npm itself, where it would be replaced at work", async () => {
    mkdirSync(join(prefix, "lib/node_modules"), { recursive: true });
    mkdirSync(join(prefix, "bin"));
    const { stdout } = await execa("npm", ["root", "-g"], { cwd: home, env: {}, extendEnv: true });
    const own = realpathSync(join(stdout.trim(), "npm"));
    await execa("cp", ["-r", own, join(prefix, "lib/node_modules/npm")]);
    symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(prefix, "bin", "npm"));
    const PATH = `${join(prefix, "bin")}:${process.env["PATH"] ?? ""}`;
    const outcome = await safeInstall(["npm", "install", "-g", "npm"], { cwd: project, home, env: { ...env(), PATH } });
    expect(outcome).toMatchObject({ exit: 64, stderr: expect.stringContaining("cannot replace itself") });
    const update = await safeInstall(["npm", "update", "-g"], { cwd: project, home, env: { ...env(), PATH } });
    expect(update.stderr).toContain("npm is left as it is");
  });

  test("without a policy, folders, archives, git, and a global folder inside the project", async () => {
    for (const [spec, exit] of [
      ["./x", 66],
      ["x.tgz", 66],
      ["acme/x", 66],
      ["https://evil.example/x.tgz", 66],
    ] as const)
      expect(await run("install", "-g", spec)).toMatchObject({ exit });
    expect(await run("install", "-g")).toMatchObject({ exit: 64 });
    expect(await run("ci", "-g")).toMatchObject({ exit: 64 });
    const inside = await safeInstall(["npm", "i", "-g", "tool"], {
      cwd: project,
      home,
      env: { ...env(), npm_config_prefix: join(project, "global") },
    });
    expect(inside).toMatchObject({ exit: 64, stderr: expect.stringContaining("inside the repository") });
    const empty = temporaryFolder();
    writeFileSync(join(empty, "package.json"), "{}");
    const asked = registry.requests.length;
    for (const args of [["i", "-g", "tool"], ["update", "-g"], ["link"]]) {
      const outcome = await safeInstall(["npm", ...args], { cwd: empty, home, env: env() });
      expect(outcome).toMatchObject({ exit: 78 });
    }
    expect(registry.requests.length).toBe(asked);
    expect(await plainNpm(["--version"], { cwd: empty, home })).toMatchObject({ exit: 0 });
  });
});
