/** A poisoned package of the right id and version, wherever NuGet looks: plain dotnet takes it, behind the gate it does not get in. */
import { BIN } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { makePackage } from "../support/nuget.ts";
import {
  csproj,
  dotnetEnvironment,
  hasDotnet,
  nugetConfig,
  pathWithLate,
  plainDotnet,
} from "../support/nuget/project.ts";
import { policyFor, type Scene, snapshot, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let scene: Scene;
let app: Stage;
let folder: string;

const ID = "Acme.Widget";
/** Says in its text that it is the wrong one; its targets would leave a mark in every build. */
const EVIL = makePackage({
  id: ID,
  version: "1.0.0",
  files: {
    "evil.txt": "evil",
    [`build/${ID}.targets`]: `<Project InitialTargets="Evil"><Target Name="Evil"><Touch Files="$(MSBuildProjectDirectory)/evil-ran" AlwaysCreate="true" /></Target></Project>`,
  },
});

beforeEach(async () => {
  scene = await startScene();
  await scene.publish({ id: ID, version: "1.0.0", files: { "good.txt": "good" } });
  folder = temporaryFolder();
});
afterEach(() => scene.feed.close());

function begin(project = csproj({ [ID]: "1.0.0" }), more: Readonly<Record<string, string>> = {}): Stage {
  app = stage(
    scene,
    { project: join(folder, "app"), home: join(folder, "home") },
    { "app.csproj": project, "Class.cs": "", ...more },
    policyFor([ID]),
  );
  return app;
}

/** The files of the package that the project's build would read. */
function taken(): readonly string[] {
  const { packageFolders } = JSON.parse(app.read("obj/project.assets.json")) as {
    packageFolders: Record<string, unknown>;
  };
  for (const place of Object.keys(packageFolders)) {
    try {
      return readdirSync(join(place, "acme.widget", "1.0.0"));
    } catch {
      // Not in this one.
    }
  }
  return [];
}

/** Plain dotnet is deceived; then everything that it wrote into the project goes. */
async function plainIsDeceived(): Promise<void> {
  expect(await app.plain("restore")).toMatchObject({ exit: 0 });
  expect(taken()).toContain("evil.txt");
}

async function gateTakesTheRightOne(): Promise<void> {
  const { exit, stderr } = await app.run("dotnet", "restore");
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  expect(taken()).toContain("good.txt");
  expect(taken()).not.toContain("evil.txt");
}

/** Where a source of the project offers it, it is looked at, found without evidence, and refused. */
async function gateRefuses(): Promise<void> {
  const before = snapshot(join(app.project, "obj"));
  const { exit, stderr } = await app.run("dotnet", "restore");
  expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringContaining("NO_EVIDENCE") });
  expect(snapshot(join(app.project, "obj"))).toEqual(before);
}

/** Restores the poisoned package with another project: into `packages`, by the address that the good one has. */
async function poison(args: readonly string[], from = scene.feed.url): Promise<void> {
  const other = join(folder, "other");
  mkdirSync(other, { recursive: true });
  writeFileSync(join(other, "other.csproj"), csproj({ [ID]: "1.0.0" }));
  writeFileSync(join(other, "nuget.config"), nugetConfig({ feed: from }));
  const good = scene.feed;
  good.publish(ID, "1.0.0", EVIL);
  expect(await plainDotnet(["restore", ...args], { cwd: other, home: join(folder, "home") })).toMatchObject({
    exit: 0,
  });
  await scene.publish({ id: ID, version: "1.0.0", files: { "good.txt": "good" } });
}

function evilFolder(): string {
  const place = join(folder, "evil-feed");
  mkdirSync(place);
  writeFileSync(join(place, `${ID}.1.0.0.nupkg`), EVIL);
  return place;
}

