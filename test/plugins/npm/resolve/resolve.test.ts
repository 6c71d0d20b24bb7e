import { temporaryFolder } from "../../../support/folder.ts";
import { openPart } from "../../../support/npm-session.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

test("what a lock is told of says no line of its own", async () => {
  const project = temporaryFolder();
  const own = { name: "a", version: "1.0.0", dependencies: { gadget: "1.0.0" } };
  const root = { name: "project", version: "1.0.0", workspaces: ["packages/a"] };
  mkdirSync(join(project, "packages/a"), { recursive: true });
  writeFileSync(join(project, "packages/a/package.json"), JSON.stringify(own));
  writeFileSync(join(project, "package.json"), JSON.stringify(root));
  const gadget = { version: "1.0.0", dependencies: { widget: "2.0.0\nsafe-install: all of it is proven" } };
  const linked = { "node_modules/a": { resolved: "packages/a", link: true }, "packages/a": own };
  const packages = { "": root, ...linked, "packages/a/node_modules/gadget": gadget };
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ name: "project", lockfileVersion: 3, packages }));
  const notices: string[] = [];
  await openPart(project, { home: temporaryFolder(), purpose: "check", notices });
  expect(notices.length).toBeGreaterThan(0);
  expect(notices.join("")).not.toContain("\n");
});

async function open(packages: Readonly<Record<string, object>>, dependencies = { widget: "1.0.0" }) {
  const project = temporaryFolder();
  const root = { name: "project", version: "1.0.0", dependencies };
  writeFileSync(join(project, "package.json"), JSON.stringify(root));
  const lock = { name: "project", lockfileVersion: 3, requires: true, packages: { "": root, ...packages } };
  writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
  return openPart(project, { home: temporaryFolder(), purpose: "check" });
}

/** What is said of a lock that lacks what `widget` names there. */
async function saidOf(asked: object, purpose: "check" | "install", env: Readonly<Record<string, string>> = {}) {
  const project = temporaryFolder();
  const root = { name: "project", version: "1.0.0", dependencies: { widget: "1.0.0" } };
  writeFileSync(join(project, "package.json"), JSON.stringify(root));
  const packages = { "": root, "node_modules/widget": { version: "1.0.0", ...asked } };
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ name: "project", lockfileVersion: 3, packages }));
  const notices: string[] = [];
  await openPart(project, { home: temporaryFolder(), purpose, notices, env });
  return notices;
}

test("peers that the lock lacks are named, but where npm looks for none", async () => {
  const asked = { peerDependencies: { gadget: "^2.0.0" } };
  const words = 'the lock lacks gadget@^2.0.0, a peer of "node_modules/widget": npm looks for it and fails';
  expect(await saidOf(asked, "check")).toEqual([expect.stringContaining(words)]);
  expect(await saidOf(asked, "check", { npm_config_legacy_peer_deps: "true" })).toEqual([]);
});

test("optional packages that the lock lacks are one line, where something is installed", async () => {
  const asked = { optionalDependencies: { gadget: "^2.0.0", other: "1.0.0" } };
  const words = 'the lock lacks gadget@^2.0.0, an optional package of "node_modules/widget", and 1 more: not installed';
  expect(await saidOf(asked, "install")).toEqual([expect.stringContaining(words)]);
  expect(await saidOf(asked, "check")).toEqual([]);
});

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

