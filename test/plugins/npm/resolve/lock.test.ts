import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { openPart } from "../../../support/npm-session.ts";
import type { Code } from "../../../../src/plugin.ts";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = { name: "p", version: "1.0.0", dependencies: { a: "1.0.0" } };
const A = { version: "1.0.0", resolved: "http://127.0.0.1:9/a/-/a-1.0.0.tgz" };
const LOCK = { lockfileVersion: 3, packages: { "": ROOT, "node_modules/a": A } };

function project(lock: unknown, files: Readonly<Record<string, unknown>> = {}): string {
  const folder = temporaryFolder();
  const all = { ".npmrc": "registry=http://127.0.0.1:9/\n", "package.json": ROOT, "package-lock.json": lock, ...files };
  for (const [name, content] of Object.entries(all)) {
    if (content !== undefined) putInto(folder, name, content);
  }
  return folder;
}

function open(folder: string, purpose: "install" | "check") {
  return openPart(folder, { home: temporaryFolder(), purpose });
}

describe("locks of which nothing can be bound", () => {
  const entry = (more: object) => ({ ...LOCK, packages: { ...LOCK.packages, "node_modules/a": { ...A, ...more } } });
  const rows: [string, Code, unknown, Readonly<Record<string, unknown>>?][] = [
    ["v1", "LOCK_UNSUPPORTED", { lockfileVersion: 1, dependencies: {} }],
    ["v4", "LOCK_UNSUPPORTED", { ...LOCK, lockfileVersion: 4 }],
    ["no version", "LOCK_UNSUPPORTED", { packages: LOCK.packages }],
    ["a version as text", "LOCK_UNSUPPORTED", { ...LOCK, lockfileVersion: "3" }],
    ["no packages", "LOCK_UNSUPPORTED", { lockfileVersion: 3 }],
    ["an entry that is none", "LOCK_UNSUPPORTED", { ...LOCK, packages: { "node_modules/a": "x" } }],
    ["null", "LOCK_UNSUPPORTED", "null"],
    ["merge conflicts", "LOCK_UNSUPPORTED", `<<<<<<< a\n${JSON.stringify(LOCK)}\n=======\n>>>>>>> b\n`],
    ["a name twice", "LOCK_UNSUPPORTED", JSON.stringify(LOCK).replace('"version"', '"version":"9.9.9","version"')],
    ["a patched package", "LOCK_PATCHED", entry({ patched: { path: "patches/a.patch", integrity: "x" } })],
    ["a patched package of v4", "LOCK_PATCHED", { ...entry({ patched: { path: "p" } }), lockfileVersion: 4 }],
    ["patchedDependencies", "LOCK_PATCHED", LOCK, { "package.json": { ...ROOT, patchedDependencies: { a: "p" } } }],
    ["packageExtensions", "LOCK_EXTENSION", LOCK, { "package.json": { ...ROOT, packageExtensions: {} } }],
    ["an applied extension", "LOCK_EXTENSION", entry({ packageExtensionsApplied: true })],
    [
      "the hash of an extension",
      "LOCK_EXTENSION",
      { ...LOCK, packages: { ...LOCK.packages, "": { ...ROOT, npmExtensionHash: "x" } } },
    ],
    ["an integrity that is no text", "LOCK_UNSUPPORTED", entry({ integrity: true })],
    ["a resolved that is a list", "LOCK_UNSUPPORTED", entry({ resolved: [] })],
    ["dependencies that are a list", "LOCK_UNSUPPORTED", entry({ dependencies: ["b"] })],
    ["a table that npm never wrote", "LOCK_UNSUPPORTED", { ...LOCK, package: {} }],
    ["packages that are a list", "LOCK_UNSUPPORTED", { ...LOCK, packages: [] }],
    [".npm-extension.mjs", "LOCK_EXTENSION", LOCK, { ".npm-extension.mjs": "" }],
    [".npm-extension.cjs", "LOCK_EXTENSION", LOCK, { ".npm-extension.cjs": "" }],
  ];
  test.each(rows)("%s: %s", async (_, code, lock, files = {}) => {
    const part = await open(project(lock, files), "install");
    expect(part.unbound).toMatchObject([{ package: null, denial: { code } }]);
    expect(part.unbound[0]?.denial.hint).toBeTruthy();
    expect(part.artifacts).toEqual([]);
    await expect(part.install([])).rejects.toMatchObject({ code: "LOCK_UNSUPPORTED" });
  });
});

test.each([
  ["package.json", { "package.json": '{\n"name":"p",\n"version":"1.0.0",\n"name":"q"\n}' }, "a package.json"],
  [
    "the lock",
    { "package-lock.json": JSON.stringify(LOCK, null, 1).replace('"name"', '"name": "q",\n"name"') },
    "a lockfile",
  ],
])("a name twice in %s is told with its line, and is no merge conflict", async (_, files, what) => {
  const [one] = (await open(project(LOCK, files), "check")).unbound;
  expect(one?.denial.message).toMatch(new RegExp(`^${what} with a duplicate name "name" in line [4-6] `));
  expect(one?.denial.hint).toBe("keep one of the two: npm takes the last");
});

test.each([
  ["what npm does not act on", '"main":"a.js","main":"b.js"'],
  ["what says the same", '"scripts":{"a":"b"},"scripts":{"a":"b"}'],
])("a name twice in our own package.json, %s: the last counts, as for npm", async (_, members) => {
  const manifest = JSON.stringify({ name: "project", version: "1.0.0", dependencies: { a: "1.0.0" } });
  const files = { "package.json": `${manifest.slice(0, -1)},${members}}` };
  expect((await open(project(LOCK, files), "check")).unbound).toEqual([]);
});

test("a package that brings its own lock is told as that", async () => {
  const packages = { ...LOCK.packages, "node_modules/a": { ...A, hasShrinkwrap: true } };
  const [one] = (await open(project({ ...LOCK, packages }), "check")).unbound;
  expect(one?.denial).toMatchObject({
    code: "LOCK_IN_PACKAGE",
    message: expect.stringContaining('"node_modules/a" brings its own lock'),
    hint: expect.not.stringContaining("patches"),
  });
});

test("no lockfile: the way to one", async () => {
  await expect(open(project(undefined), "check")).rejects.toMatchObject({
    kind: "usage",
    code: "NO_LOCKFILE",
    hint: expect.stringContaining("--package-lock-only") as string,
  });
});

test("check reads a lock in another folder, and needs neither node_modules nor the network", async () => {
  const folder = project({ ...LOCK, lockfileVersion: 2 });
  const part = await openPart(temporaryFolder(), {
    home: temporaryFolder(),
    purpose: "check",
    lockfile: join(folder, "package-lock.json"),
    repositoryRoot: folder,
    offline: true,
  });
  expect(part.folder).toBe(folder);
  expect(part.artifacts.map(({ package: { purl } }) => purl)).toEqual(["pkg:npm/a@1.0.0"]);
});

test.each([
  ["no version", { version: undefined }],
  ["a range", { version: "^1.0.0" }],
  ["a version with a path", { version: "1.0.0/../.." }],
  ["a name that is none", { name: "a b" }],
])("an entry with %s cannot be bound", async (_, more) => {
  const part = await open(project({ ...LOCK, packages: { "": ROOT, "node_modules/a": { ...A, ...more } } }), "check");
  expect(part.unbound).toMatchObject([{ location: "node_modules/a", denial: { code: "LOCK_UNSUPPORTED" } }]);
});
