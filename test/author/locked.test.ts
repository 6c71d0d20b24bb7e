import { lockedPackages } from "../../src/author/locked.ts";
import type { Runtime } from "../../src/runtime.ts";
import { temporaryFolder } from "../support/folder.ts";
import { testHost } from "../support/npm-session.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function locked(files: readonly string[], lockfiles: readonly string[] = []) {
  const cwd = temporaryFolder();
  for (const file of files) writeFileSync(join(cwd, file), "{}");
  const footing = { layers: [], roots: [], keys: [], notary: [], repositoryRoot: cwd, baseline: [] };
  return lockedPackages(lockfiles, footing, { cwd } as unknown as Runtime, testHost({ home: temporaryFolder() }));
}

describe("a policy is read where nothing is locked", () => {
  it.each([[[]], [["package.json"]], [["package.json", "yarn.lock"]], [["pnpm-lock.yaml"]]])("%j", async (files) => {
    expect(await locked(files)).toBeNull();
  });

  it("a lock that was named is another matter", async () => {
    await expect(locked(["yarn.lock"], ["yarn.lock"])).rejects.toMatchObject({ code: "UNKNOWN_LOCKFILE" });
    await expect(locked([], ["uv.lock"])).rejects.toMatchObject({ code: "NO_SUCH_FILE" });
  });
});
