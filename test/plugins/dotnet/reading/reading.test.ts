import { requireQuiet } from "../../../../plugins/dotnet/reading/reading.ts";
import type { Host } from "../../../../src/plugin.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { csproj, writeFiles } from "../../../support/nuget/project.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const file = (body: string) => `<Project>${body}</Project>`;
const group = (body: string) => `<PropertyGroup>${body}</PropertyGroup>`;
const EXEC = '<Exec Command="evil" />';
const EVIL = file(`<Target Name="Evil" BeforeTargets="Restore">${EXEC}</Target>`);
const project = (more: string) => csproj({}, {}, more);

type Files = Readonly<Record<string, string>>;
type Attack = [what: string, named: string, more: string, files?: Files];
type Ordinary = [what: string, more: string, files?: Files];

/** The refusal of a repository in which `app.csproj`, or the solution that is there, is restored; null: there is none. */
async function refusal(files: Readonly<Record<string, string>>, target = "app.csproj"): Promise<string | null> {
  const folder = join(temporaryFolder(), "repository");
  writeFiles(folder, files);
  const host = { env: {}, read: readBounded } as unknown as Host;
  return requireQuiet({ file: join(folder, target), folder }, { root: folder }, host).then(
    () => null,
    (error: Error) => error.message.replaceAll(`${folder}/`, ""),
  );
}

