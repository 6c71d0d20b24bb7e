import { appendOutput, placeOf, writeOutput } from "../../src/io/output.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { makeFifo } from "../support/fifo.ts";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

let home: string;
let root: string;
let cwd: string;
let profile: string;

beforeEach(() => {
  home = temporaryFolder();
  root = temporaryFolder();
  layRepository(root);
  cwd = join(root, "app");
  mkdirSync(cwd);
  profile = join(home, ".bashrc");
  writeFileSync(profile, "mine\n");
});
const LINK = { kind: "usage", code: "OUTPUT_LINK" };
const both = async (typed: string) => {
  await expect(writeOutput(typed, "x", cwd)).rejects.toMatchObject(LINK);
  await expect(appendOutput(typed, "x\n", cwd)).rejects.toMatchObject(LINK);
  expect(readFileSync(profile, "utf8")).toBe("mine\n");
};

describe("what we write", () => {
  test("is the file that was typed", async () => {
    await writeOutput("report.json", "one", cwd);
    await writeOutput("report.json", "two", cwd);
    await appendOutput("log", "a\n", cwd);
    await appendOutput(join(cwd, "log"), "b\n", cwd);
    await writeOutput(join(home, "report.json"), "out", cwd);
    await writeOutput(relative(cwd, join(root, "up.json")), "up", cwd);
    expect(readFileSync(join(cwd, "report.json"), "utf8")).toBe("two");
    expect(readFileSync(join(cwd, "log"), "utf8")).toBe("a\nb\n");
    expect(readFileSync(join(home, "report.json"), "utf8")).toBe("out");
    expect(readFileSync(join(root, "up.json"), "utf8")).toBe("up");
  });

  test("gets the folders that are missing", async () => {
    await writeOutput("out/deep/report.json", "one", cwd);
    await appendOutput("logs/a/log", "a\n", cwd);
    expect(readFileSync(join(cwd, "out/deep/report.json"), "utf8")).toBe("one");
    expect(readFileSync(join(cwd, "logs/a/log"), "utf8")).toBe("a\n");
  });

  test("what cannot be written is said with its name", async () => {
    mkdirSync(join(cwd, "folder"));
    writeFileSync(join(home, "file"), "");
    for (const typed of ["folder", join(home, "file", "report.json")])
      await expect(writeOutput(typed, "x", cwd)).rejects.toMatchObject({
        code: "OUTPUT_UNWRITABLE",
        message: expect.stringContaining(typed),
      });
  });

  test("a link in its place is not followed, wherever it leads, however it is typed", async () => {
    symlinkSync(profile, join(cwd, "log"));
    symlinkSync(join(home, "new"), join(cwd, "dangling"));
    symlinkSync(profile, join(root, "up"));
    symlinkSync(profile, join(home, "mine"));
    for (const typed of ["log", join(cwd, "log"), "dangling", "../up", join(root, "up"), join(home, "mine")])
      await both(typed);
  });

  test("a folder on the way that is a link is not followed", async () => {
    symlinkSync(home, join(cwd, "out"));
    symlinkSync(home, join(root, "up"));
    for (const typed of ["out/.bashrc", join(cwd, "out/.bashrc"), "out/deep/new", "../up/.bashrc"]) await both(typed);
  });

  test("a pipe that nobody reads does not make us wait", async () => {
    makeFifo(join(cwd, "log"));
    await both("log");
  });

  test("a link outside of the repository leads where its owner says; so does what the system names", async () => {
    const link = join(temporaryFolder(), "link");
    symlinkSync(home, link);
    await writeOutput(join(link, "report"), "x", cwd);
    expect(readFileSync(join(home, "report"), "utf8")).toBe("x");
    expect(await placeOf("/dev/stdout", cwd)).toBe("/dev/stdout");
  });
});
