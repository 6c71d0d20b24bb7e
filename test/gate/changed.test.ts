import { onlyChanged } from "../../src/gate/changed.ts";
import type { Artifact, Digest, Part, Plugin, Project } from "../../src/plugin.ts";
import { loadLayers } from "../../src/project/policy-file.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { table } from "../../plugins/npm/table.ts";
import { part } from "../support/part.ts";
import { SafeInstallError } from "../../src/errors.ts";
import { testHost } from "../support/npm-session.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, expect, it } from "vitest";

let root: string;

beforeEach(() => {
  root = temporaryFolder();
  put(".signing-policy.json", { version: 1 });
});

function put(name: string, content: unknown): void {
  writeFileSync(join(root, name), JSON.stringify(content));
}

/** A lock of lines `NAME: DIGEST`, as JSON; an empty digest states none. */
type Lines = Readonly<Record<string, string>>;

function artifactsOf(lines: Lines): readonly Artifact[] {
  return Object.entries(lines).map(([name, hex]) => {
    const purl = `pkg:npm/${name}@1.0.0`;
    const digests: readonly Digest[] = hex === "" ? [] : [{ algorithm: "sha512", hex }];
    const ref = { ecosystem: "npm", name, version: "1.0.0", purl } as const;
    return { package: ref, digests, locations: [name], subjectNames: [purl], runsScripts: false };
  });
}

const lockOf = (artifacts: readonly Artifact[]): Part => part({ lockfile: join(root, "package-lock.json"), artifacts });

const plugin = {
  table,
  locate: async (request) => ({ request, folder: request.cwd, root: request.cwd, found: [], replaces: [] }),
  async *stages({ request: { cwd, lockfile = join(cwd, "package-lock.json") } }: Project) {
    const text = readFileSync(lockfile, "utf8");
    if (text === '"broken"') throw new SafeInstallError("unbound", "LOCK_UNSUPPORTED", "broken");
    yield lockOf(artifactsOf(JSON.parse(text) as Lines));
    return null;
  },
} as Partial<Plugin> as Plugin;

interface Asked {
  /** `--policy FILE`, from the root. */
  readonly policy?: string;
  /** The part has no lock file of its own: its folder is looked at. */
  readonly lockless?: boolean;
}

async function changed(lines: Lines, { policy: named, lockless = false }: Asked = {}) {
  const request = { purpose: "check", args: [], cwd: root } as const;
  const project = { request, folder: root, root, found: [], replaces: [] };
  const policy = named === undefined ? null : resolve(root, named);
  const loaded = await loadLayers({ project: root, loadTrustRoot, ...(policy === null ? {} : { policy }) });
  const opened = { plugin, project, bounds: { repositoryRoot: root, registries: [], loaded } };
  const host = testHost({ home: temporaryFolder(), env: GIT_ENV });
  const about = { since: "main", opened, policy };
  const now = lockOf(artifactsOf(lines));
  const { part: left, notes } = await onlyChanged(lockless ? { ...now, lockfile: null } : now, about, host);
  return { judged: left.artifacts.map(({ package: { name } }) => name), notGated: left.notGated, notes };
}

it("the same version with the same digest is left out, and named", async () => {
  put("package-lock.json", { a: "1", b: "2" });
  commitAll(root);
  expect(await changed({ a: "1", b: "3", c: "4" })).toEqual({
    judged: ["b", "c"],
    notGated: [{ kind: "unchanged", name: "a@1.0.0", detail: "main" }],
    notes: [expect.stringMatching(/^compared with refs\/heads\/main \([0-9a-f]{40}\)$/)],
  });
});

it("what no digest binds is judged every time", async () => {
  put("package-lock.json", { a: "" });
  commitAll(root);
  expect((await changed({ a: "" })).judged).toEqual(["a"]);
});

it("another policy: everything is judged", async () => {
  put("package-lock.json", { a: "1" });
  commitAll(root);
  put(".signing-policy.json", { version: 1, mode: "audit" });
  expect(await changed({ a: "1" })).toMatchObject({
    judged: ["a"],
    notes: ["policies, or files that they name, differ from main: everything is judged"],
  });
});

it("no lock to compare with: everything is judged", async () => {
  put("package-lock.json", "broken");
  commitAll(root);
  expect(await changed({ a: "1" })).toMatchObject({
    judged: ["a"],
    notes: ["main has no lock to compare with: everything is judged"],
  });
});

it.each([["working-tree-encoding=UTF-16LE"], ["filter=other"], ["ident"]])(
  "a lock that %s converts is not what anybody saw: everything is judged",
  async (attribute) => {
    put("package-lock.json", { a: "1" });
    commitAll(root);
    writeFileSync(join(root, ".gitattributes"), `package-lock.json ${attribute}\n`);
    git(root, "add", ".gitattributes");
    git(root, "commit", "--quiet", "--message", "converts");
    expect(await changed({ a: "1" })).toMatchObject({
      judged: ["a"],
      notes: [expect.stringContaining("main cannot be compared (package-lock.json is converted by a git attribute")],
    });
  },
);

it("the lock of a folder is compared where none is named", async () => {
  put("package-lock.json", { a: "1", b: "2" });
  commitAll(root);
  put("package-lock.json", "broken");
  expect(await changed({ a: "1", b: "3" }, { lockless: true })).toMatchObject({ judged: ["b"] });
});

it("a policy that is named counts as it was, and only while it is the same", async () => {
  put("named.json", { version: 1, mode: "audit" });
  put("package-lock.json", { a: "1" });
  commitAll(root);
  expect(await changed({ a: "1" }, { policy: "named.json" })).toMatchObject({ judged: [] });
  put(".signing-policy.json", { version: 1, mode: "audit" });
  expect(await changed({ a: "1" }, { policy: "named.json" })).toMatchObject({ judged: [] });
  put("named.json", { version: 1 });
  expect(await changed({ a: "1" }, { policy: "named.json" })).toMatchObject({ judged: ["a"] });
});

it("a bug while the revision's lock is read is none that is passed over", async () => {
  put("package-lock.json", "a text");
  commitAll(root);
  writeFileSync(join(root, "package-lock.json"), "{");
  git(root, "add", "package-lock.json");
  git(root, "commit", "--quiet", "--message", "no JSON");
  await expect(changed({ a: "1" })).rejects.toThrow(SyntaxError);
});

it("a policy outside of the repository has no earlier version: nothing beside the snapshot is taken for one", async () => {
  put("package-lock.json", { a: "1" });
  commitAll(root);
  const policy = join(temporaryFolder(), "corp.json");
  writeFileSync(policy, JSON.stringify({ version: 1 }));
  expect(await changed({ a: "1" }, { policy })).toMatchObject({
    judged: ["a"],
    notes: [`git knows no earlier version of ${policy}: everything is judged`],
  });
});

it("a policy of the revision that cannot be read: everything is judged", async () => {
  put(".signing-policy.json", { version: 7 });
  put("package-lock.json", { a: "1" });
  commitAll(root);
  put(".signing-policy.json", { version: 1 });
  expect(await changed({ a: "1" })).toMatchObject({
    judged: ["a"],
    notes: ["policies, or files that they name, differ from main: everything is judged"],
  });
});

it("outside of a repository there is nothing to compare with", async () => {
  put("named.json", { version: 1 });
  await expect(changed({ a: "1" }, { policy: "named.json" })).rejects.toMatchObject({ code: "NO_REPOSITORY" });
});
