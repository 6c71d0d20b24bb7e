import type { PipProject } from "../../../../plugins/pip/locate.ts";
import { checkLock } from "../../../../plugins/pip/lock/stages.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { type Index, makeWheel, sha256, startIndex } from "../../../support/pypi.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

const WIDGET = makeWheel({ name: "widget", version: "1.0.0" });
const OTHER = makeWheel({ name: "widget", version: "1.0.0", files: { "other.py": "x = 1\n" } });

let index: Index;
let home: string;
beforeEach(async () => {
  index = await startIndex();
  onTestFinished(() => index.close());
  index.publish(WIDGET);
  home = temporaryFolder();
});

interface Told {
  readonly name?: string;
  readonly offline?: boolean;
  readonly index?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** The part of a lock where there is no pip: its files alone, and the index of the environment. */
async function check(
  text: string,
  { name = "pylock.toml", offline = false, index: url = index.url, files = {} }: Told = {},
) {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries({ ...files, [name]: text })) writeFileSync(join(folder, path), content);
  const lockfile = join(folder, name);
  const project: PipProject = {
    request: { purpose: "check", args: [], cwd: folder },
    folder,
    root: folder,
    found: [],
    replaces: [],
    python: null,
    lockfile,
  };
  const host = testHost({ home, offline, env: { PIP_INDEX_URL: url } });
  const stages = checkLock(project, { repositoryRoot: folder, registries: [] }, host);
  const { done, value } = await stages.next([]);
  if (done === true) throw new TypeError("no part");
  const end = async () => stages.next([]);
  return { part: value, lockfile, end };
}

const address = () => `${index.origin}/files/${WIDGET.filename}`;
const pylock = (wheel: string, more = "") =>
  `lock-version = "1.0"\n[[packages]]\nname = "Widget"\nversion = "1.0.0"\n${more}wheels = [{ ${wheel} }]\n`;
const hashed = (bytes = WIDGET.bytes) => `hashes = { sha256 = "${sha256(bytes)}" }`;
const withUrl = () => pylock(`name = "${WIDGET.filename}", url = "${address()}", ${hashed()}`);
const nameOnly = () => pylock(`name = "${WIDGET.filename}", ${hashed()}`);
const PIPFILE = (bytes = WIDGET.bytes) =>
  JSON.stringify({
    _meta: { "pipfile-spec": 6, sources: [] },
    default: { widget: { version: "==1.0.0", hashes: [`sha256:${sha256(bytes)}`] } },
    develop: {},
  });

describe("a check of a lock", () => {
  it("is one part: every file that it admits; nothing is handed off", async () => {
    const { part, lockfile, end } = await check(withUrl());
    expect(part).toMatchObject({ lockfile, unbound: [], opens: false });
    expect(part.artifacts).toMatchObject([
      {
        package: { name: "widget", version: "1.0.0" },
        digests: [{ algorithm: "sha256", hex: sha256(WIDGET.bytes) }],
        locations: [WIDGET.filename],
        subjectNames: [WIDGET.filename],
        runsScripts: false,
      },
    ]);
    expect(await end()).toEqual({ done: true, value: null });
  });

  it("is of a lock", async () => {
    const project = { folder: home, python: null, lockfile: null } as unknown as PipProject;
    const stages = checkLock(project, { repositoryRoot: home, registries: [] }, testHost({ home }));
    await expect(stages.next([])).rejects.toThrow("a check reads a lock");
  });

  it.each([
    ["at the lock's address", withUrl],
    ["where an index says that it is", nameOnly],
  ])("obtains a file %s, once, and keeps it for a run without the network", async (_, text) => {
    const { part } = await check(text());
    const [artifact] = part.artifacts;
    const [one, two] = await Promise.all([part.obtain(artifact!), part.obtain(artifact!)]);
    expect(one).toBe(two);
    expect((await one.read()).equals(WIDGET.bytes)).toBe(true);
    const again = await check(withUrl(), { offline: true });
    const kept = await again.part.obtain(again.part.artifacts[0]!);
    expect((await kept.read()).equals(WIDGET.bytes)).toBe(true);
  });

  it("does not obtain other bytes, or what is nowhere", async () => {
    const other = pylock(`name = "${WIDGET.filename}", url = "${address()}", ${hashed(OTHER.bytes)}`);
    const first = await check(other);
    await expect(first.part.obtain(first.part.artifacts[0]!)).rejects.toMatchObject({
      denial: { code: "INTEGRITY_MISMATCH" },
    });
    const gone = await check(nameOnly().replaceAll("py3", "py2"));
    await expect(gone.part.obtain(gone.part.artifacts[0]!)).rejects.toMatchObject({
      denial: { code: "ARTIFACT_UNAVAILABLE" },
    });
    const down = await check(nameOnly(), { index: "http://127.0.0.1:9/simple" });
    await expect(down.part.obtain(down.part.artifacts[0]!)).rejects.toMatchObject({
      denial: { code: "ARTIFACT_UNAVAILABLE" },
    });
  });

  it("a hash that no index lists is known by its digest alone", async () => {
    const { part } = await check(PIPFILE(OTHER.bytes), { name: "Pipfile.lock" });
    const [artifact] = part.artifacts;
    expect(artifact).toMatchObject({
      locations: [`sha256:${sha256(OTHER.bytes)}`],
      subjectNames: ["widget 1.0.0"],
      runsScripts: false,
    });
    expect(artifact?.isSubjectName?.("widget-1.0.0-py3-none-any.whl")).toBe(true);
    expect(artifact?.isSubjectName?.("widget-1.0.1-py3-none-any.whl")).toBe(false);
    await expect(part.obtain(artifact!)).rejects.toMatchObject({ denial: expect.anything() as unknown });
    expect(await part.collect(artifact!, { kind: "own" }, false)).toEqual([]);
  });

  it("a hash that an index lists gets its file's name", async () => {
    const { part } = await check(PIPFILE(), { name: "Pipfile.lock" });
    expect(part.artifacts).toMatchObject([{ locations: [WIDGET.filename] }]);
  });

  it("evidence is where the index says that it is, and none where it says nothing", async () => {
    const { part } = await check(withUrl());
    expect(await part.collect(part.artifacts[0]!, { kind: "own" }, false)).toEqual([]);
    const foreign = { ...part.artifacts[0]! };
    await expect(async () => part.collect(foreign, { kind: "own" }, false)).rejects.toThrow("is not of this part");
  });

  it("says which index mirrors another: the lock's own, else the configured one", async () => {
    const { part } = await check(withUrl());
    expect(part.registryOf?.(part.artifacts[0]!)).toBe(index.url);
    const named = await check(pylock(`name = "${WIDGET.filename}", ${hashed()}`, `index = "${index.origin}/other"\n`));
    expect(named.part.registryOf?.(named.part.artifacts[0]!)).toBe(`${index.origin}/other`);
    const none = await check(withUrl(), { index: "" });
    expect(none.part.registryOf?.(none.part.artifacts[0]!)).toBeNull();
  });

  it("refuses what the lock takes from an index that nobody has named", async () => {
    const { part } = await check(
      pylock(`name = "${WIDGET.filename}", ${hashed()}`, 'index = "https://evil.example/simple"\n'),
    );
    expect(part.artifacts).toEqual([]);
    expect(part.unbound).toMatchObject([{ denial: { code: "FOREIGN_REGISTRY" } }]);
  });
});
