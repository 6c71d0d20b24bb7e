import { layRepository } from "../support/repository.ts";
import { plainNpm } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { installAll, openPart } from "../support/npm-session.ts";
import { type Registry, type RegistryPackage, startRegistry } from "../support/registry.ts";
import { npmrcAuth } from "../support/registry/auth.ts";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What npm makes of one command, next to what we make of it: the same registry, the same project. */

const AUTH = { kind: "bearer", token: "s3cret" } as const;
const PACKAGES: readonly RegistryPackage[] = [
  { name: "a", version: "1.0.0", dependencies: { b: "^2.0.0" } },
  { name: "a", version: "1.1.0", dependencies: { b: "^2.0.0" } },
  { name: "a", version: "2.0.0", dependencies: { b: "^2.0.0" } },
  { name: "b", version: "1.0.0" },
  { name: "b", version: "2.0.0" },
  { name: "b", version: "2.1.0", bin: { b: "cli.js" }, files: { "cli.js": "#!/usr/bin/env node\n" } },
  { name: "native", version: "1.0.0", manifest: { optionalDependencies: { far: "1.0.0", b: "^2.0.0" } } },
  { name: "far", version: "1.0.0", manifest: { os: ["plan9"] } },
  { name: "plugin", version: "1.0.0", manifest: { peerDependencies: { b: "^1.0.0" } } },
  { name: "deep", version: "1.0.0", dependencies: { plugin: "1.0.0", b: "^2.0.0" } },
  { name: "scripted", version: "1.0.0", scripts: { postinstall: "node -e 0" } },
  {
    name: "carrier",
    version: "1.0.0",
    dependencies: { inner: "3.0.0" },
    bundled: [{ name: "inner", version: "3.0.0" }],
  },
  { name: "inner", version: "3.0.0" },
];

let registry: Registry;
let scoped: Registry;

beforeAll(async () => {
  registry = await startRegistry({ packages: PACKAGES });
  scoped = await startRegistry({
    packages: [{ name: "@acme/w", version: "1.0.0" }],
    auth: AUTH,
    basePath: "/feed/npm",
  });
});
afterAll(async () => {
  await registry.close();
  await scoped.close();
});

interface Case {
  readonly name: string;
  readonly files?: Readonly<Record<string, unknown>>;
  /** Made by plain npm, in both. */
  readonly before?: readonly (readonly string[])[];
  readonly args: readonly string[];
  /** Relative to the project. */
  readonly cwd?: string;
  readonly npmrc?: string;
  /** The first line of npm that knows it no more. */
  readonly until?: number;
}

const ROOT = { name: "project", version: "1.0.0" };
const WORKSPACES = {
  "package.json": { ...ROOT, workspaces: ["packages/*"] },
  "packages/w/package.json": { name: "w", version: "1.0.0", dependencies: { b: "^1.0.0" } },
  "packages/v/package.json": { name: "v", version: "1.0.0", dependencies: { w: "*" } },
};

