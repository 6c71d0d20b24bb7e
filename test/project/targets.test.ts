/** Which locks `check` judges: those of the folder, and every one that is staged below it. */
import { openRevision } from "../../src/project/revision.ts";
import { findTargets } from "../../src/project/targets.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { testHost } from "../support/npm-session.ts";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;
beforeEach(() => {
  root = temporaryFolder();
  put("package.json");
  commitAll(root);
});
function put(path: string, text = ""): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const HASHED = `widget==1.0.0 --hash=sha256:${"a".repeat(64)}\n`;

async function staged(cwd = root, files: readonly string[] = []) {
  git(root, "add", "--all");
  const host = testHost({ home: temporaryFolder(), env: GIT_ENV });
  const [index, before] = [await openRevision(cwd, null, host), await openRevision(cwd, "HEAD", host)];
  const { found, unread, unhashed } = await findTargets(files, cwd, { index, before });
  const shown = found.map(({ plugin, cwd: folder, lockfile }) =>
    [plugin.table.ecosystem, (lockfile ?? join(folder, "*")).slice(root.length + 1)].join(" "),
  );
  return { found: shown.toSorted(), unread, unhashed };
}

describe("where there is no lock at all", () => {
  it.each([
    ["app.csproj", "nuget"],
    ["pyproject.toml", "pypi"],
    ["package.json", "npm"],
  ])("the installer whose project has a %s says what it misses", async (name, ecosystem) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), "");
    const { found } = await findTargets([], folder);
    expect(found.map(({ plugin, lockfile }) => [plugin.table.ecosystem, lockfile])).toEqual([[ecosystem, undefined]]);
  });
});

describe("staged", () => {
  it("each of every installer is judged, wherever it lies, whatever lies in the working tree", async () => {
    put("package-lock.json");
    put("py/uv.lock");
    put("py/pylock.toml");
    put("net/packages.lock.json");
    put("net/.config/dotnet-tools.json");
    put("js/package-lock.json");
    put("yarn/yarn.lock");
    git(root, "add", "--all");
    for (const name of ["py", "net", "js", "yarn"]) rmSync(join(root, name), { recursive: true });
    git(root, "update-index", "--skip-worktree", "py/uv.lock", "py/pylock.toml", "net/packages.lock.json");
    git(
      root,
      "update-index",
      "--skip-worktree",
      "net/.config/dotnet-tools.json",
      "js/package-lock.json",
      "yarn/yarn.lock",
    );
    expect(await staged()).toEqual({
      found: [
        "npm *",
        "npm js/*",
        "nuget net/*",
        "nuget net/.config/dotnet-tools.json",
        "pypi py/pylock.toml",
        "pypi py/uv.lock",
      ],
      unread: ["yarn/yarn.lock"],
      unhashed: [],
    });
  });

  it("where no lock lies, and a commit touches none below, there is nothing to judge", async () => {
    put("app/package-lock.json");
    put("app/package.json");
    commitAll(root);
    put("README.md", "words");
    const nothing = { found: [], unread: [], unhashed: [] };
    expect(await staged()).toEqual(nothing);
    put("other/package.json", "{}");
    expect((await staged()).found).toEqual(["npm *"]);
    commitAll(root);
    put("app/package-lock.json", "{}");
    expect((await staged()).found).toEqual(["npm app/*"]);
    git(root, "rm", "--quiet", "--force", "app/package-lock.json");
    expect((await staged()).found).toEqual(["npm *"]);
    // What goes elsewhere is no matter here.
    expect(await staged(join(root, "other"))).toEqual(nothing);
  });

  it("a folder that is spelt by another way than the repository is not one that nothing lies in", async () => {
    put("package-lock.json");
    const linked = join(temporaryFolder(), "linked");
    symlinkSync(root, linked);
    expect((await staged(linked)).found).not.toEqual([]);
  });

  it("what the last commit has so is not asked for again; the folder itself is", async () => {
    put("package-lock.json");
    put("a/package-lock.json");
    put("b/package-lock.json");
    commitAll(root);
    put("b/package-lock.json", "{}");
    expect((await staged()).found).toEqual(["npm *", "npm b/*"]);
    expect((await staged(join(root, "b"))).found).toEqual(["npm b/*"]);
  });

  it("a manifest counts for the next lock above it", async () => {
    put("app/package-lock.json");
    commitAll(root);
    put("app/packages/one/.npmrc", "x=y");
    expect((await staged()).found).toEqual(["npm app/*"]);
  });

  it("a link with the name of a lock is asked for, and so refused", async () => {
    put("app/package-lock.json");
    commitAll(root);
    symlinkSync("package-lock.json", join(root, "app", "npm-shrinkwrap.json"));
    expect((await staged()).found).toEqual(["npm app/*"]);
    symlinkSync("../app/package-lock.json", (put("b/x"), join(root, "b", "package-lock.json")));
    expect((await staged()).found).toEqual(["npm app/*", "npm b/package-lock.json"]);
  });

  it("a link of that name is none of what another installer takes for its own there", async () => {
    put("b/uv.lock");
    symlinkSync("../package.json", join(root, "b", "package-lock.json"));
    expect((await staged()).found).toEqual(["npm b/package-lock.json", "pypi b/*"]);
    put("c/uv.lock");
    put("c/pylock.dev.toml");
    symlinkSync("uv.lock", join(root, "c", "pylock.toml"));
    const found = (await staged()).found.filter((one) => one.includes(" c/"));
    expect(found).toEqual(["pypi c/pylock.dev.toml", "pypi c/pylock.toml", "pypi c/uv.lock"]);
  });

  it("locks of packages that somebody committed are not the project's: they are named", async () => {
    put("package-lock.json");
    put("node_modules/a/npm-shrinkwrap.json");
    put("node_modules/a/package.json");
    put("tools/node_modules/uv.lock");
    const unread = ["node_modules/a/npm-shrinkwrap.json", "tools/node_modules/uv.lock"];
    expect(await staged()).toEqual({ found: ["npm *"], unread, unhashed: [] });
    commitAll(root);
    expect((await staged()).unread).toEqual([]);
  });

  it("one that lies in a folder of its own name is judged once, for the folder above", async () => {
    put("requirements/dev.txt", HASHED);
    put("py/requirements/dev.txt", HASHED);
    put("py/uv.lock");
    put(".config/dotnet-tools.json");
    const found = ["nuget .config/dotnet-tools.json", "pypi py/requirements/dev.txt", "pypi py/uv.lock"];
    expect((await staged()).found).toEqual([...found, "pypi requirements/dev.txt"]);
    expect((await staged(join(root, "py/requirements"))).found).toEqual(["pypi py/requirements/dev.txt"]);
  });
});

