import { endsOf, findRepository, gitFolderOf, groundsOf } from "../../src/project/ends.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, parse, sep } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;
let inner: string;

beforeEach(() => {
  root = temporaryFolder();
  inner = join(root, "a/b");
  mkdirSync(inner, { recursive: true });
});

describe("a repository", () => {
  it("is the nearest one that git accepts", async () => {
    layRepository(root);
    expect(await endsOf(inner)).toEqual({ repository: root, notes: [] });
    layRepository(join(root, "a"));
    expect(await endsOf(inner)).toEqual({ repository: join(root, "a"), notes: [] });
  });

  it("may have a commit for its HEAD, or share what it has with another", async () => {
    layRepository(inner);
    writeFileSync(join(inner, ".git/HEAD"), `${"0".repeat(40)}\n`);
    layRepository(root);
    expect(await findRepository(inner)).toBe(inner);
  });

  it("is none where a .git file leads to nothing", async () => {
    layRepository(root);
    mkdirSync(join(root, "elsewhere"));
    for (const led of [join(root, "nowhere"), join(root, "elsewhere")]) {
      writeFileSync(join(inner, ".git"), `gitdir: ${led}\n`);
      expect(await endsOf(inner)).toMatchObject({ repository: root, notes: [expect.stringContaining("a/b/.git")] });
    }
  });

  it("is none where .git is a link to nothing", async () => {
    layRepository(root);
    symlinkSync(join(root, "nowhere"), join(inner, ".git"));
    expect(await endsOf(inner)).toMatchObject({ repository: root, notes: [expect.stringContaining("a/b/.git")] });
    expect(await gitFolderOf(inner)).toBeNull();
  });

  it("keeps what belongs to its working tree where .git is, or leads", async () => {
    layRepository(root);
    expect(await gitFolderOf(root)).toBe(join(root, ".git"));
    symlinkSync(join(root, ".git"), join(inner, ".git"));
    expect(await gitFolderOf(inner)).toBe(join(root, ".git"));
    for (const end of ["\n", "", "\r\n", "\n\n"]) {
      writeFileSync(join(root, "a/.git"), `gitdir: ../.git${end}`);
      expect(await gitFolderOf(join(root, "a"))).toBe(join(root, ".git"));
    }
    expect(await gitFolderOf(temporaryFolder())).toBeNull();
  });

  it("is none where there is none", async () => {
    expect(await endsOf(inner)).toEqual({ repository: null, notes: [] });
  });

  it("names what it passed over by its way from the root", async () => {
    layRepository(root);
    for (const folder of [inner, join(root, "a")]) mkdirSync(join(folder, ".git"));
    expect((await endsOf(inner)).notes.map((note) => note.split(":")[0])).toEqual(["a/b/.git", "a/.git"]);
  });
});

describe("no program is started out of", () => {
  it("the repository, by whatever link it was entered", async () => {
    layRepository(root);
    symlinkSync(inner, join(root, "link"));
    expect(await groundsOf(join(root, "link"), "package.json")).toBe(root);
  });

  it.skipIf(process.getuid?.() !== 0)("the nearest .git of any kind or owner", async () => {
    mkdirSync(join(root, ".git"));
    chownSync(inner, 12_345, 12_345);
    expect(await findRepository(inner)).toBeNull();
    expect(await groundsOf(inner)).toBe(root);
  });

  it("the repository around a submodule", async () => {
    layRepository(root);
    layRepository(join(root, ".git/modules"));
    writeFileSync(join(inner, ".git"), "gitdir: ../../.git/modules/.git\n");
    expect(await groundsOf(inner)).toBe(root);
  });

  it("without one, the nearest folder with the installer's manifest, else the folder itself", async () => {
    expect(await groundsOf(inner, "package.json")).toBe(inner);
    writeFileSync(join(root, "package.json"), "{}");
    expect(await groundsOf(inner, "package.json")).toBe(root);
    expect(await groundsOf(inner, "pyproject.toml")).toBe(inner);
    expect(await groundsOf(inner)).toBe(inner);
  });

  it("is looked for up to the root of the file system", async () => {
    const top = parse(inner).root;
    const only = readdirSync(top).find((name) => !inner.split(sep).includes(name));
    expect(await groundsOf(join(inner, ".."), only)).toBe(top);
  });
});
