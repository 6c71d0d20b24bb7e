import { temporaryFolder } from "../support/folder.ts";
import { installAll, openPart } from "../support/npm-session.ts";
import { type Locked, writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** A policy speaks of real names: no lock and no registry puts one package where code asks for another. */

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = temporaryFolder();
});

async function serve(): Promise<Registry> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  for (const name of ["widget", "mallory", "other"]) registry.publish({ name, version: "1.0.0" });
  registry.publish({ name: "asks", version: "1.0.0", dependencies: { widget: "npm:mallory@^1.0.0" } });
  return registry;
}

const TOP = "node_modules/widget";
const NESTED = "node_modules/other/node_modules/widget";

function mallory(registry: Registry, at: string): Locked {
  const { resolved, integrity } = registry.tarballOf("mallory", "1.0.0");
  return { name: "widget", version: "1.0.0", at, entry: { name: "mallory", resolved, integrity } };
}

describe("another package in the folder of one", () => {
  test.each([
    ["at the top", TOP, { widget: "^1.0.0", other: "1.0.0" }, {}],
    ["below another", NESTED, { other: "1.0.0" }, { dependencies: { widget: "^1.0.0" } }],
    ["as a peer", TOP, { other: "1.0.0" }, { peerDependencies: { widget: "*" } }],
    ["where nothing asks", TOP, { other: "1.0.0" }, {}],
    ["for an alias of yet another", TOP, { widget: "npm:other@1.0.0", other: "1.0.0" }, {}],
  ])("%s is refused", async (_, at, dependencies, entry) => {
    const registry = await serve();
    const locked = [{ name: "other", version: "1.0.0", entry }, mallory(registry, at)];
    writeProject(project, registry, { manifest: { dependencies }, locked });
    const { unbound, artifacts } = await openPart(project, { home });
    expect(unbound).toMatchObject([{ location: at, denial: { code: "LOCK_UNSUPPORTED" } }]);
    expect(artifacts.map(({ package: { name } }) => name)).toEqual(["other"]);
  });

  test.each([
    ["asks a registry", { widget: "^1.0.0" }],
    ["asks for nothing", {}],
  ])("by a link to a folder of the repository, where package.json %s", async (_, dependencies) => {
    const registry = await serve();
    writeProject(project, registry, {
      manifest: { dependencies },
      lock: {
        packages: {
          "": { name: "project", version: "1.0.0", dependencies },
          fixture: { name: "widget", version: "1.0.0" },
          [TOP]: { resolved: "fixture", link: true },
        },
      },
      files: { "fixture/package.json": { name: "widget", version: "1.0.0" } },
    });
    const { unbound } = await openPart(project, { home });
    expect(unbound).toMatchObject([{ location: TOP, denial: { code: "FILE_DEPENDENCY" } }]);
  });

  test.each([
    ["that nothing links to", {}],
    ["that is not there", { "node_modules/ghost": { resolved: "ghost", link: true } }],
  ])("by the wish of a folder %s: only the lock says so", async (_, link) => {
    const registry = await serve();
    const ghost = { name: "ghost", version: "1.0.0", dependencies: { widget: "npm:mallory@1.0.0" } };
    const { resolved, integrity } = registry.tarballOf("mallory", "1.0.0");
    const dependencies = { ...(Object.keys(link).length > 0 ? { ghost: "file:ghost" } : {}), widget: "^1.0.0" };
    writeProject(project, registry, {
      manifest: { dependencies },
      lock: {
        packages: {
          "": { name: "project", version: "1.0.0", dependencies },
          ghost,
          ...link,
          [TOP]: { name: "mallory", version: "1.0.0", resolved, integrity },
        },
      },
    });
    const { unbound } = await openPart(project, { home });
    expect(unbound).toMatchObject([{ location: TOP, denial: { code: "LOCK_UNSUPPORTED" } }]);
  });

  test("by an alias that only the lock says a package asks for", async () => {
    const registry = await serve();
    const entry = { dependencies: { widget: "npm:mallory@^1.0.0" } };
    writeProject(project, registry, {
      manifest: { dependencies: { other: "1.0.0" } },
      locked: [{ name: "other", version: "1.0.0", entry }, mallory(registry, NESTED)],
    });
    const part = await openPart(project, { home });
    await expect(installAll(part)).rejects.toMatchObject({ denial: { code: "PACKAGE_MISMATCH" } });
  });

  test("by a registry that says so while npm resolves", async () => {
    const registry = await serve();
    registry.publish({ name: "widget", version: "1.0.1", manifest: { name: "mallory" } });
    writeProject(project, registry, { locked: [] });
    await expect(openPart(project, { home, args: ["install", "widget"] })).rejects.toMatchObject({
      kind: "unbound",
      code: "PACKAGE_MISMATCH",
    });
    const typed = await openPart(project, { home, args: ["install", "widget@npm:mallory@1.0.0"] });
    expect(typed.artifacts.map(({ package: { purl } }) => purl)).toEqual(["pkg:npm/mallory@1.0.0"]);
  });
});

