import { foldersOnPath, programsOnPath, type Search, which, withPathOutside } from "../../src/io/program.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let outside: string;
let elsewhere: string;

beforeEach(() => {
  outside = temporaryFolder();
  elsewhere = temporaryFolder();
});

/** A program in a folder of its own. @returns the folder */
function place(folder: string, mode = 0o755): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tool"), "#!/bin/sh\n", { mode });
  return folder;
}

function link(to: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(to, path);
  return path;
}

const search = (...folders: readonly string[]): Search => ({ outside, env: { PATH: folders.join(delimiter) } });
const find = async (...folders: readonly string[]) => (await which(["tool"], search(...folders)))?.path ?? null;

describe("a program", () => {
  it("is the first on PATH, with the file behind its link", async () => {
    const real = place(join(elsewhere, "real"));
    const linked = dirname(link(join(real, "tool"), join(elsewhere, "bin/tool")));
    const found = await programsOnPath("tool", search("/nowhere", linked, real));
    expect(found).toEqual([
      { path: join(linked, "tool"), file: join(real, "tool") },
      { path: join(real, "tool"), file: join(real, "tool") },
    ]);
    expect(await which(["none", "tool"], search(linked, real))).toEqual(found[0]);
  });

  it("is a file that may be run", async () => {
    mkdirSync(join(elsewhere, "folder/tool"), { recursive: true });
    const plain = place(join(elsewhere, "plain"), 0o644);
    expect(await find(join(elsewhere, "folder"), plain)).toBeNull();
  });
});

describe("PATH", () => {
  it("nothing inside is found, whatever links lead in or out", async () => {
    const inside = place(join(outside, "tools"));
    const linkedFolder = link(inside, join(elsewhere, "linked"));
    const linkedFile = dirname(link(join(inside, "tool"), join(elsewhere, "bin/tool")));
    const out = link(place(join(elsewhere, "own")), join(outside, "out"));
    expect(await find(inside, linkedFolder, linkedFile, out)).toBeNull();
    expect(await find(inside, linkedFolder, linkedFile, out, join(elsewhere, "own"))).toBe(join(elsewhere, "own/tool"));
  });

  it("nothing inside is found either where the folder is named by a link", async () => {
    const inside = place(join(outside, "tools"));
    const alias = link(outside, join(elsewhere, "alias"));
    expect(await which(["tool"], { ...search(inside, join(alias, "tools")), outside: alias })).toBeNull();
  });

  it("nothing out of a node_modules folder, by its name or by a link", async () => {
    const bin = place(join(elsewhere, "node_modules/.bin"));
    expect(await find(bin, link(bin, join(elsewhere, "tools")))).toBeNull();
  });

  it("but a program elsewhere may be a link into one", async () => {
    const bin = place(join(elsewhere, "lib/node_modules/tool/bin"));
    const folder = dirname(link(join(bin, "tool"), join(elsewhere, "bin/tool")));
    expect(await find(folder)).toBe(join(folder, "tool"));
  });

  it("nothing by a relative or empty entry", async () => {
    expect(await foldersOnPath(search("tools", ".", "", "../x", elsewhere))).toEqual([elsewhere]);
  });

  it("but for what is admitted", async () => {
    const venv = place(join(outside, ".venv/bin"));
    const evil = place(join(outside, "evil"));
    const linked = dirname(link(join(evil, "tool"), join(outside, ".venv/Scripts/tool")));
    const admits = async (folder: string) => [venv, linked].includes(realpathSync(folder));
    const found = await programsOnPath("tool", { ...search(evil, linked, venv), admits });
    expect(found.map(({ path }) => path)).toEqual([join(venv, "tool")]);
  });

  it("goes on to what a program starts in turn without what is not allowed", async () => {
    const inside = place(join(outside, "tools"));
    const env = { Path: "x", PATH: [inside, "tools", elsewhere].join(delimiter), HOME: "/h" };
    expect(await withPathOutside(outside, env)).toEqual({ PATH: elsewhere, HOME: "/h" });
  });
});
