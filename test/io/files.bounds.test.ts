import { layRepository } from "../support/repository.ts";
import { loadLayers } from "../../src/project/policy-file.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { readBounded } from "../../src/io/files.ts";
import { LIMITS } from "../../src/limits.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const POLICY = { version: 1, mode: "audit" };
const TOO_LARGE = { code: "FILE_TOO_LARGE" };
const WRONG_POLICY = { kind: "policy", ...TOO_LARGE };

/** A file that says it is so large; nothing of it is on disk. */
function sparse(path: string, size: number): void {
  writeFileSync(path, "");
  truncateSync(path, size);
}

function project(policy: unknown = POLICY): string {
  const folder = temporaryFolder();
  layRepository(folder);
  writeFileSync(join(folder, ".signing-policy.json"), JSON.stringify(policy));
  return folder;
}

describe("files are bounded before they are read", () => {
  it("any file, by what is asked of it", async () => {
    const file = join(temporaryFolder(), "x");
    writeFileSync(file, "12345");
    expect((await readBounded(file, { maxBytes: 5 }))?.toString()).toBe("12345");
    await expect(readBounded(file, { maxBytes: 4 })).rejects.toMatchObject(TOO_LARGE);
  });

  it("a policy", async () => {
    const folder = project();
    sparse(join(folder, ".signing-policy.json"), LIMITS.policyBytes + 1);
    await expect(loadLayers({ project: folder, loadTrustRoot })).rejects.toMatchObject(WRONG_POLICY);
  });

  it.each([
    ["a recorded file", LIMITS.recordedBytes, { recorded: { file: "big", reason: "x", expires: "2999-01-01" } }],
    ["a trust root", LIMITS.trustedRootBytes, { trust: { corp: { trustedRoot: "big" } } }],
  ])("%s that a policy names", async (_, bytes, more) => {
    const folder = project({ ...POLICY, ...more });
    sparse(join(folder, "big"), bytes + 1);
    await expect(loadLayers({ project: folder, loadTrustRoot })).rejects.toMatchObject(WRONG_POLICY);
  });

  it("policies one below the other are counted", async () => {
    const root = project();
    let folder = root;
    for (let depth = 1; depth <= LIMITS.policyLayers; depth++) {
      folder = join(folder, "d");
      mkdirSync(folder);
      writeFileSync(join(folder, ".signing-policy.json"), JSON.stringify(POLICY));
    }
    await expect(loadLayers({ project: folder, loadTrustRoot })).rejects.toMatchObject({ code: "POLICY_LAYERS" });
    const { layers } = await loadLayers({ project: join(folder, ".."), loadTrustRoot });
    expect(layers).toHaveLength(LIMITS.policyLayers);
  });
});
