import { findAnyPip, findPip, interpreterIn, pipCommand } from "../../../plugins/pip/installer.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { git } from "../../support/git.ts";
import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

describe("the interpreter that a launcher names", () => {
  it.each([
    ["#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n", "/usr/bin/python3"],
    ['#!"/with space/bin/python3.12" -I\n', "/with space/bin/python3.12"],
    ["#!/usr/bin/env python3\n", "python3"],
    ["#!/opt/pypy/bin/pypy3\r\n", "/opt/pypy/bin/pypy3"],
    [`#!/bin/sh\n'''exec' "/very/long path/bin/python" "$0" "$@"\n' '''\n`, "/very/long path/bin/python"],
    [`#!/bin/sh\n'''exec' /very/long/bin/python "$0" "$@"\n' '''\n`, "/very/long/bin/python"],
    ["#!/usr/bin/env bash\nexec pyenv exec pip\n", null],
    ["#!/bin/sh\nexec python -m pip\n", null],
    ["MZ\u0090\u0000", null],
    ["", null],
  ])("%j", (beginning, expected) => {
    expect(interpreterIn(beginning)).toBe(expected);
  });
});

it("pip passes as it was typed; by words of Python, or to uninstall, no module of the working directory takes its place", () => {
  const pip = { launcher: "/v/bin/pip", words: [] as string[], python: "/v/bin/python" } as unknown as Parameters<
    typeof pipCommand
  >[0];
  const passed = (words: string[], args: string[]) => pipCommand({ ...pip, words }, args, "/here", { A: "1" });
  expect(passed([], ["list"])).toEqual({ file: "/v/bin/pip", args: ["list"], cwd: "/here", env: { A: "1" } });
  for (const one of [passed(["-m", "pip"], ["list"]), passed([], ["uninstall", "x"])])
    expect(one).toMatchObject({ file: "/v/bin/python", env: { A: "1", PYTHONSAFEPATH: "1" } });
});

