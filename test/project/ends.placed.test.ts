import { refuseProjectOutside } from "../../src/project/ends.ts";
import { temporaryFolder } from "../support/folder.ts";
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function folders(...names: readonly string[]): string {
  const root = temporaryFolder();
  for (const name of names) mkdirSync(join(root, name), { recursive: true });
  return root;
}

describe("the folder that an installer takes for the project", () => {
  it("may be above, within the same repository", async () => {
    const root = folders(".git", "packages/a");
    await expect(refuseProjectOutside(join(root, "packages/a"), root)).resolves.toBeUndefined();
  });

  it("may be anywhere where there is no repository, or below", async () => {
    const root = folders("a/b");
    await expect(refuseProjectOutside(join(root, "a/b"), join(root, "a"))).resolves.toBeUndefined();
    await expect(refuseProjectOutside(root, join(root, "a"))).resolves.toBeUndefined();
  });

  it("may not be above the repository: a neighbour's workspaces would bring a neighbour's policy", async () => {
    const root = folders("work/repo/.git");
    await expect(refuseProjectOutside(join(root, "work/repo"), root)).rejects.toMatchObject({
      code: "PROJECT_OUTSIDE",
    });
  });

  it.skipIf(process.getuid?.() !== 0)("may not be another owner's", async () => {
    const root = folders("project");
    chownSync(join(root, "project"), 12345, 12345);
    await expect(refuseProjectOutside(join(root, "project"), root)).rejects.toMatchObject({ code: "PROJECT_OUTSIDE" });
  });
});
