import { passedBy } from "../../src/project/left-behind.ts";
import type { Snapshot } from "../../src/project/snapshot.ts";
import { loadLayersFrom, openRevision } from "../../src/project/revision.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { testHost } from "../support/npm-session.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

function put(path: string, content: unknown): void {
  putInto(root, path, content);
}
const host = () => testHost({ home: temporaryFolder(), env: GIT_ENV });
const load = (project: string, from: Parameters<typeof loadLayersFrom>[3] = {}) =>
  loadLayersFrom("main", { project: join(root, project), loadTrustRoot }, host(), from);
const saying = (packages: string) => ({ version: 1, rules: [{ packages: [packages], unsigned: "deny" }] });
const namesOf = async (loaded: ReturnType<typeof load>) => (await loaded).layers.map(({ name }) => name);

const OUTER = ".signing-policy.json";
const INNER = "app/.signing-policy.json";

describe("an inner policy of the revision speaks, although it is not on the way to the project any more", () => {
  it("a renamed folder does not leave its policy behind: it is named, and asked for the lock that is new", async () => {
    put(".signing-policy.json", saying("npm:outer"));
    put("app/.signing-policy.json", saying("npm:inner"));
    put("app/package-lock.json", {});
    put("other/.signing-policy.json", saying("npm:other"));
    put("other/package-lock.json", {});
    put("fixtures/.signing-policy.json", saying("npm:fixture"));
    commitAll(root);
    rmSync(join(root, "app"), { recursive: true });
    put("renamed/package-lock.json", {});
    const { layers, notes } = await load("renamed");
    expect(layers.map(({ name }) => name)).toEqual([".signing-policy.json", "app/.signing-policy.json"]);
    expect(notes.join()).toContain("app/.signing-policy.json: a lock that was under it is gone");
    expect((await load("other")).layers.map(({ name }) => name)).toEqual([
      ".signing-policy.json",
      "other/.signing-policy.json",
    ]);
  });

  it("a file of another lock's name in the place of the one that went does not hold the policy back", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/package-lock.json", {});
    commitAll(root);
    rmSync(join(root, "app/package-lock.json"));
    put("app/old-requirements.txt", "");
    put("renamed/package-lock.json", {});
    expect(await namesOf(load("renamed"))).toEqual([OUTER, INNER]);
    put("app/package-lock.json", {});
    expect(await namesOf(load("renamed"))).toEqual([OUTER]);
  });

  it("a folder that became a link to another one does not lose its policy, although the lock there is not new", async () => {
    put(".signing-policy.json", saying("npm:outer"));
    put("app/.signing-policy.json", saying("npm:inner"));
    put("app/package-lock.json", {});
    put("other/package-lock.json", {});
    put("third/package-lock.json", {});
    commitAll(root);
    rmSync(join(root, "app"), { recursive: true });
    symlinkSync("other", join(root, "app"));
    for (const folder of ["app", "other"]) {
      const { layers, notes } = await load(folder);
      expect(layers.map(({ name }) => name)).toEqual([".signing-policy.json", "app/.signing-policy.json"]);
      expect(notes.join()).toContain("app/.signing-policy.json: its folder is a link to this one now");
    }
    expect((await load("third")).layers.map(({ name }) => name)).toEqual([".signing-policy.json"]);
    put("renamed/package-lock.json", {});
    expect((await load("renamed")).layers).toHaveLength(2);
  });

  it("a copy of its folder is a project of its own: the policy is named, and not asked", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/package-lock.json", {});
    put("old/package-lock.json", {});
    commitAll(root);
    put("copy/package-lock.json", {});
    const { layers, notes } = await load("copy");
    expect(layers.map(({ name }) => name)).toEqual([OUTER]);
    expect(notes.join("\n")).toMatch(/^not asked, .*: app\/\.signing-policy\.json$/m);
    for (const known of ["old", "app"]) expect((await load(known)).notes.join()).not.toContain("not asked");
  });

  it("where the command was typed below it: an installer takes another folder for the project, as the change wants it", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/deep/.signing-policy.json", saying("npm:deep"));
    put("other/.signing-policy.json", saying("npm:other"));
    commitAll(root);
    const deep = "app/deep/.signing-policy.json";
    expect(await namesOf(load(".", { cwd: join(root, "app/deep/er") }))).toEqual([OUTER, INNER, deep]);
    expect(await namesOf(load(".", { cwd: join(root, "app") }))).toEqual([OUTER, INNER]);
    expect(await namesOf(load("app", { cwd: join(root, "app/deep") }))).toEqual([OUTER, INNER, deep]);
    expect(await namesOf(load("."))).toEqual([OUTER]);
    expect(await namesOf(load("other", { cwd: join(root, "app") }))).toEqual([OUTER, "other/.signing-policy.json"]);
    expect((await load(".", { cwd: join(root, "app") })).notes.join()).toContain(
      `${INNER}: the command was typed below`,
    );
  });

  it("where its folder gave its lock up for that of the project around it; not where all of it is gone", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/package.json", {});
    put("app/package-lock.json", {});
    put("package-lock.json", {});
    commitAll(root);
    expect(await namesOf(load("."))).toEqual([OUTER]);
    rmSync(join(root, "app/package-lock.json"));
    expect(await namesOf(load("."))).toEqual([OUTER, INNER]);
    rmSync(join(root, "app/package.json"));
    expect(await namesOf(load("."))).toEqual([OUTER]);
    put("app/deep/er/package.json", {});
    expect(await namesOf(load("."))).toEqual([OUTER, INNER]);
    rmSync(join(root, INNER));
    expect((await load(".")).notes.join()).toContain(`${INNER}: a lock that was under it is gone`);
    rmSync(join(root, "app"), { recursive: true });
    expect(await namesOf(load("."))).toEqual([OUTER]);
    // What an installer has put there is nobody's manifest.
    put("app/node_modules/a/package.json", {});
    put("app/deep/node_modules/a/package.json", {});
    expect(await namesOf(load("."))).toEqual([OUTER]);
  });

  it("as the index has it, where that is what is judged", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/package-lock.json", {});
    put("other/package-lock.json", {});
    commitAll(root);
    git(root, "mv", "app/package-lock.json", "other/package-lock.json", "--force");
    git(root, "rm", "--quiet", "--cached", "other/package-lock.json");
    put("new/package-lock.json", {});
    put("new/.signing-policy.json", saying("npm:new"));
    git(root, "add", "new");
    put("app/package-lock.json", {});
    rmSync(join(root, "new/.signing-policy.json"));
    const index = await openRevision(root, null, host());
    expect(await namesOf(load("new", { index }))).toEqual([OUTER, INNER, "new/.signing-policy.json"]);
    expect(await namesOf(load("new"))).toEqual([OUTER]);
  });

  it("where its folder gave its lock up in the index, whatever the working tree has of it", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/package.json", {});
    put("app/package-lock.json", {});
    put("package-lock.json", {});
    commitAll(root);
    git(root, "rm", "--quiet", "--cached", "app/package-lock.json");
    rmSync(join(root, "app"), { recursive: true });
    const index = await openRevision(root, null, host());
    expect(await namesOf(load(".", { index }))).toEqual([OUTER, INNER]);
    expect(await namesOf(load("."))).toEqual([OUTER]);
  });

  it("where only the index has a link in the place of its folder", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/package-lock.json", {});
    put("other/package-lock.json", {});
    commitAll(root);
    rmSync(join(root, "app"), { recursive: true });
    symlinkSync("other", join(root, "app"));
    git(root, "add", "--all");
    rmSync(join(root, "app"));
    put("app/package-lock.json", {});
    const index = await openRevision(root, null, host());
    expect(await namesOf(load("other", { index }))).toEqual([OUTER, INNER]);
    expect(await namesOf(load("other"))).toEqual([OUTER]);
  });

  it("not where the index has a link elsewhere, and its own lock lies there as it did", async () => {
    put(OUTER, saying("npm:outer"));
    put(INNER, saying("npm:inner"));
    put("app/package-lock.json", {});
    put("other/package-lock.json", {});
    commitAll(root);
    symlinkSync("other", join(root, "application"));
    put("new/package-lock.json", {});
    git(root, "add", "--all");
    rmSync(join(root, "app/package-lock.json"));
    const index = await openRevision(root, null, host());
    for (const project of ["other", "new"]) expect(await namesOf(load(project, { index }))).toEqual([OUTER]);
    expect(await namesOf(load("new"))).toEqual([OUTER, INNER]);
  });
});

