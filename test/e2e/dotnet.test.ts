import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet, nugetConfig } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePackage } from "../support/nuget.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

let scene: Scene;
const SIGNATURE = Buffer.from("what a registry adds");
const GADGET = { id: "Acme.Gadget", version: "2.0.0", dependencies: { "Acme.Widget": "1.0.0" } };

beforeAll(async () => {
  scene = await startScene();
  await scene.publish({ id: "Acme.Widget", version: "1.0.0" }, { signature: SIGNATURE });
  await scene.publish({ id: "Acme.Widget", version: "1.1.0" }, { signature: SIGNATURE });
  await scene.publish(GADGET);
  await scene.publish(
    { id: "Acme.Mirror", version: "1.0.0" },
    { signature: SIGNATURE, attested: (_, served) => served },
  );
  await scene.publish({ id: "Acme.Stolen", version: "1.0.0" }, { repository: "mallory/stolen" });
});
afterAll(() => scene.feed.close());

const ACME = ["Acme.Widget", "Acme.Gadget", "Acme.Mirror", "Acme.Stolen"];
const begin = (files: Readonly<Record<string, string>>, policy = policyFor(ACME)) => {
  const folder = temporaryFolder();
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policy);
};

const CONSOLE = {
  "app.csproj": csproj({ "Acme.Gadget": "2.0.0" }, { OutputType: "Exe" }),
  "Program.cs": 'System.Console.WriteLine("it runs");\n',
};
const HASH = Buffer.alloc(64, 1).toString("base64");
const LOCKED = { RestorePackagesWithLockFile: "true" };

/** The lock that the real SDK writes, made in a place of its own; once for all that want it of the same files. */
async function locked(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const asked = JSON.stringify(files);
  const lock = LOCKS.get(asked) ?? lockOf(files);
  LOCKS.set(asked, lock);
  return { ...files, "packages.lock.json": await lock };
}

const LOCKS = new Map<string, Promise<string>>();

async function lockOf(files: Readonly<Record<string, string>>): Promise<string> {
  const elsewhere = begin(files);
  expect(await elsewhere.plain("restore")).toMatchObject({ exit: 0 });
  return elsewhere.read("packages.lock.json");
}