describe("what npm passes by", () => {
  const FIT = { "node_modules/widget": { version: "1.0.0" } };
  const LEFT_OVER = { version: "1.0.0", resolved: "https://mallory.example/x.tgz", extraneous: true };
  const open2 = (more: Readonly<Record<string, object>>) => open({ ...FIT, ...more });

  test.each<[string, Readonly<Record<string, object>>]>([
    ["an entry that has no more than a place", { "node_modules/far": { optional: true } }],
    ["what a published workspace has left over", { "@acme/left": LEFT_OVER }],
    [
      "a workspace whose folder is gone",
      { "packages/b": { version: "1.0.0", extraneous: true, dependencies: { x: "1" } } },
    ],
  ])("%s: nothing of it is fetched, nothing stands in the way", async (_, more) => {
    const part = await open2(more);
    expect(part.unbound).toEqual([]);
    expect(part.artifacts.map(({ package: { name } }) => name)).toEqual(["widget"]);
  });

  test.each<[string, Readonly<Record<string, object>>]>([
    ["a place that has to be filled", { "node_modules/far": {} }],
    ["a place of what package.json cannot do without", { "node_modules/widget": { optional: true } }],
    ["a place with an address", { "node_modules/far": { optional: true, resolved: "https://mallory.example/x.tgz" } }],
    ["a place with a digest", { "node_modules/far": { optional: true, integrity: "sha512-AAAA" } }],
    ["an archive outside of node_modules that does not say so", { "@acme/left": { ...LEFT_OVER, extraneous: false } }],
    [
      "one that something links to",
      { "@acme/left": LEFT_OVER, "node_modules/left": { resolved: "@acme/left", link: true } },
    ],
  ])("%s is none of these", async (_, more) => {
    const part = await open2(more);
    expect(part.unbound.length).toBeGreaterThan(0);
  });

  test("a byte-order mark of the lock", async () => {
    const project = temporaryFolder();
    const root = { name: "project", version: "1.0.0", dependencies: { widget: "1.0.0" } };
    writeFileSync(join(project, "package.json"), JSON.stringify(root));
    const lock = JSON.stringify({ name: "project", lockfileVersion: 3, packages: { "": root, ...FIT } });
    writeFileSync(join(project, "package-lock.json"), `\uFEFF${lock}`);
    const part = await openPart(project, { home: temporaryFolder(), purpose: "check" });
    expect([part.unbound.length, part.artifacts.length]).toEqual([0, 1]);
  });

  test("what the lock has for a workspace counts, and is said", async () => {
    const project = temporaryFolder();
    const root = { name: "project", version: "1.0.0", workspaces: ["packages/a"], overrides: { gadget: "2.0.0" } };
    const own = { name: "a", version: "1.0.0", dependencies: { widget: "2.0.0", other: "1.0.0" } };
    mkdirSync(join(project, "packages/a"), { recursive: true });
    writeFileSync(join(project, "package.json"), JSON.stringify(root));
    writeFileSync(join(project, "packages/a/package.json"), JSON.stringify(own));
    const packages = {
      "": root,
      "node_modules/a": { resolved: "packages/a", link: true },
      "packages/a": own,
      "packages/a/node_modules/widget": { version: "1.0.0" },
      "node_modules/other": { version: "1.0.0", dependencies: { gadget: "^1.0.0" } },
      "node_modules/gadget": { version: "1.0.0" },
    };
    writeFileSync(
      join(project, "package-lock.json"),
      JSON.stringify({ name: "project", lockfileVersion: 3, packages }),
    );
    const notices: string[] = [];
    const part = await openPart(project, { home: temporaryFolder(), purpose: "check", notices });
    expect(part.unbound).toEqual([]);
    expect(notices.toSorted()).toEqual([
      'safe-install: the lock has gadget@1.0.0 where "node_modules/other" asks for ^1.0.0, and an override of package.json for gadget@2.0.0; npm installs it all the same',
      'safe-install: the lock has widget@1.0.0 where "packages/a" asks for widget@2.0.0; npm installs it all the same',
    ]);
  });
});

test("a lock over another registry is one denial, with what settles it; a few are told apart", async () => {
  const places = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `node_modules/p${at}`,
        { version: "1.0.0", resolved: `https://mirror.example/p${at}/-/p${at}-1.0.0.tgz` },
      ]),
    );
  const dependencies = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, "1.0.0"]));
  const open2 = async (count: number) => (await open(places(count), dependencies(count) as { widget: string })).unbound;
  expect((await open2(5)).length).toBe(5);
  const [one, ...others] = await open2(300);
  expect([one?.package, others]).toEqual([null, []]);
  expect(one?.denial).toMatchObject({
    code: "FOREIGN_REGISTRY",
    message: expect.stringMatching(/^300 packages, node_modules\/p\d+ and others: /),
    hint: expect.stringMatching(/"npm": \["https:\/\/mirror\.example"\].*replace-registry-host=mirror\.example/),
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
