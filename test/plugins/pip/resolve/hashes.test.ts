import { packageRef } from "../../../../plugins/pip/distribution.ts";
import { mismatched, sourceOfHashes } from "../../../../plugins/pip/resolve/hashes.ts";
import type { IndexPage } from "../../../../plugins/pip/simple.ts";
import { describe, expect, it } from "vitest";

const file = (filename: string, sha256: string) => ({
  filename,
  url: `https://i.example/${filename}`,
  hashes: { sha256 },
});
const PAGES = [
  { files: [file("leaf-1.0-py3-none-any.whl", "aa"), file("leaf-1.0.tar.gz", "bb"), file("other-1.0.tar.gz", "cc")] },
] as unknown as readonly IndexPage[];

const chosen = {
  package: packageRef("leaf", "1.0"),
  filename: "leaf-1.0-py3-none-any.whl",
  url: "https://i.example/leaf-1.0-py3-none-any.whl",
  stated: [],
  fetched: { file: "/x" },
};

describe("hashes that do not fit", () => {
  it.each([
    [["sha256:bb"], "SOURCE_DISTRIBUTION"],
    [["sha256:bb", "sha256:aa"], undefined],
    [["sha256:cc"], undefined],
    [[], undefined],
  ])("%j: of the wheel, of its source distribution, or of neither", (allowed, code) =>
    expect(sourceOfHashes(chosen, allowed, PAGES)?.code).toBe(code),
  );

  it.each([
    ["sha256:bb", "SOURCE_DISTRIBUTION"],
    ["sha256:cc", "INTEGRITY_MISMATCH"],
  ])("%s, as pip found it out: %s", (expected, code) => {
    const { denial, location } = mismatched({ name: "Leaf", expected: [expected], found: ["sha256:aa"] }, PAGES);
    expect([denial.code, location]).toEqual([code, "Leaf"]);
  });
});

it("one of several hashes of a wheel is enough", () => {
  const stated = [{ algorithm: "sha256", hex: "dd" } as const];
  expect(sourceOfHashes({ ...chosen, stated }, ["sha256:bb", "sha256:aa"], PAGES)).toBeNull();
});
