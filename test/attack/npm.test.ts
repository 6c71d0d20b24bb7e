import { plainNpm } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { installAll, obtainAll, openPart } from "../support/npm-session.ts";
import { type Locked, type ProjectFiles, writeProject } from "../support/project.ts";
import { type Registry, type RegistryOptions, startRegistry } from "../support/registry.ts";
import { hexOf, makeTarball, sriOf } from "../support/tarball.ts";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** Each attack first on plain npm, which does the bad thing; then on us. */

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = temporaryFolder();
});

async function serve(options: RegistryOptions): Promise<Registry> {
  const registry = await startRegistry(options);
  onTestFinished(() => registry.close());
  return registry;
}

/** npm 12 asks for these; older lines do not know them. */
const WILLING = [
  "--allow-remote=all",
  "--allow-git=all",
  "--allow-file=all",
  "--dangerously-allow-all-scripts",
  "--fetch-retries=0",
];

async function plain(): Promise<number> {
  const { exit } = await plainNpm(["ci", ...WILLING], { cwd: project, home: temporaryFolder() });
  return exit;
}

function mainOf(name: string): string {
  return readFileSync(join(project, "node_modules", name, "index.js"), "utf8");
}

const WIDGET = { name: "widget", version: "1.0.0" };
const OTHER = { name: "other", version: "3.0.0" };
const EVIL = { "index.js": "evil\n" };

function one(registry: Registry, entry: Locked["entry"], more: Partial<ProjectFiles> = {}): void {
  writeProject(project, registry, { locked: [{ ...WIDGET, entry: entry ?? {} }], ...more });
}

describe("the lock lies", () => {
  test("no integrity, and an address of the attacker", async () => {
    const registry = await serve({ packages: [WIDGET] });
    const evil = await serve({ packages: [{ ...WIDGET, files: EVIL }] });
    one(registry, { integrity: undefined, resolved: evil.tarballOf("widget", "1.0.0").resolved });
    expect(await plain()).toBe(0);
    expect(mainOf("widget")).toBe("evil\n");

    const asked = evil.requests.length;
    const part = await openPart(project, { home });
    expect(part.unbound).toMatchObject([{ denial: { code: "FOREIGN_REGISTRY", details: [{ found: evil.origin }] } }]);
    expect(part.artifacts).toEqual([]);
    await expect(part.install([])).rejects.toMatchObject({ code: "LOCK_UNSUPPORTED" });
    expect(evil.requests.length).toBe(asked);
  });

  test("the integrity of another package", async () => {
    const registry = await serve({ packages: [WIDGET, OTHER] });
    const { integrity } = registry.tarballOf("other", "3.0.0");
    writeProject(project, registry, { locked: [{ ...WIDGET, entry: { integrity } }, OTHER] });
    // npm takes bytes by digest from its cache, whoever's they are.
    const shared = temporaryFolder();
    await plainNpm(["cache", "add", registry.tarballOf("other", "3.0.0").resolved, ...WILLING], {
      cwd: project,
      home: shared,
    });
    expect((await plainNpm(["ci"], { cwd: project, home: shared })).exit).toBe(0);
    expect(mainOf("widget")).toContain("other@3.0.0");

    const part = await openPart(project, { home: shared });
    await expect(obtainAll(part)).rejects.toMatchObject({
      denial: { code: "PACKAGE_MISMATCH", details: [{ name: "name", expected: "widget", found: "other" }] },
    });
  });

  test("the digest and the address of another package", async () => {
    const registry = await serve({ packages: [WIDGET, OTHER] });
    const { integrity, resolved } = registry.tarballOf("other", "3.0.0");
    one(registry, { integrity, resolved });
    expect(await plain()).toBe(0);
    expect(mainOf("widget")).toContain("other@3.0.0");
    await expect(openPart(project, { home }).then(obtainAll)).rejects.toMatchObject({
      denial: { code: "PACKAGE_MISMATCH" },
    });
  });

  test("two digests, one of them the attacker's", async () => {
    const registry = await serve({ packages: [{ ...WIDGET, files: EVIL }] });
    const genuine = sriOf(makeTarball(WIDGET));
    const integrity = `${genuine} ${registry.tarballOf("widget", "1.0.0").integrity}`;
    one(registry, { integrity });
    expect(await plain()).toBe(0);
    expect(mainOf("widget")).toBe("evil\n");
    const part = await openPart(project, { home });
    expect(part.unbound).toMatchObject([{ denial: { code: "INTEGRITY_UNUSABLE" } }]);
    expect(part.artifacts).toEqual([]);
  });

  test.each(["md5-1B2M2Y8AsgTpgAmY7PhCfg==", "sha512-AAAA", "rubbish", "sha512"])(
    "an integrity that is none: %s",
    async (integrity) => {
      const registry = await serve({ packages: [{ ...WIDGET, files: EVIL }] });
      one(registry, { integrity });
      const part = await openPart(project, { home });
      expect(part.unbound).toMatchObject([{ denial: { code: "INTEGRITY_UNUSABLE" } }]);
    },
  );

  test("sha1 of other bytes", async () => {
    const registry = await serve({ packages: [{ ...WIDGET, files: EVIL }] });
    one(registry, { integrity: sriOf(makeTarball(WIDGET), "sha1") });
    await expect(openPart(project, { home }).then(obtainAll)).rejects.toMatchObject({
      denial: { code: "INTEGRITY_MISMATCH", details: [{ name: "sha1" }] },
    });
  });

  test("one package at two places with two digests", async () => {
    const registry = await serve({ packages: [WIDGET, { ...OTHER, dependencies: { widget: "1.0.0" } }] });
    const at = "node_modules/other/node_modules/widget";
    const entry = { integrity: sriOf(makeTarball({ ...WIDGET, files: EVIL })) };
    writeProject(project, registry, {
      locked: [WIDGET, { ...OTHER, entry: { dependencies: { widget: "1.0.0" } } }, { ...WIDGET, at, entry }],
    });
    expect((await openPart(project, { home })).unbound).toMatchObject([{ denial: { code: "INTEGRITY_UNUSABLE" } }]);
  });

  test("an entry says that it is bundled, and nobody bundles it", async () => {
    const registry = await serve({ packages: [WIDGET] });
    one(registry, { inBundle: true });
    expect((await openPart(project, { home })).artifacts.length).toBe(1);
    one(registry, {}, { manifest: { dependencies: { widget: "1.0.0" }, bundleDependencies: ["widget"] } });
    const part = await openPart(project, { home });
    expect(part.notGated).toEqual([]);
    expect(part.artifacts.length).toBe(1);
  });

  test("a package's lock entry claims a bundle that its archive does not carry", async () => {
    const registry = await serve({ packages: [{ ...OTHER, dependencies: { widget: "1.0.0" } }, WIDGET] });
    const at = "node_modules/other/node_modules/widget";
    const bundler = { dependencies: { widget: "1.0.0" }, bundleDependencies: ["widget"] };
    const entry = { inBundle: true };
    writeProject(project, registry, {
      locked: [
        { ...OTHER, entry: bundler },
        { ...WIDGET, at, entry },
      ],
    });
    expect(await plain()).toBe(0);
    const part = await openPart(project, { home });
    expect(part.notGated).toMatchObject([{ kind: "bundled" }]);
    await expect(obtainAll(part)).rejects.toMatchObject({
      denial: { code: "PACKAGE_MISMATCH", details: [{ expected: at, found: "not in the archive" }] },
    });
    expect(existsSync(join(project, at))).toBe(false);
  });
});

