import { passingCommand } from "../../../plugins/npm/passing.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let home: string;
let project: string;
beforeEach(() => {
  home = temporaryFolder();
  project = realpathSync(temporaryFolder());
  writeFileSync(join(project, "package.json"), "{}");
});
const npmrc = (text: string, folder = project) => writeFileSync(join(folder, ".npmrc"), text);

/** What is run, with the origins that a policy would admit. */
async function pass(
  line: string,
  { cwd = project, admitted = [] as string[], program = undefined as string[] | undefined } = {},
) {
  const asked: string[] = [];
  const host = testHost({ home });
  const command = await passingCommand(line.split(" "), cwd, host, program as never, (folder: string) => {
    asked.push(folder);
    return Promise.resolve(admitted);
  });
  return { command, asked };
}
const refused = (message: string) => ({
  kind: "usage",
  code: "PROJECT_NPMRC",
  message: expect.stringContaining(message) as string,
});

describe("what passes by the gate", () => {
  it("is npm's own, word for word, where it was typed", async () => {
    const { command, asked } = await pass("view widget --json");
    expect(command).toMatchObject({ file: process.execPath, cwd: project });
    expect(command.args[0]).toMatch(/npm-cli\.js$/);
    expect(command.args.slice(1)).toEqual(["view", "widget", "--json"]);
    expect(asked).toEqual([]);
  });

  it("asks no policy where what stands in the project's .npmrc is harmless", async () => {
    npmrc("loglevel=silent\n");
    expect((await pass("view widget")).asked).toEqual([]);
  });
});

const TURNS = "proxy=http://evil.example\n";

describe("where the project's .npmrc turns connections elsewhere, nothing is run", () => {
  it("from its folder, and from one below it", async () => {
    npmrc(TURNS);
    mkdirSync(join(project, "deep/er"), { recursive: true });
    for (const cwd of [project, join(project, "deep/er")])
      await expect(pass("view widget", { cwd })).rejects.toMatchObject(refused("proxy"));
  });

  it.each(["-C ", "--prefix ", "--prefix=", "-prefix "])("from a folder that %s leads to", async (option) => {
    const other = realpathSync(temporaryFolder());
    writeFileSync(join(other, "package.json"), "{}");
    npmrc(TURNS, other);
    await expect(pass(`view widget ${option}${other}`)).rejects.toMatchObject(refused("proxy"));
  });

  it("but the user's own file is the user's, also above the project", async () => {
    home = project;
    npmrc(TURNS);
    mkdirSync(join(project, "app"));
    writeFileSync(join(project, "app/package.json"), "{}");
    await expect(pass("view widget", { cwd: join(project, "app") })).resolves.toBeDefined();
  });
});

describe("a program that the project's .npmrc names", () => {
  it.each([
    ["view widget", "browser=evil", "browser"],
    ["config edit", "editor=evil", "editor"],
    ["explore widget", "script-shell=evil", "script-shell"],
    ["explore widget", "shell=evil", "shell"],
    ["help view", "viewer=evil", "viewer"],
  ])("npm %s is not run with %s", async (line, setting, key) => {
    npmrc(`${setting}\n`);
    await expect(pass(line)).rejects.toMatchObject({
      ...refused(`${key} chooses what is run`),
      hint: expect.stringContaining("your own ~/.npmrc") as string,
    });
  });

  it("is no matter where npm starts none, or runs the project's own scripts by intent", async () => {
    npmrc("script-shell=evil\n");
    await expect(pass("view widget")).resolves.toBeDefined();
    npmrc("editor=evil\n");
    for (const line of ["run hello", "test", "pack", "version 1.0.0"]) await expect(pass(line)).resolves.toBeDefined();
  });
});

describe("a registry of the project that sends what is the user's", () => {
  const credential = "registry=https://feed.example/\n//feed.example/:_authToken=${SECRET}\n";

  it("is asked about at the policy, and only where it is admitted it passes", async () => {
    npmrc(credential);
    await expect(pass("view widget")).rejects.toMatchObject(refused("feed.example"));
    const { asked } = await pass("view widget", { admitted: ["https://feed.example"] });
    expect(asked).toEqual([project]);
  });
});
