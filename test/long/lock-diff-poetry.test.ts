/** poetry.lock, as Poetry takes it: see test/support/lock-diff/differ.ts. */
import { sharedFolder } from "../support/folder.ts";
import { contest, fewer } from "../support/lock-diff/differ.ts";
import type { LockProject } from "../support/lock-diff/pipenv.ts";
import { poetryProject } from "../support/lock-diff/poetry.ts";
import { hasTools, judgedIn, toolsWith } from "../support/lock-diff/python.ts";
import { spelledToml as spell } from "../support/lock-diff/spell.ts";
import { publishPackages } from "../support/lock-diff/uv.ts";
import { type Index, startIndex } from "../support/pypi.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe.skipIf(!hasTools)("what Poetry would install of a changed lock is judged, or the lock is refused", () => {
  const folder = sharedFolder();
  let index: Index;
  let project: LockProject;
  beforeAll(async () => {
    index = await startIndex();
    publishPackages(index);
    project = await poetryProject(folder, await toolsWith(join(folder, "tools"), ["poetry"]), index);
  }, 600_000);
  afterAll(async () => {
    project.close();
    await index.close();
  });
  const ours = (text: string) => judgedIn(project.path, text);

  it("as its own Installer makes operations of it", { timeout: 3_600_000 }, async () => {
    const found = await contest("poetry", { lock: project.lock, spell, tool: project.installs, ours });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(found.accepted / 10);
  });

  it("as `poetry install --dry-run` tells it", { timeout: 1_200_000 }, async () => {
    const contestant = { lock: project.lock, spell, tool: project.asked, ours };
    const found = await contest("poetry install --dry-run", contestant, { accepted: fewer(10), seed: 2 });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(0);
  });
});
