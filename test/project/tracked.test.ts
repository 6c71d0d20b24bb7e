import { pathsIn, trackedAmong } from "../../src/project/tracked.ts";
import { LIMITS } from "../../src/limits.ts";
import { commitAll, git } from "../support/git.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function lay(...init: readonly string[]): string {
  const folder = temporaryFolder();
  git(folder, "init", "--quiet", ...init);
  mkdirSync(join(folder, "tools/bin"), { recursive: true });
  mkdirSync(join(folder, "own/bin"), { recursive: true });
  for (const name of ["tools/bin/pip", "tools/bin/pip3", "tools/bin/python", "own/bin/pip"])
    writeFileSync(join(folder, name), "");
  writeFileSync(join(folder, ".gitignore"), "/own/\n");
  symlinkSync("own", join(folder, "link"));
  return folder;
}

describe("what git tracks", () => {
  it.each([
    ["version 2", [], ["update-index", "--index-version", "2"]],
    ["version 3", [], ["update-index", "--skip-worktree", "tools/bin/pip3"]],
    ["version 4", [], ["update-index", "--index-version", "4"]],
    ["a split index", [], ["update-index", "--split-index"]],
    ["SHA-256", ["--object-format=sha256"], ["status"]],
  ] as const)("is read from the index: %s", async (_, init, then) => {
    const folder = lay(...init);
    commitAll(folder);
    git(folder, ...then);
    const ask = (...names: string[]) =>
      trackedAmong(
        names.map((name) => join(folder, name)),
        folder,
      );
    for (const name of ["tools/bin/pip", "tools/bin/pip3", "tools/bin/python"])
      expect(await ask("own/bin/pip", name)).toBe(join(folder, name));
    expect(await ask("tools/BIN/Pip")).toBe(join(folder, "tools/BIN/Pip"));
    expect(await ask("own/bin/pip", "nowhere/pip", "tools/bin/pip2")).toBeNull();
    expect(await ask("link/bin/pip")).toBe(join(folder, "link"));
    expect(await ask("own", "tools")).toBe(join(folder, "tools"));
    expect(await ask("tool", "own")).toBeNull();
  });

  it("is all of a folder that a sparse index names as a whole", async () => {
    const folder = lay();
    commitAll(folder);
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "elsewhere");
    mkdirSync(join(folder, "tools/bin"), { recursive: true });
    writeFileSync(join(folder, "tools/bin/new"), "");
    expect(await trackedAmong([join(folder, "tools/bin/new")], folder)).toBe(join(folder, "tools"));
    expect(await trackedAmong([join(folder, "own/bin/pip"), join(folder, "toolsmith")], folder)).toBeNull();
    mkdirSync(join(folder, "own/tools"), { recursive: true });
    expect(await trackedAmong([join(folder, "own/tools")], folder)).toBeNull();
  });

  it("cannot be told where the index is no file", async () => {
    const folder = lay();
    mkdirSync(join(folder, ".git/index"));
    await expect(trackedAmong([join(folder, "tools/bin/pip")], folder)).rejects.toMatchObject({
      code: "INDEX_UNREADABLE",
      hint: expect.stringContaining("outside of the repository") as string,
    });
  });

  it("counts in the repository of the project alone", async () => {
    const folder = lay();
    commitAll(folder);
    expect(await trackedAmong([join(folder, "tools/bin/pip")], temporaryFolder())).toBeNull();
  });

  it("is what a link leads to, also where nobody tracks the link", async () => {
    const folder = lay();
    commitAll(folder);
    symlinkSync("../tools", join(folder, "own/led"));
    expect(await trackedAmong([join(folder, "own/led/bin/pip")], folder)).toBe(join(folder, "tools/bin/pip"));
    expect(await trackedAmong([join(folder, "own/bin/pip")], folder)).toBeNull();
  });

  it("is read through any length of names, and in no other format", () => {
    const folder = lay();
    const names = ["a".repeat(200), `${"b/".repeat(90)}c`, "d"];
    for (const name of names) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), "");
    }
    commitAll(folder);
    git(folder, "update-index", "--index-version", "4");
    const index = readFileSync(join(folder, ".git/index"));
    expect(pathsIn(index)).toEqual(expect.arrayContaining(names));
    expect(pathsIn(Buffer.concat([Buffer.from("CRID"), index.subarray(4)]))).toBeNull();
    for (const version of [1, 5]) {
      const other = Buffer.from(index);
      other.writeUInt32BE(version, 4);
      expect(pathsIn(other)).toBeNull();
    }
  });

  it("cannot be told from more than is read", async () => {
    const folder = lay();
    commitAll(folder);
    truncateSync(join(folder, ".git/index"), LIMITS.gitBytes + 1);
    await expect(trackedAmong([join(folder, "tools/bin/pip")], folder)).rejects.toMatchObject({
      code: "INDEX_UNREADABLE",
    });
  });

  it("is never a guess, wherever an index is cut off", () => {
    const folder = lay();
    commitAll(folder);
    const index = readFileSync(join(folder, ".git/index"));
    const whole = pathsIn(index);
    expect(whole).toContain("tools/bin/pip");
    for (let length = 0; length < index.length; length++)
      expect([null, whole], `${length} bytes`).toContainEqual(pathsIn(index.subarray(0, length), 20));
  });

  it("is nothing where there is no index, and unknown where it is cut off", async () => {
    const folder = lay();
    const ask = () => trackedAmong([join(folder, "tools/bin/pip")], folder);
    expect(await ask()).toBeNull();
    commitAll(folder);
    truncateSync(join(folder, ".git/index"), 100);
    await expect(ask()).rejects.toMatchObject({ code: "INDEX_UNREADABLE" });
  });
});
