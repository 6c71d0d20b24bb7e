import { askBackend } from "../../../../plugins/pip/handoff/asked.ts";
import type { Python } from "../../../../plugins/pip/python/run.ts";
import type { PipOptions } from "../../../../plugins/pip/words.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let project: string;
beforeEach(() => {
  project = temporaryFolder();
  writeFileSync(join(project, "pyproject.toml"), "");
  mkdirSync(join(project, "src"));
  writeFileSync(join(project, "src", "mine.py"), "");
});

const OPTIONS = { target_dir: null, prefix_path: null, root_path: null } as unknown as PipOptions;

/** A pip that answers so. @returns what was asked of it, and what its copy of the project held */
async function ask(folder: string, requires: readonly string[] = []) {
  const seen: string[] = [];
  let told: Readonly<Record<string, string | undefined>> = {};
  const host = {
    env: { HOME: "/home/me", PYTHONNOUSERSITE: "1", SECRET_TOKEN: "s3cret" },
    offline: false,
    signal: new AbortController().signal,
    run: async ({ env }: { readonly env: typeof told }) => {
      told = env;
      const asked = readdirSync(folder).find((name) => name.startsWith("asked-")) ?? "";
      const all = readdirSync(join(folder, asked), { recursive: true, encoding: "utf8" });
      return (seen.push(...all.filter((path) => /\.(?:py|toml)$/.test(path))), 0);
    },
    read: async () => Buffer.from(JSON.stringify({ requires })),
  };
  const python = { file: "/python", cwd: project, project, folder, host } as unknown as Python;
  const mine = {
    folder: project,
    name: "mine",
    editable: false,
    extras: [],
    buildRequires: [],
    mayAsk: true,
    isVersioned: true,
  };
  const found = await askBackend({ project: mine, wheels: folder }, OPTIONS, python);
  return { found, seen: seen.toSorted(), told };
}

describe("a build backend", () => {
  it.each([
    ["beside the project", () => temporaryFolder()],
    ["in the project", () => join(project, ".tmp", "safe-install-1")],
  ])("is asked in a copy, where the folder for temporary files lies %s", async (_, place) => {
    const folder = place();
    mkdirSync(folder, { recursive: true });
    const { seen } = await ask(folder);
    expect(seen.map((path) => path.split("/").slice(2).join("/"))).toEqual(["pyproject.toml", "src/mine.py"]);
  });

  it.each(["home", "target", "copy"])("is asked in a copy of a project whose folder is called %s", async (name) => {
    const from = project;
    project = join(temporaryFolder(), name);
    renameSync(from, project);
    const { seen } = await ask(temporaryFolder());
    expect(seen).toEqual([`copy/${name}/pyproject.toml`, `copy/${name}/src/mine.py`]);
  });

  it.skipIf(process.getuid?.() === 0)("is asked without what cannot be read", async () => {
    writeFileSync(join(project, "src", "data.py"), "", { mode: 0 });
    expect((await ask(temporaryFolder())).seen.map((path) => basename(path))).toEqual(["pyproject.toml", "mine.py"]);
  });

  it("is asked by the pip that the user has, which may lie among the user's own packages", async () => {
    const { told } = await ask(temporaryFolder());
    expect(told).toMatchObject({ HOME: "/home/me", PYTHONNOUSERSITE: "1", SECRET_TOKEN: undefined });
  });

  it("says requirements in which no variable of the environment is read", async () => {
    const { found } = await ask(temporaryFolder(), ["late", "other @ https://elsewhere.example/${SECRET_TOKEN}"]);
    expect(found).toEqual(["late", "other @ https://elsewhere.example/$ {SECRET_TOKEN}"]);
  });
});
