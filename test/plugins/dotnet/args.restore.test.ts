/** Words with which MSBuild restores by itself, or dotnet takes another project than the one that was judged. */
import { classify } from "../../../plugins/dotnet/args.ts";
import { describe, expect, it } from "vitest";

const kindOf = (text: string) => classify(text.split(" ")).kind;

describe("words that restore past the gate are refused where the rest passes through", () => {
  it.each([
    "clean -restore",
    "clean --restore",
    "clean /restore:true",
    "clean /r",
    "clean -t:Restore",
    "clean -getTargetResult:Restore",
    "clean --nologo=-restore",
    "clean -nologo:-t:Restore",
    "build --no-restore --nologo:-t:Restore",
    "build --no-restore=-restore",
    "test --no-restore --blame=-restore",
    "clean --getTargetResult Restore",
    "build --no-restore -getTargetResult:Build,Restore",
    "build --no-restore --getTargetResult Restore",
    "publish --no-build /getTargetResult:_GenerateRestoreGraph",
    "clean --target Restore",
    "clean -- -restore",
    "clean -- -p:x=1",
    "clean @words.rsp",
    "build --no-restore -t:Restore;Build",
    "build --no-restore -t Restore",
    "build --no-restore /T:%52estore",
    "build --no-restore -- -t:Restore",
    "build --no-restore -rp:RestoreSources=x",
    "test --no-restore -restore",
    "publish --no-restore @words.rsp",
  ])("dotnet %s", (text) => expect(kindOf(text)).toBe("refuse"));

  it.each([
    "clean",
    "clean -c Release -r linux-x64",
    "build --no-restore -r linux-x64 -t:Rebuild",
    "test --no-restore -t",
    "run --no-restore -- -restore @x",
    "tool run x -restore",
  ])("dotnet %s passes", (text) => expect(kindOf(text)).toBe("pass"));
});

describe("words that restore again, or from elsewhere, are refused where packages are judged", () => {
  it.each([
    "build -restore",
    "build /r",
    "build -t:Clean;Restore",
    "build --force=-restore",
    "build --no-incremental:-p:RestoreSources=x",
    "build -- -p:RestoreSources=x",
    "test -t:Restore",
    "tool restore --add-source x",
    'build -p:"RestoreSources=x"',
    "build -p:MSBuildIsRestoring=true",
    "build -p:ProjectAssetsFile=x",
    "run -p other",
    "run --file other.cs",
    "run -",
    "run word -p:RestoreSources=x",
    "run word --file x",
  ])("dotnet %s", (text) => expect(kindOf(text)).toBe("refuse"));

  it.each(["build -t:Rebuild", "run word another", "test -- -restore", "restore -f", "tool restore --tool-manifest x"])(
    "dotnet %s is judged",
    (text) => expect(kindOf(text)).toBe("gate"),
  );
});

describe("a question for help starts nothing", () => {
  it.each(["build --help", "tool install -h", "msbuild -?", "--help"])("dotnet %s", (text) =>
    expect(kindOf(text)).toBe("pass"),
  );

  it("unless it may be for what is started: the tests, a tool, a program of another name", () => {
    expect(kindOf("test --help")).toBe("gate");
    for (const text of ["tool exec x -h", "fsi x.fsx -h", "frobnicate -h", "watch run -h", "dnx x -h"])
      expect([text, kindOf(text)]).toEqual([text, "refuse"]);
  });
});