const CASES: readonly Case[] = [
  { name: "a new dependency, no lock at all", files: { "package.json": ROOT }, args: ["install", "a"] },
  { name: "no manifest", files: { "node_modules/.keep": "" }, args: ["install", "b"] },
  {
    name: "without specs, no lock",
    files: { "package.json": { ...ROOT, dependencies: { a: "^1.0.0" } } },
    args: ["i"],
  },
  { name: "a range", files: { "package.json": ROOT }, args: ["add", "a@^1.0.0"] },
  { name: "a tag", files: { "package.json": ROOT }, args: ["install", "a@latest", "--save-dev"] },
  { name: "exact", files: { "package.json": ROOT }, args: ["install", "-E", "a@1"] },
  { name: "an alias", files: { "package.json": ROOT }, args: ["install", "other@npm:b@^2"] },
  { name: "a scoped registry", files: { "package.json": ROOT }, args: ["install", "@acme/w", "a"] },
  { name: "into one workspace", files: WORKSPACES, args: ["install", "a@1.0.0", "-w", "w"] },
  { name: "into all workspaces", files: WORKSPACES, args: ["install", "a", "--workspaces", "--save-optional"] },
  { name: "from inside a workspace", files: WORKSPACES, args: ["install", "a"], cwd: "packages/v" },
  {
    name: "an override",
    files: { "package.json": { ...ROOT, overrides: { b: "1.0.0" } } },
    args: ["install", "a"],
  },
  {
    name: "a peer conflict under legacy-peer-deps",
    files: { "package.json": { ...ROOT, dependencies: { b: "^2.0.0" } } },
    args: ["install", "plugin"],
    npmrc: "legacy-peer-deps=true\n",
  },
  {
    name: "a peer conflict under --force",
    files: { "package.json": { ...ROOT, dependencies: { b: "^2.0.0" } } },
    args: ["install", "plugin", "--force"],
  },
  {
    name: "a peer conflict deeper in the tree",
    files: { "package.json": { ...ROOT, dependencies: { b: "^2.0.0" } } },
    args: ["install", "deep"],
  },
  { name: "an optional package of another platform", files: { "package.json": ROOT }, args: ["install", "native"] },
  { name: "bundled dependencies", files: { "package.json": ROOT }, args: ["install", "carrier"] },
  { name: "install scripts", files: { "package.json": ROOT }, args: ["install", "scripted"] },
  { name: "a downgrade", files: { "package.json": ROOT }, before: [["install", "a@2"]], args: ["install", "a@1.0.0"] },
  { name: "a removal", files: { "package.json": ROOT }, before: [["install", "a", "native"]], args: ["rm", "a"] },
  {
    name: "an update within the range",
    files: { "package.json": ROOT },
    before: [
      ["install", "a@1.0.0", "b@2.0.0"],
      ["pkg", "set", "dependencies.a=^1.0.0"],
    ],
    args: ["update"],
  },
  {
    name: "an update that is saved",
    files: { "package.json": { ...ROOT, dependencies: { a: "^1.0.0" } } },
    before: [["install", "a@1.0.0"]],
    args: ["up", "a", "--save"],
  },
  {
    name: "lock v1 converted",
    files: { "package.json": { ...ROOT, dependencies: { a: "^1.0.0" } } },
    before: [["install", "--lockfile-version=1"]],
    args: ["install"],
  },
  {
    name: "a removal from one workspace",
    files: WORKSPACES,
    before: [["install", "a", "native", "-w", "w"]],
    args: ["uninstall", "a", "-w", "w"],
  },
  {
    name: "an update in one workspace",
    files: WORKSPACES,
    before: [
      ["install", "a@1.0.0", "-w", "v"],
      ["pkg", "set", "dependencies.a=^1.0.0", "-w", "v"],
    ],
    args: ["update", "a", "-w", "v"],
  },
  { name: "a group left out", files: { "package.json": ROOT }, args: ["install", "a", "-D", "--omit=dev"] },
  {
    name: "several names, among them one that is there",
    files: { "package.json": { ...ROOT, devDependencies: { b: "^1.0.0" } } },
    args: ["install", "a", "b", "other@npm:inner"],
  },
  {
    name: "dedupe",
    files: { "package.json": { ...ROOT, dependencies: { a: "^1.0.0" } } },
    before: [["install", "--install-strategy=nested"]],
    args: ["dedupe"],
  },
  {
    name: "prune",
    files: { "package.json": ROOT },
    before: [
      ["install", "a"],
      ["pkg", "delete", "dependencies.a"],
    ],
    args: ["prune"],
  },
  { name: "unsaved", files: { "package.json": ROOT }, before: [["install", "b"]], args: ["install", "a", "--no-save"] },
  {
    name: "a folder of the project",
    files: {
      "package.json": ROOT,
      "lib/l/package.json": { name: "l", version: "1.0.0", dependencies: { b: "^2.0.0" } },
    },
    args: ["install", "./lib/l"],
  },
  {
    name: "Windows line ends, and tabs in the lock",
    files: {
      "package.json": '{\r\n  "name": "project",\r\n  "version": "1.0.0"\r\n}\r\n',
      "package-lock.json":
        '{\n\t"name": "project",\n\t"version": "1.0.0",\n\t"lockfileVersion": 3,\n\t"requires": true,\n\t"packages": {\n\t\t"": {\n\t\t\t"name": "project",\n\t\t\t"version": "1.0.0"\n\t\t}\n\t}\n}\n',
    },
    args: ["install", "a"],
  },
  {
    name: "a prefix, and an older lock, by .npmrc",
    files: { "package.json": ROOT },
    args: ["install", "a@1.0.0"],
    npmrc: "save-prefix=~\nlockfile-version=2\n",
  },
  {
    name: "a lock without addresses, by .npmrc",
    files: { "package.json": ROOT },
    args: ["install", "a"],
    npmrc: "omit-lockfile-registry-resolved=true\n",
  },
  {
    name: "nested, by .npmrc",
    files: { "package.json": ROOT },
    args: ["install", "a@1.0.0", "deep"],
    npmrc: "install-strategy=nested\n",
  },
  { name: "bundled by the project", files: { "package.json": ROOT }, args: ["install", "a", "--save-bundle"] },
  { name: "a peer", files: { "package.json": ROOT }, args: ["install", "b", "--save-peer"] },
  {
    name: "npm-shrinkwrap.json",
    files: { "package.json": ROOT },
    before: [["install", "b@2.0.0"], ["shrinkwrap"]],
    args: ["install", "a"],
    until: 12,
  },
  {
    name: "tabs, no newline, an odd order",
    files: { "package.json": '{\n\t"version": "1.0.0",\n\t"license": "MIT",\n\t"name": "project"\n}' },
    args: ["install", "a"],
  },
];

