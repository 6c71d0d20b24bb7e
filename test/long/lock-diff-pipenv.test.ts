/** Pipfile.lock, as pipenv takes it: see test/support/lock-diff/differ.ts. */
import { sharedFolder } from "../support/folder.ts";
import { contest, fewer } from "../support/lock-diff/differ.ts";
import type { LockProject } from "../support/lock-diff/pipenv.ts";
import { pipenvProject } from "../support/lock-diff/pipenv.ts";
import { hasTools, judgedIn, toolsWith } from "../support/lock-diff/python.ts";
import { spelledJson as spell } from "../support/lock-diff/spell.ts";
import { publishPackages } from "../support/lock-diff/uv.ts";
import { type Index, startIndex } from "../support/pypi.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe.skipIf(!hasTools)("what pipenv would install of a changed lock is judged, or the lock is refused", () => {
  const folder = sharedFolder();
  let index: Index;
  let project: LockProject;
  beforeAll(async () => {
    index = await startIndex();
    publishPackages(index);
    project = await pipenvProject(folder, await toolsWith(join(folder, "tools"), ["pipenv"]), index);
  }, 600_000);
  afterAll(async () => {
    project.close();
    await index.close();
  });
  const ours = (text: string) => judgedIn(project.path, text);

  it("as its own do_install_dependencies hands it to pip", { timeout: 3_600_000 }, async () => {
    const found = await contest("pipenv", { lock: project.lock, spell, tool: project.installs, ours });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(found.accepted / 10);
  });

  it("as `pipenv requirements --hash` tells it", { timeout: 1_200_000 }, async () => {
    const contestant = { lock: project.lock, spell, tool: project.asked, ours };
    const found = await contest("pipenv requirements --hash", contestant, { accepted: fewer(10), seed: 2 });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(0);
  });
});
