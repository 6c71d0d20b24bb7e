/** What lies in obj after a gated restore is what a plain one unpacks: the same files, bytes, modes and times. */
import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet, plainDotnet } from "../support/nuget/project.ts";
import { policyFor, stage, startScene } from "../support/nuget/scene.ts";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

function treeOf(place: string) {
  const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files.map((one) => join(one.parentPath, one.name)).sort();
  return paths.map((path) => {
    const { mode, mtimeMs } = statSync(path);
    const own = /\.nupkg\.metadata$|\.nupkg(?:\.sha512)?$/.test(path);
    const text = readFileSync(path, "latin1");
    const content = text.replace(/"source": ".*"/, "");
    return { path: path.slice(place.length), mode, content, ...(own ? {} : { mtimeMs }) };
  });
}

it.skipIf(!hasDotnet)("packages are unpacked as plain dotnet unpacks them", async () => {
  const scene = await startScene();
  try {
    const files = {
      "lib/net10.0/Acme.Pack.dll": "code",
      "lib/net10.0/Acme.Pack.xml": "<doc/>".repeat(1000),
      "content/a b+c [1].txt": "text",
      "_rels/.rels": "x",
      "package/services/metadata/core-properties/a.psmdcp": "x",
      "[Content_Types].xml": "x",
      "build/Acme.Pack.targets": "<Project />",
    };
    await scene.publish({ id: "Acme.Pack", version: "1.0.0", files, dependencies: { "Acme.Odd": "1.0.0" } });
    await scene.publish({ id: "Acme.Odd", version: "1.0.0", files: { "lib/net10.0/a%20b.dll": "code" } });
    const folder = temporaryFolder();
    const where = { project: join(folder, "app"), home: join(folder, "home") };
    const app = stage(
      scene,
      where,
      { "app.csproj": csproj({ "Acme.Pack": "1.0.0" }) },
      policyFor(["Acme.Pack", "Acme.Odd"]),
    );
    const gated = await app.run("dotnet", "restore");
    expect(gated).toMatchObject({ exit: 0 });
    const [own = ""] = readdirSync(join(app.project, "obj/.safe-install"));
    const ours = treeOf(join(app.project, "obj/.safe-install", own, "packages"));
    const assets = JSON.parse(app.read("obj/project.assets.json")) as { libraries: unknown; targets: unknown };
    expect(await plainDotnet(["restore", "--force"], { cwd: app.project, home: join(folder, "other") })).toMatchObject({
      exit: 0,
    });
    expect(ours).toEqual(treeOf(join(folder, "other/.nuget/packages")));
    const plain = JSON.parse(app.read("obj/project.assets.json")) as typeof assets;
    expect([assets.libraries, assets.targets]).toEqual([plain.libraries, plain.targets]);
  } finally {
    await scene.feed.close();
  }
});
