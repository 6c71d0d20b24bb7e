import { locate } from "../../../plugins/dotnet/locate.ts";
import type { Request } from "../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { layRepository } from "../../support/repository.ts";
import { join } from "node:path";
import { expect, it } from "vitest";

const FILES = {
  "app/App.csproj": "<Project />",
  "app/packages.lock.json": {},
  "app/.config/dotnet-tools.json": { version: 1, isRoot: true, tools: {} },
  "both/A.csproj": "<Project />",
  "both/Both.slnx": "<Solution />",
};

function lay(): string {
  const root = temporaryFolder();
  layRepository(root);
  for (const [path, content] of Object.entries(FILES)) putInto(root, path, content);
  return root;
}

async function find(root: string, folder: string, args: readonly string[], more: Partial<Request> = {}) {
  const request: Request = { purpose: "install", args, cwd: join(root, folder), ...more };
  const { request: asked, ...found } = await locate(request, testHost({ home: temporaryFolder() }));
  expect(asked).toBe(request);
  return JSON.parse(JSON.stringify(found).replaceAll(root, "ROOT")) as unknown;
}

const PLACED = { found: [], replaces: [], root: "ROOT" };
const target = (file: string, folder: string) => ({ file: `ROOT/${folder}/${file}`, folder: `ROOT/${folder}` });
const placed = (kind: string, file: string, folder: string) => ({
  kind,
  target: target(file, folder),
  folder: `ROOT/${folder}`,
  name: `ROOT/${folder}/${file}`,
  ...PLACED,
});

it.each([
  ["app", ["restore"], placed("restore", "App.csproj", "app")],
  ["both", ["build"], placed("restore", "Both.slnx", "both")],
  ["both", ["run"], placed("restore", "A.csproj", "both")],
  ["app", ["restore", "../both"], placed("restore", "Both.slnx", "both")],
  ["both", ["add", "../app/App.csproj", "package", "Acme"], placed("add", "App.csproj", "app")],
  ["app", ["package", "add", "Acme"], placed("add", "App.csproj", "app")],
])("in %s, dotnet %j: what it would work on", async (folder, args, expected) => {
  expect(await find(lay(), folder, args)).toEqual(expected);
});

it("local tools are of the folder of their manifest, and named by it", async () => {
  expect(await find(lay(), "app", ["tool", "restore"])).toEqual({
    kind: "tools",
    folder: "ROOT/app",
    name: "ROOT/app/dotnet-tools.json",
    ...PLACED,
  });
});

it("a check is of the lock that is named, or of the one that is there", async () => {
  const check = (folder: string, lockfile?: string) =>
    find(lay(), folder, [], { purpose: "check", ...(lockfile === undefined ? {} : { lockfile }) });
  const lock = "ROOT/app/packages.lock.json";
  const found = { kind: "check", lockfile: lock, folder: "ROOT/app", name: lock, ...PLACED };
  expect(await check("app")).toEqual(found);
  expect(await check("both", "../app/packages.lock.json")).toEqual(found);
  expect(await check("both", "other.lock.json")).toMatchObject({ lockfile: "ROOT/both/other.lock.json" });
  for (const folder of ["both", "none"])
    await expect(check(folder)).rejects.toMatchObject({
      kind: "usage",
      code: "NO_LOCKFILE",
      message: expect.stringMatching(/has no packages\.lock\.json$/) as string,
    });
});

it("without a repository the folder is all that may be replaced", async () => {
  const root = temporaryFolder();
  putInto(root, "App.csproj", "<Project />");
  expect(await find(root, ".", ["restore"])).toMatchObject({ root: "ROOT", folder: "ROOT" });
});

it("a command that is refused is never opened", async () => {
  await expect(find(lay(), "app", ["restore", "@words.rsp"])).rejects.toThrow("is never opened");
});
