/** What restores on its way further on: test and pack; feeds that are mapped; locks under the project's own name. */
import { temporaryFolder } from "../support/folder.ts";
import { type NugetFeed, startFeed } from "../support/nuget.ts";
import { csproj, hasDotnet, nugetConfig } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ID = "Acme.Widget";
let scene: Scene;
let other: NugetFeed;

beforeAll(async () => {
  [scene, other] = await Promise.all([startScene(), startFeed()]);
  await scene.publish({ id: ID, version: "1.0.0", files: { "good.txt": "good" } });
  other.make({ id: ID, version: "1.0.0", files: { "other.txt": "of somebody else" } });
});
afterAll(() => Promise.all([scene.feed.close(), other.close()]));

const begin = (files: Readonly<Record<string, string>>, policy = policyFor([ID])): Stage => {
  const folder = temporaryFolder();
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policy);
};
const LIBRARY = { "app.csproj": csproj({ [ID]: "1.0.0" }), "Class.cs": "public class Widget { }\n" };
const DENIED = policyFor(["Acme.Gadget"]);

describe.skipIf(!hasDotnet)("what restores on its way", () => {
  it("pack: from proven packages only, into a package that names them; a denial packs nothing", async () => {
    const denied = begin(LIBRARY, DENIED);
    const before = denied.snapshot();
    expect(await denied.run("dotnet", "pack", "-o", "out")).toMatchObject({ exit: 65 });
    expect(denied.snapshot()).toEqual(before);
    const app = begin(LIBRARY);
    expect(await app.run("dotnet", "pack", "-o", "out")).toMatchObject({ exit: 0 });
    expect(app.exists("out/app.1.0.0.nupkg")).toBe(true);
    expect(app.exists("../home/.nuget/packages/acme.widget")).toBe(false);
  });

  it("test: builds from proven packages only and gets as far as testing; a denial tests nothing", async () => {
    const runner = `<Target Name="Tell" AfterTargets="VSTest"><WriteLinesToFile File="$(MSBuildProjectDirectory)/tested" Lines="$(TargetPath)" /></Target>`;
    const files = { ...LIBRARY, "app.csproj": csproj({ [ID]: "1.0.0" }, {}, runner) };
    const denied = begin(files, DENIED);
    const before = denied.snapshot();
    expect(await denied.run("dotnet", "test")).toMatchObject({ exit: 65 });
    expect(denied.snapshot()).toEqual(before);
    const app = begin(files);
    const { exit, stdout, stderr } = await app.run("dotnet", "test");
    expect({ exit, stdout, stderr }).toMatchObject({ exit: 0 });
    expect(app.exists("tested")).toBe(true);
    expect(app.read("obj/project.assets.json")).toContain("Acme.Widget/1.0.0");
    expect(app.exists("../home/.nuget/packages/acme.widget")).toBe(false);
  });
});

describe.skipIf(!hasDotnet)("packageSourceMapping", () => {
  const mapped = (ours: string, theirs: string) =>
    nugetConfig(
      { theirs: other.url, ours: scene.feed.url },
      `<packageSourceMapping><clear /><packageSource key="ours"><package pattern="${ours}" /></packageSource><packageSource key="theirs"><package pattern="${theirs}" /></packageSource></packageSourceMapping>`,
    );

  it("a package comes from the feed that it is mapped to, and no other is asked for it", async () => {
    const before = other.requests.length;
    const asked = () => other.requests.slice(before).filter((path) => path.includes("acme.widget"));
    const locked = csproj({ [ID]: "1.0.0" }, { RestorePackagesWithLockFile: "true" });
    const app = begin({ ...LIBRARY, "app.csproj": locked, "nuget.config": mapped("Acme.*", "*") });
    const first = await app.run("dotnet", "restore", "--use-lock-file");
    expect(first).toMatchObject({ exit: 0 });
    expect(await app.run("check")).toMatchObject({ exit: 0 });
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    const added = begin({ ...LIBRARY, "app.csproj": csproj({}), "nuget.config": mapped("Acme.*", "*") });
    const { exit, stderr } = await added.run("dotnet", "add", "package", ID, "--version", "1.0.0");
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(asked()).toEqual([]);
  });

  it("also to the one that has no evidence for it", async () => {
    const before = scene.feed.requests.length;
    const app = begin({ ...LIBRARY, "nuget.config": mapped("*", "Acme.*") });
    expect(await app.run("dotnet", "restore")).toMatchObject({
      exit: 65,
      stderr: expect.stringContaining("NO_EVIDENCE"),
    });
    expect(scene.feed.requests.slice(before).filter((path) => path.includes("acme.widget"))).toEqual([]);
  });
});

describe.skipIf(!hasDotnet)("a folder whose only locks have the projects' own names", () => {
  const LOCKED = csproj(
    { [ID]: "1.0.0" },
    { RestorePackagesWithLockFile: "true", NuGetLockFilePath: "packages.app.lock.json" },
  );

  it("check judges them, and so does safe-install alone, which restores where there is a project", async () => {
    const writer = begin({ ...LIBRARY, "app.csproj": LOCKED });
    expect(await writer.plain("restore")).toMatchObject({ exit: 0 });
    const lock = { "packages.app.lock.json": writer.read("packages.app.lock.json") };
    const bare = begin(lock);
    expect(await bare.run("check")).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("1 package: 1 publisher verified"),
    });
    expect(await begin(lock, DENIED).run("check")).toMatchObject({ exit: 65 });
    expect(await bare.run()).toMatchObject({
      exit: 64,
      stderr: expect.stringMatching(/packages\.app\.lock\.json lies beside no project[^]*safe-install check/),
    });
    const project = csproj({ [ID]: "1.0.0" }, { RestorePackagesWithLockFile: "true" });
    const app = begin({ ...LIBRARY, "app.csproj": project, ...lock });
    expect(await app.run()).toMatchObject({ exit: 0, stderr: expect.stringContaining("dotnet restore") });
    expect(app.read("packages.app.lock.json")).toBe(lock["packages.app.lock.json"]);
    expect(app.exists("packages.lock.json")).toBe(false);
  });

  it("one that is named and not there is missed, whatever lies beside it", async () => {
    const app = begin({ "packages.app.lock.json": '{"version":1,"dependencies":{}}' });
    expect(await app.run("check", "packages.lock.json")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("packages.lock.json does not exist"),
    });
  });
});
