/** What lies in the packages folder after the hand-off is compared by its bytes, also where no assets file has a hash of it. */
import { temporaryFolder } from "../support/folder.ts";
import { makePackage } from "../support/nuget.ts";
import { entriesOf } from "../support/nuget/package.ts";
import { csproj, hasDotnet, pathWithLate } from "../support/nuget/project.ts";
import { attest, policyFor, type Scene, sha256, stage, startScene } from "../support/nuget/scene.ts";
import { makeZip } from "../support/nuget/zip.ts";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ID = "Acme.Pack";
const NO_RULES = JSON.stringify({ version: 1, rules: [] });
let scene: Scene;
let folder: string;

beforeEach(async () => {
  scene = await startScene();
  await scene.publish({ id: ID, version: "1.0.0", files: { "good.txt": "good" } });
  folder = temporaryFolder();
});
afterEach(() => scene.feed.close());

const begin = (project: string, more: Readonly<Record<string, string>> = {}) =>
  stage(
    scene,
    { project: join(folder, "app"), home: join(folder, "home") },
    { "app.csproj": project, "Class.cs": "", ...more },
    policyFor([ID]),
  );

describe.skipIf(!hasDotnet)("safe-install dotnet restore", () => {
  const download = `<ItemGroup><PackageDownload Include="${ID}" Version="[1.0.0]" /></ItemGroup>`;

  it("a package that is only downloaded, and is another one once everything was judged", async () => {
    const evil = join(folder, "evil.nupkg");
    writeFileSync(evil, makePackage({ id: ID, version: "1.0.0" }));
    const PATH = pathWithLate(folder, `cp "${evil}" "$packages/acme.pack/1.0.0/acme.pack.1.0.0.nupkg"`);
    const app = begin(csproj({}, {}, download));
    const before = app.snapshot();
    const { exit, stderr } = await app.runOn(PATH, "dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("INSTALLED_MISMATCH") });
    expect(app.snapshot()).toEqual(before);
  });

  it.each([
    ["a file that was unpacked", 'echo evil > "$packages/acme.pack/1.0.0/good.txt"'],
    [
      "a file that no package holds",
      'mkdir "$packages/acme.pack/1.0.0/build"; echo "<Project/>" > "$packages/acme.pack/1.0.0/build/acme.pack.targets"',
    ],
    [
      "a hard link to a file that others write",
      `ln -f "$packages/../../../../evil" "$packages/acme.pack/1.0.0/good.txt"`,
    ],
  ])("%s, changed once everything was judged", async (_, script) => {
    const PATH = pathWithLate(folder, script);
    const app = begin(csproj({ [ID]: "1.0.0" }), { evil: "evil" });
    const before = app.snapshot();
    const { exit, stderr } = await app.runOn(PATH, "dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("INSTALLED_MISMATCH") });
    expect(app.snapshot()).toEqual(before);
  });

  it("nothing is missed of an honest package that calls its nuspec otherwise, and brings what only packing knows", async () => {
    const odd = { id: "Acme.Odd", version: "1.0.0" };
    const files = { "content/_rels/.rels": "x", "content/core.psmdcp": "x", "inner.nupkg": "x", "lib/net10.0/_._": "" };
    const entries = entriesOf({ ...odd, files });
    const bytes = makeZip(
      entries.map((one) => (one.name === "Acme.Odd.nuspec" ? { ...one, name: "Other.nuspec" } : one)),
    );
    scene.feed.publish(odd.id, odd.version, bytes);
    scene.bundles.set(sha256(bytes), await attest(scene.instance, odd, bytes));
    const where = { project: join(folder, "odd"), home: join(folder, "home") };
    const app = stage(scene, where, { "app.csproj": csproj({ [odd.id]: "1.0.0" }) }, policyFor([odd.id]));
    const { exit, stdout, stderr } = await app.run("dotnet", "restore");
    expect({ exit, stdout, stderr }).toMatchObject({ exit: 0 });
  });

  it("a project that restores to its own folder whatever it is told: refused, and the folder is as before", async () => {
    const own =
      "<Project><PropertyGroup><RestoreOutputPath>$(MSBuildProjectDirectory)/obj/</RestoreOutputPath></PropertyGroup></Project>";
    const app = begin(csproj({}, {}, download), {
      "Directory.Build.targets": own,
      "obj/project.nuget.cache": "{}",
    });
    const before = app.snapshot();
    const { exit, stdout, stderr } = await app.run("dotnet", "restore");
    expect({ exit, stdout, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("RESTORE_INCOMPLETE") });
    expect(app.snapshot()).toEqual(before);
  });

  it("what a project has written outside of the repository is refused before anything is fetched or judged", async () => {
    const outside = join(folder, "outside");
    const props = `<Project><PropertyGroup><BaseIntermediateOutputPath>${outside}/</BaseIntermediateOutputPath></PropertyGroup></Project>`;
    const app = begin(csproj({}, {}, download), { "Directory.Build.props": props, ".signing-policy.json": NO_RULES });
    const { exit, stderr } = await app.run("dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({ exit: 69, stderr: expect.stringContaining("OUTSIDE_PROJECT") });
    expect(scene.feed.requests.filter((url) => url.endsWith(".nupkg"))).toEqual([]);
    expect(existsSync(outside)).toBe(false);
  });

  it("packages are not unpacked behind a link that a clone brought along", async () => {
    const app = begin(csproj({}, {}, download));
    const outside = join(folder, "outside");
    mkdirSync(outside);
    mkdirSync(join(app.project, "obj"));
    symlinkSync(outside, join(app.project, "obj", ".safe-install"));
    writeFileSync(join(outside, ".gitignore"), "mine");
    const before = app.snapshot();
    expect(await app.run("dotnet", "restore")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("is a link"),
    });
    expect(app.snapshot()).toEqual(before);
  });
});
