/**
 * Targets of a project that hook on to restore: plain dotnet runs them first, behind the gate they run once everything is
 * allowed, and find nothing but what was proven.
 */
import { temporaryFolder } from "../support/folder.ts";
import { safeInstall } from "../support/cli.ts";
import { makePackage } from "../support/nuget.ts";
import { csproj, dotnetEnvironment, hasDotnet, nugetConfig, plainDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ID = "Acme.Widget";
let scene: Scene;
let tasks = "";

const SETTINGS =
  '<DotNetCliTool Version="2"><Commands><Command Name="hooks" EntryPoint="hooks.sh" Runner="executable" /></Commands></DotNetCliTool>';
const TOOL = (says: string) => ({
  id: "Acme.Hooks",
  version: "1.0.0",
  packageType: "DotnetTool",
  files: {
    "tools/net10.0/any/DotnetToolSettings.xml": SETTINGS,
    "tools/net10.0/any/hooks.sh": `#!/bin/sh\necho ${says} > installed\n`,
  },
});

beforeAll(async () => {
  scene = await startScene();
  await scene.publish({ id: ID, version: "1.0.0" });
  await scene.publish(TOOL("proven"));
  if (hasDotnet) tasks = join(sdkFolder(), "Microsoft.Build.Tasks.Core.dll");
});
afterAll(() => scene.feed.close());

function sdkFolder(): string {
  const version = execFileSync("dotnet", ["--version"], { encoding: "utf8" }).trim();
  const lines = execFileSync("dotnet", ["--list-sdks"], { encoding: "utf8" }).split("\n");
  return join(/\[(.*)\]/.exec(lines.find((one) => one.startsWith(`${version} `)) ?? "")?.[1] ?? "", version);
}

const file = (body: string) => `<Project>${body}</Project>`;
const mark = (name: string) => `<Touch Files="$(MSBuildProjectDirectory)/ran-${name}" AlwaysCreate="true" />`;
const project = (more = "") => csproj({ [ID]: "1.0.0" }, {}, more);

const INLINE = `<UsingTask TaskName="Mine" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll"><Task><Code Type="Fragment" Language="cs">System.IO.File.WriteAllText("ran-inline", "");</Code></Task></UsingTask>`;
const loaded = (name: string, path: string) =>
  `<UsingTask TaskName="Microsoft.Build.Tasks.${name}" AssemblyFile="${path}" />`;

/** Every way to run at once, each leaving a mark of its own. */
const EVERY = (address: string): Readonly<Record<string, string>> => ({
  "app.csproj": project(`
    <Target Name="A" BeforeTargets="Restore"><Exec Command="touch ran-exec" /></Target>
    ${INLINE}<Target Name="B" BeforeTargets="Restore"><Mine /></Target>
    <Target Name="C" AfterTargets="_GenerateRestoreGraph"><CallTarget Targets="Called" /></Target>
    <Target Name="Called">${mark("called")}</Target>
    ${loaded("Touch", "$(MSBuildProjectDirectory)/lib/own.dll")}${loaded("MakeDir", "$(HOME)/.nuget/packages/acme.task/1.0.0/own.dll")}
    <Target Name="D" BeforeTargets="CollectPackageReferences">${mark("path")}<MakeDir Directories="ran-package" /></Target>
    <Target Name="E" BeforeTargets="Restore" DependsOnTargets="Needed" /><Target Name="Needed">${mark("needed")}</Target>
    <PropertyGroup><CustomAfterMicrosoftCommonTargets>$(MSBuildProjectDirectory)/x/evil</CustomAfterMicrosoftCommonTargets></PropertyGroup>
    <PropertyGroup><A>no</A><B>$(A)tes</B></PropertyGroup><Import Project="$(B).txt" Condition="'$(ExcludeRestorePackageImports)' == 'true'" />`),
  "app.csproj.user": file(`<Target Name="F" BeforeTargets="Restore">${mark("user")}</Target>`),
  "x/evil": file(`<Target Name="J" BeforeTargets="Restore">${mark("custom")}</Target>`),
  "notes.txt": file(`<Target Name="G" BeforeTargets="CollectPackageReferences">${mark("import")}</Target>`),
  "Directory.Build.props": `<Project InitialTargets="H"><Target Name="H">${mark("initial")}</Target></Project>`,
  "Directory.Build.targets": file(
    `<Target Name="I" AfterTargets="CollectPackageReferences"><DownloadFile SourceUrl="${address}" DestinationFolder="." DestinationFileName="ran-download" /></Target>`,
  ),
});
const MARKS = [
  "called",
  "custom",
  "download",
  "exec",
  "import",
  "initial",
  "inline",
  "needed",
  "package",
  "path",
  "user",
];

function begin(files: Readonly<Record<string, string>>, policy: string): Stage {
  const folder = temporaryFolder();
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policy);
}

