/** What pipenv would install of a Pipfile.lock: see pipenv.py. */
import type { Value } from "../lock-mutants.ts";
import { type Index, makeProject } from "../pypi.ts";
import type { Installed } from "./differ.ts";
import { drive } from "./driven.ts";
import { hexOf, keyOf, lay, type LockProject, oneByOne } from "./python.ts";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

interface Line {
  readonly option?: string;
  readonly name?: string;
  readonly specifier?: string;
  readonly hashes?: readonly string[];
  readonly link?: string;
  readonly folder?: string;
}

export async function pipenvProject(folder: string, bin: string, index: Index): Promise<LockProject> {
  const app = join(folder, "app");
  const pipfile = [
    "[[source]]",
    'name = "loopback"',
    `url = "${index.url}"`,
    "verify_ssl = false",
    "[packages]",
    'widget = {version = "*", extras = ["a"]}',
    'gadget = {version = "*", pip_args = ["--config-settings", "a=b"]}',
    'own = {path = "./own", editable = true}',
    "[dev-packages]",
    'dev-one = "*"',
    'marked = {version = "*", markers = "sys_platform == \'linux\'"}',
    "[docs]",
    'extra-one = "*"',
  ];
  lay(app, { Pipfile: `${pipfile.join("\n")}\n` });
  lay(join(app, "own"), makeProject({ name: "own", version: "0.1.0", mark: join(folder, "mark") }));
  const env = {
    ...process.env,
    PIPENV_CACHE_DIR: join(folder, "cache"),
    PIPENV_IGNORE_VIRTUALENVS: "1",
    PIPENV_NOSPIN: "1",
    PIPENV_YES: "1",
    WORKON_HOME: join(folder, "venvs"),
    PIPENV_PYTHON: join(bin, "python"),
    PIPENV_PIPFILE: join(app, "Pipfile"),
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
  };
  await run(join(bin, "pipenv"), ["lock", "--categories", "packages dev-packages docs"], { cwd: app, env });
  const path = join(app, "Pipfile.lock");
  const lock = JSON.parse(readFileSync(path, "utf8")) as Value;
  const driven = drive<Line>([join(bin, "python"), "-I", join(import.meta.dirname, "pipenv.py"), path], {
    cwd: app,
    env,
  });
  return {
    lock,
    path,
    installs: async (texts) => (await driven.ask(texts)).map((one) => one?.map(installedOf) ?? null),
    asked: oneByOne(path, async () => {
      const words = ["requirements", "--hash", "--categories", "packages dev-packages docs"];
      const said = await run(join(bin, "pipenv"), words, { cwd: app, env }).catch(() => null);
      return said?.stdout.split("\n").flatMap((line) => lineOf(line, app)) ?? null;
    }),
    close: driven.close,
  };
}

function installedOf({ option, name = "", specifier = "", hashes = [], link, folder }: Line): Installed {
  if (folder !== undefined) return { key: folder, hashes: [], folder };
  if (option !== undefined || link !== undefined) return { key: option ?? link ?? "", hashes: [] };
  const [, version] = /^={2,3}([^*,]+)$/.exec(specifier) ?? [];
  return { key: keyOf(name, version ?? specifier), hashes: version === undefined ? [] : hashes.map(hexOf) };
}

/** A line of `pipenv requirements`: coarse, for the names and hashes of a sample. */
function lineOf(line: string, at: string): readonly Installed[] {
  if (line.trim() === "" || /^-i |^--extra-index-url /.test(line)) return [];
  const [, name = "", version = ""] = /^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)/.exec(line) ?? [];
  if (name === "") return [{ key: line, hashes: [], folder: resolve(at, line.replace(/^-e /, "").trim()) }];
  return [
    { key: keyOf(name, version), hashes: [...line.matchAll(/ --hash=(\S+)/g)].map(([, hash = ""]) => hexOf(hash)) },
  ];
}