describe.skipIf(!hasDotnet)("a poisoned package of the same version does not get in by way of", () => {
  it("the user's global packages folder", async () => {
    begin();
    await poison(["--no-http-cache"]);
    await plainIsDeceived();
    const global = snapshot(join(folder, "home", ".nuget", "packages"));
    await gateTakesTheRightOne();
    expect(snapshot(join(folder, "home", ".nuget", "packages"))).toEqual(global);
  });

  it("a fallback folder", async () => {
    const fallback = join(folder, "fallback");
    const folders = `<fallbackPackageFolders><add key="f" value="${fallback}" /></fallbackPackageFolders>`;
    begin(undefined, { "nuget.config": nugetConfig({ feed: scene.feed.url }, folders) });
    await poison(["--packages", fallback, "--no-http-cache"]);
    await plainIsDeceived();
    await gateTakesTheRightOne();
  });

  it("a fallback folder that the project's own text names", async () => {
    const fallback = join(folder, "fallback");
    begin(csproj({ [ID]: "1.0.0" }, { RestoreAdditionalProjectFallbackFolders: fallback }));
    await poison(["--packages", fallback, "--no-http-cache"]);
    await plainIsDeceived();
    await gateTakesTheRightOne();
  });

  it("the http cache", async () => {
    begin();
    await poison(["--packages", join(folder, "elsewhere")]);
    await plainIsDeceived();
    await gateTakesTheRightOne();
  });

  it("a packages folder that the project's own text names", async () => {
    const packages = join(folder, "packages");
    begin(csproj({ [ID]: "1.0.0" }, { RestorePackagesPath: packages }));
    await poison(["--packages", packages, "--no-http-cache"]);
    await plainIsDeceived();
    await gateTakesTheRightOne();
  });

  it("an additional source in a property of the project", async () => {
    begin(csproj({ [ID]: "1.0.0" }, { RestoreAdditionalProjectSources: evilFolder() }));
    await plainIsDeceived();
    await gateRefuses();
  });

  it("a NuGet.config further up the tree", async () => {
    writeFileSync(join(folder, "nuget.config"), nugetConfig({ evil: evilFolder() }));
    const inherited = nugetConfig({ feed: scene.feed.url }).replace("<clear />", "");
    begin(undefined, { "nuget.config": inherited });
    await plainIsDeceived();
    await gateRefuses();
  });

  it.each([
    ["RestoreSources", "in the hand-off alone", "'$(RestoreIgnoreFailedSources)' != ''"],
    ["RestorePackagesPath", "always", "true"],
  ])("a project that overrides %s of the command line, %s", async (property, _, condition) => {
    const local = csproj({ [ID]: "1.0.0" }).replace("<Project ", `<Project TreatAsLocalProperty="${property}" `);
    const late = `<PropertyGroup Condition="${condition}"><${property}>${join(folder, "elsewhere")}</${property}></PropertyGroup></Project>`;
    begin(local.replace("</Project>", late));
    const before = app.snapshot();
    expect(await app.run("dotnet", "restore")).toMatchObject({
      exit: 66,
      stderr: expect.stringMatching(new RegExp(`PROJECT_RUNS[^]*TreatAsLocalProperty="${property}"`)),
    });
    expect(app.snapshot()).toEqual(before);
    expect(app.exists("../elsewhere")).toBe(false);
  });

  it("somebody who changes what the restore wrote", async () => {
    begin();
    const assets = '{"libraries":{"Evil/1.0.0":{"type":"package"}}}';
    const PATH = pathWithLate(folder, `printf '%s' '${assets}' > obj/project.assets.json`);
    expect(await app.runOn(PATH, "dotnet", "restore")).toMatchObject({
      exit: 66,
      stderr: expect.stringContaining("INSTALLED_MISMATCH"),
    });
    expect(app.exists("obj/project.assets.json")).toBe(false);
  });

  it("an additional source, where a lock says which bytes are meant", async () => {
    begin(csproj({ [ID]: "1.0.0" }, { RestorePackagesWithLockFile: "true" }));
    expect(await app.plain("restore", "--packages", join(folder, "clean"), "--no-http-cache")).toMatchObject({
      exit: 0,
    });
    app.write({
      "app.csproj": csproj(
        { [ID]: "1.0.0" },
        { RestorePackagesWithLockFile: "true", RestoreAdditionalProjectSources: evilFolder() },
      ),
    });
    await gateTakesTheRightOne();
  });

  it("what an earlier plain restore left in obj: nothing of it runs while we judge", async () => {
    begin();
    await poison(["--no-http-cache"]);
    await plainIsDeceived();
    expect(
      await app.plain("msbuild", "-t:GenerateRestoreGraphFile", `-p:RestoreGraphOutputPath=${join(folder, "g.json")}`),
    ).toMatchObject({ exit: 0 });
    expect(app.exists("evil-ran")).toBe(true);
    expect(await app.plain("msbuild", "-t:Clean")).toMatchObject({ exit: 0 });
    app.remove("evil-ran");
    await gateTakesTheRightOne();
    expect(app.exists("evil-ran")).toBe(false);
  });
});

