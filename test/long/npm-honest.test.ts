/** Locks with quirks that npm takes in its stride: plain `npm ci` first, then ours, and the same tree. */
import { plainNpm, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { makeTar } from "../support/tarball.ts";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
  for (const version of ["1.0.0", "2.0.0"]) {
    registry.publish({ name: "ms", version });
    registry.publish({ name: "one", version, dependencies: { ms: version } });
  }
  registry.publish({ name: "tagged", version: "1.0.0" });
  registry.publish({ name: "meta", version: "1.0.0+build.5" });
  registry.publish({ name: "asks", version: "1.0.0", dependencies: { alias: "npm:ms@1.0.0" } });
  const twice = '{"name":"twice","version":"1.0.0","main":"a.js","main":"index.js"}';
  const tarball = gzipSync(makeTar([{ path: "package/package.json", content: twice }]));
  registry.publish({ name: "twice", version: "1.0.0", tarball });
  const files = { "bin/tool": "#!/bin/sh\n", "bin/.hidden": "" };
  registry.publish({ name: "folder", version: "1.0.0", files, manifest: { directories: { bin: "./bin" } } });
  const inner = [
    { name: "inner", version: "1.0.0", dependencies: { deep: "2.0.0" } },
    { name: "deep", version: "2.8.0" },
  ];
  registry.publish({ name: "carrier", version: "1.0.0", dependencies: { inner: "1.0.0" }, bundled: inner });
  registry.publish({ name: "deep", version: "2.0.0" });
  registry.publish({ name: "shrunk", version: "1.0.0", dependencies: { tagged: "1.0.0" } });
  registry.publish({ name: "shrunk", version: "2.0.0" });
  registry.publish({ name: "grown", version: "1.0.0", dependencies: { shrunk: "2.0.0" } });
  registry.publish({ name: "small", version: "1.0.0", dependencies: { shrunk: "1.0.0" } });
  registry.publish({ name: "shared", version: "1.0.0", dependencies: { tagged: "1.0.0" } });
  for (const name of ["left", "right"])
    registry.publish({ name, version: "1.0.0", dependencies: { ms: "*", shared: "^1.0.0" } });
});
afterAll(() => registry.close());

type Entries = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Quirk {
  readonly root: Readonly<Record<string, unknown>>;
  readonly packages: () => Entries;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly lock?: Readonly<Record<string, unknown>>;
  readonly prefix?: string;
}

function entry(name: string, version: string, more: Readonly<Record<string, unknown>> = {}) {
  const { integrity, resolved } = registry.tarballOf(name, version);
  return { version, resolved, integrity, ...more };
}

const ms = () => ({ "node_modules/ms": entry("ms", "1.0.0") });
const bundler = () =>
  entry("carrier", "1.0.0", { bundleDependencies: ["inner", "deep"], dependencies: { inner: "1.0.0" } });
const bundled = () => ({
  "node_modules/carrier": bundler(),
  "node_modules/carrier/node_modules/inner": { version: "1.0.0", inBundle: true, dependencies: { deep: "2.0.0" } },
  "node_modules/carrier/node_modules/deep": { version: "2.8.0", inBundle: true },
});

/** A workspace with these dependencies, and what the lock has for it. */
function workspace(dependencies: Readonly<Record<string, string>>, packages: () => Entries, more = {}): Quirk {
  const own = { name: "a", version: "1.0.0", dependencies };
  const linked = { "node_modules/a": { resolved: "packages/a", link: true }, "packages/a": own };
  return {
    root: { dependencies: {}, workspaces: ["packages/a"], ...more },
    packages: () => ({ ...linked, ...packages() }),
    files: { "packages/a/package.json": own },
  };
}

