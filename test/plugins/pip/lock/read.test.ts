import { readLockfile } from "../../../../plugins/pip/lock/read.ts";
import { pylockLines } from "../../../../plugins/pip/lock/read.ts";
import type { Python } from "../../../../plugins/pip/python/run.ts";
import { describe, expect, it } from "vitest";

const HEX = "ab".repeat(32);
const read = (name: string, text: string) => readLockfile(`/x/${name}`, Buffer.from(text));
const codes = (name: string, text: string) => read(name, text).unbound.map(({ denial }) => denial.code);

describe("locks", () => {
  it("a package of poetry's that has no files has none", () => {
    const lock = read("poetry.lock", '[[package]]\nname = "a"\nversion = "1"\n[metadata]\nlock-version = "2.1"');
    expect(lock.files).toEqual([]);
    expect(lock.unbound.map(({ denial }) => denial.message).join()).not.toContain("undefined");
  });

  it("poetry's older form has its files under metadata", () => {
    const lock = read(
      "poetry.lock",
      `[[package]]
name = "widget"
version = "1.0"
[metadata]
lock-version = "1.1"
[metadata.files]
widget = [{ file = "widget-1.0-py3-none-any.whl", hash = "sha256:${HEX}" }]
`,
    );
    expect(lock.files).toMatchObject([{ name: "widget", version: "1.0", filename: "widget-1.0-py3-none-any.whl" }]);
    expect(lock.unbound).toEqual([]);
  });

  it.each([
    ["uv.lock", "version = 2"],
    ["uv.lock", 'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "https://i.example" }'],
    ["uv.lock", 'version = 1\n[[package]]\nname = "a"\nsource = { registry = "https://i.example" }'],
    [
      "uv.lock",
      `version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "https://i.example" }\nwheels = [{ url = "https://i.example/a-1-py3-none-any.whl" }]`,
    ],
    [
      "uv.lock",
      `version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "https://i.example" }\nwheels = [{ url = "https://i.example/a-1-py3-none-any.whl", hash = "md5:${"a".repeat(32)}" }]`,
    ],
    ["poetry.lock", '[metadata]\nlock-version = "3.0"'],
    ["poetry.lock", ""],
    ["pylock.toml", 'lock-version = "2.0"'],
    ["pylock.toml", 'lock-version = "1.0"\n[[packages]]\nname = "a"'],
    ["Pipfile.lock", "{}"],
    ["Pipfile.lock", '{"_meta":{"pipfile-spec":6},"default":{"a":{"version":"*","hashes":["sha256:x"]}}}'],
    ["Pipfile.lock", '{"_meta":{"pipfile-spec":6},"default":{"a":{"version":"==1","hashes":["md5:x"]}}}'],
    ["Pipfile.lock", '{"_meta":{"pipfile-spec":6},"default":{"a":{"version":"==1"}}}'],
  ])("%s: %j cannot be bound", (name, text) => {
    expect(codes(name, text)).toEqual(["LOCK_UNSUPPORTED"]);
  });

  it("a package that there is only as source is said to be one", () => {
    const text = `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\nsdist = { name = "a-1.tar.gz", hashes = { sha256 = "${HEX}" } }`;
    const lock = read("pylock.toml", text);
    expect(lock.unbound.map(({ denial }) => denial.code)).toEqual(["SOURCE_DISTRIBUTION"]);
    expect(lock.files.map(({ filename }) => filename)).toEqual(["a-1.tar.gz"]);
  });

  const pylock = (name: string, version: string, wheel: string) =>
    `lock-version = "1.0"\n[[packages]]\nname = ${JSON.stringify(name)}\nversion = ${JSON.stringify(version)}\nwheels = [${wheel}]`;
  const wheel = (file: string, hashes = `sha256 = "${HEX}"`) => `{ name = "${file}", hashes = { ${hashes} } }`;

  it("a file with several hashes is judged once for each: installers accept what any of them fits", () => {
    const both = `sha256 = "${HEX}", sha512 = "${HEX}${HEX}"`;
    const { files } = read("pylock.toml", pylock("a", "1", wheel("a-1-py3-none-any.whl", both)));
    expect(files.map(({ digests }) => digests)).toEqual([
      [{ algorithm: "sha256", hex: HEX }],
      [{ algorithm: "sha512", hex: `${HEX}${HEX}` }],
    ]);
    const weak = `sha256 = "${HEX}", md5 = "${"a".repeat(32)}"`;
    expect(codes("pylock.toml", pylock("a", "1", wheel("a-1-py3-none-any.whl", weak)))).toEqual(["LOCK_UNSUPPORTED"]);
  });

  it.each(["b-1-py3-none-any.whl", "a-2-py3-none-any.whl", "b-1.tar.gz"])(
    "%s in the place of a 1 is refused in every format",
    (file) => {
      const found = [
        codes("pylock.toml", pylock("a", "1", wheel(file))),
        codes(
          "uv.lock",
          `version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "https://i.example" }\nwheels = [{ url = "https://i.example/${file}", hash = "sha256:${HEX}" }]`,
        ),
        codes(
          "poetry.lock",
          `[[package]]\nname = "a"\nversion = "1"\nfiles = [{ file = "${file}", hash = "sha256:${HEX}" }]\n[metadata]\nlock-version = "2.1"`,
        ),
      ];
      expect(found).toEqual([["PACKAGE_MISMATCH"], ["PACKAGE_MISMATCH"], ["PACKAGE_MISMATCH"]]);
    },
  );

  it.each([
    ["a\n--index-url https://mallory.example", "1"],
    ["a", "1\n-r https://mallory.example"],
    ["a ", "1"],
    ["a", " 1"],
    ["a", "1 --hash=sha256:0"],
    ["a[x]", "1"],
  ])("%j %j is no release", (name, version) => {
    expect(codes("pylock.toml", pylock(name, version, wheel("nonsense.egg")))).toEqual(["LOCK_UNSUPPORTED"]);
    const entry = { version: `==${version}`, hashes: [`sha256:${HEX}`] };
    const pipfile = JSON.stringify({ _meta: { "pipfile-spec": 6 }, default: { [name]: entry } });
    expect(codes("Pipfile.lock", pipfile)).toEqual(["LOCK_UNSUPPORTED"]);
  });

  it.each(["git", "file", "uri", "url", "path"])(
    "Pipfile.lock: a place by %j counts, whatever hashes stand beside it",
    (key) => {
      const entry = { version: "==1", hashes: [`sha256:${HEX}`], [key]: "/mallory.example/a" };
      expect(codes("Pipfile.lock", JSON.stringify({ _meta: { "pipfile-spec": 6 }, default: { a: entry } }))).toEqual([
        { git: "GIT_DEPENDENCY", path: "FILE_DEPENDENCY" }[key] ?? "REMOTE_DEPENDENCY",
      ]);
    },
  );

  it.each([
    ["pylock.toml", "= nonsense"],
    ["Pipfile.lock", '{"a":1,"a":2}'],
    ["uv.lock", "version = "],
  ])("%s: %j is an error that names the file", (name, text) => {
    expect(() => read(name, text)).toThrow(/\/x\//);
  });

  it.each(["/x", "C:\\x", "~/x", "-e", "https://mallory.example/x", "git+ssh:x", "a b", "a#b", "a\\b", "${X}"])(
    "a folder %j is not the project's",
    (folder) => {
      const text = `version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { directory = ${JSON.stringify(folder)} }`;
      expect(codes("uv.lock", text)).toEqual(["FILE_DEPENDENCY"]);
    },
  );
});

describe("shapes", () => {
  const uv = (source: string, rest = "") =>
    `version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { ${source} }\nwheels = [{ url = "https://i.example/a-1-py3-none-any.whl", hash = "sha256:${HEX}" }]\n${rest}`;
  const registry = 'registry = "https://i.example"';

  it.each([
    ["uv.lock", uv(registry).replace("[[package]]", "[[distribution]]")],
    ["uv.lock", uv(`${registry}, virtual = "."`)],
    ["uv.lock", uv('git = "https://i.example/a", editable = "."')],
    ["uv.lock", uv('url = "https://i.example/a-1-py3-none-any.whl", directory = "."')],
    ["uv.lock", uv('path = "a-1-py3-none-any.whl", virtual = "."')],
    ["uv.lock", `${uv(registry)}[other]\nx = 1`],
    ["uv.lock", "version = 1"],
    ["pylock.toml", `lock-version = "1.0"\n[[package]]\nname = "a"`],
    ["pylock.toml", 'lock-version = "1.0"\npackages = 1'],
    [
      "pylock.toml",
      `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\ndirectory = { path = "." }\nwheels = [{ name = "a-1-py3-none-any.whl", url = "https://i.example/a-1-py3-none-any.whl", hashes = { sha256 = "${HEX}" } }]`,
    ],
    ["poetry.lock", 'package = 1\n[metadata]\nlock-version = "2.1"'],
    ["poetry.lock", 'package = []\n[metadata]\nlock-version = "2.1"\n[metadata.hashes]\na = []'],
    ["Pipfile.lock", '{"_meta":{"pipfile-spec":6},"default":{},"develop":[]}'],
    ["Pipfile.lock", '{"_meta":{"pipfile-spec":6},"default":{"a":"1"}}'],
  ])("%s: %j is refused by name", (name, text) => {
    expect(codes(name, text)).toEqual(["LOCK_UNSUPPORTED"]);
  });

  it("poetry.lock: an empty list of files is none, whatever stands under metadata", () => {
    const text = `[[package]]\nname = "a"\nversion = "1"\nfiles = []\n[metadata]\nlock-version = "2.0"\n[metadata.files]\na = [{ file = "a-1-py3-none-any.whl", hash = "sha256:${HEX}" }]`;
    expect(codes("poetry.lock", text)).toEqual(["LOCK_UNSUPPORTED"]);
  });

  it.each(["tar.bz2", "tgz", "tar", "tar.zst", "tar.xz", "zip", "tar.gz", "tar.lzma"])(
    "a release that there is only as .%s is a source distribution",
    (suffix) => {
      const text = `[[package]]\nname = "a"\nversion = "1"\nfiles = [{ file = "a-1.${suffix}", hash = "sha256:${HEX}" }]\n[metadata]\nlock-version = "2.0"`;
      expect(codes("poetry.lock", text)).toEqual(["SOURCE_DISTRIBUTION"]);
    },
  );

  const pipfile = (entry: object) => JSON.stringify({ _meta: { "pipfile-spec": 6 }, default: { a: entry } });
  it.each([
    [{ path: "leaf" }, "FILE_DEPENDENCY"],
    [{ path: "https://mallory.example/a-1-py3-none-any.whl" }, "FILE_DEPENDENCY"],
    [{ path: "git+https://mallory.example/a" }, "FILE_DEPENDENCY"],
    [{ path: "file:///a" }, "FILE_DEPENDENCY"],
    [{ path: "./a\nb" }, "LOCK_UNSUPPORTED"],
    [{ path: "./a --hash=sha256:0" }, "FILE_DEPENDENCY"],
    [{ git: "" }, "LOCK_UNSUPPORTED"],
    [{ version: "==1", hashes: `sha256:${HEX}` }, "LOCK_UNSUPPORTED"],
    [{ version: "==1", hashes: [`sha256:${HEX}`], extras: ["x] b"] }, "LOCK_UNSUPPORTED"],
    [{ version: "==1", hashes: [`sha256:${HEX}`], other: 1 }, "LOCK_UNSUPPORTED"],
    [{ version: "==1", hashes: [`sha256:${HEX}`], markers: `os_name == 'x' --hash=sha256:${HEX}` }, "LOCK_UNSUPPORTED"],
    [{ version: "==1", hashes: [`sha256:${HEX}`], os_markers: "os_name == 'x'\nb" }, "LOCK_UNSUPPORTED"],
  ])("Pipfile.lock: %j", (entry, code) => {
    expect(codes("Pipfile.lock", pipfile(entry))).toEqual([code]);
  });

  it("what would be built where no wheel fits is named", () => {
    const lock = (tags: string) =>
      read(
        "poetry.lock",
        `[[package]]\nname = "a"\nversion = "1"\nfiles = [{ file = "a-1-${tags}.whl", hash = "sha256:${HEX}" }, { file = "a-1.tar.gz", hash = "sha256:${HEX}" }]\n[metadata]\nlock-version = "2.0"`,
      );
    for (const tags of ["py3-none-win_amd64", "cp312-none-any", "py2-none-any"])
      expect(lock(tags).notGated.map(({ kind, name }) => [kind, name])).toEqual([
        ["unlocked", "what builds a 1 (no wheel of it fits every platform)"],
      ]);
    for (const tags of ["py3-none-any", "py2.py3-none-any", "py37-none-any"]) expect(lock(tags).notGated).toEqual([]);
  });

  it("what Pipfile.lock has built although a wheel fits is named", () => {
    const entry = { version: "==1", hashes: [`sha256:${HEX}`], no_binary: true };
    expect(read("Pipfile.lock", pipfile(entry)).notGated.map(({ name }) => name)).toEqual([
      "what builds a 1 (no_binary of Pipfile.lock)",
    ]);
  });

  it.each([
    [["--config-settings", "a=b"], []],
    [["--config-settings", "a=b", "--config-settings", "--x"], []],
    [[], []],
    [["--config-settings"], ["LOCK_UNSUPPORTED"]],
    [["--config-settings=a=b"], ["LOCK_UNSUPPORTED"]],
    [["--find-links", "x"], ["LOCK_UNSUPPORTED"]],
    [["--config-settings", "a=b", "mallory", "x"], ["LOCK_UNSUPPORTED"]],
    ["--no-deps", ["LOCK_UNSUPPORTED"]],
  ])("Pipfile.lock: pip is handed %j: %j", (words, expected) => {
    const entry = { version: "==1", hashes: [`sha256:${HEX}`], pip_args: words };
    const lock = { _meta: { "pipfile-spec": 6 }, default: { a: entry } };
    expect(codes("Pipfile.lock", JSON.stringify(lock))).toEqual(expected);
  });

  it("of uv's folders those that are built", () => {
    const at = (kind: string) =>
      read("uv.lock", `version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { ${kind} = "." }`).folders;
    expect(["virtual", "editable", "directory"].map((kind) => at(kind)[0]?.isBuilt)).toEqual([false, true, true]);
  });

  it("half a character is no version", () => {
    expect(codes("Pipfile.lock", pipfile({ version: "==1\ud800", hashes: [`sha256:${HEX}`] }))).toEqual([
      "LOCK_UNSUPPORTED",
    ]);
  });
});

describe("pylock.toml as requirements", () => {
  const lines = (text: string) => {
    const host = { read: () => Promise.resolve(Buffer.from(text)) };
    return pylockLines(["requirements.txt", "pylock.dev.toml"], { cwd: "/x", host } as unknown as Python);
  };
  const entry = (marker: string) =>
    `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\nmarker = ${JSON.stringify(marker)}\nwheels = [{ name = "a-1-py3-none-any.whl", hashes = { sha256 = "${HEX}" } }]`;

  it("names version, marker and every hash", async () => {
    const found = await lines(entry("python_version > '3'"));
    expect(found.lines).toEqual([`a==1 ; python_version > '3' --hash=sha256:${HEX}`]);
    expect([...found.hashes]).toEqual([["a", [`sha256:${HEX}`]]]);
  });

  it("its default groups are installed, no other, and no extra", async () => {
    const of = async (marker: string) => (await lines(`default-groups = ["main"]\n${entry(marker)}`)).lines[0];
    expect(await of("'main' in dependency_groups")).toBe(`a==1 ; python_version != "0" --hash=sha256:${HEX}`);
    expect(await of("'dev' in dependency_groups")).toBe(`a==1 ; python_version == "0" --hash=sha256:${HEX}`);
    expect(await of("'x' in extras")).toBe(`a==1 ; python_version == "0" --hash=sha256:${HEX}`);
  });

  it.each(["'dev' == extras", "dependency_groups == 'x'", "a\n--index-url x", "'${HOME}' == 'x'"])(
    "%j is not known",
    async (marker) => {
      expect((await lines(entry(marker))).unbound.map(({ denial }) => denial.code)).toEqual(["LOCK_UNSUPPORTED"]);
    },
  );
});
