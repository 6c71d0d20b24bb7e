/**
 * A project's own file that MSBuild runs, loads or believes in the place of the SDK's: plain dotnet runs it, behind the gate
 * nothing is read. (Targets that hook on to restore: dotnet-hooks.)
 */
import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ID = "Acme.Widget";
let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
  await scene.publish({ id: ID, version: "1.0.0" });
});
afterAll(() => scene.feed.close());

const MARK = '<Touch Files="$(MSBuildProjectDirectory)/evil-ran" AlwaysCreate="true" />';
const hooked = (hook: string, body = MARK) => `<Target Name="Evil" ${hook}>${body}</Target>`;
const file = (body: string) => `<Project>${body}</Project>`;
const project = (more = "", properties: Readonly<Record<string, string>> = {}) =>
  csproj({ [ID]: "1.0.0" }, properties, more);
const explicit = (after: string) =>
  `<Project><Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" /><PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />${after}</Project>`;

const INLINE = `<UsingTask TaskName="WarnForInvalidProjectsTask" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll"><Task><Code Type="Class" Language="cs"><![CDATA[
public class WarnForInvalidProjectsTask : Microsoft.Build.Utilities.Task {
  public Microsoft.Build.Framework.ITaskItem[] AllProjects { get; set; }
  public Microsoft.Build.Framework.ITaskItem[] ValidProjects { get; set; }
  public override bool Execute() { System.IO.File.WriteAllText("evil-ran", ""); return true; }
}]]></Code></Task></UsingTask>`;

/** Each with what is named on the screen. */
const WAYS: readonly (readonly [way: string, named: string, files: Readonly<Record<string, string>>])[] = [
  [
    "a target in the place of the SDK's",
    "target %52estore runs Touch",
    { "app.csproj": explicit(`<Target Name="%52estore">${MARK}</Target>`) },
  ],
  [
    "a task written in the project",
    "UsingTask WarnForInvalidProjectsTask",
    { "app.csproj": project(), "Directory.Build.props": file(INLINE) },
  ],
  [
    "the SDK's file for restore",
    "NuGetRestoreTargets",
    {
      "app.csproj": project("", { NuGetRestoreTargets: "$(MSBuildProjectDirectory)/evil.targets" }),
      "evil.targets": file(hooked("").replace("Evil", "Restore")),
    },
  ],
  [
    "a file in obj that NuGet did not write",
    "ImportProjectExtensionProps",
    {
      "app.csproj": project(),
      "Directory.Build.props": file(
        "<PropertyGroup><ImportProjectExtensionProps>true</ImportProjectExtensionProps></PropertyGroup>",
      ),
      "obj/app.csproj.evil.props": file(hooked('BeforeTargets="Restore"')),
    },
  ],
  [
    "a target in another encoding",
    "target Evil runs Touch",
    { "app.csproj": project('<Import Project="evil.props" />'), "evil.props": "" },
  ],
];

function begin(files: Readonly<Record<string, string>>): Stage {
  const folder = temporaryFolder();
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policyFor([ID]));
}

async function refusedUntouched(app: Stage, named: string): Promise<void> {
  const before = app.snapshot();
  const { exit, stderr } = await app.run("dotnet", "restore");
  expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("PROJECT_RUNS") });
  expect(stderr).toContain(named);
  expect(app.snapshot()).toEqual(before);
}

describe.skipIf(!hasDotnet || process.platform === "win32")("nothing of a project runs before the verdict:", () => {
  it.each(WAYS)("%s", async (way, named, files) => {
    const app = begin(files);
    if (files["evil.props"] === "") {
      writeFileSync(join(app.project, "evil.props"), `\uFEFF${file(hooked('BeforeTargets="Restore"'))}`, "utf16le");
    }
    await refusedUntouched(app, named);
    await app.plain("restore");
    expect([way, app.exists("evil-ran")]).toEqual([way, true]);
  });

  it("a program in the place of NuGet's own, by static graph evaluation", async () => {
    const app = begin({
      "app.csproj": project("", {
        RestoreUseStaticGraphEvaluation: "true",
        NuGetConsoleProcessFileName: "$(MSBuildProjectDirectory)/evil.sh",
      }),
      "evil.sh": "#!/bin/sh\ntouch evil-ran\nexit 1\n",
    });
    chmodSync(join(app.project, "evil.sh"), 0o755);
    await refusedUntouched(app, "NuGetConsoleProcessFileName");
    await app.plain("restore");
    expect(app.exists("evil-ran")).toBe(true);
  });

  it("a project SDK whose name is a way into the project", async () => {
    const app = begin({
      "sdk/Sdk/Sdk.props": "<Project />",
      "sdk/Sdk/Sdk.targets": file(hooked("").replace("Evil", "Restore")),
      "app.csproj": "",
    });
    app.write({ "app.csproj": `<Project><Sdk Name="${join(app.project, "sdk")}" /></Project>` });
    await refusedUntouched(app, "leads to a file outside of the SDK");
    await app.plain("restore");
    expect(app.exists("evil-ran")).toBe(true);
  });

  it("a restore leaves nothing of dotnet's in the home: the user's home stays as it was", async () => {
    const app = begin({ "app.csproj": project() });
    for (const policy of [policyFor([]), policyFor([ID])]) {
      app.write({ ".signing-policy.json": policy });
      await app.run("dotnet", "restore");
      expect([".dotnet", ".nuget"].filter((name) => existsSync(join(app.home, name)))).toEqual([]);
    }
    expect(app.exists("obj/project.assets.json")).toBe(true);
  });
});