describe("requirements without hashes", () => {
  it("beside a lock they are named", async () => {
    put("uv.lock");
    put("requirements.txt", "widget\n");
    expect(await staged()).toEqual({ found: ["pypi uv.lock"], unread: [], unhashed: ["requirements.txt"] });
  });

  it("those that lost them are a lock still", async () => {
    put("requirements.txt", HASHED);
    commitAll(root);
    put("uv.lock");
    put("requirements.txt", "widget\n");
    expect(await staged()).toMatchObject({ found: ["pypi requirements.txt", "pypi uv.lock"], unhashed: [] });
  });
});

it("named locks are what is asked for", async () => {
  put("a/uv.lock");
  expect((await staged(root, ["a/uv.lock"])).found).toEqual(["pypi a/uv.lock"]);
  put("requirements/dev.txt", HASHED);
  expect((await staged(root, ["requirements/dev.txt"])).found).toEqual(["pypi requirements/dev.txt"]);
  expect((await staged(join(root, "requirements"), ["dev.txt"])).found).toEqual(["pypi requirements/dev.txt"]);
  put("deps.txt", HASHED);
  expect((await staged(root, ["deps.txt"])).found).toEqual(["pypi deps.txt"]);
  await expect(findTargets(["deps.toml"], root)).rejects.toMatchObject({
    code: "UNKNOWN_LOCKFILE",
    hint: expect.stringMatching(/^known: .*package-lock\.json, /) as string,
  });
  await expect(findTargets(["Cargo.lock"], root)).rejects.toMatchObject({ code: "UNKNOWN_LOCKFILE" });
  await expect(findTargets(["pdm.lock"], root)).rejects.toMatchObject({
    code: "UNKNOWN_LOCKFILE",
    message: "pdm.lock is a lock that is not supported",
    hint: expect.stringMatching(/another one; known: .*package-lock\.json, /) as string,
  });
  for (const name of ["b/uv.lock", "nowhere/package-lock.json", "packages.lock.json"])
    await expect(findTargets([name], root)).rejects.toMatchObject({
      kind: "usage",
      code: "NO_SUCH_FILE",
      hint: "without a name: the locks of this folder",
      message: `${name} does not exist`,
    });
});

describe("where there is nothing to judge", () => {
  it("an index that nothing is compared with does not say that nothing was touched", async () => {
    const folder = join(root, "deep");
    mkdirSync(folder);
    const index = await openRevision(folder, null, testHost({ home: temporaryFolder(), env: GIT_ENV }));
    const { found } = await findTargets([], folder, { index: { ...index, known: new Map() } });
    expect(found.map(({ plugin, cwd }) => [plugin.table.ecosystem, cwd])).toEqual([["npm", folder]]);
  });

  it("a lock that nobody here reads is named", async () => {
    put("pnpm-lock.yaml");
    put("package.json", "{}");
    await expect(findTargets([], root)).rejects.toMatchObject({
      code: "UNKNOWN_LOCKFILE",
      message: expect.stringMatching(/^pnpm-lock\.yaml/),
    });
  });

  it("a folder of no project says so", async () => {
    await expect(findTargets([], temporaryFolder())).rejects.toMatchObject({
      kind: "usage",
      code: "NO_LOCKFILE",
      hint: expect.stringMatching(/init -- npm install NAME, or safe-install init -- /) as string,
    });
  });

  it("a folder inside a project is the project's", async () => {
    put("app/pyproject.toml");
    mkdirSync(join(root, "app/src/deep"), { recursive: true });
    const { found } = await findTargets([], join(root, "app/src/deep"));
    expect(found.map(({ plugin }) => plugin.table.ecosystem)).toEqual(["pypi"]);
  });
});