describe.skipIf(!hasDotnet)("safe-install dotnet restore", () => {
  it("a console app: from proven packages only; then it builds and runs, plainly", async () => {
    const app = begin(CONSOLE);
    const { exit, stderr } = await app.run("dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
    expect(app.exists("../home/.nuget/packages/acme.widget")).toBe(false);
    expect(await app.plain("build", "--no-restore", "-v:q")).toMatchObject({ exit: 0 });
    expect(await app.plain("run", "--no-build")).toMatchObject({ exit: 0, stdout: "it runs" });
  });

  it("a class library with a lock: the lock decides, locked mode holds, and the lock stays as it was", async () => {
    const library = begin(await locked({ "lib.csproj": csproj({ "Acme.Gadget": "2.0.0" }, LOCKED) }));
    const lock = library.read("packages.lock.json");
    expect(await library.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    expect(library.read("packages.lock.json")).toBe(lock);
    expect(library.read("obj/project.assets.json")).toContain("Acme.Widget/1.0.0");
    library.write({ "lib.csproj": csproj({ "Acme.Gadget": "2.0.0", "Acme.Mirror": "1.0.0" }, LOCKED) });
    const stale = await library.run("dotnet", "restore");
    expect(stale).toMatchObject({ exit: 1, stdout: expect.stringContaining("NU1004") });
    expect(stale.stderr).toContain("safe-install dotnet restore --force-evaluate");
    expect(library.read("packages.lock.json")).toBe(lock);
  });

  it("check reads the lock without starting dotnet, and says the same", async () => {
    const library = begin(await locked({ "lib.csproj": csproj({ "Acme.Gadget": "2.0.0" }, LOCKED) }));
    const before = library.snapshot();
    const { exit, stdout } = await library.run("check", "packages.lock.json", "--report", "json");
    expect({ exit, report: JSON.parse(stdout) as unknown }).toMatchObject({
      exit: 0,
      report: {
        projects: [{ packages: [{ purl: "pkg:nuget/Acme.Gadget@2.0.0" }, { purl: "pkg:nuget/Acme.Widget@1.0.0" }] }],
      },
    });
    expect(library.snapshot()).toEqual(before);
  });

  it("check names what a lock does not list, and judges the project SDKs of it", async () => {
    const project = (sdks: string) => csproj({ "Acme.Gadget": "2.0.0" }, LOCKED, sdks);
    const files = await locked({ "My Lib.csproj": project("") });
    const { "packages.lock.json": lock = "", ...rest } = files;
    const tools = { version: 1, isRoot: true, tools: { "acme.widget": { version: "1.0.0", commands: ["w"] } } };
    const library = begin({
      ...rest,
      "packages.My_Lib.lock.json": lock,
      "Other.csproj": project('<Sdk Name="Acme.Nothing" Version="9.0.0" />'),
      ".config/dotnet-tools.json": JSON.stringify(tools),
    });
    const known = await library.run("check", "packages.My_Lib.lock.json");
    expect(known).toMatchObject({ exit: 0, stdout: expect.stringContaining("2 packages: 2 publisher verified") });
    expect(known.stdout).toContain(
      "not judged: 2 not in the lock, judged by an install: what the SDK downloads for My Lib.csproj, the tools of",
    );
    library.write({ "My Lib.csproj": project('<Sdk Name="Acme.Stolen" Version="1.0.0" />') });
    expect(await library.run("check", "packages.My_Lib.lock.json")).toMatchObject({
      exit: 65,
      stdout: expect.stringContaining("nuget:Acme.Stolen@1.0.0   UNTRUSTED_SIGNER"),
    });
    expect(await library.run("check", ".config/dotnet-tools.json")).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("1 package: 1 publisher verified"),
    });
  });

  it("alone: the locked restore of what lies here", async () => {
    const library = begin(await locked({ "lib.csproj": csproj({ "Acme.Gadget": "2.0.0" }, LOCKED) }));
    expect(await library.run()).toMatchObject({ exit: 0, stderr: expect.stringContaining("dotnet restore") });
    expect(library.read("obj/project.assets.json")).toContain("Acme.Widget/1.0.0");
  });

  it("a lock of the project's own name decides, as for dotnet itself", async () => {
    const files = await locked({ "lib.csproj": csproj({ "Acme.Gadget": "2.0.0" }, LOCKED) });
    const { "packages.lock.json": lock = "", ...rest } = files;
    const library = begin({ ...rest, "packages.lib.lock.json": lock });
    expect(await library.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    expect(library.exists("packages.lock.json")).toBe(false);
    library.write({ "packages.lib.lock.json": lock.replaceAll(/"contentHash": "[^"]*"/g, `"contentHash": "${HASH}"`) });
    expect(await library.run("dotnet", "restore")).toMatchObject({ exit: 66 });
  });

  it("says which form of a countersigned package the evidence was about", async () => {
    const files = await locked({ "lib.csproj": csproj({ "Acme.Widget": "1.0.0", "Acme.Mirror": "1.0.0" }, LOCKED) });
    const { stdout, exit } = await begin(files).run("check", "packages.lock.json", "--report", "json");
    const { projects } = JSON.parse(stdout) as {
      projects: { packages: { purl: string; evidence: { form: string }[] }[] }[];
    };
    const forms = Object.fromEntries(projects[0]!.packages.map(({ purl, evidence }) => [purl, evidence[0]?.form]));
    expect({ exit, forms }).toEqual({
      exit: 0,
      forms: {
        "pkg:nuget/Acme.Widget@1.0.0": "content, without NuGet's signature",
        "pkg:nuget/Acme.Mirror@1.0.0": "file as published, with NuGet's signature",
      },
    });
  });

  it("a signer that the rule does not name: nothing changes, also not obj, and the screen says why", async () => {
    const app = begin({
      ...CONSOLE,
      "app.csproj": csproj({ "Acme.Widget": "1.0.0", "Acme.Stolen": "1.0.0" }, { OutputType: "Exe" }),
    });
    const before = app.snapshot();
    const { exit, stderr } = await app.run("dotnet", "restore");
    expect(exit).toBe(65);
    expect(stderr).toContain("nuget:Acme.Stolen@1.0.0   UNTRUSTED_SIGNER");
    expect(stderr).toMatch(/repository\s+expected\s+acme\/Acme\.Stolen\n\s+found\s+mallory\/stolen/);
    expect(app.snapshot()).toEqual(before);
  });

  it("a solution of three projects, central package management, two target frameworks", async () => {
    const project = (references: readonly string[], properties: Readonly<Record<string, string>>, more = "") =>
      csproj(
        Object.fromEntries(references.map((id) => [id, ""])),
        { DisableImplicitFrameworkReferences: "true", ...properties },
        more,
      );
    const reference = (path: string) => `<ItemGroup><ProjectReference Include="${path}" /></ItemGroup>`;
    const both = { TargetFramework: "", TargetFrameworks: "net10.0;netstandard2.0" };
    const app = begin({
      "All.slnx":
        '<Solution><Project Path="A/A.csproj" /><Project Path="B/B.csproj" /><Project Path="C/C.csproj" /></Solution>',
      "Directory.Packages.props":
        "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>" +
        '<ItemGroup><PackageVersion Include="Acme.Gadget" Version="2.0.0" /><PackageVersion Include="Acme.Widget" Version="1.1.0" /></ItemGroup></Project>',
      "A/A.csproj": project(["Acme.Gadget"], {}, reference("../B/B.csproj")),
      "B/B.csproj": project(["Acme.Widget"], both),
      "C/C.csproj": project([], {}, reference("../A/A.csproj")),
    });
    const { exit, stderr } = await app.run("dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
    expect(stderr).toMatch(/not judged: 2 .*: A, B|not judged: 2 .*: B, A/);
    for (const name of ["A", "B", "C"])
      expect(app.read(`${name}/obj/project.assets.json`)).toContain("Acme.Widget/1.1.0");
  });

  it("floating versions are pinned to what was proven; what takes part in the build is named", async () => {
    await scene.publish({ id: "Acme.Mirror", version: "2.0.0", files: { "build/Acme.Mirror.targets": "<Project />" } });
    const app = begin({ "lib.csproj": csproj({ "Acme.Widget": "1.*", "Acme.Mirror": "2.0.0" }) });
    expect(await app.run("dotnet", "restore")).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(/with files that run in the build: nuget:Acme\.Mirror@2\.0\.0\n/),
    });
    expect(app.read("obj/project.assets.json")).toContain("Acme.Widget/1.1.0");
  });

  it("sources of the command line: for what is looked for, never for what is restored", async () => {
    const app = begin({ ...CONSOLE, "nuget.config": nugetConfig({}), "elsewhere/.keep": "" });
    for (const id of ["Acme.Gadget", "Acme.Widget"])
      writeFileSync(
        join(app.project, "elsewhere", `${id}.${id === "Acme.Gadget" ? "2" : "1"}.0.0.nupkg`),
        makePackage(id === "Acme.Gadget" ? GADGET : { id, version: "1.0.0" }),
      );
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 69 });
    expect(await app.run("dotnet", "restore", "--source", "elsewhere")).toMatchObject({ exit: 0 });
    expect(app.read("obj/project.assets.json")).not.toContain("elsewhere");
  });

  it("another architecture: what is packed for it is proven and restored", async () => {
    const only = { "app.csproj": csproj({ "Acme.Gadget": "2.0.0" }, { UseAppHost: "false" }), "A.cs": "class A;\n" };
    // As words of a file, too: they are read as if they were typed.
    const app = begin({ ...only, "words.rsp": "# ours\n--arch\n arm64\n--os\nlinux\n" });
    expect(await app.run("dotnet", "restore", "@words.rsp")).toMatchObject({ exit: 0 });
    expect(app.read("obj/project.assets.json")).toContain("/linux-arm64");
    expect(await app.run("dotnet", "build", "-v:q", "-a", "arm64", "--no-self-contained")).toMatchObject({ exit: 0 });
    expect(app.exists("bin/Debug/net10.0/linux-arm64/app.dll")).toBe(process.platform === "linux");
  });

  it("a version that no feed has is said by dotnet, and nothing changes", async () => {
    const app = begin({ "lib.csproj": csproj({ "Acme.Widget": "9.0.0" }) });
    const before = app.snapshot();
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 69, stdout: expect.stringContaining("NU1102") });
    expect(app.snapshot()).toEqual(before);
  });

  it("a version that the feed has deleted since: gone, which is not the same as wrong", async () => {
    await scene.publish({ id: "Acme.Mirror", version: "3.0.0" });
    const files = await locked({ "lib.csproj": csproj({ "Acme.Mirror": "3.0.0" }, LOCKED) });
    scene.feed.delete("Acme.Mirror", "3.0.0");
    const { exit, stderr } = await begin(files).run("dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({
      exit: 69,
      stderr: expect.stringMatching(/ARTIFACT_UNAVAILABLE[\s\S]*deleted it/),
    });
  });

  it("a package that the feed replaced contradicts the lock", async () => {
    const options = { id: "Acme.Mirror", version: "4.0.0" };
    await scene.publish(options);
    const files = await locked({ "lib.csproj": csproj({ "Acme.Mirror": "4.0.0" }, LOCKED) });
    await scene.publish({ ...options, files: { "build/Acme.Mirror.targets": "<Project />" } });
    expect(await begin(files).run("dotnet", "restore")).toMatchObject({
      exit: 66,
      stderr: expect.stringContaining("INTEGRITY_MISMATCH"),
    });
  });

  it("a proven package under another id or version satisfies nobody", async () => {
    const widget = await scene.publish({ id: "Acme.Widget", version: "5.0.0" });
    scene.feed.publish("Acme.Gadget", "5.0.0", widget);
    const hash = scene.feed.contentHash(widget);
    const lock = {
      version: 1,
      dependencies: {
        "net10.0": { "Acme.Gadget": { type: "Direct", requested: "[5.0.0, )", resolved: "5.0.0", contentHash: hash } },
      },
    };
    const app = begin({
      "lib.csproj": csproj({ "Acme.Gadget": "5.0.0" }, LOCKED),
      "packages.lock.json": JSON.stringify(lock),
    });
    expect(await app.run("dotnet", "restore")).toMatchObject({
      exit: 66,
      stderr: expect.stringContaining("PACKAGE_MISMATCH"),
    });
  });
});

