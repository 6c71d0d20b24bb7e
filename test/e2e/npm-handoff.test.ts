import type { Host } from "../../src/plugin.ts";
import { writeProject } from "../support/project.ts";
import { installAll, obtainAll, openPart, testHost } from "../support/npm-session.ts";
import { type Registry, type RegistryPackage, startRegistry } from "../support/registry.ts";
import { hexOf, sriOf } from "../support/tarball.ts";
import { npmrcAuth } from "../support/registry/auth.ts";
import { temporaryFolder } from "../support/folder.ts";
import { plainNpm } from "../support/cli.ts";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = temporaryFolder();
});

async function serve(
  packages: readonly RegistryPackage[],
  more: Parameters<typeof startRegistry>[0] = {},
): Promise<Registry> {
  const registry = await startRegistry({ packages, ...more });
  onTestFinished(() => registry.close());
  return registry;
}

function installed(path: string): unknown {
  return JSON.parse(readFileSync(join(project, "node_modules", path, "package.json"), "utf8"));
}

/** The registry goes away between judgement and hand-off: npm can only have what we give it. */
async function installWithoutRegistry(
  registry: Registry,
  options: { args?: string[]; env?: Record<string, string> } = {},
): Promise<number> {
  const part = await openPart(project, { home, ...options });
  expect(part.unbound).toEqual([]);
  const proven = await obtainAll(part);
  const before = registry.requests.length;
  const code = await part.install(proven);
  expect(registry.requests.length).toBe(before);
  return code;
}

const TWO: readonly RegistryPackage[] = [
  { name: "a", version: "1.0.0", dependencies: { b: "^2.0.0" } },
  { name: "b", version: "2.1.0", bin: { b: "cli.js" }, files: { "cli.js": "#!/usr/bin/env node\nconsole.log(1)\n" } },
];

/** npm 12 runs scripts of dependencies only when told to. */
const SCRIPTS = { npm_config_dangerously_allow_all_scripts: "true" };
const npmMajor = Number.parseInt((await plainNpm(["--version"], { cwd: tmpdir(), home: tmpdir() })).stdout, 10);

