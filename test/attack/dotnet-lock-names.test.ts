/** The lock that is judged is the one that dotnet goes by. */
import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
  await scene.publish({ id: "Acme.Unproven", version: "1.0.0" }, { bundle: "none" });
});
afterAll(() => scene.feed.close());

const EMPTY = JSON.stringify({ version: 1, dependencies: { "net10.0": {} } });
const PROJECT = csproj({ "Acme.Unproven": "1.0.0" }, { RestorePackagesWithLockFile: "true" });

async function withDecoy(): Promise<Stage> {
  const folder = temporaryFolder();
  const where = { project: join(folder, "app"), home: join(folder, "home") };
  const app = stage(scene, where, { "app.csproj": PROJECT, "Class.cs": "" }, policyFor(["Acme.Unproven"]));
  expect(await app.plain("restore")).toMatchObject({ exit: 0 });
  app.write({ "packages.app.lock.json": app.read("packages.lock.json"), "packages.lock.json": EMPTY });
  app.remove("obj");
  return app;
}

it.skipIf(!hasDotnet)(
  "an empty packages.lock.json beside the one of the project's own name hides nothing",
  async () => {
    const app = await withDecoy();
    expect(await app.plain("restore", "--locked-mode")).toMatchObject({ exit: 0 });
    app.remove("obj");
    for (const words of [
      ["check"],
      ["check", "packages.lock.json"],
      ["check", "packages.app.lock.json"],
      ["dotnet", "restore"],
    ]) {
      const { exit, stdout, stderr } = await app.run(...words);
      expect({ words, exit, said: stdout + stderr }).toMatchObject({
        words,
        exit: 65,
        said: expect.stringContaining("NO_EVIDENCE"),
      });
    }
  },
);
