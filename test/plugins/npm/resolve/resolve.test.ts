import { temporaryFolder } from "../../../support/folder.ts";
import { openPart } from "../../../support/npm-session.ts";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

async function open(packages: Readonly<Record<string, object>>, dependencies = { widget: "1.0.0" }) {
  const project = temporaryFolder();
  const root = { name: "project", version: "1.0.0", dependencies };
  writeFileSync(join(project, "package.json"), JSON.stringify(root));
  const lock = { name: "project", lockfileVersion: 3, requires: true, packages: { "": root, ...packages } };
  writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
  return openPart(project, { home: temporaryFolder(), purpose: "check" });
}

describe("entries that cannot be bound", () => {
  test.each([
    ["outside of the project", { "../node_modules/widget": { version: "1.0.0" } }],
    ["without an exact version", { "node_modules/widget": { version: "^1.0.0" } }],
    ["without a version", { "node_modules/widget": {} }],
    ["with a blank behind its version", { "node_modules/widget": { version: "1.0.0 " } }],
    ["with an address that is none", { "node_modules/widget": { version: "1.0.0", resolved: "widget@latest" } }],
  ])("%s", async (_, packages) => {
    const part = await open(packages);
    expect(part.unbound.map(({ location }) => location)).toContain(Object.keys(packages)[0]);
    expect(part.unbound.filter(({ denial }) => denial.code !== "LOCK_UNSUPPORTED")).toEqual([]);
    expect(part.artifacts).toEqual([]);
  });
});

describe("text that npm's own parser throws at", () => {
  test.each([
    ["an address", { version: "1.0.0", resolved: "x @ https://mallory.example/x" }, {}],
    [
      "a range",
      { version: "1.0.0", resolved: "https://mallory.example/x.tgz" },
      { peerDependencies: { other: "a b" } },
    ],
    ["a blank integrity", { version: "1.0.0", integrity: " " }, {}],
  ])("%s is denied, not a crash", async (_, other, asking) => {
    const part = await open({ "node_modules/other": other, "node_modules/widget": { version: "1.0.0", ...asking } });
    expect(part.unbound.length).toBeGreaterThan(0);
  });
});

test("a scope that npm takes from another registry than the lock says so", async () => {
  const project = temporaryFolder();
  const root = { name: "project", version: "1.0.0", dependencies: { "@acme/widget": "1.0.0", widget: "1.0.0" } };
  const entry = (name: string) => ({ version: "1.0.0", resolved: `https://npm.example/${name}/-/widget-1.0.0.tgz` });
  const packages = {
    "": root,
    "node_modules/@acme/widget": entry("@acme/widget"),
    "node_modules/widget": entry("widget"),
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(root));
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ name: "project", lockfileVersion: 3, packages }));
  writeFileSync(join(project, ".npmrc"), "registry=https://npm.example/\n@acme:registry=https://own.example/\n");
  const { unbound, artifacts } = await openPart(project, { home: temporaryFolder(), purpose: "check" });
  expect(artifacts.map(({ package: { name } }) => name)).toEqual(["widget"]);
  expect(unbound.map(({ denial }) => denial)).toMatchObject([
    {
      code: "FOREIGN_REGISTRY",
      message: expect.stringContaining("npm is configured to take @acme from elsewhere"),
      details: [{ expected: "https://own.example", found: "https://npm.example" }],
    },
  ]);
});

test.each(["out", "out/not-there"])("a folder behind a link that leads out is nobody's: %s", async (folder) => {
  const project = temporaryFolder();
  symlinkSync(temporaryFolder(), join(project, "out"));
  const root = { name: "project", version: "1.0.0", dependencies: { widget: `file:${folder}` } };
  const packages = {
    "": root,
    "node_modules/widget": { resolved: folder, link: true },
    [folder]: { version: "1.0.0" },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(root));
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ name: "project", lockfileVersion: 3, packages }));
  const { unbound } = await openPart(project, { home: temporaryFolder(), purpose: "check" });
  expect(unbound.map(({ denial }) => denial.code)).toContain("FILE_DEPENDENCY");
});

describe("a check is for every machine", () => {
  const LOCKED = {
    "node_modules/widget": { version: "1.0.0" },
    "node_modules/dev": { version: "1.0.0", dev: true },
    "node_modules/far": { version: "1.0.0", optional: true, os: ["plan9"], cpu: ["none"] },
  };

  test.each([
    ["omit[]=dev of the project's .npmrc", "omit[]=dev\nomit[]=optional\n", {}],
    ["production of the project's .npmrc", "production=true\noptional=false\n", {}],
    ["NODE_ENV", "", { NODE_ENV: "production" }],
    ["os and cpu of the project's .npmrc", "os=aix\ncpu=ppc64\n", {}],
  ])("%s leaves nothing out", async (_, npmrc, env) => {
    const project = temporaryFolder();
    const root = {
      name: "project",
      version: "1.0.0",
      dependencies: { widget: "1.0.0" },
      devDependencies: { dev: "1.0.0" },
      optionalDependencies: { far: "1.0.0" },
    };
    writeFileSync(join(project, "package.json"), JSON.stringify(root));
    writeFileSync(join(project, ".npmrc"), npmrc);
    const lock = { name: "project", lockfileVersion: 3, requires: true, packages: { "": root, ...LOCKED } };
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    const part = await openPart(project, { home: temporaryFolder(), purpose: "check", env });
    const names = [
      ...part.artifacts.map(({ package: { name } }) => name),
      ...part.unbound.map(({ location }) => location),
    ];
    expect(names.map((name) => name.replace("node_modules/", "")).sort()).toEqual(["dev", "far", "widget"]);
    expect(part.notGated).toEqual([]);
  });
});