describe.skipIf(!hasDotnet)("words and properties that would lead a restore past the gate", () => {
  it.each([
    ["build", "-restore"],
    ["build", "--no-restore", "-t:Restore"],
    ["tool", "restore", "--add-source", "x"],
    ["restore", "--packages", "x"],
    ["restore", "--configfile=x"],
    ["restore", "-p:RestoreSources=x"],
    ["restore", "/p:RestorePackagesPath=x"],
    ["build", "--property:RestoreAdditionalProjectSources=x"],
    ["build", "-p", "Configuration=Release;RestoreConfigFile=x"],
    ["build", "@file.rsp"],
    ["restore", "-p:CustomBeforeMicrosoftCommonTargets=x"],
  ])("%s %s %s", async (...args) => {
    expect(await begin().run("dotnet", ...args)).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("NOT_GATED"),
    });
  });

  it("a response file of the project that restores on the way is not read", async () => {
    begin(undefined, { "Directory.Build.rsp": `-p:RestoreSources=${evilFolder()}\n` });
    await plainIsDeceived();
    await gateTakesTheRightOne();
  });
});

describe.skipIf(!hasDotnet)("an interruption or a failure during the hand-off", () => {
  const PROJECT = csproj({ [ID]: "1.0.0" }, { RestorePackagesWithLockFile: "true" });

  async function killDuringHandoff(signal: NodeJS.Signals): Promise<number | null> {
    // Hangs once the restore has written into the project.
    const PATH = pathWithLate(folder, `touch "${join(app.project, "hanging")}"; exec sleep 60`);
    const child = spawn(process.execPath, [BIN, "dotnet", "restore"], {
      cwd: app.project,
      env: { ...dotnetEnvironment(app.home), PATH },
      stdio: "ignore",
      detached: true,
    });
    const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
    await vi.waitFor(() => expect(app.exists("hanging")).toBe(true), { timeout: 60_000 });
    if (signal === "SIGKILL") process.kill(-(child.pid ?? 0), signal);
    else child.kill(signal);
    return ended;
  }

  async function restored(): Promise<Record<string, string>> {
    begin(PROJECT);
    expect(await app.plain("restore")).toMatchObject({ exit: 0 });
    return kept();
  }

  /** Where the old files wait. */
  const movedAside = () => readdirSync(app.project).filter((name) => name.startsWith(".safe-install"));

  /** What the project holds apart from what this test itself writes. */
  const kept = () =>
    Object.fromEntries(
      Object.entries(snapshot(app.project)).filter(
        ([name]) =>
          name !== "hanging" && name !== "Directory.Build.targets" && !name.startsWith(join("obj", ".safe-install")),
      ),
    );

  it("Ctrl-C: obj and the lock are as before", async () => {
    const before = await restored();
    expect(await killDuringHandoff("SIGINT")).not.toBe(0);
    expect(kept()).toEqual(before);
    expect(app.exists("obj/.safe-install")).toBe(false);
  });

  it("kill -9: the next run puts everything back before it does anything else", async () => {
    const before = await restored();
    await killDuringHandoff("SIGKILL");
    expect(movedAside()).toHaveLength(1);
    app.write({
      "Directory.Build.targets": "<Project />",
      ".signing-policy.json": policyFor([]).replace(
        '"rules":[]',
        '"rules":[{"packages":["nuget:Other"],"unsigned":"deny"}]',
      ),
    });
    expect((await app.run("dotnet", "restore")).exit).not.toBe(0);
    const after = kept();
    expect({ ...after, ".signing-policy.json": "" }).toEqual({ ...before, ".signing-policy.json": "" });
    expect(movedAside()).toEqual([]);
  });

  it("a restore that fails after all leaves everything as it was", async () => {
    const before = await restored();
    app.write({
      "Directory.Build.targets": `<Project><Target Name="Fail" AfterTargets="Restore" Condition="'$(RestoreConfigFile)' != ''"><Error Text="too late" /></Target></Project>`,
    });
    const { exit, stdout } = await app.run("dotnet", "restore");
    expect({ exit, stdout }).toMatchObject({ exit: 1, stdout: expect.stringContaining("too late") });
    expect(kept()).toEqual(before);
  });
});
