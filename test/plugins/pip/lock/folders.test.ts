import { withFolders } from "../../../../plugins/pip/lock/folders.ts";
import { EMPTY } from "../../../../plugins/pip/lock/locked.ts";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-")));
  for (const folder of ["repository/app/own", "repository/core", "outside"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const place of ["repository/app/own/pyproject.toml", "repository/core/setup.py", "repository/app/a.whl"])
    writeFileSync(join(root, place), "");
  symlinkSync("../../outside", join(root, "repository/app/linked"), "junction");
  symlinkSync("../core", join(root, "repository/app/inside"), "junction");
});
afterEach(() => rmSync(root, { recursive: true }));

async function look(path: string, mustHaveProject = false, isBuilt = false) {
  const lock = { ...EMPTY, folders: [{ name: "a", version: null, path, mustHaveProject, isBuilt }] };
  const found = await withFolders(lock, join(root, "repository/app"), join(root, "repository"));
  return [...found.unbound.map(({ denial }) => denial.code), ...found.notGated.map(({ kind }) => kind)];
}

describe("a folder that a lock calls ours", () => {
  it.each([".", "own", "../core", "inside", "not-there", "inside/../core", "own/../own"])("%s is", async (path) => {
    expect(await look(path)).toEqual(["first-party"]);
  });

  it.each(["..", "../core", "./own", ".", "./inside"])("%s, with a project in it", async (path) => {
    expect(await look(path, true)).toEqual([path === ".." ? "FILE_DEPENDENCY" : "first-party"]);
  });

  it.each([
    "linked",
    "linked/x",
    "linked/../own",
    "linked/../../app",
    "../..",
    "../../outside",
    "own/../../../outside",
    "a.whl",
  ])("%s is not", async (path) => {
    expect(await look(path)).toEqual(["FILE_DEPENDENCY"]);
  });

  it("one that is built, with what builds it", async () => {
    expect(await look("own", false, true)).toEqual(["first-party", "unlocked"]);
    expect(await look("linked", false, true)).toEqual(["FILE_DEPENDENCY"]);
  });

  it("one without a project, where its tool would take something else", async () => {
    expect(await look("./not-there", true)).toEqual(["FILE_DEPENDENCY"]);
  });
});