function bringTasks(app: Stage): void {
  for (const place of [join(app.project, "lib"), join(app.home, ".nuget", "packages", "acme.task", "1.0.0")]) {
    mkdirSync(place, { recursive: true });
    copyFileSync(tasks, join(place, "own.dll"));
  }
}

const marksIn = (app: Stage) =>
  readdirSync(app.project)
    .flatMap((name) => (name.startsWith("ran-") ? [name.slice(4)] : []))
    .toSorted();

describe.skipIf(!hasDotnet || process.platform === "win32")("targets that hook on to restore", () => {
  it("run first in a plain restore; behind the gate not before the verdict, and then as there", async () => {
    const address = new URL("/v3/index.json?downloaded", scene.feed.url).href;
    const app = begin(EVERY(address), policyFor([]));
    bringTasks(app);
    const before = app.snapshot();
    const asked = scene.feed.requests.length;
    const denied = await app.run("dotnet", "restore");
    expect(denied).toMatchObject({ exit: 65, stderr: expect.stringContaining("NO_RULE") });
    expect(app.snapshot()).toEqual(before);
    expect(scene.feed.requests.slice(asked).filter((path) => path.includes("downloaded"))).toEqual([]);
    expect(denied.stderr).toContain("run as part of your restore");

    app.write({ ".signing-policy.json": policyFor([ID]) });
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    expect(marksIn(app)).toEqual(MARKS);
    expect(app.read("nuget.config")).toBe(nugetConfig({ feed: scene.feed.url }));

    const plain = begin(EVERY(address), policyFor([]));
    bringTasks(plain);
    const { exit, stdout } = await plain.plain("restore");
    expect({ exit, stdout }).toMatchObject({ exit: 0 });
    expect(marksIn(plain)).toEqual(MARKS);
  });
});

const REPOSITORY: Readonly<Record<string, string>> = {
  "Directory.Build.props": file(
    "<PropertyGroup><Root>$([MSBuild]::GetDirectoryNameOfFileAbove($(MSBuildThisFileDirectory), '.git/HEAD'))</Root></PropertyGroup>",
  ),
  "Directory.Packages.props": file(
    '<Import Project="$(Root)/bin/versions.props" /><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>',
  ),
  "bin/versions.props": file(`<ItemGroup><PackageVersion Include="${ID}" Version="1.0.0" /></ItemGroup>`),
  "src/app.csproj": csproj(
    {},
    {},
    `<Target Name="A" BeforeTargets="CollectPackageReferences" DependsOnTargets="More"><Touch Files="../ran-a" AlwaysCreate="true" /></Target>
     <Target Name="More"><ItemGroup><PackageReference Include="${ID}" /></ItemGroup></Target>`,
  ),
};

describe.skipIf(!hasDotnet || process.platform === "win32")(
  "a project that is read in a copy of its repository",
  () => {
    it("is the same: the root by .git, versions in one place, a file in a folder of outputs, what a target needs", async () => {
      const app = begin(REPOSITORY, policyFor([ID]));
      const { exit, stdout, stderr } = await app.run("dotnet", "restore", "src");
      expect({ exit, stdout, stderr }).toMatchObject({ exit: 0 });
      expect(marksIn(app)).toEqual(["a"]);
      const assets = app.read("src/obj/project.assets.json");
      expect(assets).toContain(`${ID}/1.0.0`);
      expect(assets).toContain(join(app.project, "src", "app.csproj"));
      expect(assets).not.toContain("mirror");
    });
  },
);

