/** What plain dotnet restores is restorable through us, to the same set: one row for each shape that a project may have. */
import { temporaryFolder } from "../support/folder.ts";
import { setsOf } from "../support/nuget/assets.ts";
import { csproj, hasDotnet, nugetConfig, writeFiles } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const IDS = ["Acme.Gadget", "Acme.Widget", "Acme.Analyzer", "Acme.Script.Sdk", "Acme.First", "Acme.Second"];
let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
  for (const version of ["1.0.0", "1.1.0"]) await scene.publish({ id: "Acme.Widget", version });
  await scene.publish({ id: "Acme.Gadget", version: "2.0.0", dependencies: { "Acme.Widget": "1.0.0" } });
  await scene.publish({
    id: "Acme.Analyzer",
    version: "1.0.0",
    files: { "analyzers/dotnet/cs/Acme.dll": "no code", "build/Acme.Analyzer.props": "<Project />" },
  });
  await scene.publish({
    id: "Acme.Script.Sdk",
    version: "1.0.0",
    packageType: "MSBuildSdk",
    files: {
      "Sdk/Sdk.props": '<Project><Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" /></Project>',
      "Sdk/Sdk.targets": '<Project><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" /></Project>',
    },
  });
});
afterAll(() => scene.feed.close());

function begin(files: Readonly<Record<string, string>>): Stage {
  const folder = temporaryFolder();
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policyFor(IDS));
}

const LIBRARY = csproj({ "Acme.Gadget": "2.0.0" });
const CENTRAL = (more: string, versions: string) =>
  `<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>${more}</PropertyGroup><ItemGroup>${versions}</ItemGroup></Project>`;
const VERSIONS =
  '<PackageVersion Include="Acme.Gadget" Version="2.0.0" /><PackageVersion Include="Acme.Widget" Version="1.1.0" />';
/** How a solution tells kinds of projects apart: those of others are not read. */
const KINDS: Readonly<Record<string, string>> = {
  csproj: "9A19103F-16F7-4668-BE54-9A1E7A4F7556",
  sfproj: "A07B5EB6-E848-4116-A8D0-A826331D98C6",
  wapproj: "C7167F0D-BC9F-4E6E-AFE1-012C56B48DB5",
};
/** Without configurations a solution is one of nothing. */
function solution(...paths: readonly string[]): string {
  const rows = paths.map((path, at) => {
    const kind = KINDS[path.slice(path.lastIndexOf(".") + 1)] ?? "00000000-0000-0000-0000-000000000000";
    return { path: path.replaceAll("/", "\\"), kind, own: `{10000000-0000-0000-0000-${String(at).padStart(12, "0")}}` };
  });
  const projects = rows.map(
    ({ path, kind, own }, at) => `Project("{${kind}}") = "p${at}", "${path}", "${own}"\nEndProject`,
  );
  const active = rows.flatMap(({ own }) =>
    ["ActiveCfg", "Build.0"].map((what) => `${own}.Debug|Any CPU.${what} = Debug|Any CPU`),
  );
  return `
Microsoft Visual Studio Solution File, Format Version 12.00
${projects.join("\n")}
Global
GlobalSection(SolutionConfigurationPlatforms) = preSolution
Debug|Any CPU = Debug|Any CPU
EndGlobalSection
GlobalSection(ProjectConfigurationPlatforms) = postSolution
${active.join("\n")}
EndGlobalSection
EndGlobal
`;
}

/** As Visual Studio writes them. */
const FABRIC = `<Project ToolsVersion="14.0" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <Import Project="..\\packages\\Fabric.1.0.0\\build\\Fabric.props" Condition="Exists('..\\packages\\Fabric.1.0.0\\build\\Fabric.props')" />
  <PropertyGroup><ProjectGuid>{00000000-0000-0000-0000-000000000001}</ProjectGuid><TargetFrameworkVersion>v4.7.2</TargetFrameworkVersion></PropertyGroup>
  <Import Project="$(ApplicationProjectTargetsPath)" Condition="'$(ApplicationProjectTargetsPath)' != '' and Exists('$(ApplicationProjectTargetsPath)')" />
</Project>`;
const DESKTOP = `<Project ToolsVersion="15.0" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <PropertyGroup><WapProjPath Condition="'$(WapProjPath)' == ''">$(MSBuildExtensionsPath)\\Microsoft\\DesktopBridge\\</WapProjPath></PropertyGroup>
  <Import Project="$(WapProjPath)\\Microsoft.DesktopBridge.props" />
  <ItemGroup><ProjectReference Include="..\\a\\a.csproj" /></ItemGroup>
  <Import Project="$(WapProjPath)\\Microsoft.DesktopBridge.targets" />
</Project>`;

interface Row {
  readonly files: Readonly<Record<string, string>>;
  /** Behind `restore`. */
  readonly words?: readonly string[];
  /** Of the home. */
  readonly config?: string;
}

