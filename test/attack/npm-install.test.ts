import { start, waitingScript } from "../support/interrupted.ts";
import { layRepository } from "../support/repository.ts";
import { BIN, isolated, safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { installAll, obtainAll, openPart } from "../support/npm-session.ts";
import { type Registry, type RegistryPackage, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { makeTarball } from "../support/tarball.ts";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
});

async function serve(packages: readonly RegistryPackage[] = []): Promise<Registry> {
  const registry = await startRegistry({ packages });
  onTestFinished(() => registry.close());
  return registry;
}

type Files = Readonly<Record<string, unknown>>;

function write(registry: Registry, files: Files): void {
  layRepository(project);
  const all = { ".npmrc": `registry=${registry.url}\nfetch-retries=0\n`, "package.json": MANIFEST, ...files };
  for (const [path, content] of Object.entries(all)) putInto(project, path, content);
}

const MANIFEST = { name: "project", version: "1.0.0" };

/** Every file and what is in it. */
function everything(): Readonly<Record<string, string>> {
  const paths = readdirSync(project, { recursive: true, encoding: "utf8" }).toSorted();
  const files = paths.filter((path) => statSync(join(project, path), { throwIfNoEntry: false })?.isFile() === true);
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(project, path), "utf8")]));
}

const OLD = { "node_modules/old/index.js": "old\n", "node_modules/.package-lock.json": "{}\n" };
const SCRIPTS = { npm_config_dangerously_allow_all_scripts: "true" };
const touch = (path: string) => `node -e "require('fs').writeFileSync('${path}','')"`;

