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

it("of commands that are gated alone", async () => {
  const files = { "a.rsp": "-v:q" };
  for (const first of ["app.dll", "vstest", "nuget"])
    expect(await expanded(files, first, "@a.rsp")).toEqual([first, "@a.rsp"]);
  expect(await expanded(files, "restore", "@", "--", "@none.rsp")).toEqual(["restore", "@", "--", "@none.rsp"]);
});

it.each([
  [["restore", "@none.rsp"]],
  [["restore", "--arch", "@none.rsp"]],
  [["add", "package", "widget", "--version", "@none.rsp"]],
  [["tool", "restore", "--tool-manifest", "@none.rsp"]],
])("one that is not there is refused wherever it stands: dotnet may find it from elsewhere (%j)", async (words) => {
  await expect(expanded({}, ...words)).rejects.toMatchObject({
    code: "NOT_GATED",
    message: expect.stringContaining("@none.rsp"),
  });
});

it.each(["utf16le", "latin1"] as const)("in the encoding that its first bytes say: %s", async (encoding) => {
  const text = encoding === "latin1" ? "\u00EF\u00BB\u00BF-v:q\r\n" : "\uFEFF-v:q\r\n";
  const bytes = Buffer.from(text, encoding);
  const swapped = encoding === "utf16le" ? [bytes, Buffer.from(bytes).swap16()] : [bytes];
  for (const content of swapped)
    expect(await expandWords(["restore", "@w.rsp"], "/", { read: async () => content })).toEqual(["restore", "-v:q"]);
});

it("one of characters that no word has is refused", async () => {
  const content = Buffer.from("-v:q\0x");
  await expect(expandWords(["restore", "@w.rsp"], "/", { read: async () => content })).rejects.toMatchObject({
    code: "NOT_GATED",
  });
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