describe.skipIf(!hasDotnet)("what restores on its way", () => {
  it("build, run and publish: judged, restored, then dotnet's own work and exit code", async () => {
    const app = begin(CONSOLE);
    expect(await app.run("dotnet", "run")).toMatchObject({ exit: 0, stdout: expect.stringContaining("it runs") });
    expect(await app.run("dotnet", "publish", "-c", "Release", "-o", "out")).toMatchObject({ exit: 0 });
    expect(app.exists("out/app.dll")).toBe(true);
    app.write({ "Program.cs": "not C#" });
    expect(await app.run("dotnet", "build")).toMatchObject({ exit: 1, stdout: expect.stringContaining("error CS") });
  });

  it("a denial (here of a package without a rule) stops them before anything is built", async () => {
    const app = begin(CONSOLE, policyFor(["Acme.Gadget"]));
    const before = app.snapshot();
    expect(await app.run("dotnet", "build")).toMatchObject({ exit: 65, stderr: expect.stringContaining("NO_RULE") });
    expect(app.snapshot()).toEqual(before);
  });

  it("a plain dotnet build afterwards, which restores again, is stopped before anything of a package runs", async () => {
    const app = begin(CONSOLE);
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    const build = await app.plain("build", "-v:q");
    expect(build).toMatchObject({ exit: 1, stdout: expect.stringContaining("error SAFEINSTALL") });
    expect(app.exists("bin/Debug/net10.0/app.dll")).toBe(false);
    expect(await app.run("dotnet", "build")).toMatchObject({ exit: 0 });
    expect(app.exists("bin/Debug/net10.0/app.dll")).toBe(true);
  });

  it("what fetches in another way is refused, what does not passes through", async () => {
    const app = begin(CONSOLE);
    expect(await app.run("dotnet", "tool", "install", "x")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("NOT_GATED"),
    });
    expect(await app.run("dotnet", "restore", "--configfile", "x")).toMatchObject({ exit: 64 });
    expect(await app.run("dotnet", "frobnicate")).toMatchObject({ exit: 64 });
    expect(await app.run("dotnet", "--version")).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });
});

