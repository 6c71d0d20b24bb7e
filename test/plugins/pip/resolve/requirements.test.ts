import { notGatedOf } from "../../../../plugins/pip/resolve/first-party.ts";
import { sortRequirements } from "../../../../plugins/pip/resolve/requirements.ts";
import type { RequirementLine, PipOptions, StaticProject, PipWords } from "../../../../plugins/pip/words.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});

const entry = (part: Partial<RequirementLine>): RequirementLine => ({
  text: "a",
  editable: false,
  file: null,
  line: 0,
  constraint: false,
  hashes: [],
  options: [],
  name: "a",
  kind: null,
  url: null,
  path: null,
  extras: [],
  specifier: "",
  applies: true,
  ...part,
});
const MINE: StaticProject = {
  name: "Mine",
  version: "1.0",
  dependencies: [entry({ text: "a>1" })],
  extras: {},
  dynamic: false,
  mayAsk: false,
  buildRequires: [entry({ text: "b", name: "b" })],
};

function sort(
  entries: readonly RequirementLine[],
  projects: PipWords["projects"] = {},
  options: Partial<PipOptions> = {},
) {
  const all = { ignore_dependencies: false, build_isolation: true, config_settings: null, ...options };
  return sortRequirements({ entries, projects, buildConstraints: [], options: all } as unknown as PipWords, root, root);
}
const codes = async (...args: Parameters<typeof sort>) =>
  (await sort(...args)).unbound.map(({ denial }) => denial.code);

