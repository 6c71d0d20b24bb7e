import { locate, sayOther } from "../../../plugins/pip/locate.ts";
import type { Request } from "../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;
let project: string;
beforeEach(() => {
  root = realpathSync(temporaryFolder());
  project = join(root, "project");
  putInto(root, "bin/python3", "", 0o755);
  putInto(root, "bin/pip", `#!${join(root, "bin/python3")}\n`, 0o755);
  putInto(root, "project/x", "");
});

const find = (part: Partial<Request>, env: Readonly<Record<string, string>> = {}, path = join(root, "bin")) =>
  locate(
    { purpose: "install", args: ["install"], cwd: project, ...part },
    testHost({ home: temporaryFolder(), env: { PATH: path, ...env } }),
  );

describe.skipIf(process.platform === "win32")("where pip works", () => {
  it("is where it was typed; the interpreter names the journal", async () => {
    expect(await find({})).toMatchObject({
      folder: project,
      root: join(root, "bin/python3"),
      found: [],
      replaces: [],
      python: join(root, "bin/python3"),
      lockfile: null,
    });
    symlinkSync("project", join(root, "link"));
    expect((await find({ cwd: join(root, "link") })).folder).toBe(project);
  });

  it("is named by a virtual environment's folder, whatever leads to its interpreter", async () => {
    putInto(root, "pyvenv.cfg", "");
    expect((await find({})).root).toBe(root);
    symlinkSync("bin", join(root, "scripts"));
    expect((await find({ program: [join(root, "scripts/python3"), "-m", "pip"] })).root).toBe(root);
  });

  it.each([
    [["--target=t"], ["t"]],
    [
      ["--prefix=p", "--root=r"],
      ["p", "r"],
    ],
    [["-t", "t", "x"], ["t"]],
    [["-tt"], ["t"]],
    [
      ["--target", "a", "--prefix", "b", "--root", "c"],
      ["a", "b", "c"],
    ],
    [["--target"], []],
    [["--targets=t", "x--target=t", "--user"], []],
  ])("%j: other places are looked at, too", async (args, expected) => {
    expect((await find({ args: ["install", ...args] })).found).toEqual(expected.map((one) => join(project, one)));
  });

  it("also those that the environment names", async () => {
    const env = { PIP_TARGET: "t", PIP_PREFIX: "", PIP_ROOT: "/r" };
    expect((await find({}, env)).found).toEqual([join(project, "t"), "/r"]);
    expect((await find({}, { PIP_PREFIX: "p" })).found).toEqual([join(project, "p")]);
  });

  it("without a pip there is none to install with", async () => {
    await expect(find({}, {}, "/nowhere")).rejects.toMatchObject({ code: "PIP_NOT_FOUND" });
  });
});

describe("a check", () => {
  const check = (part: Partial<Request> = {}, path = "/nowhere") =>
    find({ purpose: "check", args: [], ...part }, {}, path);

  it("is of the lock that is named, where that lies", async () => {
    putInto(root, "elsewhere/uv.lock", "");
    const found = await check({ lockfile: "../elsewhere/uv.lock" });
    expect(found).toMatchObject({
      folder: join(root, "elsewhere"),
      lockfile: join(root, "elsewhere/uv.lock"),
      python: null,
    });
    expect(found.root).toBe(found.folder);
  });

  it("else of the first that is there, as pip's tools are known", async () => {
    await expect(check()).rejects.toMatchObject({
      kind: "usage",
      code: "NO_LOCKFILE",
      message: `no lockfile of Python's tools in ${project}`,
      hint: expect.stringContaining("uv.lock") as string,
    });
    for (const name of ["Pipfile.lock", "uv.lock", "pylock.toml"]) {
      putInto(project, name, "");
      expect((await check()).lockfile).toBe(join(project, name));
    }
  });

  it("does without pip, but for requirements, which pip alone reads", async () => {
    putInto(project, "uv.lock", "");
    putInto(project, "requirements.txt", "");
    expect((await check({ lockfile: "uv.lock" })).python).toBeNull();
    await expect(check({ lockfile: "requirements.txt" })).rejects.toMatchObject({ code: "PIP_NOT_FOUND" });
    expect((await check({ lockfile: "uv.lock" }, join(root, "bin"))).python).toBe(join(root, "bin/python3"));
  });
});

describe("another environment than the active one", () => {
  const said = async (prefix: string, program: readonly string[] | undefined, active: string) => {
    const notices: string[] = [];
    const host = testHost({ home: temporaryFolder(), env: { VIRTUAL_ENV: active }, notices });
    await sayOther(prefix, { program } as Request, host);
    return notices;
  };

  it("is said where a bare name leads to it", async () => {
    expect(await said("/usr", ["pip"], root)).toEqual([
      `safe-install: the active environment ${root} has no pip: this one installs into /usr`,
    ]);
  });

  it("is no matter where it is the same, was meant, or none is active", async () => {
    symlinkSync(root, join(root, "same"));
    expect(await said(root, ["pip"], join(root, "same"))).toEqual([]);
    for (const program of [["bin/pip"], [String.raw`bin\pip`], [""], undefined])
      expect(await said("/usr", program, root)).toEqual([]);
    expect(await said("/usr", ["pip"], "")).toEqual([]);
  });
});
