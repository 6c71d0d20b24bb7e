/** uv.lock, as uv takes it: see test/support/lock-diff/differ.ts. */
import { sharedFolder } from "../support/folder.ts";
import { contest, fewer } from "../support/lock-diff/differ.ts";
import { hasTools, judgedIn, toolsWith } from "../support/lock-diff/python.ts";
import { spelledToml } from "../support/lock-diff/spell.ts";
import { publishPackages, type UvProject, uvProject } from "../support/lock-diff/uv.ts";
import { type Index, startIndex } from "../support/pypi.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe.skipIf(!hasTools)("what uv would install of a changed lock is judged, or the lock is refused", () => {
  const folder = sharedFolder();
  let index: Index;
  let project: UvProject;
  beforeAll(async () => {
    index = await startIndex();
    publishPackages(index);
    project = await uvProject(folder, await toolsWith(join(folder, "tools"), ["uv"]), index);
  }, 300_000);
  afterAll(() => index.close());
  const ours = (text: string) => judgedIn(project.path, text);

  it("as `uv export --frozen` tells it", { timeout: 3_600_000 }, async () => {
    const found = await contest("uv export", { lock: project.lock, spell: spelledToml, tool: project.exported, ours });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(found.accepted / 10);
  });

  it("as a dry run of `uv sync --frozen` tells it", { timeout: 1_200_000 }, async () => {
    const contestant = { lock: project.lock, spell: spelledToml, tool: project.synced, ours };
    const found = await contest("uv sync", contestant, { accepted: fewer(50), seed: 2 });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(0);
  });
});