describe("until the decision is made nothing of the project changes and nothing of it runs", () => {
  test("a denied package: not one byte is different", async () => {
    const registry = await serve([
      { name: "plain", version: "1.0.0", scripts: { preinstall: touch(join(home, "ran")) } },
    ]);
    const scripts = { preinstall: touch(join(home, "ran")), dependencies: touch(join(home, "ran")) };
    write(registry, {
      ...OLD,
      "package.json": { ...MANIFEST, scripts },
      ".signing-policy.json": { version: 1 },
    });
    const before = everything();
    const { exit, stderr } = await safeInstall(["npm", "install", "plain"], { cwd: project, home, env: SCRIPTS });
    expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringContaining("npm:plain@1.0.0   NO_RULE") });
    expect(stderr).toContain("this change would let them in");
    expect(stderr).toMatch(/\+ .*"pkg:npm\/plain@1.0.0": \["sha512:[0-9a-f]{6}…[0-9a-f]{5}"\]/);
    expect(everything()).toEqual(before);
    expect(existsSync(join(home, "ran"))).toBe(false);
  });

  test("without a policy npm is not even asked", async () => {
    const registry = await serve([{ name: "plain", version: "1.0.0" }]);
    write(registry, {});
    expect(await safeInstall(["npm", "install", "plain"], { cwd: project, home })).toMatchObject({ exit: 78 });
    expect(registry.requests).toEqual([]);
  });

  const git = "git+https://git.example/x.git";
  const refused: readonly (readonly [string, string, readonly string[], Files])[] = [
    ["git on the command line", "GIT_DEPENDENCY", ["install", git], {}],
    ["git by a short name", "GIT_DEPENDENCY", ["install", "acme/widget"], {}],
    [
      "git in the manifest",
      "GIT_DEPENDENCY",
      ["install", "b"],
      { "package.json": { ...MANIFEST, dependencies: { x: git } } },
    ],
    [
      "git in an override",
      "GIT_DEPENDENCY",
      ["install", "b"],
      { "package.json": { ...MANIFEST, overrides: { a: { x: git } } } },
    ],
    [
      "git in a workspace",
      "GIT_DEPENDENCY",
      ["install", "b"],
      {
        "package.json": { ...MANIFEST, workspaces: ["packages/*"] },
        "packages/w/package.json": { name: "w", version: "1.0.0", devDependencies: { x: git } },
      },
    ],
    [
      "git behind a folder",
      "GIT_DEPENDENCY",
      ["install", "./lib"],
      { "lib/package.json": { name: "lib", version: "1.0.0", dependencies: { x: git } } },
    ],
    ["a URL", "REMOTE_DEPENDENCY", ["install", "https://evil.example/x.tgz"], {}],
    ["an archive", "FILE_DEPENDENCY", ["install", "./x.tgz"], { "x.tgz": "" }],
    ["a folder outside", "FILE_DEPENDENCY", ["install", "../other"], {}],
    [
      "a folder outside, in the manifest",
      "FILE_DEPENDENCY",
      ["i"],
      { "package.json": { ...MANIFEST, dependencies: { o: "file:../other" } } },
    ],
    [
      "an absolute folder",
      "FILE_DEPENDENCY",
      ["install", "file:{project}/lib"],
      { "lib/package.json": { name: "lib", version: "1.0.0" } },
    ],
    ["an extension", "LOCK_EXTENSION", ["install", "b"], { ".npm-extension.mjs": "export default {}" }],
    ["an extension file", "REFUSED_OPTION", ["install", "b", "--extension-file=x.mjs"], { "x.mjs": "" }],
    ["a manifest that repeats a key", "LOCK_UNSUPPORTED", ["i"], { "package.json": '{"name":"a","name":"b"}' }],
  ];
  test.each(refused)("%s is refused before npm is started", async (_, code, args, files) => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    write(registry, files);
    mkdirSync(join(dirname(project), "other"), { recursive: true });
    writeFileSync(join(dirname(project), "other", "package.json"), JSON.stringify({ name: "other", version: "1.0.0" }));
    const before = everything();
    const words = args.map((word) => word.replace("{project}", project));
    await expect(openPart(project, { home, args: words })).rejects.toMatchObject({ code });
    expect(registry.requests).toEqual([]);
    // npm keeps a log of each of its runs.
    expect(existsSync(join(home, ".npm"))).toBe(false);
    expect(everything()).toEqual(before);
  });

  test("links that lead elsewhere are refused", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    const outside = temporaryFolder();
    writeFileSync(join(outside, "package.json"), JSON.stringify({ name: "o", version: "1.0.0" }));
    write(registry, {});
    symlinkSync(outside, join(project, "inside"));
    await expect(openPart(project, { home, args: ["install", "./inside"] })).rejects.toMatchObject({
      code: "FILE_DEPENDENCY",
    });
    write(registry, { "real.json": MANIFEST });
    rmSync(join(project, "package.json"));
    symlinkSync("real.json", join(project, "package.json"));
    await expect(openPart(project, { home, args: ["install", "b"] })).rejects.toMatchObject({
      code: "FILE_DEPENDENCY",
    });
  });

  test("no git that the project names is run for a package's own git dependency", async () => {
    const registry = await serve([{ name: "a", version: "1.0.0", dependencies: { x: git } }]);
    write(registry, {});
    const program = join(project, "git.sh");
    writeFileSync(program, `#!/bin/sh\ntouch '${join(home, "ran")}'\n`, { mode: 0o755 });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\ngit=${program}\nallow-git=all\n`);
    await expect(openPart(project, { home, args: ["install", "a"] })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:GIT_DEPENDENCY|NOT_RESOLVED)$/),
    });
    expect(existsSync(join(home, "ran"))).toBe(false);
  });

  test("what npm cannot resolve is said in its own words", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    write(registry, {});
    await expect(openPart(project, { home, args: ["install", "b@9"] })).rejects.toMatchObject({
      kind: "unavailable",
      code: "NOT_RESOLVED",
      message: expect.stringContaining("ETARGET"),
    });
  });

  test("scripts and options that would undo the staging do not", async () => {
    const registry = await serve([{ name: "s", version: "1.0.0", scripts: { preinstall: touch(join(home, "ran")) } }]);
    write(registry, { "package.json": { ...MANIFEST, scripts: { preinstall: touch(join(home, "ran")) } } });
    const args = ["install", "s", "--no-ignore-scripts", "--foreground-scripts", "--no-audit"];
    const part = await openPart(project, { home, args, env: SCRIPTS });
    expect(part.artifacts.map(({ package: { purl } }) => purl)).toEqual(["pkg:npm/s@1.0.0"]);
    expect(existsSync(join(home, "ran"))).toBe(false);
    expect(readdirSync(project).toSorted()).toEqual([".git", ".npmrc", "package.json"]);
  });
});

describe("what lands is what was judged, or nothing is different", () => {
  test("while npm resolves, none of the project's own scripts runs, and no archive is fetched", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    const events = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];
    const scripts = Object.fromEntries(events.map((event) => [event, touch(join(home, "ran"))]));
    write(registry, { "package.json": { ...MANIFEST, scripts, dependencies: { b: "1.0.0" } } });
    await openPart(project, {
      home,
      args: ["install", "--no-ignore-scripts", "--no-package-lock-only"],
      env: SCRIPTS,
    });
    expect(existsSync(join(home, "ran"))).toBe(false);
    expect(registry.requests.filter(({ url }) => url.endsWith(".tgz"))).toEqual([]);
  });

  test("files keep their modes", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    write(registry, {});
    chmodSync(join(project, "package.json"), 0o640);
    expect(await openPart(project, { home, args: ["install", "b"] }).then(installAll)).toBe(0);
    expect(statSync(join(project, "package.json")).mode & 0o777).toBe(0o640);
  });

  test("npm fails: package.json, the lock and node_modules are as they were", async () => {
    const registry = await serve([{ name: "bad", version: "1.0.0", scripts: { postinstall: "exit 7" } }]);
    write(registry, { ...OLD, "package-lock.json": { ...MANIFEST, lockfileVersion: 3, packages: { "": MANIFEST } } });
    const before = everything();
    const part = await openPart(project, { home, args: ["install", "bad"], env: SCRIPTS });
    expect(await installAll(part)).not.toBe(0);
    expect(everything()).toEqual(before);
  });

  test("where there was no manifest and no lock there is none again", async () => {
    const registry = await serve([{ name: "bad", version: "1.0.0", scripts: { postinstall: "exit 7" } }]);
    // Where npm looks no further upward.
    mkdirSync(join(project, "node_modules"), { recursive: true });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n`);
    const part = await openPart(project, { home, args: ["install", "bad"], env: SCRIPTS });
    expect(await installAll(part)).not.toBe(0);
    expect(readdirSync(project)).toEqual([".npmrc", "node_modules"]);
  });

  test("a manifest that changes while it is judged: npm is not started", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    write(registry, {});
    const part = await openPart(project, { home, args: ["install", "b"] });
    const proven = await obtainAll(part);
    write(registry, { "package.json": { ...MANIFEST, description: "new" } });
    const before = everything();
    await expect(part.install(proven)).rejects.toMatchObject({ code: "LOCK_CHANGED" });
    expect(everything()).toEqual(before);
  });

  test("the registry has other bytes, and another version, after the judgement", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    write(registry, {});
    const part = await openPart(project, { home, args: ["install", "b"] });
    const proven = await obtainAll(part);
    registry.publish({
      name: "b",
      version: "1.0.0",
      tarball: makeTarball({ name: "b", version: "1.0.0", files: { "index.js": "evil\n" } }),
    });
    registry.publish({ name: "b", version: "1.0.1", files: { "index.js": "evil\n" } });
    const asked = registry.requests.length;
    expect(await part.install(proven)).toBe(0);
    expect(registry.requests.length).toBe(asked);
    expect(readFileSync(join(project, "node_modules/b/index.js"), "utf8")).not.toContain("evil");
  });

  test("the project's own scripts run as plain npm runs them", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    const manifest = { ...MANIFEST, scripts: { prepare: touch("prepared"), test: touch("tested") } };
    write(registry, { "package.json": manifest });
    expect(await openPart(project, { home, args: ["install", "b"] }).then(installAll)).toBe(0);
    expect(existsSync(join(project, "prepared"))).toBe(false);
    expect(await openPart(project, { home, args: ["install"] }).then(installAll)).toBe(0);
    expect(existsSync(join(project, "prepared"))).toBe(true);
    expect(existsSync(join(project, "tested"))).toBe(false);
    expect(await openPart(project, { home, args: ["install-test"] }).then(installAll)).toBe(0);
    expect(existsSync(join(project, "tested"))).toBe(true);
  });

  test("tests that fail after the installation do not undo it", async () => {
    const registry = await serve([{ name: "b", version: "1.0.0" }]);
    write(registry, { "package.json": { ...MANIFEST, scripts: { test: "exit 9" } } });
    expect(await openPart(project, { home, args: ["it", "b"] }).then(installAll)).toBe(9);
    expect(existsSync(join(project, "node_modules/b"))).toBe(true);
    expect(await openPart(project, { home, args: ["cit"] }).then(installAll)).toBe(9);
  });

  test("omitted groups are not judged and not installed", async () => {
    const registry = await serve([
      { name: "b", version: "1.0.0" },
      { name: "d", version: "1.0.0" },
    ]);
    write(registry, { "package.json": { ...MANIFEST, devDependencies: { d: "1.0.0" } } });
    const part = await openPart(project, { home, args: ["install", "b", "--omit=dev"] });
    expect(part.artifacts.map(({ package: { name } }) => name)).toEqual(["b"]);
    expect(await installAll(part)).toBe(0);
    expect(readdirSync(join(project, "node_modules")).toSorted()).toEqual([".package-lock.json", "b"]);
    expect(readFileSync(join(project, "package-lock.json"), "utf8")).toContain("node_modules/d");
  });

  test("a run that is out of sight is left at its work; after kill -9 the next one puts package.json and the lock back", async () => {
    const { script, begun } = await waitingScript();
    const registry = await serve();
    const instance = await createInstance();
    await publishSigned(registry, instance, { name: "slow", version: "1.0.0", scripts: { postinstall: script } });
    write(registry, {
      ...OLD,
      "package-lock.json": { ...MANIFEST, lockfileVersion: 3, packages: { "": MANIFEST } },
      "trust/root.json": instance.trustedRoot,
      ".signing-policy.json": policyFor(["slow"]),
    });
    const before = everything();
    const slow = start(["npm", "install", "slow"], { cwd: project, home, env: SCRIPTS });
    await begun(slow);
    const middle = everything();
    expect(middle["package.json"]).toContain("slow");

    const refused = ["npm", "install", "b@git+https://git.example/x.git"];
    // A container on the same volume: it sees none of the processes out here.
    const container = ["-rpf", "--mount-proc", process.execPath, BIN, ...refused];
    const env = isolated(home);
    const { status, stderr: said } = spawnSync("unshare", container, { cwd: project, env, encoding: "utf8" });
    expect({ status, said }).toEqual({ status: 69, said: expect.stringContaining("cannot be seen from here") });
    expect(everything()).toEqual(middle);

    slow.signal("SIGKILL");
    await slow.ended;
    expect(everything()).toEqual(middle);

    const { exit, stderr } = await safeInstall(refused, { cwd: project, home });
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("put back") });
    expect(everything()).toEqual(before);
  });
});