describe("a project is not read where it would have MSBuild", () => {
  it.each<Attack>([
    [
      "run a task before restore",
      "target Evil runs Exec",
      `<Target Name="Evil" BeforeTargets="Restore">${EXEC}</Target>`,
    ],
    [
      "download",
      "target Evil runs DownloadFile",
      '<Target Name="Evil" AfterTargets="X;restore"><DownloadFile SourceUrl="https://x.example" DestinationFolder="." /></Target>',
    ],
    [
      "call a target",
      "target Evil runs CallTarget",
      '<Target Name="Evil" BeforeTargets="_GenerateRestoreGraph"><CallTarget Targets="X" /></Target>',
    ],
    [
      "run what a hook of a hook runs",
      "target Evil runs Exec",
      `<Target Name="A" BeforeTargets="Restore" /><Target Name="Evil" AfterTargets="A">${EXEC}</Target>`,
    ],
    [
      "hook by a name that is put together",
      "target Evil may run Exec",
      `${group("<A>Rest</A><B>$(A)ore</B>")}<Target Name="Evil" BeforeTargets="$(B)">${EXEC}</Target>`,
    ],
    [
      "hook by a name that is not known",
      "target Evil may run Exec",
      `<Target Name="Evil" BeforeTargets="$(X.Replace('a', 'b'))">${EXEC}</Target>`,
    ],
    [
      "hook by an escaped name",
      "target Evil runs Exec",
      `<Target Name="Evil" BeforeTargets="%52estore">${EXEC}</Target>`,
    ],
    [
      "depend on what is not known",
      "DependsOnTargets",
      '<Target Name="Evil" BeforeTargets="Restore" DependsOnTargets="$(X)" />',
    ],
    [
      "take its own target for the SDK's",
      "target CollectPackageReferences runs Exec",
      `<Target Name="CollectPackageReferences">${EXEC}</Target>`,
    ],
    [
      "go on elsewhere after an error",
      "target Evil runs OnError",
      '<Target Name="Evil" BeforeTargets="Restore"><Error /><OnError ExecuteTargets="X" /></Target>',
    ],
    [
      "take its own task for the SDK's",
      "UsingTask Evil.Message",
      '<UsingTask TaskName="Evil.Message" AssemblyFile="evil.dll" />',
    ],
    [
      "take a task by a name that is not known",
      "UsingTask $(X)",
      '<UsingTask TaskName="$(X)" AssemblyFile="evil.dll" />',
    ],
    [
      "load NuGet's tasks from elsewhere",
      "RestoreTaskAssemblyFile",
      group("<RestoreTaskAssemblyFile>evil.dll</RestoreTaskAssemblyFile>"),
    ],
    [
      "load the SDK's tasks from elsewhere",
      "MicrosoftNETBuildTasksAssembly",
      group("<MicrosoftNETBuildTasksAssembly>evil.dll</MicrosoftNETBuildTasksAssembly>"),
    ],
    [
      "look for its own files elsewhere",
      "MSBuildExtensionsPath32",
      group("<msbuildextensionspath32>evil</msbuildextensionspath32>").replaceAll(
        "msbuildextensionspath32",
        "MSBuildExtensionsPath32",
      ),
    ],
    [
      "look for SDKs elsewhere",
      "MSBuildSDKsPath",
      `<Choose><When Condition="true">${group("<MSBuildSDKsPath>evil</MSBuildSDKsPath>")}</When></Choose>`,
    ],
    ["take an SDK from a folder", 'Sdk="../../evil"', '<Import Project="Sdk.props" Sdk="../../evil" />'],
    [
      "leave an SDK by the name of a file",
      "target Evil runs Exec",
      '<Import Project="../evil.txt" Sdk="Microsoft.NET.Sdk" />',
      { "evil.txt": EVIL, "x/evil.txt": EVIL },
    ],
    [
      "import a file",
      "target Evil runs Exec",
      '<Import Project="eng\\evil.txt" Condition="false" />',
      { "eng/evil.txt": EVIL },
    ],
    [
      "import a file of a folder that is not known",
      "target Evil runs Exec",
      '<Import Project="$(X)/evil.txt" />',
      { "eng/deep/evil.txt": EVIL },
    ],
    [
      "import a file that an archive of the repository has in git's folder",
      "target Evil runs Exec",
      '<Import Project="$(X)/evil.txt" />',
      { ".git/hooks/evil.txt": EVIL },
    ],
    [
      "import a file of a packages folder that it names",
      "target Evil runs Exec",
      `${group("<NuGetPackageRoot>packages</NuGetPackageRoot>")}<Import Project="$(NuGetPackageRoot)/evil.txt" />`,
      { "packages/evil.txt": EVIL },
    ],
    [
      "import a file that is looked for",
      "target Evil runs Exec",
      "<Import Project=\"$([MSBuild]::GetPathOfFileAbove('evil.txt', '$(MSBuildThisFileDirectory)../'))\" />",
      { "eng/evil.txt": EVIL },
    ],
    ["import by a pattern", "target Evil runs Exec", '<Import Project="eng/*.txt" />', { "eng/evil.txt": EVIL }],
    [
      "import what a function names",
      "names a file that only evaluation knows",
      "<Import Project=\"$([System.String]::Copy('evil.txt'))\" />",
    ],
    [
      "import what an argument hides",
      "names a file that only evaluation knows",
      "<Import Project=\"$([System.IO.Path]::Combine('eng', 'a,evil.txt'))\" />",
    ],
    [
      "import what the SDK works out of the project",
      "names a file that only evaluation knows",
      '<Import Project="$(TargetPath)" />',
    ],
    [
      "override by what it is kept apart",
      'TreatAsLocalProperty="ImportProjectExtensionProps"',
      '<Import Project="x.props" />',
      { "x.props": '<Project TreatAsLocalProperty="ImportProjectExtensionProps" />' },
    ],
    [
      "read a project with such a target",
      "lib/lib.csproj: target Evil",
      '<ItemGroup><ProjectReference Include="lib/lib.csproj" /></ItemGroup>',
      { "lib/lib.csproj": EVIL },
    ],
    [
      "read a project that a pattern names",
      "lib/lib.csproj: target Evil",
      '<ItemGroup><ProjectReference Include="**/*.csproj" /></ItemGroup>',
      { "lib/lib.csproj": EVIL },
    ],
    [
      "read a project that an item names",
      "lib/lib.txt: target Evil",
      '<ItemGroup><L Include="lib/lib.txt" /><ProjectReference Include="@(L)" /></ItemGroup>',
      { "lib/lib.txt": EVIL },
    ],
    [
      "read what is read here in another way",
      "cannot be read here",
      '<Import Project="x.props" />',
      { "x.props": EVIL.replace("<Project>", '<!DOCTYPE p [<!ENTITY e "x">]><Project>&e;') },
    ],
    [
      "read another encoding",
      "cannot be read here",
      '<Import Project="x.props" />',
      { "x.props": `<?xml version="1.0" encoding="ibm037"?>${EVIL}` },
    ],
    ["publish by a profile", "target Evil runs Exec", "", { "Properties/PublishProfiles/F.pubxml": EVIL }],
  ])("%s", async (...[, named, more, files = {}]: Attack) => {
    expect(await refusal({ "app.csproj": project(more), ...files })).toContain(named);
  });

  it("read a solution that has such a project, whatever the project's name ends with", async () => {
    const line = 'Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "a", "a\\evil.txt", "{1}"\nEndProject\n';
    expect(await refusal({ "All.sln": line, "a/evil.txt": EVIL }, "All.sln")).toContain("a/evil.txt: target Evil");
    expect(
      await refusal(
        { "All.slnx": '<Solution><Project Path="a/evil.txt" /></Solution>', "a/evil.txt": EVIL },
        "All.slnx",
      ),
    ).toContain("target Evil");
    expect(await refusal({ "All.sln": "", "before.All.sln.targets": EVIL }, "All.sln")).toContain("target Evil");
    expect(
      await refusal(
        {
          "F.slnf": '{"solution":{"path":"All.sln","projects":["a\\\\evil.txt"]}}',
          "a/evil.txt": EVIL,
          "All.sln": line,
        },
        "F.slnf",
      ),
    ).toContain("target Evil");
  });
});

