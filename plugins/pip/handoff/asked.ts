import { isInside, resolveLinks } from "../../../src/plugin.ts";
import { type Build, wordsOf, elsewhere } from "./build.ts";
import { PROJECTS } from "../python/programs.ts";
import { neutralEnvironment, type Python, runPython } from "../python/run.ts";
import type { PipOptions } from "../words.ts";
import { access, constants, cp, mkdir, mkdtemp, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * What the project's build backend asks for beyond what its pyproject.toml states (PEP 517, `get_requires_for_build_*`).
 * That runs the project's own code and its proven build requirements: in a copy, and with nothing of the environment but
 * what programs need to start.
 * @returns requirements; none where the backend cannot say: then its build will tell
 */
export async function askBackend(build: Build, options: PipOptions, python: Python): Promise<readonly string[]> {
  const folder = await mkdtemp(join(python.folder, "asked-"));
  const copy = join(folder, "copy", basename(build.project.folder) || "project");
  await copyTo(copy, await resolveLinks(build.project.folder), await resolveLinks(folder));
  const home = join(folder, "home");
  await mkdir(home);
  const place = elsewhere(options, join(folder, "target"));
  const words = wordsOf({ ...build, project: { ...build.project, folder: copy } }, place);
  const job = { args: ["install", "--ignore-installed", ...words], ask: true, home, offline: false, children: true };
  const env = { ...bareEnvironment(python.host.env), TMPDIR: folder };
  const { answer } = await runPython(python, { source: PROJECTS, job, bare: true, apart: true, env });
  const requires = (answer?.["requires"] ?? []) as readonly string[];
  // pip would read variables again, and what was kept from the backend would stand in its words.
  return requires.map((one) => one.replaceAll("${", "$ {"));
}

/** The folder for temporary files may lie in the project, and nothing is copied into itself. */
async function copyTo(copy: string, project: string, ours: string): Promise<void> {
  await mkdir(copy, { recursive: true });
  for (const path of (await readdir(project)).map((name) => join(project, name))) {
    if (isInside(ours, path) || !(await isWanted(path))) continue;
    await cp(path, join(copy, basename(path)), { recursive: true, verbatimSymlinks: true, filter: isWanted });
  }
}

/** Neither history nor environments, nor what cannot be read: a backend asks for what it needs by what is written down. */
async function isWanted(path: string): Promise<boolean> {
  if (LEFT_OUT.has(basename(path))) return false;
  const stats = await stat(path).catch(() => null);
  if (stats !== null && !(await isReadable(path))) return false;
  if (stats !== null && !stats.isDirectory()) return stats.isFile();
  return stat(join(path, "pyvenv.cfg")).then(
    () => false,
    () => true,
  );
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

const LEFT_OUT: ReadonlySet<string> = new Set([".git", ".hg", "node_modules", "__pycache__"]);

/** Whatever holds a credential is called otherwise. */
function bareEnvironment(env: Python["host"]["env"]): Readonly<Record<string, string | undefined>> {
  const dropped = Object.keys(env).filter((name) => !STAYS.test(name));
  return { ...Object.fromEntries(dropped.map((name) => [name, undefined])), ...OURS };
}

// pip itself may lie in the user's home: what it starts gets another one.
const STAYS =
  /^(?:HOME|PYTHONNOUSERSITE|PATH|PATHEXT|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|SYSTEMROOT|WINDIR|COMSPEC|TEMP|TMP)$/i;
const OURS = neutralEnvironment({});