describe("policies that a project with a new lock passes by", () => {
  const before = (policies: readonly string[], locks: readonly string[]): Snapshot => ({
    folder: "/snapshot",
    root: "/repo",
    leftOut: new Map(),
    known: new Map(locks.map((path) => [path, "100644 id"])),
    policies,
  });
  const ALL = [
    OUTER,
    INNER,
    "app/deep/.signing-policy.json",
    "other/.signing-policy.json",
    "apple/.signing-policy.json",
  ];

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      "/repo/app",
      [],
      [],
      ["app/deep/.signing-policy.json", "other/.signing-policy.json", "apple/.signing-policy.json"],
    ],
    ["/repo/app/deep", [], [], ["other/.signing-policy.json", "apple/.signing-policy.json"]],
    ["/repo", [], [], ALL.slice(1)],
    [
      "/repo/app",
      [],
      ["other/.signing-policy.json", OUTER],
      ["app/deep/.signing-policy.json", "apple/.signing-policy.json"],
    ],
    ["/repo/app", ["app/package-lock.json"], [], []],
    ["/repo/app", ["app/package.json", "other/package-lock.json", "app/deep/uv.lock"], ALL, []],
    [
      "/repo/app/deep",
      ["app/package-lock.json", "app/deep/readme.md"],
      ALL.slice(0, 4),
      ["apple/.signing-policy.json"],
    ],
  ])("%s, locks %j, asked %j: %j", (project, locks, asked, expected) => {
    expect(passedBy(before(ALL, locks), { project, cwd: project }, new Set(asked))).toEqual(expected);
  });
});
