import { type Host, LIMITS, parseJson, SafeInstallError } from "../../../src/plugin.ts";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
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
}

interface Program {
  readonly source: string;
  readonly job: Readonly<Record<string, unknown>>;
  /** Without what installed packages run at start (`.pth` files). */
  readonly bare: boolean;
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
  const { host, folder, cwd, project, file } = python;
  if (file === null) throw new TypeError("there is no Python to ask");
  const job = join(folder, `${randomUUID()}.json`);
  const [answer, source] = [`${job}.answer`, `${job}.py`];
  // A file: a command line may be too short for it.
  await writeFile(source, program.source, { mode: 0o600 });
  await writeFile(job, JSON.stringify({ project, cwd, answer, offline: host.offline, ...program.job }), {
    mode: 0o600,
  });
  const flags = program.bare ? ["-I", "-S", "-B"] : ["-I"];
  const env = { ...host.env, ...program.env, ...userBase(python) };
  const code = await host.run({ file, args: [...flags, source, job], cwd: folder, env });
  host.signal.throwIfAborted();
  const text = await host.read(answer, { maxBytes: LIMITS.lockfileBytes });
  const said = text === null ? null : (parseJson(text.toString("utf8")) as Record<string, unknown>);
  if (typeof said?.["tooOld"] === "string") throw tooOld(said["tooOld"]);
  return { code, answer: said };
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
