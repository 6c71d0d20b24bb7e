/** The project that is judged is the one that dotnet takes. */
import { readIntent } from "../../../plugins/dotnet/args.ts";
import { findTarget } from "../../../plugins/dotnet/target.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeFiles } from "../../support/nuget/project.ts";
import { join } from "node:path";
import { expect, it } from "vitest";

const targetOf = (text: string) => readIntent(text.split(" "));

it.each([
  ["run word --project other", "other"],
  ["run --project=other word", "other"],
  ["build --tl other.csproj", "other.csproj"],
  ["restore -f other.csproj", "other.csproj"],
  ["test --filter x other.csproj", "other.csproj"],
])("dotnet %s: %s", (text, target) => expect(targetOf(text)).toMatchObject({ target }));

it("a filter beside its solution is not meant, unless it is named or alone", async () => {
  const folder = temporaryFolder();
  const found = async (named: string | null = null) => (await findTarget(named, folder)).file;
  writeFiles(folder, { "App.slnx": "", "App.slnf": "", "Other.slnf": "" });
  expect(await found()).toBe(join(folder, "App.slnx"));
  expect(await found("App.slnf")).toBe(join(folder, "App.slnf"));
  writeFiles(folder, { "App.sln": "" });
  await expect(found()).rejects.toThrow("holds several: App.sln, App.slnx");
  const alone = temporaryFolder();
  writeFiles(alone, { "App.slnf": "", "app.csproj": "" });
  expect((await findTarget(null, alone)).file).toBe(join(alone, "App.slnf"));
});

it("a solution beside a project: run takes the project, everything else the solution", async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { "all.sln": "", "app.csproj": "<Project />" });
  expect(await findTarget(null, folder, "build")).toMatchObject({ file: join(folder, "all.sln") });
  expect(await findTarget(null, folder, "run")).toMatchObject({ file: join(folder, "app.csproj") });
});
