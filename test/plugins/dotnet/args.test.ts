import { readAddition } from "../../../plugins/dotnet/add-args.ts";
import { classify, readIntent } from "../../../plugins/dotnet/args.ts";
import { describe, expect, it } from "vitest";

describe("command lines", () => {
  it.each([
    ["restore", "gate"],
    ["restore App.sln -p:Configuration=Release", "gate"],
    ["build -c Release", "gate"],
    ["test --filter Name=x --no-restore", "pass"],
    ["run -- --no-restore", "gate"],
    ["test --no-build", "pass"],
    ["test -t My.Restore.Tests", "gate"],
    ["test -t Restore", "refuse"],
    ["test -t Build;a.b;restore", "refuse"],
    ["test --filter --no-build", "gate"],
    ["publish --no-build @x.rsp", "refuse"],
    ["tool restore", "gate"],
    ["build --help", "pass"],
    ["tool exec --help", "pass"],
    ["tool exec x --help", "refuse"],
    ["dnx x --help", "refuse"],
    ["fsi x.fsx -h", "refuse"],
    ["run x -h", "gate"],
    ["test -h", "gate"],
    ["clean", "pass"],
    ["clean -t:Restore", "refuse"],
    ["build --no-restore -restore", "refuse"],
    ["build --no-restore @x.rsp", "refuse"],
    ["tool restore --add-source x", "refuse"],
    ["tool restore --tool-manifest=x", "gate"],
    ["--info", "pass"],
    ["app.dll", "pass"],
    ["nuget push x.nupkg", "pass"],
    ["nuget download x", "refuse"],
    ["nuget", "refuse"],
    ["sdk check", "pass"],
    ["sdk install 11", "refuse"],
    ["sln add app/app.csproj", "pass"],
    ["sln all.slnx list", "pass"],
    ["sln restore", "refuse"],
    ["solution all.sln restore", "refuse"],
    ["reference add ../b/b.csproj --project a", "pass"],
    ["reference fetch x", "refuse"],
    ["remove ./app package x", "pass"],
    ["remove feed x", "refuse"],
    ["tool run x", "pass"],
    ["tool install x", "refuse"],
    ["tool exec x", "refuse"],
    ["dnx x", "refuse"],
    ["new install x", "refuse"],
    ["workload install x", "refuse"],
    ["workload list", "pass"],
    ["msbuild -restore", "refuse"],
    ["list package", "refuse"],
    ["package list", "refuse"],
    ["add package x", "gate"],
    ["add App package x --version 1.0.0", "gate"],
    ["package add x --project App", "gate"],
    ["add App reference ../B", "pass"],
    ["add", "refuse"],
    ["remove package x", "pass"],
    ["run program.cs", "gate"],
    ["build program.cs", "refuse"],
    ["--unknown", "refuse"],
    ["", "refuse"],
    ["restore --source x", "gate"],
    ["restore -s x", "gate"],
    ["build -s x", "refuse"],
    ["build --arch arm64", "gate"],
    ["build -restore", "refuse"],
    ["build /t:Clean;Restore", "refuse"],
    ["publish -rp:RestoreSources=x", "refuse"],
    ["run --file x.cs", "refuse"],
    ["run -", "refuse"],
    ["restore -p:NuGetLockFilePath=x", "refuse"],
    ["restore -p:RestoreLockedMode=true", "gate"],
  ])("dotnet %s: %s", (text, kind) => expect(classify(text === "" ? [] : text.split(" ")).kind).toBe(kind));

  it("what changes the set goes to the restore, the rest does not", () => {
    expect(readIntent("publish src/App -c Release -r linux-x64 --self-contained -o out -p:X=1".split(" "))).toEqual({
      command: "publish",
      target: "src/App",
      restore: [
        "-p:_IsPublishing=true",
        "-p:Configuration=Release",
        "-p:RuntimeIdentifier=linux-x64",
        "-p:SelfContained=true",
        "-p:X=1",
      ],
      lockedMode: false,
      platform: {},
    });
    expect(readIntent("build --os linux -a x64 --source a;b --source c --artifacts-path out".split(" "), "/x")).toEqual(
      {
        command: "build",
        target: null,
        restore: ["-p:ArtifactsPath=/x/out", "-p:RestoreSources=a%3Bb%3Bc"],
        lockedMode: false,
        platform: { os: "linux", arch: "x64" },
      },
    );
    expect(readIntent("publish -r linux-x64 --self-contained false src /m".split(" "))).toMatchObject({
      target: "src",
      restore: ["-p:_IsPublishing=true", "-p:RuntimeIdentifier=linux-x64", "-p:SelfContained=false"],
    });
    for (const word of ["/m", "/nologo", "/v:q", "/bl", "/t:Rebuild", "/nr:false", "--sc false", "--interactive false"])
      expect(readIntent(["build", ...word.split(" ")]), word).toMatchObject({ target: null });
    expect(readIntent("restore --interactive false".split(" "))).toMatchObject({ target: null, restore: [] });
    expect(readIntent(["run", "--project", "src/App", "argument"])).toMatchObject({ target: "src/App" });
    expect(readIntent(["restore", "--locked-mode"])).toMatchObject({ target: null, lockedMode: true });
  });
});

describe("dotnet add package", () => {
  it.each([
    ["--source", "names a source for this once only"],
    ["-s", "names a source for this once only"],
    ["--no-restore", "nothing is judged"],
    ["-n", "nothing is judged"],
    ["--package-directory", "would lead the restore past the gate"],
    ["--interactive-x", "is not understood"],
  ])("%s is refused, and why", (word, why) =>
    expect(readAddition(["package", "add", "widget", word, "x"])).toEqual({ refused: expect.stringContaining(why) }),
  );

  it.each([["--version=@words"], ["-v:@words"], ["--framework", "@words"]])(
    "hands on no value that dotnet would take for a response file: %s %s",
    (...words) =>
      expect(readAddition(["add", "package", "widget", ...words])).toEqual({
        refused: expect.stringContaining("@words"),
      }),
  );
});

describe("a property, however it is spelled, is one", () => {
  const spellings = [
    "-p:",
    "/p:",
    "--p:",
    "-p=",
    "/property=",
    "--property:",
    "-property:",
    "-P:",
    "/P:",
    "-PROPERTY:",
  ];
  it.each(spellings)("%s", (spelling) => {
    for (const command of ["restore", "build"]) {
      expect(readIntent([command, `${spelling}A=B`])).toMatchObject({ restore: ["-p:A=B"], target: null });
      expect(readIntent([command, `${spelling}RestoreSources=x`])).toHaveProperty("refused");
    }
  });
});