describe("dependencies without an archive of a registry", () => {
  test("git: npm would run its prepare script", async () => {
    const registry = await serve({ packages: [] });
    const repository = temporaryFolder();
    const ran = join(home, "ran");
    const manifest = { ...WIDGET, scripts: { prepare: `node -e "require('fs').writeFileSync('${ran}','')"` } };
    writeFileSync(join(repository, "package.json"), JSON.stringify(manifest));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example", ...args], {
        cwd: repository,
        encoding: "utf8",
      }).trim();
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "x");
    const spec = `git+file://${repository}`;
    const resolved = `${spec}#${git("rev-parse", "HEAD")}`;
    const dependencies = { widget: spec };
    const root = { name: "project", version: "1.0.0", dependencies };
    writeProject(project, registry, {
      manifest: root,
      lock: { packages: { "": root, "node_modules/widget": { version: "1.0.0", resolved, hasInstallScript: true } } },
    });
    await plain();
    expect(existsSync(ran)).toBe(true);
    execFileSync("rm", [ran]);

    const part = await openPart(project, { home });
    expect(part.unbound).toMatchObject([{ package: { name: "widget" }, denial: { code: "GIT_DEPENDENCY" } }]);
    expect(existsSync(ran)).toBe(false);
  });

  test("by URL, even where the URL is the registry's", async () => {
    const registry = await serve({ packages: [WIDGET] });
    const { resolved } = registry.tarballOf("widget", "1.0.0");
    const manifest = { dependencies: { widget: resolved } };
    one(registry, {}, { manifest });
    // Before the gate as what it is: the policy lists it, or it is denied (attack/archives).
    expect((await openPart(project, { home })).artifacts).toMatchObject([{ archive: { url: resolved } }]);
  });

  test("file: an archive; a folder outside of the repository; a link in it that leads out", async () => {
    const registry = await serve({ packages: [] });
    const outside = temporaryFolder();
    writeFileSync(join(outside, "package.json"), JSON.stringify(WIDGET));
    writeFileSync(join(project, "widget.tgz"), makeTarball(WIDGET));
    symlinkSync(outside, join(project, "inside"));
    mkdirSync(join(project, "local"));
    writeFileSync(join(project, "local", "package.json"), JSON.stringify(WIDGET));
    const open = async (spec: string, entries: Record<string, unknown>) => {
      const root = { name: "project", version: "1.0.0", dependencies: { widget: spec } };
      writeProject(project, registry, { manifest: root, lock: { packages: { "": root, ...entries } } });
      return openPart(project, { home });
    };
    const linked = (folder: string) => ({
      "node_modules/widget": { resolved: folder, link: true },
      [folder]: { version: "1.0.0" },
    });
    const archive = {
      "node_modules/widget": { version: "1.0.0", resolved: "file:widget.tgz", integrity: sriOf(makeTarball(WIDGET)) },
    };
    const denied = [{ denial: { code: "FILE_DEPENDENCY" } }];
    const { artifacts } = await open("file:widget.tgz", archive);
    expect(artifacts).toMatchObject([{ archive: { path: "widget.tgz" }, subjectNames: [] }]);
    const way = `../${outside.split("/").at(-1)}`;
    expect((await open(`file:${way}`, linked(way))).unbound).toMatchObject(denied);
    expect((await open("file:inside", linked("inside"))).unbound).toMatchObject(denied);
    const local = await open("file:local", linked("local"));
    expect(local.unbound).toEqual([]);
    expect(local.notGated).toEqual([{ kind: "first-party", name: "node_modules/widget" }]);
    expect(await installAll(local)).toBe(0);
  });
});

