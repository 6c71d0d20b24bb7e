import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
  const signature = Buffer.from("what a registry adds");
  await scene.publish({ id: "Acme.Widget", version: "1.0.0" }, { signature });
  await scene.publish({ id: "Acme.Widget", version: "1.1.0" }, { signature });
  await scene.publish({ id: "Acme.Widget", version: "2.0.0-beta.1" }, { signature });
  await scene.publish({ id: "Acme.Gadget", version: "2.0.0", dependencies: { "Acme.Widget": "1.0.0" } });
  await scene.publish({ id: "Acme.Stolen", version: "1.0.0" }, { repository: "mallory/stolen" });
});
afterAll(() => scene.feed.close());

const ACME = ["Acme.Widget", "Acme.Gadget", "Acme.Stolen"];
const begin = (files: Readonly<Record<string, string>>) => {
  const folder = temporaryFolder();
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policyFor(ACME));
};
const WORDS = '<?xml version="1.0" encoding="utf-8"?>\r\n<!-- Mine. -->\r\n';
const APP = { "app.csproj": csproj({ "Acme.Gadget": "2.0.0" }, { OutputType: "Exe" }), "Program.cs": "return;\n" };
const LOCKED = { "lib.csproj": WORDS + csproj({}, { RestorePackagesWithLockFile: "true" }).replaceAll("\n", "\r\n") };
const CENTRAL = {
  "Directory.Packages.props":
    "<Project>\n  <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>\n" +
    '  <ItemGroup>\n    <PackageVersion Include="Acme.Gadget" Version="2.0.0" />\n  </ItemGroup>\n</Project>\n',
  "src/lib/lib.csproj": csproj({ "Acme.Gadget": "" }),
};

/** The files that a restore does not make. */
const written = (one: Stage) =>
  Object.fromEntries(Object.entries(one.snapshot()).filter(([path]) => !/(?:^|\/)obj\/|nuget\.config/.test(path)));

describe.skipIf(!hasDotnet)("safe-install dotnet add package", () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["the newest version", APP, ["add", "package", "Acme.Widget"]],
    ["a version, in the words of SDK 10", APP, ["package", "add", "Acme.Widget@1.0.0"]],
    ["a prerelease", APP, ["add", "app.csproj", "package", "Acme.Widget", "--prerelease"]],
    ["into a lock, line ends and all", LOCKED, ["add", "package", "Acme.Gadget", "-v", "2.0.0"]],
    ["with central versions", CENTRAL, ["add", "src/lib", "package", "Acme.Widget", "--version", "1.1.0"]],
  ])("%s: writes what plain dotnet writes, byte for byte, and restores it", async (_, files, words) => {
    const [plain, ours] = [begin(files), begin(files)];
    expect(await plain.plain(...words)).toMatchObject({ exit: 0 });
    const { exit, stderr } = await ours.run("dotnet", ...words);
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining("changed: ") });
    expect(written(ours)).toEqual(written(plain));
    expect(written(ours)).not.toEqual(written(begin(files)));
    expect(ours.exists("../home/.nuget/packages/acme.widget")).toBe(false);
    const folder = words.includes("src/lib") ? "src/lib/" : "";
    expect(ours.read(`${folder}obj/project.assets.json`)).toContain("Acme.Widget/");
    expect(ours.read(`${folder}obj/project.assets.json`)).not.toContain("/mirror/");
  });

  it.each([
    ["a package that another repository built", "Acme.Stolen", 65, "UNTRUSTED_SIGNER"],
    ["a package that no feed has", "Acme.Nothing", 69, "There are no versions available for the package"],
  ])("%s: nothing changes", async (_, id, exit, words) => {
    const app = begin(APP);
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    const before = app.snapshot();
    const outcome = await app.run("dotnet", "add", "package", id);
    expect(outcome).toMatchObject({ exit, stderr: expect.stringContaining(words) });
    expect(outcome.stderr).not.toContain("/mirror/");
    expect(app.snapshot()).toEqual(before);
  });

  it("a restore that fails after all: project and lock are put back", async () => {
    const library = begin({
      ...LOCKED,
      "Directory.Build.targets": `<Project><Target Name="Fail" AfterTargets="Restore" Condition="'$(RestoreConfigFile)' != ''"><Error Text="too late" /></Target></Project>`,
    });
    const before = library.snapshot();
    const { exit, stdout } = await library.run("dotnet", "add", "package", "Acme.Gadget");
    expect({ exit, stdout }).toMatchObject({ exit: 1, stdout: expect.stringContaining("too late") });
    expect(library.snapshot()).toEqual(before);
  });

  it("code of a package that an earlier plain restore left in obj does not run while we judge", async () => {
    const app = begin(APP);
    const mark = join(app.home, "ran.txt");
    const ran = `<Project><Target Name="Ran" BeforeTargets="_GenerateRestoreGraph"><WriteLinesToFile File="${mark}" Lines="x" /></Target></Project>`;
    app.write({ "obj/app.csproj.nuget.g.targets": ran, "obj/app.csproj.other.targets": ran });
    expect(await app.run("dotnet", "add", "package", "Acme.Stolen")).toMatchObject({ exit: 65 });
    expect(app.exists("../home/ran.txt")).toBe(false);
    await app.plain("add", "package", "Acme.Stolen");
    expect(app.exists("../home/ran.txt")).toBe(true);
  });

  it.each([
    ["--source", ["add", "package", "Acme.Widget", "--source", "elsewhere"], "NuGet.config"],
    ["--package-directory", ["package", "add", "Acme.Widget", "--package-directory=x"], "past the gate"],
    ["--no-restore", ["add", "package", "Acme.Widget", "-n"], "nothing is judged"],
    ["an option that is not known", ["add", "package", "Acme.Widget", "--new"], "--new is not understood"],
    ["a response file", ["add", "package", "@words"], "@words is no response file that can be read"],
    ["two packages", ["add", "package", "Acme.Widget", "Acme.Gadget"], "one word more"],
    ["no package", ["add", "package"], "no package is named"],
    ["a program in one file", ["add", "app.cs", "package", "Acme.Widget"], "file-based"],
  ])("refuses %s", async (_, words, reason) => {
    const app = begin(APP);
    expect(await app.run("dotnet", ...words)).toMatchObject({ exit: 64, stderr: expect.stringContaining(reason) });
  });
});
