/** package-lock.json, as npm takes it: see test/support/lock-diff/differ.ts. */
import { sharedFolder } from "../support/folder.ts";
import { contest, fewer } from "../support/lock-diff/differ.ts";
import { npmProject, publishNpm } from "../support/lock-diff/npm.ts";
import { spelledJson as spell } from "../support/lock-diff/spell.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("what npm would install of a changed lock is judged, or the lock is refused", () => {
  const folder = sharedFolder();
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
    publishNpm(registry);
  });
  afterAll(() => registry.close());

  it("as its own arborist builds the tree", { timeout: 3_600_000 }, async () => {
    const { lock, installs, ours } = await npmProject(`${folder}/all`, registry);
    const found = await contest("npm", { lock, spell, tool: installs, ours });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(found.accepted / 10);
  });

  it("as `npm ls --package-lock-only` tells it", { timeout: 1_200_000 }, async () => {
    const { lock, listed, ours } = await npmProject(`${folder}/some`, registry);
    const found = await contest("npm ls", { lock, spell, tool: listed, ours }, { accepted: fewer(20), seed: 2 });
    expect(found.faults).toEqual([]);
    expect(found.judged).toBeGreaterThan(0);
  });
});