/** As Husky.Net's documentation has it, under another name. */
const DOCUMENTED = `<Target Name="husky" BeforeTargets="Restore;CollectPackageReferences" Condition="'$(HUSKY)' != 0">
  <Exec Command="dotnet tool restore" StandardOutputImportance="Low" StandardErrorImportance="High" />
  <Exec Command="dotnet hooks install" StandardOutputImportance="Low" StandardErrorImportance="High" WorkingDirectory="." />
  <Touch Files="install.stamp" AlwaysCreate="true" />
  <ItemGroup><FileWrites Include="install.stamp" /></ItemGroup>
</Target>`;
const MANIFEST = JSON.stringify({
  version: 1,
  isRoot: true,
  tools: { "acme.hooks": { version: "1.0.0", commands: ["hooks"] } },
});
const HOOKED = { "app.csproj": project(DOCUMENTED), ".config/dotnet-tools.json": MANIFEST };

describe.skipIf(!hasDotnet || process.platform === "win32")(
  "a restore that restores a local tool and starts it",
  () => {
    it("is denied untouched where the policy does not admit the tool", async () => {
      const app = begin(HOOKED, policyFor([ID]));
      const before = app.snapshot();
      const { exit, stderr } = await app.run("dotnet", "restore");
      expect({ exit, stderr }).toMatchObject({
        exit: 65,
        stderr: expect.stringMatching(/Acme\.Hooks@1\.0\.0\s+NO_RULE/i),
      });
      expect(app.snapshot()).toEqual(before);
      // The gate's own cache and temporary folders.
      expect([readdirSync(app.home), readdirSync(join(app.home, ".local"))]).toEqual([[".cache", ".local"], ["state"]]);
    });

    it("runs the proven tool, whatever other sources and earlier tools would give it", async () => {
      const app = begin(HOOKED, policyFor([ID, "Acme.Hooks"]));
      mkdirSync(join(app.project, "evil"));
      writeFileSync(join(app.project, "evil", "acme.hooks.1.0.0.nupkg"), makePackage(TOOL("evil")));
      // Plain dotnet takes the tool from the first source that has it, and remembers it.
      app.write({ "nuget.config": nugetConfig({ evil: join(app.project, "evil"), feed: scene.feed.url }) });
      await plainDotnet(["tool", "restore", "--add-source", "evil", "--ignore-failed-sources"], {
        cwd: app.project,
        home: app.home,
      });
      await plainDotnet(["hooks"], { cwd: app.project, home: app.home });
      expect(app.read("installed").trim()).toBe("evil");
      const settings = nugetConfig({ feed: scene.feed.url });
      app.write({ "nuget.config": settings });

      const { exit, stdout, stderr } = await app.run("dotnet", "restore");
      expect({ exit, stdout, stderr }).toMatchObject({ exit: 0 });
      expect(app.read("installed").trim()).toBe("proven");
      expect(app.read("nuget.config")).toBe(settings);
      const [row] = JSON.parse(app.read("../home/.dotnet/toolResolverCache/1/acme.hooks")) as {
        PathToExecutable: string;
      }[];
      expect(dirname(row?.PathToExecutable ?? "")).toContain(join(app.project, "obj", ".safe-install-tools"));
      expect(readFileSync(row?.PathToExecutable ?? "", "utf8")).toContain("proven");
    });

    it("finds no tool that was not judged: what a target names by itself is not there", async () => {
      const body = '<Exec Command="dotnet tool restore --tool-manifest other.json" />';
      const app = begin(
        {
          "app.csproj": project(`<Target Name="T" BeforeTargets="Restore">${body}</Target>`),
          "other.json": MANIFEST,
        },
        policyFor([ID]),
      );
      mkdirSync(join(app.project, "evil"));
      writeFileSync(join(app.project, "evil", "acme.hooks.1.0.0.nupkg"), makePackage(TOOL("evil")));
      const evil = nugetConfig({ evil: join(app.project, "evil"), feed: scene.feed.url });
      app.write({ "nuget.config": evil, "../nuget.config": evil });
      const before = app.snapshot();
      expect(await app.run("dotnet", "restore")).toMatchObject({
        exit: 1,
        stdout: expect.stringMatching(/acme\.hooks/),
      });
      expect(app.snapshot()).toEqual(before);
    });
  },
);