const ROWS: Readonly<Record<string, Row>> = {
  "Visual Basic": { files: { "app.vbproj": LIBRARY } },
  "a Service Fabric application in a solution": {
    files: { "a/a.csproj": LIBRARY, "f/f.sfproj": FABRIC, "All.sln": solution("a/a.csproj", "f/f.sfproj") },
  },
  "a JavaScript project in a solution, by its project SDK": {
    files: {
      "a/a.csproj": LIBRARY,
      "web/web.esproj":
        '<Project Sdk="Acme.Script.Sdk/1.0.0"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>',
      "All.slnx": '<Solution><Project Path="a/a.csproj" /><Project Path="web/web.esproj" /></Solution>',
    },
  },
  "a filter beside its solution, named": {
    files: {
      "a/a.csproj": LIBRARY,
      "b/b.csproj": csproj({ "Acme.Nowhere": "1.0.0" }),
      "App.sln": solution("a/a.csproj", "b/b.csproj"),
      "App.slnf": JSON.stringify({ solution: { path: "App.sln", projects: ["a\\a.csproj"] } }),
      "App.slnx": "<Solution />",
    },
    words: ["App.slnf"],
  },
  "floating and open versions": {
    files: { "app.csproj": csproj({ "Acme.Widget": "1.*", "Acme.Gadget": "[2.0.0,3.0.0)" }) },
  },
  "central versions, one overridden": {
    files: {
      "Directory.Packages.props": CENTRAL("", VERSIONS),
      "app.csproj": csproj(
        { "Acme.Gadget": "" },
        {},
        '<ItemGroup><PackageReference Include="Acme.Widget" VersionOverride="1.0.0" /></ItemGroup>',
      ),
    },
  },
  "central versions that pin what is transitive": {
    files: {
      "Directory.Packages.props": CENTRAL(
        "<CentralPackageTransitivePinningEnabled>true</CentralPackageTransitivePinningEnabled>",
        VERSIONS,
      ),
      "app.csproj": csproj({ "Acme.Gadget": "" }),
    },
  },
  "a package that is only downloaded": {
    files: {
      "app.csproj": csproj(
        {},
        {},
        '<ItemGroup><PackageDownload Include="Acme.Widget" Version="[1.0.0];[1.1.0]" /></ItemGroup>',
      ),
    },
  },
  "an analyzer, for nobody else": {
    files: {
      "app.csproj": csproj(
        {},
        {},
        '<ItemGroup><PackageReference Include="Acme.Analyzer" Version="1.0.0" PrivateAssets="all" /></ItemGroup>',
      ),
    },
  },
  "a source under another spelling of its name": {
    files: {
      "app.csproj": LIBRARY,
      "nuget.config": "",
    },
    config: "spelling",
  },
  "the artifacts layout": {
    files: {
      "Directory.Build.props":
        "<Project><PropertyGroup><UseArtifactsOutput>true</UseArtifactsOutput></PropertyGroup></Project>",
      "src/app/app.csproj": LIBRARY,
      "All.slnx": '<Solution><Project Path="src/app/app.csproj" /></Solution>',
    },
  },
  "outputs in one folder of the repository": {
    files: {
      "Directory.Build.props":
        "<Project><PropertyGroup><BaseIntermediateOutputPath>$(MSBuildThisFileDirectory)out/obj/$(MSBuildProjectName)/</BaseIntermediateOutputPath></PropertyGroup></Project>",
      "src/app/app.csproj": LIBRARY,
    },
    words: ["src/app"],
  },
  "a lock in a folder of locks": {
    files: {
      "app.csproj": csproj(
        { "Acme.Gadget": "2.0.0" },
        { RestorePackagesWithLockFile: "true", NuGetLockFilePath: "$(MSBuildThisFileDirectory)locks/app.lock.json" },
      ),
      "locks/.keep": "",
    },
  },
};

