import { editsIn, requireUnchanged, writeEdits } from "../../../../plugins/dotnet/add/mirror.ts";
import { mirrorOf } from "../../../../plugins/dotnet/add/mirror.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { snapshot } from "../../../support/nuget/scene.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;
let folder: string;

beforeEach(() => {
  const place = realpathSync(temporaryFolder());
  [root, folder] = [join(place, "repository"), join(place, "private")];
  mkdirSync(folder);
  writeFiles(root, {
    "src/app.csproj": "<Project />",
    "src/Program.cs": "return;",
    "src/obj/app.csproj.evil.targets": "<Project />",
    "artifacts/app.csproj.nuget.g.props": "<Project />",
    "MSBuild.rsp": "-restore",
    "nuget.config": "<configuration />",
    ".git/HEAD": "x",
    ".git/config": "x",
  });
  writeFiles(place, { "Directory.Build.props": "<Project><!-- above --></Project>" });
});

describe("a mirror of a repository", () => {
  it("has its files, what lies above it, and nothing that an earlier restore left", async () => {
    const mirror = await mirrorOf(root, folder, "<configuration><!-- ours --></configuration>");
    expect(Object.keys(snapshot(mirror.root))).toEqual([
      ".git/HEAD",
      "NuGet.config",
      "src/Program.cs",
      "src/app.csproj",
    ]);
    expect(readFileSync(join(mirror.root, "NuGet.config"), "utf8")).toContain("ours");
    expect(readFileSync(join(mirror.root, "..", "Directory.Build.props"), "utf8")).toContain("above");
    expect(mirror.at(join(root, "src", "app.csproj"))).toBe(join(mirror.root, "src", "app.csproj"));
  });

  it("is sealed where no link in it leads out", async () => {
    expect((await mirrorOf(root, folder, "")).isSealed).toBe(true);
    rmSync(join(folder, "mirror"), { recursive: true });
    symlinkSync(realpathSync(temporaryFolder()), join(root, "out"));
    expect((await mirrorOf(root, folder, "")).isSealed).toBe(false);
  });

  it("ends the search of MSBuild and dotnet for files further up", async () => {
    await mirrorOf(root, folder, "");
    const top = join(folder, "mirror");
    for (const name of [
      "Directory.Build.props",
      "Directory.Build.targets",
      "Directory.Packages.props",
      "Directory.Build.rsp",
      "global.json",
    ])
      expect(existsSync(join(top, name)), name).toBe(true);
  });

  it("looks above for files alone, as they do", async () => {
    for (const name of ["global.json", "Directory.Build.targets"]) mkdirSync(join(root, "..", name));
    await mirrorOf(root, folder, "");
    expect(readFileSync(join(folder, "mirror", "Directory.Build.targets"), "utf8")).toBe("<Project />\n");
  });

  it("is not written through: a link becomes a copy", async () => {
    const outside = join(root, "..", "Shared.props");
    writeFileSync(outside, "<Project />");
    symlinkSync(outside, join(root, "src", "Shared.props"));
    const mirror = await mirrorOf(root, folder, "");
    writeFileSync(mirror.at(join(root, "src", "Shared.props")), "changed");
    expect(readFileSync(outside, "utf8")).toBe("<Project />");
  });
});

describe("edits", () => {
  const app = () => join(root, "src", "app.csproj");

  it("are what changed of projects, what they import, and locks", async () => {
    const mirror = await mirrorOf(root, folder, "");
    writeFileSync(mirror.at(app()), "<Project>changed</Project>");
    writeFileSync(mirror.at(join(root, "src", "packages.lock.json")), "{}");
    writeFileSync(mirror.at(join(root, "src", "Program.cs")), "changed too");
    const edits = await editsIn(mirror, root, []);
    expect(edits.map(({ path, before, after }) => [path, before?.toString() ?? null, after.toString()])).toEqual([
      [app(), "<Project />", "<Project>changed</Project>"],
      [join(root, "src", "packages.lock.json"), null, "{}"],
    ]);
    await requireUnchanged(edits);
    await writeEdits(edits);
    expect(readFileSync(app(), "utf8")).toBe("<Project>changed</Project>");
  });

  it.each([
    ["another text", () => writeFileSync(app(), "<Project>somebody</Project>")],
    ["none any more", () => rmSync(app())],
  ])("are not made where somebody changed the file meanwhile: %s", async (_, change) => {
    const mirror = await mirrorOf(root, folder, "");
    writeFileSync(mirror.at(app()), "<Project>changed</Project>");
    const edits = await editsIn(mirror, root, []);
    change();
    await expect(requireUnchanged(edits)).rejects.toMatchObject({ code: "LOCK_CHANGED" });
  });
});