describe.skipIf(!hasDotnet)("safe-install dotnet tool restore", () => {
  const SETTINGS =
    '<DotNetCliTool Version="1"><Commands><Command Name="acme" EntryPoint="acme.dll" Runner="dotnet" /></Commands></DotNetCliTool>';
  const tool = (text: string) => ({
    id: "Acme.Tool",
    version: "1.0.0",
    packageType: "DotnetTool",
    files: { "tools/net10.0/any/DotnetToolSettings.xml": SETTINGS, "tools/net10.0/any/acme.dll": text },
  });
  const MANIFEST = JSON.stringify({
    version: 1,
    isRoot: true,
    tools: { "acme.tool": { version: "1.0.0", commands: ["acme"] } },
  });
  /** Where dotnet says the tool's command is. */
  const resolved = (app: Stage) =>
    JSON.parse(app.read("../home/.dotnet/toolResolverCache/1/acme.tool")) as { PathToExecutable: string }[];

  it("takes proven tools only, into a folder of the project; dotnet finds them there", async () => {
    await scene.publish(tool("good"), { signature: SIGNATURE });
    const app = begin({ ".config/dotnet-tools.json": MANIFEST }, policyFor(["Acme.Tool"]));
    expect(await app.run("dotnet", "tool", "restore")).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("acme"),
    });
    const [row] = resolved(app);
    expect(row?.PathToExecutable).toContain(join(app.project, "obj", ".safe-install-tools"));
    expect(readFileSync(row?.PathToExecutable ?? "", "utf8")).toBe("good");
  });

  it("a tool that dotnet resolved before, from somewhere else, is not believed", async () => {
    const good = await scene.publish(tool("good"));
    const app = begin({ ".config/dotnet-tools.json": MANIFEST, "local/.keep": "" }, policyFor(["Acme.Tool"]));
    // The SDK asks a remote feed for more than our loopback one answers.
    app.write({ "nuget.config": nugetConfig({ local: join(app.project, "local") }) });
    const file = join(app.project, "local", "acme.tool.1.0.0.nupkg");
    writeFileSync(file, makePackage(tool("evil")));
    expect(await app.plain("tool", "restore")).toMatchObject({ exit: 0 });
    writeFileSync(file, good);
    expect(await app.plain("tool", "restore")).toMatchObject({ exit: 0 });
    expect(readFileSync(resolved(app)[0]?.PathToExecutable ?? "", "utf8")).toBe("evil");
    expect(await app.run("dotnet", "tool", "restore")).toMatchObject({ exit: 0 });
    expect(resolved(app)).toHaveLength(1);
    expect(readFileSync(resolved(app)[0]?.PathToExecutable ?? "", "utf8")).toBe("good");
  });

  it("a tool for several platforms: the package for this one is proven too", async () => {
    const platforms = ["linux-x64", "linux-arm64", "osx-arm64", "osx-x64", "win-x64", "any"];
    const packages = platforms.map(
      (rid) => `<RuntimeIdentifierPackage RuntimeIdentifier="${rid}" Id="Acme.Native.${rid}" />`,
    );
    const wrapper = `<DotNetCliTool Version="2"><Commands><Command Name="acme" /></Commands><RuntimeIdentifierPackages>${packages.join("")}</RuntimeIdentifierPackages></DotNetCliTool>`;
    const native = (id: string, folder: string, settings: string) => ({
      id,
      version: "1.0.0",
      packageType: folder === "any" ? "DotnetTool" : "DotnetToolRidPackage",
      files: { [`tools/net10.0/${folder}/DotnetToolSettings.xml`]: settings, [`tools/net10.0/${folder}/acme.dll`]: id },
    });
    await scene.publish(native("Acme.Native", "any", wrapper));
    for (const rid of platforms) {
      const bundle = rid === "any" ? "none" : "directory";
      await scene.publish(native(`Acme.Native.${rid}`, rid, SETTINGS), { bundle });
    }
    const manifest = MANIFEST.replace("acme.tool", "acme.native");
    const ids = ["Acme.Native", ...platforms.map((rid) => `Acme.Native.${rid}`)];
    const app = begin({ ".config/dotnet-tools.json": manifest }, policyFor(ids));
    expect(await app.run("dotnet", "tool", "restore")).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
    const text = app.read("../home/.dotnet/toolResolverCache/1/acme.native");
    const [row] = JSON.parse(text) as { PathToExecutable: string }[];
    expect(readFileSync(row?.PathToExecutable ?? "", "utf8")).toMatch(/^Acme\.Native\.(?:linux|osx|win)-/);
    const alone = begin({ ".config/dotnet-tools.json": manifest }, policyFor(["Acme.Native"]));
    expect(await alone.run("dotnet", "tool", "restore")).toMatchObject({
      exit: 65,
      stderr: expect.stringMatching(/nuget:Acme\.Native\.\S+@1\.0\.0\s+NO_RULE/),
    });
  });

  it.each([["--add-source", "x"], ["--configfile=x"], ["--new"]])("refuses %s", async (...words) => {
    const app = begin({ ".config/dotnet-tools.json": MANIFEST }, policyFor(["Acme.Tool"]));
    expect(await app.run("dotnet", "tool", "restore", ...words)).toMatchObject({ exit: 64 });
  });

  it("a tool without evidence is denied, and dotnet resolves nothing", async () => {
    await scene.publish({ ...tool("plain"), version: "2.0.0" }, { bundle: "none" });
    const app = begin({ ".config/dotnet-tools.json": MANIFEST.replace("1.0.0", "2.0.0") }, policyFor(["Acme.Tool"]));
    expect(await app.run("dotnet", "tool", "restore")).toMatchObject({
      exit: 65,
      stderr: expect.stringContaining("NO_EVIDENCE"),
    });
    expect(app.exists("../home/.dotnet/toolResolverCache")).toBe(false);
    expect(app.exists("obj")).toBe(false);
  });
});

