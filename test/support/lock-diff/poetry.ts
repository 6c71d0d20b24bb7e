/** What Poetry would install of a poetry.lock: see poetry.py. */
import type { Value } from "../lock-mutants.ts";
import type { Index } from "../pypi.ts";
import type { Installed } from "./differ.ts";
import { drive } from "./driven.ts";
import { hexOf, keyOf, lay, type LockProject, oneByOne } from "./python.ts";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parse } from "smol-toml";

const run = promisify(execFile);

export interface Operation {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly string[];
  readonly link?: string;
  readonly folder?: string;
}

export async function poetryProject(folder: string, bin: string, index: Index): Promise<LockProject> {
  const app = join(folder, "app");
  const project = [
    "[project]",
    'name = "app"',
    'version = "0.1.0"',
    'requires-python = ">=3.11,<4"',
    'dependencies = ["widget[a]", "gadget", "leaf<2", "own"]',
    "[project.optional-dependencies]",
    'a = ["extra-one"]',
    "[tool.poetry]",
    "package-mode = false",
    "[tool.poetry.dependencies]",
    'own = { path = "own" }',
    "[tool.poetry.group.dev.dependencies]",
    'dev-one = "*"',
    "[[tool.poetry.source]]",
    'name = "loopback"',
    `url = "${index.url}"`,
    'priority = "primary"',
  ];
  const own = '[project]\nname = "own"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n';
  lay(app, { "pyproject.toml": `${project.join("\n")}\n` });
  lay(join(app, "own"), { "pyproject.toml": own });
  const env = {
    ...process.env,
    POETRY_CACHE_DIR: join(folder, "cache"),
    POETRY_CONFIG_DIR: join(folder, "config"),
    POETRY_VIRTUALENVS_PATH: join(folder, "venvs"),
    POETRY_KEYRING_ENABLED: "false",
    PYTHON_KEYRING_BACKEND: "keyring.backends.null.Keyring",
    POETRY_NO_INTERACTION: "1",
  };
  const poetry = join(bin, "poetry");
  await run(poetry, ["lock"], { cwd: app, env });
  const path = join(app, "poetry.lock");
  const lock = parse(readFileSync(path, "utf8")) as Value;
  const driven = drive<Operation>([join(bin, "python"), "-I", join(import.meta.dirname, "poetry.py"), path], {
    cwd: app,
    env,
  });
  return {
    lock,
    path,
    installs: async (texts) => (await driven.ask(texts)).map((one) => one?.map(installedOf) ?? null),
    asked: oneByOne(path, async () => {
      const words = ["install", "--dry-run", "--all-groups", "--all-extras", "--no-ansi"];
      const said = await run(poetry, words, { cwd: app, env }).catch(() => null);
      return said === null ? null : linesOf(said.stdout, app);
    }),
    close: driven.close,
  };
}

/** What is named by its folder, by another place, or by its release and hashes. */
export function installedOf({ name, version, hashes, link, folder }: Operation): Installed {
  if (folder !== undefined) return { key: folder, hashes: [], folder: resolve(folder) };
  return link === undefined ? { key: keyOf(name, version), hashes: hashes.map(hexOf) } : { key: link, hashes: [] };
}

/** `  - Installing widget (1.0)`, `  - Installing own (0.1.0 /folder)`; the words on what is skipped here follow. */
function linesOf(text: string, at: string): readonly Installed[] {
  return [...text.matchAll(/^ {2}- Installing (\S+) \(([^ )]+)(?: ([^)]+))?\)/gm)].map(
    ([, name = "", version = "", from]) => {
      if (from === undefined) return { key: keyOf(name, version), hashes: null };
      return { key: from, hashes: null, folder: resolve(at, from) };
    },
  );
}
