import { findBuilt } from "../../src/project/built.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function lay(...names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) putInto(folder, name, "");
  return folder;
}

const code = (named: readonly string[], cwd: string) => findBuilt(named, cwd).catch(({ code }) => code);

describe("what is named", () => {
  it("nothing, or locks: is nothing that was built", async () => {
    const cwd = lay("package-lock.json");
    expect(await findBuilt([], cwd)).toBeNull();
    expect(await findBuilt(["package-lock.json", "requirements.txt"], cwd)).toBeNull();
  });

  it("a folder: each package in it once, with its evidence", async () => {
    const cwd = lay("dist/w-1.whl", "dist/w-1.whl.publish.attestation", "dist/w-1.0.tar.gz", "dist/.gitignore");
    const found = await findBuilt(["dist", "dist/w-1.whl"], cwd);
    expect(found?.files.map(({ location }) => location)).toEqual(["dist/w-1.0.tar.gz", "dist/w-1.whl"]);
    expect(found?.files[1]?.evidence).toEqual([join(cwd, "dist/w-1.whl.publish.attestation")]);
    expect(found?.folders).toEqual([join(cwd, "dist")]);
    expect(found?.notes).toEqual(["dist/.gitignore was not judged"]);
  });

  it("a link to a folder: the folder that it leads to", async () => {
    const cwd = lay("out/a.nupkg");
    symlinkSync(join(cwd, "out"), join(cwd, "dist"));
    expect((await findBuilt(["dist"], cwd))?.folders).toEqual([join(cwd, "out")]);
  });

  it("a package: that one alone, its evidence beside it", async () => {
    const cwd = lay("a.tgz", "a.tgz.sigstore.json", "b.tgz", "a.tgz.other");
    const found = await findBuilt(["a.tgz"], cwd);
    expect(found).toMatchObject({
      folders: [],
      files: [{ location: "a.tgz", evidence: [join(cwd, "a.tgz.sigstore.json")] }],
    });
    mkdirSync(join(cwd, "a.tgz.intoto.jsonl"));
    expect((await findBuilt(["a.tgz"], cwd))?.files[0]?.evidence).toHaveLength(1);
  });
});

describe("is refused", () => {
  it.each([
    ["a package beside a lock", ["a.tgz", "package-lock.json"], "USAGE"],
    ["a package that is not there", ["c.tgz"], "NO_SUCH_FILE"],
    ["a folder without one", ["empty"], "NOTHING_BUILT"],
    ["a folder with something else in it", ["mixed"], "UNKNOWN_FILE"],
    ["a folder with another folder in it", ["deep"], "UNKNOWN_FILE"],
    ["evidence without its package", ["stray"], "UNKNOWN_FILE"],
    ["a folder that is named as what is passed over", ["hidden"], "UNKNOWN_FILE"],
  ])("%s", async (_, named, expected) => {
    const cwd = lay("a.tgz", "package-lock.json", "mixed/a.tgz", "mixed/SHA256SUMS", "deep/a.tgz", "deep/b/b.tgz");
    mkdirSync(join(cwd, "empty"));
    putInto(cwd, "hidden/a.tgz", "");
    putInto(cwd, "hidden/.gitignore/b.tgz", "");
    putInto(cwd, "stray/a.tgz", "");
    putInto(cwd, "stray/b.tgz.sigstore.json", "");
    expect(await code(named, cwd)).toBe(expected);
  });
});