describe("requirements", () => {
  it("from an index go to pip, with their hashes; constraints apart; markers that do not hold are left out", async () => {
    const sorted = await sort([
      entry({ text: "a  >1 ; python_version > '3'", hashes: ["sha256:x"] }),
      entry({ text: "b<2", constraint: true }),
      entry({ text: "c", applies: false }),
    ]);
    expect(sorted).toMatchObject({
      lines: ["a >1 ; python_version > '3' --hash=sha256:x"],
      constraints: ["b<2"],
      unbound: [],
    });
    expect([...sorted.hashes]).toEqual([["a", ["sha256:x"]]]);
  });

  it("variables are not read again", async () => {
    expect((await sort([entry({ text: "a ; platform_node == '${HOME}'" })])).lines[0]).not.toContain("${");
  });

  it.each([
    "index_url",
    "extra_index_urls",
    "find_links",
    "no_binary",
    "trusted_hosts",
    "pre",
    "no_index",
    "config_settings",
  ])("a line with %s is refused", async (option) => {
    expect(await codes([entry({ text: null, options: [option] })])).toEqual(["OPTION_REFUSED"]);
    expect(await codes([entry({ options: [option] })])).toEqual(["OPTION_REFUSED"]);
  });

  it("hashes, editables and --prefer-binary are no such options", async () => {
    expect(
      await codes([
        entry({ options: ["hashes", "require_hashes"] }),
        entry({ text: null, options: ["prefer_binary"] }),
      ]),
    ).toEqual([]);
  });

  it("places outside of every index have codes of their own, and no secrets", async () => {
    const found = await sort([
      entry({ kind: "vcs", url: "git+https://user:s3cret@h.example/x.git" }),
      entry({ kind: "url", url: "https://h.example/a.whl?signature=s3cret#egg=a" }),
      entry({ kind: "file", url: "file:///a.whl", path: "/a.whl" }),
    ]);
    expect(found.unbound.map(({ denial }) => denial.code)).toEqual([
      "GIT_DEPENDENCY",
      "REMOTE_DEPENDENCY",
      "FILE_DEPENDENCY",
    ]);
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  it("a folder of the repository is first-party: its dependencies are wanted, its name and build are told", async () => {
    const path = join(root, "lib");
    mkdirSync(path);
    const sorted = await sort([entry({ kind: "folder", path, editable: true })], { [path]: MINE });
    expect(sorted.lines).toEqual(["a>1"]);
    expect(sorted.firstParty).toMatchObject([{ folder: path, name: "Mine", editable: true, buildRequires: ["b"] }]);
    expect(notGatedOf(sorted.firstParty, root)).toEqual([
      { kind: "first-party", name: "lib", detail: "Mine: its build runs after the verdict" },
    ]);
    // Of several, whoever asks for one asks for a version of it.
    const dynamic = sorted.firstParty.map((one) => ({ ...one, isVersioned: false }));
    expect(notGatedOf([...sorted.firstParty, ...dynamic], root).map(({ detail }) => detail)).toEqual([
      "Mine: its build runs after the verdict",
      "Mine: its build runs after the verdict; whether its dynamic version fits is not asked",
    ]);
  });

  // On 5e65d5c they were asked of the index, whoever may have that name there.
  it("folders that are named stand for their names, with the extras that are asked for; a version that does not fit is refused", async () => {
    const [a, b] = [join(root, "a"), join(root, "b")];
    for (const path of [a, b]) mkdirSync(path);
    const asking = (text: string, specifier: string) => ({
      [a]: {
        ...MINE,
        extras: {
          more: [entry({ text: "c", name: "c" }), entry({ text: "mine[more]", name: "mine", extras: ["more"] })],
        },
      },
      [b]: { ...MINE, name: "other", dependencies: [entry({ text, name: "MINE", specifier, extras: ["more"] })] },
    });
    const folders = [entry({ kind: "folder", path: a }), entry({ kind: "folder", path: b })];
    const sorted = await sort(folders, asking("mine[more]>=1", ">=1"));
    expect(sorted.lines).toEqual(["a>1", "c"]);
    expect(sorted.siblings.map(({ name, version }) => [name, version])).toEqual([
      ["mine", "1.0"],
      ["other", "1.0"],
    ]);
    expect(await codes(folders, asking("mine>=2", ">=2"))).toEqual(["FILE_DEPENDENCY"]);
  });

  it("extras, also those that name the project itself", async () => {
    const own = entry({ text: "mine[fast-one,slow]", name: "mine", extras: ["fast-one", "slow"] });
    const other = entry({ text: "mine[never]", name: "mine", extras: ["never"], applies: false });
    const extras = {
      Fast_one: [entry({ text: "c", name: "c" })],
      slow: [entry({ text: "d", name: "d" })],
      never: [entry({ text: "f", name: "f" })],
      all: [own, other, entry({ text: "e", name: "e" })],
    };
    const project = { ...MINE, extras };
    const sorted = await sort([entry({ kind: "folder", path: root, extras: ["all"] })], { [root]: project });
    expect(sorted.lines).toEqual(["a>1", "e", "c", "d"]);
  });

  it("what a project declares is judged as if it had been asked for", async () => {
    const git = entry({ kind: "vcs", url: "git+https://h.example/x.git", file: join(root, "pyproject.toml") });
    const folder = entry({ kind: "folder", path: root });
    expect(await codes([folder], { [root]: { ...MINE, dependencies: [git] } })).toEqual(["GIT_DEPENDENCY"]);
    expect(await codes([folder], { [root]: { ...MINE, buildRequires: [git] } })).toEqual(["GIT_DEPENDENCY"]);
    const never = { ...git, applies: false };
    expect(await codes([folder], { [root]: { ...MINE, dependencies: [never], buildRequires: [never] } })).toEqual([]);
  });

  it("a folder outside of the repository, also through a link, is not", async () => {
    const outside = temporaryFolder();
    symlinkSync(outside, join(root, "link"));
    const path = join(root, "link");
    expect(await codes([entry({ kind: "folder", path: outside })], { [outside]: MINE })).toEqual(["FILE_DEPENDENCY"]);
    for (const place of [path, join(path, "not-there")])
      expect(await codes([entry({ kind: "folder", path: place })], { [place]: MINE })).toEqual(["FILE_DEPENDENCY"]);
  });

  it("what only its build code knows is not known; --no-deps needs to know nothing", async () => {
    const dynamic = { ...MINE, dynamic: true };
    const folder = entry({ kind: "folder", path: root });
    expect(await codes([folder], { [root]: dynamic })).toEqual(["FILE_DEPENDENCY"]);
    expect(await codes([folder], { [root]: null })).toEqual(["FILE_DEPENDENCY"]);
    expect(await codes([folder], { [root]: dynamic }, { ignore_dependencies: true })).toEqual([]);
    expect(await codes([folder], { [root]: MINE }, { build_isolation: false })).toEqual(["FILE_DEPENDENCY"]);
    expect(await codes([folder], { [root]: MINE }, { config_settings: { a: "b" } })).toEqual(["FILE_DEPENDENCY"]);
  });
});