describe("the registry lies", () => {
  test("other bytes for the installer than for the verifier", async () => {
    let asked = 0;
    const evil = makeTarball({ ...WIDGET, files: EVIL });
    const registry = await serve({
      packages: [WIDGET],
      intercept: (request, response) => {
        if (!request.url?.endsWith(".tgz") || asked++ === 0) return false;
        response.end(evil);
        return true;
      },
    });
    one(registry, { integrity: undefined });
    const part = await openPart(project, { home });
    const proven = await obtainAll(part);
    expect(proven[0]?.bytes.digests).toContainEqual({ algorithm: "sha512", hex: hexOf(makeTarball(WIDGET)) });
    expect(await part.install(proven)).toBe(0);
    expect(asked).toBe(1);
    expect(mainOf("widget")).toContain("widget@1.0.0");
    await plain();
    expect(mainOf("widget")).toBe("evil\n");
  });

  test("other bytes than the lock states", async () => {
    const registry = await serve({ packages: [{ ...WIDGET, files: EVIL }] });
    one(registry, { integrity: sriOf(makeTarball(WIDGET)) });
    await expect(openPart(project, { home }).then(obtainAll)).rejects.toMatchObject({
      denial: { code: "INTEGRITY_MISMATCH" },
    });
  });

  test("the packument of a lock without addresses points elsewhere", async () => {
    const evil = await serve({ packages: [{ ...WIDGET, files: EVIL }] });
    const tarball = evil.tarballOf("widget", "1.0.0").resolved;
    const registry = await serve({
      packages: [WIDGET],
      intercept: (request, response) => {
        const packument = { name: "widget", versions: { "1.0.0": { ...WIDGET, dist: { tarball } } } };
        if (request.url?.endsWith(".tgz")) response.writeHead(404).end();
        else response.end(JSON.stringify(packument));
        return true;
      },
    });
    one(registry, { integrity: undefined, resolved: undefined });
    await expect(openPart(project, { home }).then(obtainAll)).rejects.toMatchObject({
      denial: { code: "FOREIGN_REGISTRY" },
    });
    expect(evil.requests).toEqual([]);
  });
});

describe("the project lies", () => {
  test("npm on PATH inside the project is not npm", async () => {
    const registry = await serve({ packages: [WIDGET] });
    one(registry, {});
    const ran = join(home, "ran");
    for (const folder of ["node_modules/.bin", "tools"]) {
      mkdirSync(join(project, folder), { recursive: true });
      writeFileSync(join(project, folder, "npm"), `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 });
    }
    const PATH = [`${project}/node_modules/.bin`, `${project}/tools`, ".", "tools", process.env["PATH"]].join(":");
    expect(await installAll(await openPart(project, { home, env: { PATH } }))).toBe(0);
    expect(existsSync(ran)).toBe(false);
    await expect(openPart(project, { home, env: { PATH: `${project}/tools:.` } })).rejects.toMatchObject({
      kind: "installer",
      code: "NPM_NOT_FOUND",
    });
  });

  test("one package of many fails: no script of any other runs", async () => {
    const ran = join(home, "ran");
    const good = { name: "good", version: "1.0.0", scripts: { preinstall: `touch '${ran}'` } };
    const registry = await serve({ packages: [good, { ...WIDGET, files: EVIL }] });
    writeProject(project, registry, {
      locked: [
        { ...good, entry: { hasInstallScript: true } },
        { ...WIDGET, entry: { integrity: sriOf(makeTarball(WIDGET)) } },
      ],
    });
    await plain();
    const part = await openPart(project, { home });
    await expect(installAll(part)).rejects.toMatchObject({ denial: { code: "INTEGRITY_MISMATCH" } });
    expect(existsSync(ran)).toBe(false);
  });
});
