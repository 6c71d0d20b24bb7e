import { lockElsewhere } from "../../../../plugins/dotnet/resolve/lock-path.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";

const naming = (path: string) =>
  `<Project><PropertyGroup><NuGetLockFilePath>${path}</NuGetLockFilePath></PropertyGroup></Project>`;

async function found(files: Readonly<Record<string, string | Buffer>>): Promise<readonly string[]> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const read = async (path: string) => (existsSync(path) ? readFileSync(path) : null);
  const unbound = await lockElsewhere(join(folder, "app", "App.csproj"), { read });
  return unbound.map(({ location, denial: { code } }) => `${code} ${basename(location)}`);
}

test.each([
  "locks/real.json",
  "..\\packages.lock.json",
  "other.json",
  "$(Anything)/packages.lock.json",
  "$(MSBuildProjectDirectory)/obj/packages.lock.json",
])("a project that goes by %s is not judged by the lock beside it", async (path) => {
  expect(await found({ "app/App.csproj": naming(path) })).toEqual(["LOCK_UNSUPPORTED App.csproj"]);
});

test.each([
  "packages.lock.json",
  "packages.app.lock.json",
  " $(MSBuildProjectDirectory)\\packages.$(MSBuildProjectName).lock.json ",
  "",
])("%j is one of those that are judged", async (path) => {
  expect(await found({ "app/App.csproj": naming(path) })).toEqual([]);
});

test("also where a file above says so, or one that is imported", async () => {
  const project = '<Project><Import Project="..\\build\\a.props" /></Project>';
  const importing = '<Project><Import Project="$(MSBuildThisFileDirectory)b.props" /></Project>';
  const files = { "app/App.csproj": project, "build/a.props": importing, "build/b.props": naming("x.json") };
  expect(await found(files)).toEqual(["LOCK_UNSUPPORTED b.props"]);
  expect(await found({ "app/App.csproj": "<Project />", "Directory.Build.props": naming("x.json") })).toEqual([
    "LOCK_UNSUPPORTED Directory.Build.props",
  ]);
  const wide = Buffer.from(`\uFEFF${naming("x.json")}`, "utf16le");
  expect(await found({ "app/App.csproj": wide })).toEqual(["LOCK_UNSUPPORTED App.csproj"]);
  expect(await found({ "app/App.csproj": "<Project" })).toEqual([]);
});