describe("locks that npm reads", () => {
  const entries: Readonly<Record<string, (r: Registry) => Record<string, unknown>>> = {
    "with resolved and sha512": () => ({}),
    "without resolved": () => ({ resolved: undefined }),
    "without integrity": () => ({ integrity: undefined }),
    "without either": () => ({ integrity: undefined, resolved: undefined }),
    "with sha1 only": (r) => ({ integrity: sriOf(r.tarballOf("b", "2.1.0").bytes, "sha1") }),
    "with sha1 only, without resolved": (r) => ({
      integrity: sriOf(r.tarballOf("b", "2.1.0").bytes, "sha1"),
      resolved: undefined,
    }),
    "with sha1 and sha512": (r) => ({
      integrity: `${sriOf(r.tarballOf("b", "2.1.0").bytes, "sha1")} ${sriOf(r.tarballOf("b", "2.1.0").bytes)}`,
    }),
    "with sha256 only": (r) => ({ integrity: sriOf(r.tarballOf("b", "2.1.0").bytes, "sha256") }),
  };
  for (const lockfileVersion of [2, 3]) {
    for (const [name, entry] of Object.entries(entries)) {
      test(`v${lockfileVersion} ${name}`, async () => {
        const registry = await serve(TWO);
        const b = { name: "b", version: "2.1.0", entry: { bin: { b: "cli.js" }, ...entry(registry) } };
        const a = { name: "a", version: "1.0.0", entry: { dependencies: { b: "^2.0.0" } } };
        writeProject(project, registry, { locked: [a, b], lock: { lockfileVersion } });
        expect(await installWithoutRegistry(registry)).toBe(0);
        expect(installed("b")).toMatchObject({ name: "b", version: "2.1.0" });
        expect(existsSync(join(project, "node_modules/.bin/b"))).toBe(true);
      });
    }
  }

  test.each([{}, { resolved: undefined }, { resolved: undefined, integrity: undefined }])(
    "under omit-lockfile-registry-resolved and min-release-age: %j",
    async (entry) => {
      const registry = await serve(TWO);
      writeProject(project, registry, { locked: [{ name: "b", version: "2.1.0", entry }] });
      writeFileSync(
        join(project, ".npmrc"),
        `registry=${registry.url}\nomit-lockfile-registry-resolved=true\nmin-release-age=3\n`,
      );
      expect(await installWithoutRegistry(registry)).toBe(0);
      expect(installed("b")).toMatchObject({ version: "2.1.0" });
    },
  );

  test.skipIf(npmMajor >= 12)("npm-shrinkwrap.json wins over package-lock.json", async () => {
    const registry = await serve([...TWO, { name: "b", version: "2.2.0" }]);
    writeProject(project, registry, {
      locked: [{ name: "b", version: "2.1.0" }],
      manifest: { dependencies: { b: "^2.0.0" } },
    });
    const lock = readFileSync(join(project, "package-lock.json"), "utf8");
    const other = registry.tarballOf("b", "2.2.0");
    const was = registry.tarballOf("b", "2.1.0");
    writeFileSync(
      join(project, "npm-shrinkwrap.json"),
      lock.replaceAll("2.1.0", "2.2.0").replace(was.integrity, other.integrity),
    );
    const part = await openPart(project, { home });
    expect(part.lockfile).toBe(join(project, "npm-shrinkwrap.json"));
    expect(await installAll(part)).toBe(0);
    expect(installed("b")).toMatchObject({ version: "2.2.0" });
  });

  test.skipIf(npmMajor < 12)("npm-shrinkwrap.json is not what npm 12 reads", async () => {
    const registry = await serve(TWO);
    writeProject(project, registry, { locked: [{ name: "b", version: "2.1.0" }] });
    renameSync(join(project, "package-lock.json"), join(project, "npm-shrinkwrap.json"));
    await expect(openPart(project, { home })).rejects.toMatchObject({ code: "NO_LOCKFILE" });
  });

  test("scoped packages from their own registry and beside it, with their own credentials", async () => {
    const auth = { kind: "bearer", token: "s3cret" } as const;
    const own = await serve([{ name: "@acme/w", version: "1.0.0" }], {
      auth,
      basePath: "/feed/npm",
      intercept: (request) => {
        request.url = request.url?.replace("/feed/files/", "/feed/npm/");
        return false;
      },
    });
    const registry = await serve(TWO);
    writeProject(project, registry, {
      locked: [{ name: "b", version: "2.1.0" }],
      manifest: { dependencies: { b: "2.1.0", "@acme/w": "1.0.0" } },
    });
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    const { integrity, resolved } = own.tarballOf("@acme/w", "1.0.0");
    lock.packages["node_modules/@acme/w"] = {
      version: "1.0.0",
      resolved: resolved.replace("/npm/", "/files/"),
      integrity,
    };
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    writeFileSync(
      join(project, ".npmrc"),
      `registry=${registry.url}\n@acme:registry=${own.url}\n${npmrcAuth(own.url, auth)}`,
    );

    const part = await openPart(project, { home });
    expect(part.unbound).toEqual([]);
    const widget = part.artifacts.find(({ package: { name } }) => name === "@acme/w")!;
    expect(widget.package.purl).toBe("pkg:npm/%40acme/w@1.0.0");
    expect(await part.collect(widget, { kind: "own" }, false)).toEqual([]);
    expect(own.requests.at(-1)).toMatchObject({
      url: "/feed/npm/-/npm/v1/attestations/@acme%2fw@1.0.0",
      authorization: "Bearer s3cret",
    });
    expect(await part.collect(widget, { kind: "attestations", url: registry.origin }, false)).toEqual([]);
    expect(await installAll(part)).toBe(0);
    expect(installed("@acme/w")).toMatchObject({ version: "1.0.0" });
    expect(registry.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  test("an alias is known by its real name", async () => {
    const registry = await serve(TWO);
    const at = "node_modules/other";
    writeProject(project, registry, {
      locked: [{ name: "b", version: "2.1.0", at, entry: { name: "b" } }],
      manifest: { dependencies: { other: "npm:b@2.1.0" } },
    });
    const part = await openPart(project, { home });
    expect(part.artifacts.map(({ package: { purl }, locations }) => [purl, locations])).toEqual([
      ["pkg:npm/b@2.1.0", [at]],
    ]);
    expect(await installAll(part)).toBe(0);
    expect(installed("other")).toMatchObject({ name: "b" });
  });

  test("an override decides what is installed", async () => {
    const registry = await serve([...TWO, { name: "b", version: "1.0.0" }]);
    writeProject(project, registry, {
      locked: [
        { name: "a", version: "1.0.0", entry: { dependencies: { b: "^2.0.0" } } },
        { name: "b", version: "1.0.0" },
      ],
      manifest: { dependencies: { a: "1.0.0" }, overrides: { b: "1.0.0" } },
    });
    expect(await installWithoutRegistry(registry)).toBe(0);
    expect(installed("b")).toMatchObject({ version: "1.0.0" });
  });

  test("one version at two places is one artifact, unpacked twice", async () => {
    const registry = await serve([
      ...TWO,
      { name: "b", version: "1.0.0" },
      { name: "c", version: "1.0.0", dependencies: { b: "^2.0.0" } },
    ]);
    writeProject(project, registry, {
      locked: [
        { name: "a", version: "1.0.0", entry: { dependencies: { b: "^2.0.0" } } },
        { name: "b", version: "1.0.0" },
        { name: "c", version: "1.0.0", entry: { dependencies: { b: "^2.0.0" } } },
        { name: "b", version: "2.1.0", at: "node_modules/a/node_modules/b" },
        { name: "b", version: "2.1.0", at: "node_modules/c/node_modules/b" },
      ],
      manifest: { dependencies: { a: "1.0.0", b: "1.0.0", c: "1.0.0" } },
    });
    const part = await openPart(project, { home });
    expect(part.artifacts.length).toBe(4);
    expect(await installAll(part)).toBe(0);
    expect(installed("c/node_modules/b")).toMatchObject({ version: "2.1.0" });
  });

  test("workspaces are linked, counted, and their dependencies gated", async () => {
    const registry = await serve([...TWO, { name: "b", version: "1.0.0" }]);
    writeProject(project, registry, {
      locked: [{ name: "b", version: "1.0.0" }],
      manifest: { dependencies: { b: "1.0.0" }, workspaces: ["packages/*"] },
      files: {
        "packages/w/package.json": { name: "w", version: "1.0.0", dependencies: { b: "^2.0.0" } },
        "packages/w/node_modules/old/x": "x",
      },
    });
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    const { integrity, resolved } = registry.tarballOf("b", "2.1.0");
    Object.assign(lock.packages, {
      "node_modules/w": { resolved: "packages/w", link: true },
      "packages/w": { version: "1.0.0", dependencies: { b: "^2.0.0" } },
      "packages/w/node_modules/b": { version: "2.1.0", resolved, integrity },
    });
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    const part = await openPart(join(project, "packages/w"), { home, repositoryRoot: project });
    expect(part.folder).toBe(project);
    expect(part.notGated).toEqual([{ kind: "workspace", name: "node_modules/w" }]);
    const whole = await openPart(project, { home });
    expect(await installAll(whole)).toBe(0);
    expect(readdirSync(join(project, "packages/w/node_modules"))).toEqual(["b"]);
    expect(installed("w")).toMatchObject({ name: "w" });
    expect(await installAll(await openPart(join(project, "packages/w"), { home, repositoryRoot: project }))).toBe(0);
  });

  test("optional packages for other platforms and omitted ones are neither fetched nor installed", async () => {
    const registry = await serve([
      ...TWO,
      { name: "far", version: "1.0.0", manifest: { os: ["plan9"] } },
      { name: "d", version: "1.0.0" },
    ]);
    writeProject(project, registry, {
      locked: [
        { name: "b", version: "2.1.0" },
        { name: "far", version: "1.0.0", entry: { optional: true, os: ["plan9"] } },
        { name: "d", version: "1.0.0", entry: { dev: true } },
      ],
      manifest: {
        dependencies: { b: "2.1.0" },
        optionalDependencies: { far: "1.0.0" },
        devDependencies: { d: "1.0.0" },
      },
    });
    const part = await openPart(project, { home, args: ["ci", "--omit=dev"] });
    expect(part.artifacts.map(({ package: { name } }) => name)).toEqual(["b"]);
    expect(part.notGated).toEqual([
      { kind: "other-platform", name: "node_modules/far" },
      { kind: "omitted", name: "node_modules/d", detail: "dev" },
    ]);
    const { artifacts, notGated } = await part.everywhere!();
    expect(artifacts.map(({ package: { name } }) => name)).toEqual(["b", "far", "d"]);
    expect(notGated).toEqual([]);
    expect(await installAll(part)).toBe(0);
    expect(registry.requests.map(({ url }) => url)).toEqual(["/b/-/b-2.1.0.tgz"]);
    expect(readdirSync(join(project, "node_modules")).toSorted()).toEqual([".package-lock.json", "b"]);
    const production = await openPart(project, { home, env: { NODE_ENV: "production" } });
    expect(production.artifacts.map(({ package: { name } }) => name)).toEqual(["b"]);
    const everything = await openPart(project, {
      home,
      env: { NODE_ENV: "production" },
      args: ["ci", "--include=dev"],
    });
    expect(everything.artifacts.map(({ package: { name } }) => name)).toEqual(["b", "d"]);
  });

  test("what a package bundles is covered by it", async () => {
    const carrier: RegistryPackage = {
      name: "carrier",
      version: "1.0.0",
      dependencies: { inner: "3.0.0" },
      bundled: [{ name: "inner", version: "3.0.0" }],
    };
    const registry = await serve([carrier]);
    writeProject(project, registry, {
      locked: [
        {
          name: "carrier",
          version: "1.0.0",
          entry: { dependencies: { inner: "3.0.0" }, bundleDependencies: ["inner"] },
        },
      ],
    });
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    lock.packages["node_modules/carrier/node_modules/inner"] = { version: "3.0.0", inBundle: true };
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    const part = await openPart(project, { home });
    expect(part.notGated).toMatchObject([{ kind: "bundled", name: "node_modules/carrier/node_modules/inner" }]);
    expect(await installAll(part)).toBe(0);
    expect(installed("carrier/node_modules/inner")).toMatchObject({ version: "3.0.0" });
  });
});

describe("the hand-off leaves the project as it was", () => {
  test("when a postinstall fails: node_modules come back byte for byte", async () => {
    const registry = await serve([{ name: "bad", version: "1.0.0", scripts: { postinstall: "exit 7" } }]);
    writeProject(project, registry, {
      locked: [{ name: "bad", version: "1.0.0", entry: { hasInstallScript: true } }],
      files: { "node_modules/old/index.js": "old\n", "node_modules/.package-lock.json": "{}\n" },
    });
    const part = await openPart(project, { home, env: SCRIPTS });
    expect(part.artifacts[0]?.runsScripts).toBe(true);
    expect(await installAll(part)).not.toBe(0);
    expect(readFileSync(join(project, "node_modules/old/index.js"), "utf8")).toBe("old\n");
    expect(readdirSync(join(project, "node_modules")).toSorted()).toEqual([".package-lock.json", "old"]);
    expect(readdirSync(project).filter((name) => name.startsWith(".safe-install"))).toEqual([]);
  });

  test("when the lock changes after it was judged: npm is not even started", async () => {
    const ran = join(home, "ran");
    const registry = await serve([{ name: "s", version: "1.0.0", scripts: { preinstall: `touch '${ran}'` } }]);
    writeProject(project, registry, {
      locked: [{ name: "s", version: "1.0.0", entry: { hasInstallScript: true } }],
      files: { "node_modules/old/x": "old" },
    });
    const part = await openPart(project, { home, env: SCRIPTS });
    const proven = await obtainAll(part);
    const other = await openPart(project, { home, env: SCRIPTS });
    const handoff = await other.prove(await obtainAll(other));
    const lock = join(project, "package-lock.json");
    writeFileSync(lock, `${readFileSync(lock, "utf8")}\n`);
    // Before anything waits aside.
    await expect(handoff.prepare()).rejects.toMatchObject({ code: "LOCK_CHANGED", kind: "unbound" });
    await expect(part.install(proven)).rejects.toMatchObject({ code: "LOCK_CHANGED", kind: "unbound" });
    expect(readdirSync(join(project, "node_modules"))).toEqual(["old"]);
    expect(existsSync(ran)).toBe(false);
  });

  test("when a script of a package changes the lock, or puts another package on disk", async () => {
    const write = (path: string, text: string) =>
      `node -e "require('fs').mkdirSync(require('path').dirname('${path}'),{recursive:true});require('fs').appendFileSync('${path}','${text}')"`;
    const registry = await serve([
      { name: "x", version: "1.0.0", scripts: { postinstall: write("../../package-lock.json", " ") } },
      { name: "y", version: "1.0.0", scripts: { postinstall: write("../evil/index.js", " ") } },
    ]);
    for (const [name, code] of [
      ["x", "LOCK_CHANGED"],
      ["y", "INSTALLED_MISMATCH"],
    ] as const) {
      writeProject(project, registry, {
        locked: [{ name, version: "1.0.0", entry: { hasInstallScript: true } }],
        files: { "node_modules/old/x": "old" },
      });
      await expect(openPart(project, { home, env: SCRIPTS }).then(installAll)).rejects.toMatchObject({ code });
      expect(readdirSync(join(project, "node_modules"))).toEqual(["old"]);
    }
  });

  test("where a proven package is not at hand, npm finds nothing in its place", async () => {
    const registry = await serve(TWO);
    writeProject(project, registry, {
      locked: [
        { name: "a", version: "1.0.0", entry: { dependencies: { b: "^2.0.0" } } },
        { name: "b", version: "2.1.0" },
      ],
    });
    const outside = testHost({ home });
    const host: Host = {
      ...outside,
      run(command) {
        const [cache] = command.args.flatMap((word) => (word.startsWith("--cache=") ? [word.slice(8)] : []));
        rmSync(join(cache!, "_cacache/content-v2"), { recursive: true });
        return outside.run(command);
      },
    };
    const part = await openPart(project, { home, host });
    const proven = await obtainAll(part);
    const asked = registry.requests.length;
    expect(await part.install(proven)).not.toBe(0);
    expect(registry.requests.length).toBe(asked);
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });

  test("also the node_modules of workspaces of which the lock names nothing", async () => {
    const registry = await serve([{ name: "bad", version: "1.0.0", scripts: { postinstall: "exit 7" } }]);
    writeProject(project, registry, {
      locked: [{ name: "bad", version: "1.0.0", entry: { hasInstallScript: true } }],
      manifest: { dependencies: { bad: "1.0.0" }, workspaces: ["packages/*"] },
      files: { "packages/w/package.json": { name: "w", version: "1.0.0" }, "packages/w/node_modules/old/x": "old" },
    });
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    Object.assign(lock.packages, {
      "node_modules/w": { resolved: "packages/w", link: true },
      "packages/w": { version: "1.0.0" },
    });
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    expect(await openPart(project, { home, env: SCRIPTS }).then(installAll)).not.toBe(0);
    expect(readFileSync(join(project, "packages/w/node_modules/old/x"), "utf8")).toBe("old");
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });
});

describe("what lifecycle scripts see", () => {
  const SHOW = `node -e "require('fs').writeFileSync('seen.json',JSON.stringify(process.env))"`;

  test("none of our settings, and the user's own", async () => {
    const registry = await serve([{ name: "s", version: "1.0.0", scripts: { postinstall: SHOW } }]);
    writeProject(project, registry, {
      locked: [{ name: "s", version: "1.0.0", entry: { hasInstallScript: true } }],
      manifest: { dependencies: { s: "1.0.0" }, scripts: { prepare: SHOW } },
    });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\nfoo-bar=it's\naudit=false\n`);
    expect(await installWithoutRegistry(registry, { args: ["ci", "--foreground-scripts"], env: SCRIPTS })).toBe(0);
    for (const file of ["node_modules/s/seen.json", "seen.json"]) {
      const seen = JSON.parse(readFileSync(join(project, file), "utf8")) as Record<string, string>;
      expect(seen["npm_config_cache"]).toBe(join(home, ".npm"));
      expect(seen["npm_config_foo_bar"]).toBe("it's");
      for (const key of ["offline", "prefer_offline", "script_shell", "logs_dir", "allow_git", "allow_remote"])
        expect(seen[`npm_config_${key}`]).toBeUndefined();
      expect(Object.values(seen).filter((value) => value.includes("npm-handoff"))).toEqual([]);
    }
  });

  test("the user's own shell runs them", async () => {
    const registry = await serve([{ name: "s", version: "1.0.0", scripts: { postinstall: "true" } }]);
    const shell = join(home, "my shell");
    writeFileSync(shell, `#!/bin/sh\necho "$1" >> '${join(home, "ran")}'\nexec /bin/sh "$@"\n`, { mode: 0o755 });
    writeProject(project, registry, { locked: [{ name: "s", version: "1.0.0", entry: { hasInstallScript: true } }] });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\nscript-shell=${shell}\n`);
    expect(await installWithoutRegistry(registry, { env: SCRIPTS })).toBe(0);
    expect(readFileSync(join(home, "ran"), "utf8")).toBe("-c\n");
  });

  test("scripts that only the archive knows of are named once it is here", async () => {
    const registry = await serve([
      { name: "s", version: "1.0.0", scripts: { install: "true" } },
      { name: "g", version: "1.0.0", files: { "binding.gyp": "{}" } },
    ]);
    writeProject(project, registry, {
      locked: [
        { name: "s", version: "1.0.0" },
        { name: "g", version: "1.0.0" },
      ],
    });
    const part = await openPart(project, { home });
    expect(part.artifacts.map(({ runsScripts }) => runsScripts)).toEqual([false, false]);
    await obtainAll(part);
    expect(part.artifacts.map(({ runsScripts }) => runsScripts)).toEqual([true, true]);
  });
});

describe("where bytes come from", () => {
  test("npm's cache by digest first, then ours; neither npm's nor the project is written", async () => {
    const registry = await serve(TWO);
    writeProject(project, registry, { locked: [{ name: "b", version: "2.1.0" }] });
    await obtainAll(await openPart(project, { home }));
    expect(registry.requests.length).toBe(1);
    expect(existsSync(join(home, ".npm"))).toBe(false);
    const again = await openPart(project, { home, offline: true });
    const [proven] = await obtainAll(again);
    expect(proven?.bytes.digests).toEqual([
      { algorithm: "sha256", hex: hexOf(registry.tarballOf("b", "2.1.0").bytes, "sha256") },
      { algorithm: "sha512", hex: hexOf(registry.tarballOf("b", "2.1.0").bytes) },
    ]);
    const other = await openPart(project, { home: temporaryFolder(), offline: true });
    await expect(obtainAll(other)).rejects.toMatchObject({ denial: { code: "ARTIFACT_UNAVAILABLE" } });
  });

  test("a damaged copy in npm's cache is no copy", async () => {
    const registry = await serve(TWO);
    writeProject(project, registry, { locked: [{ name: "b", version: "2.1.0" }] });
    const hex = hexOf(registry.tarballOf("b", "2.1.0").bytes);
    const content = join(home, ".npm/_cacache/content-v2/sha512", hex.slice(0, 2), hex.slice(2, 4));
    mkdirSync(content, { recursive: true });
    writeFileSync(join(content, hex.slice(4)), "evil");
    expect(await installWithoutRegistry(registry)).toBe(0);
    expect(registry.requests.length).toBe(1);
    expect(readFileSync(join(content, hex.slice(4)), "utf8")).toBe("evil");
  });

  test("an admitted second origin may hold the archives", async () => {
    const mirror = await serve(TWO);
    const registry = await serve([]);
    writeProject(project, mirror, { locked: [{ name: "b", version: "2.1.0" }] });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n`);
    const refused = await openPart(project, { home });
    expect(refused.unbound).toMatchObject([
      { denial: { code: "FOREIGN_REGISTRY", details: [{ found: mirror.origin }] } },
    ]);
    const part = await openPart(project, { home, registries: [mirror.origin] });
    expect(part.unbound).toEqual([]);
    expect(await installAll(part)).toBe(0);
    expect(installed("b")).toMatchObject({ version: "2.1.0" });
  });
});
