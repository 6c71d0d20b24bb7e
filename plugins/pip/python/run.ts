import { type Command, type Host, LIMITS, parseJson, SafeInstallError } from "../../../src/plugin.ts";
import { afterBeginning, type Helper, mayServe, openHelper } from "./helper.ts";
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { devNull } from "node:os";
import { join, resolve } from "node:path";

/** An interpreter with a private folder for what it is told and what it answers. */
export interface Python {
  /** null: there is none, and nothing can be asked. */
  readonly file: string | null;
  /** Where the command was typed: what it names is relative to that. */
  readonly cwd: string;
  /** Absolute, links resolved: helpers from inside it are not run. */
  readonly project: string;
  /** Private. */
  readonly folder: string;
  readonly host: Host;
  /** Absent: each question has an interpreter of its own. */
  readonly helper?: Helper;
}

interface Program {
  readonly source: string;
  readonly job: Readonly<Record<string, unknown>>;
  /** Without what installed packages run at start (`.pth` files). */
  readonly bare: boolean;
  /** An interpreter of its own, whatever there is: what others have loaded may be replaced by then. */
  readonly apart?: boolean;
  /** Over the environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts a program in isolated mode (`-I`: neither PYTHON* variables nor the working directory count), in the private folder:
 * Python up to 3.9 reads where to install from a setup.cfg of the working directory (distutils), `-I` or not.
 * @returns its exit code and its answer; null where it ended without one. @throws SafeInstallError PYTHON_TOO_OLD
 */
export async function runPython(
  python: Python,
  program: Program,
): Promise<{ readonly code: number; readonly answer: Readonly<Record<string, unknown>> | null }> {
  const { host, folder, file } = python;
  if (file === null) throw new TypeError("there is no Python to ask");
  const job = join(folder, `${randomUUID()}.json`);
  const answer = `${job}.answer`;
  const code = (await served(python, program, job)) ?? (await host.run(await commandOf(python, program, job)));
  host.signal.throwIfAborted();
  const text = await host.read(answer, { maxBytes: LIMITS.lockfileBytes });
  const said = text === null ? null : (parseJson(text.toString("utf8")) as Record<string, unknown>);
  if (typeof said?.["tooOld"] === "string") throw tooOld(said["tooOld"]);
  return { code, answer: said };
}

/** null: there is no helper, or it cannot. */
async function served(python: Python, { apart, source, env = {}, job: words }: Program, job: string) {
  const rest = apart === true ? null : afterBeginning(source);
  if (rest === null || python.helper === undefined) return null;
  const set = Object.entries({ ...env, ...userBase(python) });
  const unset = set.flatMap(([name, value]) => (value === undefined ? [name] : []));
  await writeFiles(python, job, rest, { ...words, set: Object.fromEntries(set), unset });
  const code = await python.helper.answer(job);
  if (code === null) await Promise.all([rm(`${job}.py`), rm(job)]);
  return code;
}

async function commandOf(python: Python, { source, env, job: words, bare }: Program, job: string): Promise<Command> {
  const { file, folder, host } = python;
  await writeFiles(python, job, source, words);
  const flags = bare ? ["-I", "-S", "-B"] : ["-I"];
  const args = [...flags, `${job}.py`, job];
  return { file: file ?? "", args, cwd: folder, env: { ...host.env, ...env, ...userBase(python) } };
}

/** Files: a command line may be too short for them. */
async function writeFiles(python: Python, job: string, source: string, words: Program["job"]): Promise<void> {
  const { project, cwd, host } = python;
  const all = { project, cwd, answer: `${job}.answer`, offline: host.offline, ...words };
  await Promise.all([
    writeFile(`${job}.py`, source, { mode: 0o600, flag: "wx" }),
    writeFile(job, JSON.stringify(all), { mode: 0o600, flag: "wx" }),
  ]);
}

/** With one interpreter for all its questions, where there can be one. */
export function openPython(python: Omit<Python, "helper">): Python {
  const { host, file } = python;
  const { guide } = host;
  if (guide === null || file === null || !mayServe(host)) return python;
  return {
    ...python,
    helper: openHelper(async (source) => {
      const program = { source, job: {}, bare: true };
      return guide({ ...(await commandOf(python, program, join(python.folder, `${randomUUID()}.json`))), shows: true });
    }),
  };
}

function tooOld(version: string): SafeInstallError {
  const message = `Python ${version} is older than 3.8: nothing there holds pip to what it may do`;
  return new SafeInstallError("installer", "PYTHON_TOO_OLD", message, {
    hint: "use an environment with a newer Python; nothing was installed",
  });
}

/** What is relative is so to where the command was typed. */
function userBase({ host, cwd }: Python): Readonly<Record<string, string>> {
  const named = host.env["PYTHONUSERBASE"] ?? "";
  return named === "" ? {} : { PYTHONUSERBASE: resolve(cwd, named) };
}

/** No configuration file and no variable of pip's: for the hand-off, where only our words count. */
export function neutralEnvironment(env: Host["env"]): Readonly<Record<string, string | undefined>> {
  const dropped = Object.keys(env).filter((name) => /^(?:PIP_|PYTHON)/i.test(name) && !KEPT.has(name));
  return {
    ...Object.fromEntries(dropped.map((name) => [name, undefined])),
    PIP_CONFIG_FILE: devNull,
    PIP_NO_INDEX: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}

const KEPT: ReadonlySet<string> = new Set(["PYTHONUTF8", "PYTHONIOENCODING", "PYTHONUSERBASE", "PYTHONNOUSERSITE"]);

export function notUnderstood(detail: string): SafeInstallError {
  return new SafeInstallError("installer", "PIP_NOT_UNDERSTOOD", `pip could not be asked: ${detail}`, {
    hint: "pip 23.0 to 26.2 are known to work",
  });
}