describe.skipIf(!hasDotnet)("project SDKs", () => {
  const sdk = (props: string) => ({
    id: "Acme.Sdk",
    version: "1.0.0",
    packageType: "MSBuildSdk",
    files: {
      "Sdk/Sdk.props": `<Project><Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />${props}</Project>`,
      "Sdk/Sdk.targets": '<Project><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" /></Project>',
    },
  });
  const LEAVES_A_MARK =
    '<Target Name="Mark" BeforeTargets="Restore;_GenerateRestoreProjectSpec;CollectPackageReferences"><Touch Files="$(MSBuildProjectDirectory)/sdk-ran" AlwaysCreate="true" /></Target>';
  const files = (project: string, more: Readonly<Record<string, string>> = {}) => ({
    "app.csproj": project,
    "Program.cs": 'System.Console.WriteLine("by the SDK");\n',
    ...more,
  });
  const BODY =
    '<PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><PackageReference Include="Acme.Widget" Version="1.0.0" /></ItemGroup>';

  it.each([
    ["an attribute", ["build", "-warnaserror"], files(`<Project Sdk="Acme.Sdk/1.0.0">${BODY}</Project>`)],
    [
      "global.json",
      ["run"],
      files(`<Project Sdk="Acme.Sdk">${BODY}</Project>`, { "global.json": '{"msbuild-sdks":{"Acme.Sdk":"1.0.0"}}' }),
    ],
  ])("named by %s: proven first, then they take part in restore and dotnet %j", async (_, words, project) => {
    await scene.publish(sdk("<PropertyGroup><FromAcme>yes</FromAcme></PropertyGroup>"));
    const app = begin(project, policyFor(["Acme.Sdk", "Acme.Widget"]));
    const { exit, stdout, stderr } = await app.run("dotnet", ...words);
    expect({ exit, stdout, stderr }).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining(words[0] === "run" ? "by the SDK" : "0 Warning(s)"),
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
  });

  it("without evidence: denied before any of it is evaluated; plain dotnet runs it", async () => {
    await scene.publish(sdk(LEAVES_A_MARK), { bundle: "none" });
    const app = begin(files(`<Project Sdk="Acme.Sdk/1.0.0">${BODY}</Project>`), policyFor(["Acme.Sdk", "Acme.Widget"]));
    expect(await app.run("dotnet", "restore")).toMatchObject({
      exit: 65,
      stderr: expect.stringContaining("nuget:Acme.Sdk@1.0.0   NO_EVIDENCE"),
    });
    expect(app.exists("sdk-ran")).toBe(false);
    expect(await app.plain("restore")).toMatchObject({ exit: 0 });
    expect(app.exists("sdk-ran")).toBe(true);
  });

  it("are not taken from a feed by a command that passes through", async () => {
    await scene.publish(sdk(LEAVES_A_MARK.replace("Restore;", "Clean;")), { bundle: "none" });
    const app = begin(files(`<Project Sdk="Acme.Sdk/1.0.0">${BODY}</Project>`), policyFor(["Acme.Sdk", "Acme.Widget"]));
    expect(await app.run("dotnet", "clean")).not.toMatchObject({ exit: 0 });
    expect(app.exists("sdk-ran")).toBe(false);
    expect(app.exists("../home/.nuget/packages/acme.sdk")).toBe(false);
    await app.plain("clean");
    expect(app.exists("sdk-ran")).toBe(true);
  });

  it("that the text does not show are not loaded at all", async () => {
    await scene.publish(sdk(LEAVES_A_MARK), { bundle: "none" });
    const hidden =
      '<Project><PropertyGroup><Hidden>more.props</Hidden></PropertyGroup><Import Project="$(Hidden)" /></Project>';
    const project = files(csproj({ "Acme.Widget": "1.0.0" }), {
      "Directory.Build.props": hidden,
      "more.props": '<Project><Import Project="Sdk.props" Sdk="Acme.Sdk" Version="1.0.0" /></Project>',
    });
    const app = begin(project, policyFor(["Acme.Widget"]));
    expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 69, stdout: expect.stringContaining("Acme.Sdk") });
    expect(app.exists("../home/.nuget/packages/acme.sdk")).toBe(false);
  });
});