describe.skipIf(process.platform === "win32")("the pip that was typed", () => {
  let root: string;
  let cwd: string;
  beforeEach(() => {
    root = realpathSync(temporaryFolder());
    cwd = join(root, "project");
    mkdirSync(cwd);
  });
  const put = (path: string, content = "") => (putInto(root, path, content, 0o755), join(root, path));
  const path = (...folders: readonly string[]) => ({
    PATH: folders.map((folder) => join(root, folder)).join(delimiter),
    HOME: root,
  });
  const NOT_FOUND = { kind: "installer", code: "PIP_NOT_FOUND" };
  const TRACKED = { kind: "installer", code: "PROGRAM_TRACKED" };

  it("is the first on PATH, with the interpreter that it names", async () => {
    const python = put("py/bin/python3.11");
    const launcher = put("a/pip", `#!${python}\n`);
    put("b/pip", "#!/nowhere/python\n");
    expect(await findPip(["pip"], cwd, path("a", "b"))).toEqual({ launcher, words: [], python });
    expect(await findAnyPip(cwd, path("a", "b"))).toEqual({ launcher, words: [], python });
  });

  it("is named by its path, from where it was typed", async () => {
    const python = put("venv/bin/python");
    const launcher = put("project/.venv/bin/pip", `#!${python}\n`);
    expect(await findPip([".venv/bin/pip"], cwd, {})).toMatchObject({ launcher, python });
    await expect(findPip([".venv/bin/pip3"], cwd, {})).rejects.toMatchObject({
      ...NOT_FOUND,
      message: ".venv/bin/pip3 is not to be found outside of this project",
      hint: expect.stringContaining("activate") as string,
    });
  });

  it("is an interpreter's module, where words of Python were typed", async () => {
    const python = put("a/python3");
    expect(await findPip(["python3", "-m", "pip"], cwd, path("a"))).toEqual({
      launcher: python,
      words: ["-m", "pip"],
      python,
    });
  });

  it("belongs to the interpreter on PATH that it names without a folder, else to the one beside it", async () => {
    const launcher = put("a/pip", "#!/usr/bin/env python3\n");
    const other = put("b/python3");
    expect(await findPip(["pip"], cwd, path("a", "b"))).toMatchObject({ launcher, python: other });
    const beside = put("c/python");
    put("c/pip", "MZ");
    expect(await findPip(["pip"], cwd, path("c", "b"))).toMatchObject({ python: beside });
    const third = put("c/python3");
    expect(await findPip(["pip"], cwd, path("c"))).toMatchObject({ python: third });
  });

  it("has an interpreter", async () => {
    put("a/pip", "#!/nowhere/python3\n");
    put("b/pip", "MZ");
    for (const folder of ["a", "b", "none"])
      await expect(findPip(["pip"], cwd, path(folder))).rejects.toMatchObject(NOT_FOUND);
  });

  it("is pip3 where there is no pip", async () => {
    const python = put("a/python3");
    const launcher = put("a/pip3", `#!${python}\n`);
    expect(await findAnyPip(cwd, path("a"))).toMatchObject({ launcher });
    await expect(findAnyPip(cwd, path("none"))).rejects.toMatchObject({
      ...NOT_FOUND,
      message: expect.stringMatching(/^pip3 /) as string,
    });
  });

  it("is none of the project's, but in the environment that is activated", async () => {
    const python = put("project/.venv/bin/python3");
    const launcher = put("project/.venv/bin/pip", `#!${python}\n`);
    const env = path("project/.venv/bin");
    await expect(findPip(["pip"], cwd, env)).rejects.toMatchObject(NOT_FOUND);
    const activated = { ...env, VIRTUAL_ENV: join(cwd, ".venv") };
    expect(await findPip(["pip"], cwd, activated)).toMatchObject({ launcher, python });
    symlinkSync(".venv", join(cwd, "link"));
    expect(await findPip(["pip"], cwd, { ...env, VIRTUAL_ENV: join(cwd, "link") })).toMatchObject({ python });
    for (const VIRTUAL_ENV of [".venv", join(cwd, "other"), join(cwd, ".venv/bin")])
      await expect(findPip(["pip"], cwd, { ...env, VIRTUAL_ENV })).rejects.toMatchObject(NOT_FOUND);
  });

  it("outside of the project starts none of the project's interpreters", async () => {
    const python = put("project/.venv/bin/python3");
    put("a/pip", `#!${python}\n`);
    await expect(findPip(["pip"], cwd, path("a"))).rejects.toMatchObject(NOT_FOUND);
  });

  describe("came with the clone", () => {
    const track = (...paths: readonly string[]) => {
      git(cwd, "init", "--quiet");
      git(cwd, "add", "--force", ...paths);
    };
    const environment = () => {
      const python = put("project/.venv/bin/python3");
      put("project/.venv/bin/pip", `#!${python}\n`);
      return { ...path("project/.venv/bin"), VIRTUAL_ENV: join(cwd, ".venv") };
    };

    it.each([
      ".venv/bin/pip",
      ".venv/bin/python3",
      ".venv/pyvenv.cfg",
      ".venv/pip.conf",
      ".venv/bin/pip.ini",
      ".venv/bin/python3._pth",
      ".venv/bin/pybuilddir.txt",
      ".venv/lib/python3.11/site-packages/x.pth",
      ".venv/Lib/site-packages/x.py",
      ".venv/lib64/pypy3/x.py",
    ])("%s: nothing is started", async (file) => {
      const env = environment();
      if (!file.endsWith("/pip") && !file.endsWith("/python3")) put(`project/${file}`, "x");
      track(file);
      await expect(findPip(["pip"], cwd, env)).rejects.toMatchObject(TRACKED);
      await expect(findAnyPip(cwd, env)).rejects.toMatchObject(TRACKED);
    });

    it.each([
      ["PYTHONUSERBASE", "base/lib/python3.11/x.py", (name: string) => ({ PYTHONUSERBASE: name })],
      ["HOME", ".local/lib/python3.11/x.py", (_: string, here: string) => ({ HOME: here, PYTHONUSERBASE: "" })],
    ])("the user's own packages, by %s", async (_, file, named) => {
      const env = environment();
      put(`project/${file}`, "x");
      track(file);
      await expect(findPip(["pip"], cwd, { ...env, ...named("base", cwd) })).rejects.toMatchObject(TRACKED);
      expect(await findPip(["pip"], cwd, { ...env, HOME: "" })).toBeDefined();
    });

    it.each([".venv/bin/other", ".venv/share/x", ".venv/lib/other/x", ".venv/bin/x.cfg", "lib/python3.11/x.py"])(
      "%s is no matter",
      async (file) => {
        const env = environment();
        put(`project/${file}`, "x");
        track(file);
        expect(await findPip(["pip"], cwd, env)).toBeDefined();
      },
    );
  });
});
