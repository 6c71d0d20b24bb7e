import {
  type Command,
  type Host,
  SafeInstallError,
  executableName,
  groundsOf,
  mayBeInside,
  trackedAmong,
  which,
} from "../../src/plugin.ts";
import { PASSING } from "./python/programs.ts";
import { access, open, readdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";

/** The user's pip: what was typed, and the interpreter that it belongs to. */
interface Installer {
  /** Absolute. */
  readonly launcher: string;
  /** `["-m", "pip"]` after a typed interpreter. */
  readonly words: readonly string[];
  /** The interpreter's file; absolute. */
  readonly python: string;
}

/**
 * The pip that was typed. A path counts as typed; a bare name is looked up on PATH, never in relative entries and never
 * inside the project, but for the virtual environment that the user has activated. Nothing that git tracks: it came with
 * the clone, and runs before any verdict.
 * @throws SafeInstallError kind "installer", PROGRAM_TRACKED among them
 */
export async function findPip(program: readonly string[], cwd: string, env: Host["env"]): Promise<Installer> {
  const [typed = "pip", ...words] = program;
  const launcher = await locate(typed, cwd, env);
  if (launcher === null) throw notFound(typed);
  const python = words.length > 0 ? launcher : await interpreterOf(launcher, typed, cwd, env);
  await refuseTracked(cwd, [launcher, python, ...(await steering(python))]);
  await refuseTracked(cwd, await ofTheUser(cwd, env));
  return { launcher, words, python };
}

/** Where none was typed. @throws SafeInstallError kind "installer" */
export async function findAnyPip(cwd: string, env: Host["env"]): Promise<Installer> {
  return findPip(["pip"], cwd, env).catch((error: unknown) => {
    if (error instanceof SafeInstallError && error.code !== "PIP_NOT_FOUND") throw error;
    return findPip(["pip3"], cwd, env);
  });
}

async function refuseTracked(cwd: string, files: readonly string[]): Promise<void> {
  const tracked = await trackedAmong(files, await groundsOf(cwd, "pyproject.toml"));
  if (tracked === null) return;
  throw new SafeInstallError("installer", "PROGRAM_TRACKED", `${tracked} came with the repository: git tracks it`, {
    hint: "it would run before any verdict; make an environment of your own (python3 -m venv), and let git ignore it",
  });
}

/**
 * What Python reads before the first line of a program: the home of a virtual environment (PEP 405), files beside the
 * interpreter that choose its modules (Python's Modules/getpath.py), and the modules themselves with their `.pth` files; and
 * what pip reads of an environment: indexes, proxies, hosts that need no proof.
 */
async function steering(python: string): Promise<readonly string[]> {
  const folders = [dirname(python), dirname(await realpath(python).catch(() => python))];
  const around = folders.flatMap((folder) => [folder, dirname(folder)]);
  const beside = await listed(folders, /(?:\._pth|^pybuilddir\.txt)$/i);
  const modules = await listed(await listed(around, /^lib(?:64)?$/i), /^(?:python|pypy|site-packages)/i);
  const settings = ["pyvenv.cfg", "pip.conf", "pip.ini"].flatMap((name) => around.map((folder) => join(folder, name)));
  return [...settings, ...beside, ...modules];
}

/** The folders of the user's own packages (PEP 370), where pip itself may lie. */
async function ofTheUser(cwd: string, env: Host["env"]): Promise<readonly string[]> {
  const { PYTHONUSERBASE: named = "", HOME: home = "" } = env;
  const base = named !== "" ? resolve(cwd, named) : home !== "" ? join(home, ".local") : null;
  return base === null ? [] : listed([join(base, "lib")], /^(?:python|pypy|site-packages)/i);
}

async function listed(folders: readonly string[], names: RegExp): Promise<readonly string[]> {
  const all = await Promise.all(
    [...new Set(folders)].map(async (folder) => {
      const found = await readdir(folder).catch(() => []);
      return found.filter((name) => names.test(name)).map((name) => join(folder, name));
    }),
  );
  return all.flat();
}

/** pip as it was typed, with the user's words; modules of the working directory do not take its place. */
export function pipCommand(pip: Installer, args: readonly string[], cwd: string, env: Host["env"]): Command {
  const { launcher, words, python } = pip;
  if (words.length === 0 && !args.includes("uninstall")) return { file: launcher, args, cwd, env };
  return { file: python, args: ["-c", PASSING, ...args], cwd, env: { ...env, PYTHONSAFEPATH: "1" } };
}

async function locate(typed: string, cwd: string, env: Host["env"]): Promise<string | null> {
  if (/[/\\]/.test(typed)) {
    const path = resolve(cwd, typed);
    return (await exists(path)) ? path : null;
  }
  const outside = await groundsOf(cwd, "pyproject.toml");
  const search = { outside, env, admits: (folder: string) => isActivated(folder, env) };
  const found = await which([executableName(typed), typed], search);
  return found?.path ?? null;
}

/** `activate` sets VIRTUAL_ENV; a folder that merely lies in the project does not count. */
async function isActivated(folder: string, env: Host["env"]): Promise<boolean> {
  const environment = env["VIRTUAL_ENV"];
  if (environment === undefined || !isAbsolute(environment)) return false;
  const real = (path: string) => realpath(path).catch(() => path);
  return (await real(dirname(folder))) === (await real(environment));
}

/** The interpreter that a launcher names in its first lines, else the one beside it (version managers, Windows). */
async function interpreterOf(launcher: string, typed: string, cwd: string, env: Host["env"]): Promise<string> {
  const named = interpreterIn(await beginningOf(launcher));
  if (named !== null && isAbsolute(named)) {
    const outside = await groundsOf(cwd, "pyproject.toml");
    const strays = (await mayBeInside(named, outside)) && !(await mayBeInside(launcher, outside));
    if (!strays && (await exists(named))) return named;
    throw notFound(typed);
  }
  if (named !== null) {
    const found = await locate(named, cwd, env);
    if (found !== null) return found;
  }
  const names = process.platform === "win32" ? ["python.exe", "../python.exe"] : ["python3", "python"];
  for (const name of names) {
    const path = join(dirname(launcher), name);
    if (await exists(path)) return path;
  }
  throw notFound(typed);
}

/** From `#!/path/python`, from distlib's shell form for long paths, or a bare name after `env`; null for other launchers. */
export function interpreterIn(beginning: string): string | null {
  const [first = "", second = ""] = beginning.split(/\r?\n/);
  const [, long, plain] = /^'''exec' (?:"([^"]+)"|(\S+)) "\$0" "\$@"$/.exec(second) ?? [];
  if (/^#!\s*\/bin\/sh$/.test(first)) return long ?? plain ?? null;
  const [, quoted, path, viaEnv] = /^#!\s*(?:"([^"]+)"|(?:\S*\/env\s+(\S+))|(\S+))/.exec(first) ?? [];
  const found = quoted ?? path ?? viaEnv ?? null;
  return found !== null && /^(?:python|pypy)/.test(basename(found)) ? found : null;
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2048), 0, 2048, 0);
    return buffer.subarray(0, bytesRead).toString("latin1");
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function notFound(typed: string): SafeInstallError {
  return new SafeInstallError("installer", "PIP_NOT_FOUND", `${typed} is not to be found outside of this project`, {
    hint: "activate the virtual environment, or name its pip by path: safe-install .venv/bin/pip install ...",
  });
}
