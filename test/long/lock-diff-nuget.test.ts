/** packages.lock.json, as NuGet takes it: see test/support/lock-diff/differ.ts. */
import { sharedFolder, temporaryFolder } from "../support/folder.ts";
import { contest, fewer } from "../support/lock-diff/differ.ts";
import { judgedByUs as ours, locksProgram, nugetProject, readByNuget } from "../support/lock-diff/nuget.ts";
import { spelledJson as spell } from "../support/lock-diff/spell.ts";
import { LOCKS } from "../support/lock-samples.ts";
import { hasDotnet } from "../support/nuget/project.ts";
import { startScene } from "../support/nuget/scene.ts";
import { expect, describe, it } from "vitest";

describe.skipIf(!hasDotnet)("what NuGet would install of a changed lock is judged, or the lock is refused", () => {
  const folder = sharedFolder();

  it("as the SDK's own PackagesLockFileFormat reads it", { timeout: 3_600_000 }, async () => {
    const program = await locksProgram(folder);
    try {
      const lock = LOCKS["packages.lock.json"] ?? null;
      const found = await contest("nuget", { lock, spell, tool: readByNuget(program), ours });
      expect(found.faults).toEqual([]);
      expect(found.judged).toBeGreaterThan(found.accepted / 10);
    } finally {
      program.close();
    }
  });

  it("as `dotnet restore --locked-mode` installs it", { timeout: 1_200_000 }, async () => {
    const scene = await startScene();
    try {
      const { lock, restored } = await nugetProject(scene, temporaryFolder());
      const contestant = { lock, spell, tool: restored, ours };
      const found = await contest("dotnet restore --locked-mode", contestant, { accepted: fewer(5), seed: 2 });
      expect(found.faults).toEqual([]);
      expect(found.judged).toBeGreaterThan(0);
    } finally {
      await scene.feed.close();
    }
  });
});