describe.skipIf(!hasDotnet)("safe-install dotnet restore", () => {
  it.each(Object.entries(ROWS))("%s", async (_, { files, words = [], config }) => {
    const more = config === undefined ? {} : { "nuget.config": spelled() };
    const [plain, ours] = [begin({ ...files, ...more }), begin({ ...files, ...more })];
    const said = await plain.plain("restore", ...words);
    expect({ plain: said.exit, stdout: said.stdout }).toMatchObject({ plain: 0 });
    const expected = setsOf(plain.project);
    expect(expected.size).toBeGreaterThan(0);
    // The second time from what the first one left, locks among it.
    for (const time of ["first", "second"]) {
      const { exit, stdout, stderr } = await ours.run("dotnet", "restore", ...words);
      expect({ time, exit, said: exit === 0 ? "" : stdout + stderr }).toEqual({ time, exit: 0, said: "" });
      expect(Object.fromEntries(setsOf(ours.project))).toEqual(Object.fromEntries(expected));
    }
  });

  function spelled(): string {
    const mapped =
      '<packageSourceMapping><packageSource key="OWN"><package pattern="*" /></packageSource></packageSourceMapping>';
    const off = '<disabledPackageSources><add key="GONE" value="true" /></disabledPackageSources>';
    return nugetConfig({ Own: scene.feed.url, gone: "http://127.0.0.1:9/v3/index.json" }, mapped + off);
  }

  it("a solution of projects that dotnet does not know: nothing to restore, and nothing changes", async () => {
    const app = begin({ "s/s.shproj": "<Project />", "All.sln": solution("s/s.shproj") });
    const before = app.snapshot();
    expect(await app.plain("restore")).toMatchObject({ exit: 0 });
    expect(app.snapshot()).toEqual(before);
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    // A folder for packages, in which there is none.
    app.remove("obj");
    expect(app.snapshot()).toEqual(before);
  });

  it("settings above the repository", async () => {
    const app = begin({ "app.csproj": LIBRARY });
    app.remove("nuget.config");
    expect(await app.plain("restore")).toMatchObject({ exit: 1 });
    app.remove("obj");
    writeFiles(join(app.project, ".."), { "nuget.config": nugetConfig({ feed: scene.feed.url }) });
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
  });

  it("a desktop package in a solution, whose targets only Visual Studio has: refused untouched by its name, the rest is restorable", async () => {
    const app = begin({
      "a/a.csproj": LIBRARY,
      "w/w.wapproj": DESKTOP,
      "All.sln": solution("a/a.csproj", "w/w.wapproj"),
      "App.slnf": JSON.stringify({ solution: { path: "All.sln", projects: ["a\\a.csproj"] } }),
    });
    const before = app.snapshot();
    const plain = await app.plain("restore", "All.sln");
    for (const path of ["a/obj", "w/obj"]) app.remove(path);
    const { exit, stdout, stderr } = await app.run("dotnet", "restore", "All.sln");
    expect({ plain: plain.exit, said: plain.stdout, exit, stdout, stderr }).toMatchObject({ exit: 69 });
    expect(stdout + stderr).toContain("w.wapproj");
    expect(app.snapshot()).toEqual(before);
    expect(await app.run("dotnet", "restore", "App.slnf")).toMatchObject({ exit: 0 });
  });

  it("a project for which a workload is missing: what dotnet says, and nothing changes", async () => {
    const app = begin({ "app.csproj": csproj({}, { TargetFramework: "net10.0-android" }) });
    const before = app.snapshot();
    expect(await app.plain("restore")).toMatchObject({ exit: 1, stdout: expect.stringContaining("NETSDK1147") });
    app.remove("obj");
    expect(await app.run("dotnet", "restore")).toMatchObject({
      exit: 69,
      stdout: expect.stringContaining("NETSDK1147"),
    });
    expect(app.snapshot()).toEqual(before);
  });

  it("two tools, each with commands of its own, in a home where no tool was ever resolved", async () => {
    const tool = (id: string, command: string) => ({
      id,
      version: "1.0.0",
      packageType: "DotnetTool",
      files: {
        "tools/net10.0/any/DotnetToolSettings.xml": `<DotNetCliTool Version="1"><Commands><Command Name="${command}" EntryPoint="${command}.dll" Runner="dotnet" /></Commands></DotNetCliTool>`,
        [`tools/net10.0/any/${command}.dll`]: command,
      },
    });
    await scene.publish(tool("Acme.First", "first"));
    await scene.publish(tool("Acme.Second", "second"));
    const tools = {
      "acme.first": { version: "1.0.0", commands: ["first"] },
      "acme.second": { version: "1.0.0", commands: ["second"] },
    };
    for (let time = 0; time < 3; time++) {
      const app = begin({ ".config/dotnet-tools.json": JSON.stringify({ version: 1, isRoot: true, tools }) });
      const { exit, stdout, stderr } = await app.run("dotnet", "tool", "restore");
      expect({ exit, said: exit === 0 ? "" : stdout + stderr }).toEqual({ exit: 0, said: "" });
    }
  });
});

describe.skipIf(!hasDotnet)("a lock without the platform that is asked for", () => {
  it("is named with the words that write it anew, nothing changes, and these help", async () => {
    const app = begin({
      "app.csproj": csproj({ "Acme.Gadget": "2.0.0" }, { RestorePackagesWithLockFile: "true", OutputType: "Exe" }),
      "A.cs": "return;",
    });
    expect(await app.plain("restore")).toMatchObject({ exit: 0 });
    app.remove("obj");
    const before = app.snapshot();
    const rid = "linux-x64";
    const words = ["publish", "-r", rid, "--no-self-contained", "-p:UseAppHost=false"];
    const { exit, stdout, stderr } = await app.run("dotnet", ...words);
    expect({ exit, stdout, stderr }).toMatchObject({ exit: 1, stdout: expect.stringContaining("NU1004") });
    expect(stderr).toContain(`safe-install dotnet restore -r ${rid} --force-evaluate`);
    expect(app.snapshot()).toEqual(before);
    expect(await app.run("dotnet", "restore", "-r", rid, "--force-evaluate")).toMatchObject({ exit: 0 });
    expect(await app.run("dotnet", ...words)).toMatchObject({ exit: 0 });
    // As it comes from another platform.
    const lock = app.read("packages.lock.json");
    app.write({ "packages.lock.json": lock.replaceAll(rid, "win-x64") });
    const other = await app.run("dotnet", ...words);
    expect(other).toMatchObject({ exit: 1, stdout: expect.stringContaining("NU1004") });
  });
});
