import { type Git, openGit } from "../../src/project/git.ts";
import { inRepository, inSnapshot, takeSnapshot } from "../../src/project/snapshot.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

let root: string;
let opened: Git;

beforeEach(async () => {
  root = join(temporaryFolder(), "project");
  put("package.json", "{}");
  put("package-lock.json", "first");
  put("src/index.js", "code");
  put("ä \u0001 b/package.json", "odd");
  put(".signing-policy.json", JSON.stringify({ trust: { a: { trustedRoot: "keys/./root.json" } } }));
  put("keys/root.json", "root");
  commitAll(root);
  opened = await openGit(root, GIT_ENV);
});

function put(path: string, content: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

it("git sees nothing of this process's own surroundings", async () => {
  vi.stubEnv("GIT_OBJECT_DIRECTORY", join(root, "nowhere"));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await opened.resolve("HEAD")).not.toBeNull();
});

const filesOf = async (...args: Parameters<Git["files"]>) => (await opened.files(...args)).map(({ path }) => path);

describe("git", () => {
  it("reads the files of a commit, whatever their names, not those of the working tree", async () => {
    put("package-lock.json", "second");
    const commit = (await opened.resolve("main")).commit;
    const files = await opened.files({ commit });
    expect(files.map(({ path }) => path)).toContain("ä \u0001 b/package.json");
    const lock = files.find(({ path }) => path === "package-lock.json");
    const contents = await opened.read([lock?.id ?? "", lock?.id ?? ""]);
    expect(contents.get(lock?.id ?? "")?.toString()).toBe("first");
  });

  it("reads the index: what is staged, not what lies there", async () => {
    put("package-lock.json", "staged");
    git(root, "add", "package-lock.json");
    put("package-lock.json", "later");
    const lock = (await opened.files("index")).find(({ path }) => path === "package-lock.json");
    expect((await opened.read([lock?.id ?? ""])).get(lock?.id ?? "")?.toString()).toBe("staged");
  });

  it.each(["nowhere", "--output=/tmp/x", "main..main", "main:package.json", ""])(
    "%j is no commit: it could not be found out",
    async (revision) => {
      await expect(opened.resolve(revision)).rejects.toMatchObject({
        kind: "unavailable",
        code: "REVISION_UNKNOWN",
        message: `${revision}: there is no such commit here`,
        hint: expect.stringContaining("a shallow clone may lack it") as string,
      });
    },
  );

  it("is found outside of the repository alone", async () => {
    put("git", "");
    chmodSync(join(root, "git"), 0o755);
    await expect(openGit(root, { PATH: root })).rejects.toMatchObject({
      kind: "installer",
      code: "GIT_NOT_FOUND",
      hint: expect.stringContaining("install git") as string,
    });
  });

  it("an index with a merge conflict is none that could be committed", async () => {
    const id = git(root, "rev-parse", "HEAD:package.json");
    for (const stage of [1, 2]) {
      const input = `100644 ${id} ${stage}\ta/package.json\n`;
      execFileSync("git", ["update-index", "--index-info"], { cwd: root, env: GIT_ENV, input });
    }
    await expect(opened.files("index")).rejects.toMatchObject({
      kind: "usage",
      code: "INDEX_CONFLICT",
      message: "a/package.json: the index holds a merge conflict",
      hint: "resolve it and stage the result",
    });
  });

  it("says in its own words why it does nothing, and what to do where it does not trust the folder", async () => {
    await expect(opened.files({ commit: "0".repeat(40) })).rejects.toMatchObject({
      kind: "unavailable",
      code: "GIT_FAILED",
      message: expect.stringMatching(/^git: fatal: .*[^\n]$/) as string,
    });
    await expect(opened.files({ commit: "0".repeat(40) })).rejects.not.toHaveProperty("hint", expect.anything());
    expect(await opened.read([])).toEqual(new Map());
    const id = git(root, "rev-parse", "HEAD:package.json");
    const tree = git(root, "rev-parse", "HEAD:src");
    expect((await opened.read([id, id])).get(id)?.toString()).toBe("{}");
    await expect(opened.read([id, tree])).rejects.toMatchObject({ code: "OBJECT_MISSING" });
  });

  it.skipIf(process.getuid?.() !== 0)("does not read what belongs to somebody else", async () => {
    for (const path of [".git", "."]) chownSync(join(root, path), 12_345, 12_345);
    for (const asked of [opened.resolve("main"), opened.files("index")])
      await expect(asked).rejects.toMatchObject({
        code: "GIT_FAILED",
        hint: expect.stringContaining("safe.directory") as string,
      });
  });

  it("looks at no repository further up", async () => {
    rmSync(join(root, ".git"), { recursive: true });
    mkdirSync(join(root, ".git"));
    git(dirname(root), "init", "--quiet");
    await expect((await openGit(root, GIT_ENV)).resolve("HEAD")).rejects.toMatchObject({ code: "GIT_FAILED" });
  });

  it("what the environment says of another repository does not count", async () => {
    const other = join(temporaryFolder(), "other");
    mkdirSync(other);
    writeFileSync(join(other, "x"), "");
    commitAll(other);
    const env = { ...GIT_ENV, GIT_DIR: join(other, ".git"), GIT_WORK_TREE: other };
    expect((await (await openGit(root, env)).files("index")).map(({ path }) => path)).toContain("package.json");
  });

  it("replaced objects are not believed", async () => {
    const commit = (await opened.resolve("main")).commit;
    put("src/evil.js", "evil");
    const evil = commitAll(root);
    git(root, "replace", commit, evil);
    expect(git(root, "ls-tree", "-r", "--name-only", commit)).toContain("evil.js");
    expect(await filesOf({ commit })).not.toContain("src/evil.js");
  });

  it("runs nothing that the repository's own configuration names, and fetches nothing", async () => {
    const mark = join(dirname(root), "ran");
    const script = join(root, "run.sh");
    put("run.sh", `#!/bin/sh\necho "$@" >> '${mark}'\nexit 1\n`);
    chmodSync(script, 0o755);
    put(".gitattributes", "* filter=evil diff=evil\n");
    const blob = git(root, "rev-parse", "HEAD:keys/root.json");
    for (const [key, value] of [
      ["core.fsmonitor", script],
      ["core.hooksPath", root],
      ["core.pager", script],
      ["core.sshCommand", script],
      ["filter.evil.smudge", script],
      ["filter.evil.clean", script],
      ["diff.evil.textconv", script],
      ["alias.cat-file", `!${script}`],
      ["protocol.ext.allow", "always"],
      ["extensions.partialClone", "origin"],
      ["remote.origin.promisor", "true"],
      ["remote.origin.url", `ext::${script} fetch`],
    ] as const)
      git(root, "config", key, value);
    git(root, "config", "core.repositoryFormatVersion", "1");
    rmSync(join(root, ".git", "objects", blob.slice(0, 2), blob.slice(2)));

    const commit = (await opened.resolve("main")).commit;
    await opened.files({ commit });
    await opened.files("index");
    await expect(opened.read([blob])).rejects.toMatchObject({
      code: "OBJECT_MISSING",
      hint: expect.stringContaining("clone without it") as string,
    });
    expect(existsSync(mark)).toBe(false);

    // The same question without our settings: the trap is one.
    expect(() => git(root, "cat-file", "blob", blob)).toThrow();
    expect(existsSync(mark)).toBe(true);
  });
});

