import { landingOf } from "../../../../plugins/npm/handoff/landing.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));

/** A project that holds what stands before, and what is to stand after: null for no such file. */
function lay(files: Readonly<Record<string, readonly [before: string | null, after: string | null]>>, unsaved = false) {
  const project = temporaryFolder();
  const staged = Object.entries(files).map(([path, [before, after]]) => {
    if (before !== null) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), before);
    }
    return { path, before: bytes(before), after: bytes(after) };
  });
  const landing = landingOf(project, staged, unsaved, testHost({ home: temporaryFolder() }));
  const text = (path: string) => (existsSync(join(project, path)) ? readFileSync(join(project, path), "utf8") : null);
  return { project, landing, text };
}

const FILES = {
  "package.json": ["old", "new"],
  "package-lock.json": [null, "lock"],
  "npm-shrinkwrap.json": [null, null],
  "packages/own/package.json": ["same", "same"],
  "gone.json": ["there", null],
} as const;
const CHANGED = { kind: "unbound", code: "LOCK_CHANGED" };

describe("what was judged comes to lie in the project", () => {
  it("waits aside as far as it changes, and nothing else does", () => {
    expect(lay(FILES).landing.files).toEqual(["package.json", "package-lock.json", "gone.json"]);
  });

  it("lies there once it has landed, and stays where npm has succeeded", async () => {
    const { landing, text } = lay(FILES);
    await landing.assertReady();
    await landing.land();
    const after = ["new", "lock", null, "same", null];
    expect(Object.keys(FILES).map(text)).toEqual(after);
    await landing.settle();
    expect(Object.keys(FILES).map(text)).toEqual(after);
  });

  it("is there only while npm installs where nothing is saved", async () => {
    const { landing, text } = lay(FILES, true);
    await landing.assertReady();
    await landing.land();
    expect(text("package.json")).toBe("new");
    await landing.settle();
    expect(Object.keys(FILES).map(text)).toEqual(["old", null, null, "same", "there"]);
  });

  it("makes the folders that it needs, and leaves a file that stays as it is untouched", async () => {
    const { landing, project, text } = lay({ "deep/er/package.json": [null, "new"], "x.json": ["x", "x"] });
    await landing.assertReady();
    writeFileSync(join(project, "x.json"), "theirs");
    await landing.land();
    expect([text("deep/er/package.json"), text("x.json")]).toEqual(["new", "theirs"]);
  });

  it.skipIf(process.platform === "win32")("keeps the mode that a file had", async () => {
    const { landing, project } = lay({ "package.json": ["old", "new"] });
    chmodSync(join(project, "package.json"), 0o640);
    await landing.assertReady();
    await landing.land();
    expect(statSync(join(project, "package.json")).mode & 0o777).toBe(0o640);
  });
});

describe("the project is no longer the one that was judged", () => {
  const meddled = async (path: string, text: string) => {
    const { landing, project } = lay(FILES);
    writeFileSync(join(project, path), text);
    return landing.assertReady();
  };

  it("where a file that changes has changed", async () => {
    await expect(meddled("package.json", "other")).rejects.toMatchObject({
      ...CHANGED,
      message: expect.stringMatching(/\/package\.json changed while it was being judged$/) as string,
      hint: expect.any(String) as string,
    });
  });

  it("where a file that stays as it is has changed", async () => {
    await expect(meddled("packages/own/package.json", "other")).rejects.toMatchObject(CHANGED);
  });

  it("where there is a file now and was none", async () => {
    await expect(meddled("npm-shrinkwrap.json", "")).rejects.toMatchObject(CHANGED);
  });

  it("where there is none any more", async () => {
    const staged = [{ path: "a.json", before: bytes("old"), after: null }];
    const landing = landingOf(temporaryFolder(), staged, false, testHost({ home: temporaryFolder() }));
    await expect(landing.assertReady()).rejects.toMatchObject(CHANGED);
  });
});
