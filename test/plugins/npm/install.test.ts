import { npm } from "../../../plugins/npm/index.ts";
import { findNpm } from "../../../plugins/npm/installer.ts";
import { readsShrinkwrap } from "../../../plugins/npm/resolve/lock.ts";
import type { Part } from "../../../src/plugin.ts";
import { isolated } from "../../support/cli.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { layRepository } from "../../support/repository.ts";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";

const own = await findNpm(tmpdir(), isolated(tmpdir()));
const INTEGRITY = `sha512-${Buffer.alloc(64).toString("base64")}`;

interface Told {
  /** Beside `dependencies` of the project. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Entries of the lock by their place, beside the root's. */
  readonly entries?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly purpose?: "check" | "install";
  readonly npmrc?: string;
}

const entry = (name: string, more: object = {}) => ({
  [`node_modules/${name}`]: {
    version: "1.0.0",
    resolved: `https://npm.example/${name}/-/${name}-1.0.0.tgz`,
    integrity: INTEGRITY,
    ...more,
  },
});

/** Every part of a project whose lock stands under a registry that nobody asks anything. */
async function partsOf({ manifest = {}, entries = {}, files = {}, purpose = "check", npmrc = "" }: Told) {
  const project = realpathSync(temporaryFolder());
  const root = { name: "project", version: "1.0.0", ...manifest };
  layRepository(project);
  putInto(project, "package.json", root);
  putInto(project, "package-lock.json", { lockfileVersion: 3, requires: true, packages: { "": root, ...entries } });
  putInto(project, ".npmrc", `registry=https://npm.example/\n${npmrc}`);
  for (const [path, content] of Object.entries(files)) putInto(project, path, content);
  const notices: string[] = [];
  const host = testHost({ home: temporaryFolder(), notices });
  const located = await npm.locate({ purpose, args: purpose === "check" ? [] : ["ci"], cwd: project }, host);
  const stages = npm.stages(located, { repositoryRoot: project, registries: [] }, host);
  const parts: Part[] = [];
  let step = await stages.next([]);
  while (step.done !== true) {
    parts.push(step.value);
    if (purpose === "install") break;
    step = await stages.next([]);
  }
  return { parts, part: parts[0]!, notices, project, end: step.value };
}

const namesOf = ({ artifacts }: Part) => artifacts.map(({ package: { name } }) => name).toSorted();

it("a check is for every machine; an installation is for this one, and tells what the others have", async () => {
  const told = {
    manifest: { dependencies: { a: "1.0.0" }, devDependencies: { b: "1.0.0" } },
    entries: { ...entry("a"), ...entry("b", { dev: true }) },
    npmrc: "omit=dev\n",
  };
  const installed = await partsOf({ ...told, purpose: "install" });
  expect(namesOf(installed.part)).toEqual(["a"]);
  expect(namesOf(await installed.part.everywhere!())).toEqual(["a", "b"]);
  const checked = await partsOf(told);
  expect(checked.parts.map(namesOf)).toEqual([["a", "b"]]);
  expect(checked.end).toBeNull();
  expect(checked.part.lockfile).toBe(`${checked.project}/package-lock.json`);
});

it("a lock that cannot be bound is not read any further", async () => {
  const { parts } = await partsOf({
    files: { "package-lock.json": '{"lockfileVersion": 3, "packages": {}, "packages": {}}' },
  });
  expect(parts.map(({ artifacts, unbound }) => [artifacts.length, unbound.map(({ denial }) => denial.code)])).toEqual([
    [0, ["LOCK_UNSUPPORTED"]],
  ]);
});

it.skipIf(!readsShrinkwrap(own))(
  "a shrinkwrap that an older npm reads, and another lock beside it: both are judged",
  async () => {
    const lock = { lockfileVersion: 3, packages: { "": { dependencies: { a: "1.0.0" } }, ...entry("a") } };
    const told = {
      manifest: { dependencies: { a: "1.0.0" } },
      entries: { ...entry("a"), ...entry("b", { extraneous: true }) },
    };
    const { parts, notices, project } = await partsOf({ ...told, files: { "npm-shrinkwrap.json": lock } });
    expect(parts.map(({ lockfile }) => lockfile)).toEqual([
      `${project}/npm-shrinkwrap.json`,
      `${project}/package-lock.json`,
    ]);
    expect(notices).toEqual([
      `safe-install: ${project}/package-lock.json differs from ${project}/npm-shrinkwrap.json, which this npm reads: both are judged`,
    ]);
    const same = await partsOf({ entries: {}, files: { "npm-shrinkwrap.json": lock, "package-lock.json": lock } });
    expect(same.parts).toHaveLength(1);
    expect(same.notices).toEqual([]);
  },
);

const ADDS = "npm install --package-lock-only --ignore-scripts adds what is missing";
const peers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, "^1.0.0"]));
const ofPeer = (at: number) =>
  `safe-install: the lock lacks p${at}@^1.0.0, a peer of "node_modules/a": npm looks for it and fails; ${ADDS}`;

it.each([
  [1, [ofPeer(0)]],
  [5, [0, 1, 2, 3, 4].map(ofPeer)],
  [7, [...[0, 1, 2, 3, 4].map(ofPeer), "safe-install: ... and 2 more of that kind"]],
])("%i peers that the lock lacks are told of, the first five by name", async (count, expected) => {
  const { notices } = await partsOf({
    manifest: { dependencies: { a: "1.0.0" } },
    entries: entry("a", { peerDependencies: peers(count) }),
  });
  expect(notices).toEqual(expected);
});

it("optional packages that the lock lacks are told of in one line, where something is installed", async () => {
  const told = (optionalDependencies: object) => ({
    manifest: { dependencies: { a: "1.0.0" } },
    entries: entry("a", { optionalDependencies }),
  });
  const one = await partsOf({ ...told({ x: "1" }), purpose: "install" });
  const says = (more: string) =>
    `safe-install: the lock lacks x@1, an optional package of "node_modules/a"${more}: not installed; ${ADDS}`;
  expect(one.notices).toEqual([says("")]);
  expect((await partsOf({ ...told({ x: "1", y: "2", z: "3" }), purpose: "install" })).notices).toEqual([
    says(", and 2 more"),
  ]);
  expect((await partsOf(told({ x: "1" }))).notices).toEqual([]);
});

it("what only a workspace asks for, and the lock has otherwise, is told of and installed all the same", async () => {
  const told = (dependencies: object, more: object, overrides = {}) => ({
    manifest: { workspaces: ["packages/*"], overrides },
    entries: {
      "node_modules/w": { resolved: "packages/w", link: true },
      "packages/w": { version: "1.0.0", dependencies },
      ...more,
    },
    files: { "packages/w/package.json": { name: "w", version: "1.0.0", dependencies } },
  });
  const below = { "packages/w/node_modules/b": { ...entry("b")["node_modules/b"] } };
  expect((await partsOf(told({ b: "^1.0.0" }, below, { b: "2.0.0" }))).notices).toEqual([
    'safe-install: the lock has b@1.0.0 where "packages/w" asks for ^1.0.0, and an override of package.json for b@2.0.0; npm installs it all the same',
  ]);
  expect((await partsOf(told({ b: "^2.0.0" }, below))).notices).toEqual([
    'safe-install: the lock has b@1.0.0 where "packages/w" asks for b@^2.0.0; npm installs it all the same',
  ]);
});
