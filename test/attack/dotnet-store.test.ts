/** What was proven once is not fetched again, and nothing of what is kept of it is believed. */
import { temporaryFolder } from "../support/folder.ts";
import { makePackage } from "../support/nuget.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, stage, startScene } from "../support/nuget/scene.ts";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let scene: Scene;
let folder: string;
beforeAll(async () => {
  scene = await startScene();
  await scene.publish({ id: "Acme.Widget", version: "1.0.0", files: { "good.txt": "good" } });
  await scene.publish({ id: "Acme.Gadget", version: "1.0.0", dependencies: { "Acme.Widget": "1.0.0" } });
});
afterAll(() => scene.feed.close());
beforeEach(() => {
  folder = temporaryFolder();
});

const begin = (name = "app") =>
  stage(
    scene,
    { project: join(folder, name), home: join(folder, "home") },
    { "app.csproj": csproj({ "Acme.Gadget": "1.0.0" }) },
    policyFor(["Acme.Widget", "Acme.Gadget"]),
  );

/** Asked for while `work` runs. */
async function fetched(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = scene.feed.requests.length;
  await work();
  return scene.feed.requests.slice(before).filter((path) => path.endsWith(".nupkg"));
}

/** Of the store, by what is in it. */
const kept = () => filesBelow(join(folder, "home", ".cache"));

const filesBelow = (place: string) =>
  readdirSync(place, { recursive: true, encoding: "utf8" })
    .map((name) => join(place, name))
    .filter((path) => statSync(path).isFile());

const goodIn = (project: string) =>
  filesBelow(join(project, "obj", ".safe-install")).filter(
    (path) => path.endsWith("good.txt") && readFileSync(path, "utf8") === "good",
  ).length;

describe.skipIf(!hasDotnet)("safe-install dotnet restore without a lock, a second time", () => {
  it("fetches no package, also where obj is gone; a poisoned one of the store is fetched anew", async () => {
    const app = begin();
    const restored = async () => expect(await app.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    expect(await fetched(restored)).toHaveLength(2);
    expect(await fetched(restored)).toEqual([]);
    app.remove("obj");
    expect(await fetched(restored)).toEqual([]);
    const evil = makePackage({ id: "Acme.Widget", version: "1.0.0", files: { "good.txt": "evil" } });
    const isWidget = (path: string) => readFileSync(path).includes("Acme.Widget.nuspec");
    const poisoned = kept().filter(isWidget);
    expect(poisoned).toHaveLength(1);
    writeFileSync(poisoned[0]!, evil);
    expect(await fetched(restored)).toEqual(["/v3-flatcontainer/acme.widget/1.0.0/acme.widget.1.0.0.nupkg"]);
    expect(goodIn(app.project)).toBe(1);
  });

  it("a package that only a runtime needs is found as the first time", async () => {
    const runtimes = { "linux-x64": { "Acme.Ids": { "Acme.Native": "1.0.0" } } };
    await scene.publish({ id: "Acme.Native", version: "1.0.0" });
    await scene.publish({
      id: "Acme.Ids",
      version: "1.0.0",
      files: { "runtime.json": JSON.stringify({ runtimes }) },
    });
    const ids = ["Acme.Ids", "Acme.Native"];
    const packs = { EnableRuntimePackDownload: "false", EnableAppHostPackDownload: "false", UseAppHost: "false" };
    const project = csproj({ "Acme.Ids": "1.0.0" }, { RuntimeIdentifiers: "linux-x64", ...packs });
    const where = { project: join(folder, "native"), home: join(folder, "home") };
    const app = stage(scene, where, { "app.csproj": project }, policyFor(ids));
    const restored = async () => {
      const { exit, stdout, stderr } = await app.run("dotnet", "restore");
      expect(exit, stdout + stderr).toBe(0);
      expect(app.read("obj/project.assets.json")).toContain("Acme.Native/1.0.0");
    };
    expect(await fetched(restored)).toHaveLength(2);
    expect(await fetched(restored)).toEqual([]);
  });

  it("what is remembered of another package's bytes under this name is not taken", async () => {
    const app = begin();
    await app.run("dotnet", "restore");
    const hashOf = (name: string) =>
      createHash("sha512")
        .update(makePackage(name === "Widget" ? WIDGET : GADGET))
        .digest("hex");
    const remembered = kept().find((path) => readFileSync(path, "utf8").includes(`["Acme.Widget","1.0.0","`));
    const text = readFileSync(remembered ?? "", "utf8");
    writeFileSync(remembered ?? "", text.replace(hashOf("Widget"), hashOf("Gadget")));
    expect(readFileSync(remembered ?? "", "utf8")).not.toBe(text);
    expect(await fetched(() => app.run("dotnet", "restore"))).toHaveLength(1);
    expect(goodIn(app.project)).toBe(1);
  });
});

const WIDGET = { id: "Acme.Widget", version: "1.0.0", files: { "good.txt": "good" } };
const GADGET = { id: "Acme.Gadget", version: "1.0.0", dependencies: { "Acme.Widget": "1.0.0" } };