describe("an alias that is meant", () => {
  test("by the project, also for what asks by the folder's name", async () => {
    const registry = await serve();
    writeProject(project, registry, {
      manifest: { dependencies: { widget: "npm:mallory@^1.0.0", other: "1.0.0" } },
      locked: [
        { name: "other", version: "1.0.0", entry: { peerDependencies: { widget: "*" } } },
        mallory(registry, TOP),
      ],
    });
    expect(await openPart(project, { home }).then(installAll)).toBe(0);
    expect(readFileSync(join(project, TOP, "index.js"), "utf8")).toContain("mallory@1.0.0");
  });

  test("by an override of the project", async () => {
    const registry = await serve();
    writeProject(project, registry, {
      manifest: { dependencies: { other: "1.0.0" }, overrides: { widget: "npm:mallory@1.0.0" } },
      locked: [
        { name: "other", version: "1.0.0", entry: { dependencies: { widget: "^1.0.0" } } },
        mallory(registry, TOP),
      ],
    });
    expect(await openPart(project, { home }).then(installAll)).toBe(0);
  });

  test("by a package whose archive says so", async () => {
    const registry = await serve();
    writeProject(project, registry, { locked: [] });
    expect(await openPart(project, { home, args: ["install", "asks"] }).then(installAll)).toBe(0);
    expect(await openPart(project, { home, args: ["ci"] }).then(installAll)).toBe(0);
    expect(readFileSync(join(project, TOP, "index.js"), "utf8")).toContain("mallory@1.0.0");
  });
});

test.each([
  ["our own package.json", { dependencies: { widget: "npm:mallory@^1.0.0" } }, {}],
  [
    "our own overrides",
    { dependencies: { other: "1.0.0" }, overrides: { widget: "npm:mallory@1.0.0" } },
    { widget: "*" },
  ],
  ["a package", { dependencies: { other: "1.0.0" } }, { widget: "npm:mallory@^1.0.0" }],
])("an alias of %s is not answered by the package of the alias's own name", async (_, manifest, dependencies) => {
  const registry = await serve();
  const { resolved, integrity } = registry.tarballOf("widget", "1.0.0");
  writeProject(project, registry, {
    manifest,
    locked: [
      ...("other" in manifest.dependencies ? [{ name: "other", version: "1.0.0", entry: { dependencies } }] : []),
      { name: "widget", version: "1.0.0", at: TOP, entry: { resolved, integrity } },
    ],
  });
  const { unbound } = await openPart(project, { home, purpose: "check" });
  expect(unbound).toMatchObject([{ location: TOP, denial: { code: "LOCK_UNSUPPORTED" } }]);
});

test("nor an alias of a workspace, below it", async () => {
  const registry = await serve();
  const { resolved, integrity } = registry.tarballOf("widget", "1.0.0");
  const a = { name: "a", version: "1.0.0", dependencies: { widget: "npm:mallory@^1.0.0" } };
  const manifest = { name: "project", version: "1.0.0", workspaces: ["packages/a"] };
  const packages = {
    "": manifest,
    "node_modules/a": { resolved: "packages/a", link: true },
    "packages/a": a,
    "packages/a/node_modules/widget": { version: "1.0.0", resolved, integrity },
  };
  writeProject(project, registry, { manifest, lock: { packages }, files: { "packages/a/package.json": a } });
  const { unbound } = await openPart(project, { home, purpose: "check" });
  expect(unbound).toMatchObject([{ location: "packages/a/node_modules/widget", denial: { code: "LOCK_UNSUPPORTED" } }]);
});