describe.skipIf(!hasDotnet || process.platform === "win32")(
  "what a restore would be another without is refused by name:",
  () => {
    it.each([
      [
        "a property that a target sets",
        "also sets PackageVersionOf",
        '<Exec Command="true"><Output TaskParameter="ExitCode" PropertyName="PackageVersionOf" /></Exec>',
        "",
      ],
      [
        "an item that a target adds",
        "also sets PackageReference",
        '<Exec Command="true" /><ItemGroup><PackageReference Include="X" Version="1.0.0" /></ItemGroup>',
        "",
      ],
      [
        "a property of a target that it calls",
        "also sets Version",
        '<CallTarget Targets="called" />',
        '<Target Name="Called"><PropertyGroup><Version>2.0.0</Version></PropertyGroup></Target>',
      ],
      [
        "a target by a name that it makes up",
        "calls targets that only evaluation knows",
        '<CallTarget Targets="$(Called)" />',
        "",
      ],
    ])("%s", async (_, said, body, more) => {
      const app = begin(
        {
          "app.csproj": project(`<Target Name="Sets" BeforeTargets="CollectPackageReferences">${body}</Target>${more}`),
        },
        policyFor([ID]),
      );
      const before = app.snapshot();
      expect(await app.run("dotnet", "restore")).toMatchObject({
        exit: 66,
        stderr: expect.stringMatching(new RegExp(`PROJECT_RUNS[^]*target Sets[^]*${said}`)),
      });
      expect(app.snapshot()).toEqual(before);
    });

    it("a target of a file behind a link out of the repository: nothing is written there", async () => {
      const app = begin({ "app.csproj": project('<Import Project="out/evil.targets" />') }, policyFor([ID]));
      const outside = join(app.project, "..", "outside");
      mkdirSync(outside);
      const evil = file(`<Target Name="Evil" BeforeTargets="Restore">${mark("evil")}</Target>`);
      writeFileSync(join(outside, "evil.targets"), evil);
      symlinkSync("../outside", join(app.project, "out"));
      expect(await app.run("dotnet", "restore")).toMatchObject({
        exit: 66,
        stderr: expect.stringMatching(/PROJECT_RUNS[^]*out\/evil\.targets: target Evil/),
      });
      expect(readFileSync(join(outside, "evil.targets"), "utf8")).toBe(evil);
      expect(marksIn(app)).toEqual([]);
    });

    it("a target that is reached in the repository itself, past the copy in which it is left out", async () => {
      const app = begin(
        { "eng/evil.targets": file(`<Target Name="Evil" BeforeTargets="Restore">${mark("evil")}</Target>`) },
        policyFor([ID]),
      );
      app.write({ "app.csproj": project(`<Import Project="${app.project}/eng/evil.targets" />`) });
      const before = app.snapshot();
      expect(await app.run("dotnet", "restore")).toMatchObject({
        exit: 66,
        stderr: expect.stringMatching(/PROJECT_RUNS[^]*eng\/evil\.targets: target Evil/),
      });
      expect(app.snapshot()).toEqual(before);
    });
  },
);

describe.skipIf(!hasDotnet || process.platform === "win32")(
  "nothing of a response file or of a property function takes part:",
  () => {
    it("a logger, a target, and a function that writes", async () => {
      const written = "$([System.IO.File]::WriteAllText('$(MSBuildProjectDirectory)/ran-function', ''))";
      const files = {
        "app.csproj": project(`<Target Name="Evil">${mark("target")}</Target>`),
        "Directory.Build.rsp": "-t:Evil\n-logger:FileLogger,Microsoft.Build;logfile=ran-logger\n",
      };
      const app = begin(files, policyFor([ID]));
      expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
      expect(marksIn(app)).toEqual([]);
      await app.plain("restore");
      expect(marksIn(app)).toEqual(["logger", "target"]);

      const env = { ...dotnetEnvironment(app.home), MSBUILDENABLEALLPROPERTYFUNCTIONS: "1" };
      const other = begin(
        { "app.csproj": project(`<PropertyGroup><X>${written}</X></PropertyGroup>`) },
        policyFor([ID]),
      );
      const before = other.snapshot();
      const { exit } = await safeInstall(["dotnet", "restore"], { cwd: other.project, home: other.home, env });
      expect(exit).toBe(69);
      expect(other.snapshot()).toEqual(before);
      await plainDotnet(["restore"], { cwd: other.project, home: other.home, env });
      expect(marksIn(other)).toEqual(["function"]);
    });
  },
);
