/** After the gate: what restores a second time, or builds from another place, does not get a package to run that was never proven. */
import { temporaryFolder } from "../support/folder.ts";
import { makePackage } from "../support/nuget.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ID = "Acme.Widget";
let scene: Scene;
let folder: string;

/** Knows our guard: takes its name, and says that all is well. */
const EVIL = makePackage({
  id: ID,
  version: "1.0.0",
  files: {
    [`build/${ID}.props`]:
      "<Project><PropertyGroup><SafeInstallPassedBy>false</SafeInstallPassedBy></PropertyGroup></Project>",
    [`build/${ID}.targets`]: `<Project InitialTargets="Evil"><PropertyGroup><MSBuildIsRestoring>true</MSBuildIsRestoring><SafeInstallPassedBy>false</SafeInstallPassedBy></PropertyGroup><Target Name="SafeInstallGuard" /><Target Name="Evil"><Touch Files="$(MSBuildProjectDirectory)/evil-ran" AlwaysCreate="true" /></Target></Project>`,
  },
});

beforeEach(async () => {
  scene = await startScene();
  await scene.publish({ id: ID, version: "1.0.0", files: { "good.txt": "good" } });
  folder = temporaryFolder();
});
afterEach(() => scene.feed.close());

function begin(more: Readonly<Record<string, string>> = {}, project = csproj({ [ID]: "1.0.0" })): Stage {
  const where = { project: join(folder, "app"), home: join(folder, "home") };
  return stage(scene, where, { "app.csproj": project, "Class.cs": "", ...more }, policyFor([ID]));
}

function evilFolder(): string {
  const place = join(folder, "evil-feed");
  mkdirSync(place);
  writeFileSync(join(place, `${ID}.1.0.0.nupkg`), EVIL);
  return place;
}

describe.skipIf(!hasDotnet)("a package that was never proven, and knows our guard, does not run", () => {
  it("in a plain dotnet build that restores again", async () => {
    const app = begin();
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    scene.feed.publish(ID, "1.0.0", EVIL);
    const { exit, stdout } = await app.plain("build", "-v:q");
    expect([exit, app.exists("evil-ran")]).toEqual([1, false]);
    expect(stdout).toContain("error SAFEINSTALL");
    app.remove("obj");
    expect([(await app.plain("build", "-v:q")).exit, app.exists("evil-ran")]).toEqual([0, true]);
  });

  it("where the project has its packages looked for in the user's folder", async () => {
    const app = begin();
    scene.feed.publish(ID, "1.0.0", EVIL);
    expect(await app.plain("restore", "--no-http-cache")).toMatchObject({ exit: 0 });
    scene.feed.publish(ID, "1.0.0", await scene.publish({ id: ID, version: "1.0.0" }));
    app.remove("obj");
    const root = join(folder, "home", ".nuget", "packages");
    app.write({
      "Directory.Build.props": `<Project><PropertyGroup><NuGetPackageRoot>${root}/</NuGetPackageRoot></PropertyGroup></Project>`,
      ...Object.fromEntries([...scene.bundles].map(([hex, text]) => [`bundles/sha256-${hex}.sigstore.json`, text])),
    });
    const { exit, stdout, stderr } = await app.run("dotnet", "build");
    expect({ exit, stdout, stderr, evil: app.exists("evil-ran") }).toMatchObject({ exit: 0, evil: false });
    expect(await app.plain("build", "--no-restore", "-v:q")).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining("error SAFEINSTALL"),
    });
    expect(app.exists("evil-ran")).toBe(false);
  });

  it("where a response file of the project has the build that follows restore from elsewhere", async () => {
    const app = begin({
      "Directory.Build.rsp": `-t:Restore;Build\n-p:RestoreSources=${evilFolder()};RestoreForce=true\n`,
    });
    expect(await app.run("dotnet", "build")).toMatchObject({ exit: 0 });
    expect(app.read("obj/project.assets.json")).not.toContain("evil-feed");
    expect(await app.plain("build", "--no-restore")).toMatchObject({ stdout: expect.stringContaining("SAFEINSTALL") });
    expect(app.exists("evil-ran")).toBe(false);
  });
});

describe.skipIf(!hasDotnet)("what passes through to dotnet", () => {
  const SDK = {
    id: "Acme.Sdk",
    version: "1.0.0",
    packageType: "MSBuildSdk",
    files: {
      "Sdk/Sdk.props": '<Project><Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" /></Project>',
      "Sdk/Sdk.targets":
        '<Project InitialTargets="Evil"><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" /><Target Name="Evil"><Touch Files="$(MSBuildProjectDirectory)/evil-ran" AlwaysCreate="true" /></Target></Project>',
    },
  };

  it("downloads and runs no project SDK, where plain dotnet does", async () => {
    await scene.publish(SDK, { bundle: "none" });
    const app = begin(
      {},
      '<Project Sdk="Acme.Sdk/1.0.0"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>',
    );
    for (const words of [["clean"], ["build", "--no-restore"]]) {
      await app.run("dotnet", ...words);
      expect([words, app.exists("evil-ran"), app.exists("../home/.nuget/packages/acme.sdk")]).toEqual([
        words,
        false,
        false,
      ]);
    }
    await app.plain("clean");
    expect(app.exists("evil-ran")).toBe(true);
  });

  it("restores nothing by another name", async () => {
    const app = begin();
    for (const words of [
      ["clean", "-restore"],
      ["build", "--no-restore", "--", "-t:Restore"],
    ]) {
      expect(await app.run("dotnet", ...words)).toMatchObject({ exit: 64 });
      expect(app.exists("obj")).toBe(false);
      await app.plain(...words);
      expect(app.exists("obj/project.assets.json")).toBe(true);
      app.remove("obj");
    }
  });
});