const QUIRKS: Readonly<Record<string, Quirk>> = {
  "a member twice": {
    root: { dependencies: { twice: "1.0.0" } },
    packages: () => ({ "node_modules/twice": entry("twice", "1.0.0") }),
  },
  "directories.bin": {
    root: { dependencies: { folder: "1.0.0" } },
    packages: () => ({ "node_modules/folder": entry("folder", "1.0.0", { bin: { tool: "bin/tool" } }) }),
  },
  "a workspace that is gone": {
    root: { dependencies: { ms: "1.0.0" }, workspaces: ["packages/*"] },
    packages: () => ({
      ...ms(),
      "packages/b": { name: "b", version: "1.0.0", extraneous: true, dependencies: { one: "1.0.0", two: "1" } },
      "packages/b/node_modules/one": entry("one", "1.0.0", { extraneous: true }),
    }),
  },
  "an archive left over outside": {
    root: { dependencies: { ms: "1.0.0" } },
    packages: () => ({ ...ms(), left: entry("one", "1.0.0", { extraneous: true }) }),
  },
  "a byte-order mark": { root: { dependencies: { ms: "1.0.0" } }, packages: ms, prefix: "\uFEFF" },
  "version 2": {
    root: { dependencies: { ms: "1.0.0" } },
    packages: ms,
    lock: { lockfileVersion: 2, dependencies: {} },
  },
  "a nested override": {
    root: { dependencies: { one: "1.0.0" }, overrides: { one: { ms: "2.0.0" } } },
    packages: () => ({
      "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
      "node_modules/ms": entry("ms", "2.0.0"),
    }),
  },
  "an override by reference": {
    root: { dependencies: { one: "1.0.0", ms: "2.0.0" }, overrides: { ms: "$ms" } },
    packages: () => ({
      "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
      "node_modules/ms": entry("ms", "2.0.0"),
    }),
  },
  "an override to an alias": {
    root: { dependencies: { one: "1.0.0" }, overrides: { ms: "npm:tagged@1.0.0" } },
    packages: () => ({
      "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
      "node_modules/ms": entry("tagged", "1.0.0", { name: "tagged" }),
    }),
  },
  "an alias named like another's dependency": {
    root: { dependencies: { asks: "1.0.0", ms: "npm:tagged@1.0.0", one: "1.0.0" } },
    packages: () => ({
      "node_modules/asks": entry("asks", "1.0.0", { dependencies: { alias: "npm:ms@1.0.0" } }),
      "node_modules/alias": entry("ms", "1.0.0", { name: "ms" }),
      "node_modules/ms": entry("tagged", "1.0.0", { name: "tagged" }),
      "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
      "node_modules/one/node_modules/ms": entry("ms", "1.0.0"),
    }),
  },
  "build metadata": {
    root: { dependencies: { meta: "1.0.0+build.5" } },
    packages: () => ({ "node_modules/meta": entry("meta", "1.0.0+build.5") }),
  },
  "a tag": {
    root: { dependencies: { tagged: "latest" } },
    packages: () => ({ "node_modules/tagged": entry("tagged", "1.0.0") }),
  },
  "a tag, and no address": {
    root: { dependencies: { tagged: "latest" } },
    packages: () => ({ "node_modules/tagged": { version: "1.0.0" } }),
  },
  "another version below a workspace": workspace({ ms: "1.0.0" }, () => ({
    "packages/a/node_modules/ms": entry("ms", "2.0.0"),
  })),
  "a version below a workspace, and above it the one that it asks for": workspace(
    { shrunk: "2.0.0" },
    () => ({
      "node_modules/shrunk": entry("shrunk", "2.0.0"),
      "packages/a/node_modules/shrunk": entry("shrunk", "1.0.0", { dependencies: { tagged: "1.0.0" } }),
      "packages/a/node_modules/tagged": entry("tagged", "1.0.0"),
    }),
    { dependencies: { shrunk: "2.0.0" } },
  ),
  "a version that its workspace does not fit, and a package beside it does": workspace(
    { shrunk: "2.0.0", small: "1.0.0" },
    () => ({
      "node_modules/shrunk": entry("shrunk", "2.0.0"),
      "packages/a/node_modules/shrunk": entry("shrunk", "1.0.0", { dependencies: { tagged: "1.0.0" } }),
      "packages/a/node_modules/small": entry("small", "1.0.0", { dependencies: { shrunk: "1.0.0" } }),
      "packages/a/node_modules/tagged": entry("tagged", "1.0.0"),
    }),
    { dependencies: { shrunk: "2.0.0" } },
  ),
  "a version above that a workspace and a package beside it ask for": workspace(
    { shrunk: "2.0.0", grown: "1.0.0" },
    () => ({
      "node_modules/shrunk": entry("shrunk", "2.0.0"),
      "packages/a/node_modules/shrunk": entry("shrunk", "1.0.0", { dependencies: { tagged: "1.0.0" } }),
      "packages/a/node_modules/grown": entry("grown", "1.0.0", { dependencies: { shrunk: "2.0.0" } }),
      "packages/a/node_modules/tagged": entry("tagged", "1.0.0"),
    }),
    { dependencies: { shrunk: "2.0.0" } },
  ),
  "a version above that an override asks for": workspace(
    { shrunk: "1.0.0" },
    () => ({
      "node_modules/shrunk": entry("shrunk", "2.0.0"),
      "packages/a/node_modules/shrunk": entry("shrunk", "1.0.0", { dependencies: { tagged: "1.0.0" } }),
      "packages/a/node_modules/tagged": entry("tagged", "1.0.0"),
    }),
    { dependencies: { shrunk: "2.0.0" }, overrides: { shrunk: "2.0.0" } },
  ),
  "a workspace above in place of a package": {
    root: { dependencies: {}, workspaces: ["packages/a", "packages/shrunk"] },
    packages: () => ({
      "node_modules/a": { resolved: "packages/a", link: true },
      "node_modules/shrunk": { resolved: "packages/shrunk", link: true },
      "packages/a": { name: "a", version: "1.0.0", dependencies: { shrunk: "2.0.0" } },
      "packages/shrunk": { version: "2.0.0" },
      "packages/a/node_modules/shrunk": entry("shrunk", "1.0.0", { dependencies: { tagged: "1.0.0" } }),
      "packages/a/node_modules/tagged": entry("tagged", "1.0.0"),
    }),
    files: {
      "packages/a/package.json": { name: "a", version: "1.0.0", dependencies: { shrunk: "2.0.0" } },
      "packages/shrunk/package.json": { name: "shrunk", version: "2.0.0" },
    },
  },
  "another version of what only a workspace needs": workspace({ one: "1.0.0" }, () => ({
    "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
    "node_modules/ms": entry("ms", "2.0.0"),
  })),
  "an override that is not in force": workspace(
    { one: "1.0.0" },
    () => ({
      "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
      "node_modules/ms": entry("ms", "1.0.0"),
    }),
    { overrides: { ms: "2.0.0" } },
  ),
  "an override to an alias that is not in force": workspace(
    { one: "1.0.0" },
    () => ({
      "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
      "node_modules/ms": entry("ms", "1.0.0"),
    }),
    { overrides: { ms: "npm:tagged@1.0.0" } },
  ),
  "a package whose askers have overrides that differ": {
    root: {
      dependencies: { left: "1.0.0", right: "1.0.0" },
      overrides: { left: { ms: "1.0.0" }, right: { ms: "2.0.0" } },
    },
    packages: () => ({
      "node_modules/left": entry("left", "1.0.0", { dependencies: { ms: "*", shared: "^1.0.0" } }),
      "node_modules/right": entry("right", "1.0.0", { dependencies: { ms: "*", shared: "^1.0.0" } }),
      "node_modules/ms": entry("ms", "1.0.0"),
      "node_modules/right/node_modules/ms": entry("ms", "2.0.0"),
      "node_modules/shared": entry("shared", "1.0.0", { dependencies: { tagged: "1.0.0" } }),
      "node_modules/tagged": entry("tagged", "1.0.0"),
    }),
  },
  "a bundle that the lock does not list": {
    root: { dependencies: { carrier: "1.0.0" } },
    packages: () => ({ "node_modules/carrier": bundler() }),
  },
  "a bundle that does not satisfy itself": workspace({ carrier: "1.0.0" }, bundled),
  "sections of .npmrc": {
    root: { dependencies: { ms: "1.0.0" } },
    packages: ms,
    files: { ".npmrc.more": "proxy=null\n[headers]\nx=y\n" },
  },
};