describe("snapshot", () => {
  it("holds manifests, locks and policies, what a policy names, and nothing else", async () => {
    put("node_modules/a/package.json", "committed");
    symlinkSync("/etc/passwd", join(root, "requirements.txt"));
    commitAll(root);
    const folder = temporaryFolder();
    const snapshot = await takeSnapshot(opened, { commit: (await opened.resolve("main")).commit }, root, folder);
    const has = (path: string) => existsSync(join(folder, path));
    expect(readFileSync(join(folder, "package-lock.json"), "utf8")).toBe("first");
    expect(readFileSync(join(folder, "keys/root.json"), "utf8")).toBe("root");
    expect([".git", "package.json", "ä \u0001 b/package.json"].map(has)).toEqual([true, true, true]);
    expect(["src/index.js", "node_modules/a/package.json", "requirements.txt"].map(has)).toEqual([false, false, false]);
    expect(inSnapshot(snapshot, join(root, "a"))).toBe(join(folder, "a"));
    expect(inRepository(snapshot, join(folder, "a"))).toBe(join(root, "a"));
    expect(inRepository(snapshot, "/elsewhere")).toBe("/elsewhere");
  });

  it.each(["../package.json", "a/../../package.json", ".git/package.json", "a/.GIT/package.json", "/package.json"])(
    "a tree that names %s is refused",
    async (path) => {
      const made: Git = {
        resolve: async () => ({ commit: "", ref: null, way: "" }),
        files: async () => [{ path, mode: "100644", id: "1" }],
        read: async () => new Map([["1", Buffer.from("x")]]),
        converted: async () => new Set(),
      };
      await expect(takeSnapshot(made, "index", root, temporaryFolder())).rejects.toMatchObject({
        code: "TREE_STRANGE",
      });
    },
  );
});
