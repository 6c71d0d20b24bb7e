/** Response files are read as dotnet reads them: `test/long/dotnet-honest` compares the two. */
import { classify } from "../../../../plugins/dotnet/args.ts";
import { expandWords } from "../../../../plugins/dotnet/words/response.ts";
import { gatedCommand } from "../../../../src/author/arguments.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { expect, it } from "vitest";

async function expanded(files: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return expandWords(words, folder, { read: readBounded });
}

it("a word a line, in the place of the file's name; comments, blanks and empty lines are none", async () => {
  const text = "\uFEFF  # words\r\n-p:X=a b\r\n\r\n  --arch  \n arm64\n";
  expect(await expanded({ "w.rsp": text }, "restore", "@w.rsp", "app.csproj")).toEqual([
    "restore",
    "-p:X=a b",
    "--arch",
    "arm64",
    "app.csproj",
  ]);
});

it("a file names others; what follows -- belongs to somebody else, also where a file says so", async () => {
  const files = { "a.rsp": "@deep/b.rsp\n--\n", "deep/b.rsp": "-v:q" };
  expect(await expanded(files, "run", "@a.rsp", "@a.rsp")).toEqual(["run", "-v:q", "--", "@a.rsp"]);
  expect(await expanded(files, "run", "--", "@a.rsp")).toEqual(["run", "--", "@a.rsp"]);
});

it("of commands that are gated alone; one that is not there stays, and is refused", async () => {
  const files = { "a.rsp": "-v:q" };
  for (const first of ["app.dll", "vstest", "nuget"])
    expect(await expanded(files, first, "@a.rsp")).toEqual([first, "@a.rsp"]);
  const words = await expanded(files, "restore", "@none.rsp", "@");
  expect(words).toEqual(["restore", "@none.rsp", "@"]);
  expect(classify(words)).toMatchObject({ kind: "refuse", reason: expect.stringContaining("@none.rsp") });
});

it("what stands in a file is judged like what is typed", async () => {
  const words = await expanded({ "a.rsp": "-p:RestorePackagesPath=x" }, "restore", "@a.rsp");
  expect(classify(words)).toMatchObject({ kind: "refuse", reason: expect.stringContaining("past the gate") });
  const passes = await expanded({ "a.rsp": "-restore" }, "build", "--no-restore", "@a.rsp");
  expect(classify(passes)).toMatchObject({ kind: "refuse", reason: expect.stringContaining("-restore") });
});

it("one that names itself ends", async () => {
  await expect(expanded({ "a.rsp": "@a.rsp" }, "restore", "@a.rsp")).rejects.toMatchObject({ code: "NOT_GATED" });
});

it("init and explain read them too", async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { "a.rsp": "--arch\narm64" });
  expect(await gatedCommand(["dotnet", "restore", "@a.rsp"], folder)).toMatchObject({
    args: ["restore", "--arch", "arm64"],
  });
});
