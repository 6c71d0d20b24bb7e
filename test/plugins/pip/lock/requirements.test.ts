import { lockOfRequirements } from "../../../../plugins/pip/lock/requirements.ts";
import { putInto } from "../../../support/folder.ts";
import { fakePython } from "../../../support/pypi/fake-python.ts";
import { describe, expect, it } from "vitest";

const HASH = `sha256:${"a".repeat(64)}`;
const LINE = {
  text: "widget==1.0",
  editable: false,
  file: "requirements.txt",
  line: 1,
  constraint: false,
  hashes: [HASH],
  options: [],
  name: "widget",
  kind: null,
  url: null,
  path: null,
  extras: [],
  specifier: "==1.0",
  applies: true,
};

/** A requirements file that pip reads so. */
async function lock(...lines: readonly Partial<Record<keyof typeof LINE, unknown>>[]) {
  const made = fakePython(() => ({
    answer: {
      pip: "25.0",
      entries: lines.map((one) => ({ ...LINE, ...one })),
      projects: {},
      buildConstraints: [],
      options: {},
    },
  }));
  putInto(made.python.cwd, "own/pyproject.toml", '[project]\nname = "own"\n');
  const found = await lockOfRequirements("requirements.txt", made.python.cwd, made.python);
  return { ...found, asked: made.asked };
}
const denial = (message: string) => [
  { denial: { code: "LOCK_UNSUPPORTED", message: expect.stringContaining(message) as string } },
];

describe("a requirements file is a lock", () => {
  it("where each line is exact and has hashes: every one of them is a file", async () => {
    const other = `sha512:${"b".repeat(128)}`;
    const { files, unbound, asked } = await lock({ hashes: [HASH, other] });
    expect(unbound).toEqual([]);
    expect(files).toMatchObject([
      { name: "widget", version: "1.0", filename: null, url: null, index: null, digests: [{ algorithm: "sha256" }] },
      { digests: [{ algorithm: "sha512" }] },
    ]);
    expect(asked[0]?.job["args"]).toEqual(["install", "-r", "requirements.txt"]);
  });

  it.each([
    ["widget==1.0", "1.0"],
    ["widget == 1.0", "1.0"],
    ["widget===1.0+local", "1.0+local"],
    ["widget[extra]==1.0; python_version > '3'", "1.0"],
    ["widget==1.0 ; extra == 'x'", "1.0"],
  ])("%s", async (text, version) => {
    expect((await lock({ text })).files).toMatchObject([{ version }]);
  });

  it.each(["widget", "widget>=1.0", "widget==1.0,<2", "widget; python_version == '3'", "widget=1.0"])(
    "%s names no exact version",
    async (text) => {
      const { files, unbound } = await lock({ text });
      expect(files).toEqual([]);
      expect(unbound).toMatchObject(denial("without an exact version"));
    },
  );

  it("not where a line has no hash, or one that binds nothing", async () => {
    expect((await lock({ hashes: [] })).unbound).toMatchObject(denial("nothing binds its bytes"));
    for (const hashes of [["md5:x"], [HASH, "md5:x"]])
      expect((await lock({ hashes })).unbound).toMatchObject(denial("neither sha256, sha384 nor sha512"));
  });

  it("is for every machine: what a marker leaves out here counts, too", async () => {
    expect((await lock({ applies: false })).files).toHaveLength(1);
  });

  it("of which constraints and lines of options are no part", async () => {
    const { files, unbound } = await lock({ constraint: true, hashes: [] }, { text: null, name: null, hashes: [] });
    expect([files, unbound]).toEqual([[], []]);
  });

  it("and what it takes from elsewhere is refused", async () => {
    const { files, unbound } = await lock({
      kind: "vcs",
      url: "git+https://h.example/x",
      text: "git+https://h.example/x",
    });
    expect(files).toEqual([]);
    expect(unbound).toMatchObject([{ denial: { code: "GIT_DEPENDENCY" } }]);
  });
});