it("no more than five obstacles are named, and how many there are more", async () => {
  const targets = [1, 2, 3, 4, 5, 6, 7].map(
    (at) => `<Target Name="Evil${at}" BeforeTargets="Restore">${EXEC}</Target>`,
  );
  const named = async (count: number) =>
    (await refusal({ "app.csproj": project(targets.slice(0, count).join("")) })) ?? "";
  expect((await named(7)).match(/target Evil\d/g)).toHaveLength(5);
  expect(await named(7)).toMatch(/; and 2 more$/);
  expect(await named(5)).not.toContain("more");
});

describe("an ordinary project is read:", () => {
  it.each<Ordinary>([
    ["one with nothing of its own", ""],
    [
      "targets of a build",
      `<Target Name="A" BeforeTargets="Build;CoreCompile" DependsOnTargets="B">${EXEC}</Target><Target Name="B">${EXEC}</Target><Target Name="C" AfterTargets="Publish;$(X)" />`,
    ],
    [
      "a check before restore",
      '<Target Name="A" BeforeTargets="Restore"><Error Condition="false" Text="x" /><Warning Text="y" /><ItemGroup><X Include="y" /></ItemGroup></Target>',
    ],
    [
      "a check that runs first",
      '<Import Project="check.targets" />',
      { "check.targets": '<Project InitialTargets="A"><Target Name="A"><Message Text="x" /></Target></Project>' },
    ],
    [
      "a task of its own in the build",
      '<UsingTask TaskName="Mine" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="x" /><Target Name="A" AfterTargets="Build"><Mine /></Target>',
    ],
    [
      "shared files",
      "",
      {
        "Directory.Build.props": file(
          `<Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" Condition="false" />${group("<RepoRoot>$(MSBuildThisFileDirectory)</RepoRoot><BaseIntermediateOutputPath>$(RepoRoot)artifacts/$(MSBuildProjectName)/</BaseIntermediateOutputPath>")}<Import Project="$(RepoRoot)eng/Versions.props" />`,
        ),
        "Directory.Build.targets": file(
          '<Import Project="$([MSBuild]::GetPathOfFileAbove($(MSBuildThisFile), $(MSBuildThisFileDirectory)..))" Condition="false" />',
        ),
        "Directory.Packages.props": file('<ItemGroup><PackageVersion Include="A" Version="1.0" /></ItemGroup>'),
        "eng/Versions.props": file(""),
      },
    ],
    [
      "the SDK's files by name",
      '<Import Project="$(MSBuildToolsPath)\\Microsoft.CSharp.targets" Condition="false" /><Import Project="$(CSharpTargetsPath)" Condition="false" /><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk.Web" Condition="false" />',
    ],
    [
      "old tools of Visual Studio",
      `${group('<VSToolsPath Condition="false">$(MSBuildExtensionsPath32)\\Microsoft\\VisualStudio\\v$(VisualStudioVersion)</VSToolsPath>')}<Import Project="$(VSToolsPath)\\WebApplications\\Microsoft.WebApplication.targets" Condition="false" />`,
    ],
    [
      "a reference to a project",
      '<ItemGroup><ProjectReference Include="..\\repository\\lib\\lib.csproj" /><ProjectReference Include="$(MSBuildThisFileDirectory)lib/lib.csproj" /></ItemGroup>',
      { "lib/lib.csproj": project("") },
    ],
    [
      "files of packages, by names that NuGet gives once they are restored",
      '<Import Project="$(NuGetPackageRoot)a/1.0.0/build/a.props" Condition="false" /><Import Project="$(PkgA)/build/a.props" Condition="false" />',
      { "obj/.safe-install/a/1.0.0/build/a.props": EVIL },
    ],
    ["what NuGet left in obj", "", { "obj/app.csproj.nuget.g.targets": EVIL }],
    ["a hostile file that is no part of it", "", { "other/other.csproj": EVIL }],
  ])("%s", async (...[, more, files = {}]: Ordinary) => {
    expect(await refusal({ "app.csproj": project(more), ...files })).toBeNull();
  });
});