function write(folder: string, one: Case): void {
  const npmrc = `registry=${registry.url}\n@acme:registry=${scoped.url}\n${npmrcAuth(scoped.url, AUTH)}\n${one.npmrc ?? ""}`;
  layRepository(folder);
  for (const [path, content] of Object.entries({ ".npmrc": npmrc, ...one.files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** Manifests and lockfiles, byte for byte; of node_modules the names. */
function snapshot(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const read = (path: string) => (path.includes("node_modules") ? "" : readFileSync(join(folder, path), "utf8"));
  return Object.fromEntries(
    files
      .filter((path) => /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json)$/.test(path))
      .map((path) => [path, read(path)]),
  );
}

test("a peer conflict without legacy-peer-deps: npm's own refusal, and nothing is different", async () => {
  const folder = join(temporaryFolder(), "project");
  write(folder, { name: "", files: { "package.json": { ...ROOT, dependencies: { b: "^2.0.0" } } }, args: [] });
  const before = snapshot(folder);
  const args = ["install", "plugin"];
  const plain = await plainNpm(args, { cwd: folder, home: temporaryFolder() });
  expect(plain).toMatchObject({ exit: 1, stderr: expect.stringContaining("ERESOLVE") });
  await expect(openPart(folder, { args, home: temporaryFolder() })).rejects.toMatchObject({
    kind: "unavailable",
    code: "NOT_RESOLVED",
    message: expect.stringContaining("ERESOLVE"),
  });
  expect(snapshot(folder)).toEqual(before);
  expect(readdirSync(folder).toSorted()).toEqual([".git", ".npmrc", "package.json"]);
});

describe("byte for byte as plain npm against the same registry", () => {
  const line = Number(execFileSync("npm", ["--version"], { encoding: "utf8" }).split(".")[0]);
  test.each(CASES.filter(({ until = Infinity }) => line < until))("$name", async (one) => {
    const plain = join(temporaryFolder(), "project");
    write(plain, one);
    for (const args of one.before ?? [])
      expect(await plainNpm(args, { cwd: plain, home: temporaryFolder() })).toMatchObject({ exit: 0 });
    const ours = join(temporaryFolder(), "project");
    cpSync(plain, ours, { recursive: true, verbatimSymlinks: true });

    const cwd = one.cwd ?? ".";
    const outcome = await plainNpm(one.args, { cwd: join(plain, cwd), home: temporaryFolder() });
    expect(outcome).toMatchObject({ exit: 0 });
    const part = await openPart(join(ours, cwd), {
      args: one.args,
      home: temporaryFolder(),
      repositoryRoot: ours,
    });
    expect(part.unbound).toEqual([]);
    expect(await installAll(part)).toBe(0);
    // All of the project is installed, also where npm would leave the other workspaces as they are.
    const [found, expected] = [snapshot(ours), snapshot(plain)];
    if (one.args.includes("-w")) expect(found).toMatchObject(expected);
    else expect(found).toEqual(expected);
    expect(existsSync(join(ours, ".safe-install"))).toBe(false);
    expect(relative(ours, part.folder)).toBe("");
  });
});