const POLICY = {
  version: 1,
  rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "a test", expires: "2100-01-01" }],
};

function lay({ root, packages, files = {}, lock = {}, prefix = "" }: Quirk): string {
  const project = join(temporaryFolder(), "project");
  const manifest = { name: "project", version: "1.0.0", ...root };
  const all = { "": manifest, ...packages() };
  writeProject(project, registry, { manifest: root, policy: POLICY, files, lock: { packages: all, ...lock } });
  const file = join(project, "package-lock.json");
  writeFileSync(file, prefix + readFileSync(file, "utf8"));
  const more = files[".npmrc.more"];
  if (typeof more === "string") writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n${more}`);
  return project;
}

/** Every file and link below node_modules folders, with its content. */
function installed(folder: string, below = ""): readonly string[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    const place = join(folder, path);
    const stats = lstatSync(place);
    if (stats.isDirectory()) return installed(folder, path);
    if (!path.includes("node_modules/")) return [];
    const content = stats.isSymbolicLink() ? readlinkSync(place) : readFileSync(place);
    return [`${path} ${stats.mode.toString(8)} ${createHash("sha256").update(content).digest("hex")}`];
  });
}

describe.each(Object.entries(QUIRKS))("%s", (_, quirk) => {
  it("npm ci: plain npm's tree", async () => {
    const [home, plain, ours] = [temporaryFolder(), lay(quirk), lay(quirk)];
    expect(await plainNpm(["ci"], { cwd: plain, home })).toMatchObject({ exit: 0 });
    const checked = await safeInstall(["check"], { cwd: ours, home });
    expect(checked, checked.stderr).toMatchObject({ exit: 0 });
    const { exit, stderr } = await safeInstall(["npm", "ci"], { cwd: ours, home });
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(installed(ours)).toEqual(installed(plain));
    for (const folder of [plain, ours]) rmSync(folder, { recursive: true });
  });
});

describe("what npm refuses itself is refused before it is asked", () => {
  const refused: Readonly<Record<string, Quirk>> = {
    "the root's own": {
      root: { dependencies: { ms: "1.0.0" } },
      packages: () => ({ "node_modules/ms": entry("ms", "2.0.0") }),
    },
    "of a package of the root": {
      root: { dependencies: { one: "1.0.0" } },
      packages: () => ({
        "node_modules/one": entry("one", "1.0.0", { dependencies: { ms: "1.0.0" } }),
        "node_modules/ms": entry("ms", "2.0.0"),
      }),
    },
    "a workspace's, in the root's node_modules": workspace({ ms: "1.0.0" }, () => ({
      "node_modules/ms": entry("ms", "2.0.0"),
    })),
    "a workspace's that is nowhere": workspace({ ms: "1.0.0" }, () => ({})),
  };
  it.each(Object.entries(refused))("%s", async (_, quirk) => {
    const [home, plain, ours] = [temporaryFolder(), lay(quirk), lay(quirk)];
    expect((await plainNpm(["ci"], { cwd: plain, home })).exit).toBe(1);
    const { exit, stderr } = await safeInstall(["npm", "ci"], { cwd: ours, home });
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("do not agree") });
  });
});
