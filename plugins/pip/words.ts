import { LIMITS, type Request, SafeInstallError } from "../../src/plugin.ts";
import { WORDS } from "./python/programs.ts";
import { notUnderstood, type Python, runPython } from "./python/run.ts";
import { withoutSecrets } from "./report.ts";

/** What pip itself understands of a command line, its environment, its configuration and its requirements files. */
export interface PipWords {
  readonly pip: string;
  /** Of the interpreter. Absolute. */
  readonly prefix: string;
  /** Neither a virtual environment's nor an active one of conda. */
  readonly isGlobal: boolean;
  /** Neither a requirement nor a file of them. */
  readonly asksNothing: boolean;
  readonly entries: readonly RequirementLine[];
  /** By folder; null where it has no pyproject.toml. */
  readonly projects: Readonly<Record<string, StaticProject | null>>;
  /** Constraints of what builds need. */
  readonly buildConstraints: readonly RequirementLine[];
  readonly options: PipOptions;
  /** The folder that every package goes to: absolute, links resolved; null where pip does not say. */
  readonly library: string | null;
  readonly noBinary: readonly string[];
  /** Requirements and constraints files as named. */
  readonly files: readonly string[];
}

/** One requirement or option line. */
export interface RequirementLine {
  /** null: a line of options only. */
  readonly text: string | null;
  readonly editable: boolean;
  /** null: from the command line. */
  readonly file: string | null;
  readonly line: number;
  readonly constraint: boolean;
  /** `sha256:HEX`. */
  readonly hashes: readonly string[];
  /** Options set on the line, by pip's internal names. */
  readonly options: readonly string[];
  readonly name: string | null;
  /** null: from an index. */
  readonly kind: "vcs" | "folder" | "file" | "url" | null;
  readonly url: string | null;
  readonly path: string | null;
  readonly extras: readonly string[];
  /** Empty: every version. */
  readonly specifier: string;
  /** Its marker holds here. */
  readonly applies: boolean;
}

/** What a pyproject.toml says statically (PEP 621, PEP 518). */
export interface StaticProject {
  readonly name: string | null;
  readonly version: string | null;
  readonly dependencies: readonly RequirementLine[];
  readonly extras: Readonly<Record<string, readonly RequirementLine[]>>;
  /** Only its own build code knows its dependencies. */
  readonly dynamic: boolean;
  readonly buildRequires: readonly RequirementLine[];
  /** Its build backend may need more than that. */
  readonly mayAsk: boolean;
}

/** Effective values, whoever set them. */
export interface PipOptions {
  readonly target_dir: string | null;
  readonly prefix_path: string | null;
  readonly root_path: string | null;
  readonly use_user_site: boolean | null;
  readonly platforms: readonly string[] | null;
  readonly python_version: readonly number[] | null;
  readonly implementation: string | null;
  readonly abis: readonly string[] | null;
  readonly compile: boolean;
  readonly upgrade: boolean;
  readonly force_reinstall: boolean | null;
  readonly ignore_installed: boolean | null;
  readonly warn_script_location: boolean;
  readonly warn_about_conflicts: boolean;
  readonly override_externally_managed: boolean | null;
  readonly root_user_action: string | null;
  readonly progress_bar: string | null;
  readonly quiet: number;
  readonly verbose: number;
  readonly no_color: boolean;
  readonly log: string | null;
  readonly ignore_dependencies: boolean;
  readonly index_url: string | null;
  readonly extra_index_urls: readonly string[];
  readonly no_index: boolean;
  /** Of the user; null where a file inside the project says so. */
  readonly proxy?: string | null;
  /** The same: an absolute path. */
  readonly cert?: string | null;
  readonly python: string | null;
  readonly dry_run: boolean | null;
  readonly json_report_file: string | null;
  readonly build_isolation: boolean;
  readonly config_settings: unknown;
  readonly global_options: unknown;
  readonly requirements_from_scripts: unknown;
  readonly ignore_requires_python: boolean | null;
  readonly debug_mode: boolean;
  /** pip 26.2 and later. */
  readonly only_deps: unknown;
}

/** @throws SafeInstallError where pip refuses the words itself, or is one that we cannot ask. */
export async function askWords(python: Python, args: readonly string[]): Promise<PipWords> {
  const { code, answer } = await runPython(python, { source: WORDS, job: { args }, bare: true });
  if (answer === null) {
    if (code === 2) throw new SafeInstallError("usage", "PIP_USAGE", "pip does not accept this command line");
    if (code === 0)
      throw new SafeInstallError("usage", "PIP_USAGE", "pip has shown its help, and nothing was installed");
    throw notUnderstood(`it ended with code ${code}`);
  }
  if (answer["none"] === true) throw withoutPip(python.file ?? "");
  const { failure } = answer;
  if (answer["refused"] === true) throw new SafeInstallError("usage", "PIP_USAGE", `pip says: ${String(failure)}`);
  if (typeof failure === "string") {
    throw new SafeInstallError(
      "usage",
      "PIP_REQUIREMENTS",
      `pip cannot read the requirements: ${withoutSecrets(failure)}`,
      / by URL is not read/.test(failure)
        ? { hint: "fetch it once, look at it, and name the file: -c constraints.txt" }
        : {},
    );
  }
  const words = answer as unknown as PipWords;
  refuseOld(words.pip);
  if (words.entries.length > LIMITS.artifacts)
    throw new SafeInstallError("unbound", "TOO_MANY", `more than ${LIMITS.artifacts} requirements`);
  return words;
}

function withoutPip(python: string): SafeInstallError {
  return new SafeInstallError(
    "installer",
    "PIP_NOT_FOUND",
    `${python} has no pip: no such module is installed for it`,
    {
      hint: "python -m ensurepip brings one; python3 -m venv makes an environment that has one",
    },
  );
}

/** As pip: nothing was named. @throws SafeInstallError PIP_USAGE */
export function assertAsks({ asksNothing }: PipWords): void {
  if (!asksNothing) return;
  throw new SafeInstallError("usage", "PIP_USAGE", "pip says: you must give at least one requirement to install", {
    hint: "safe-install pip install -r requirements.txt, or a package's name",
  });
}

/** The installation report has its stable form from 23.0 on (PEP "pip installation report" version 1). */
function refuseOld(version: string): void {
  if (Number.parseInt(version, 10) >= 23) return;
  throw new SafeInstallError("installer", "PIP_TOO_OLD", `pip ${version} is older than 23.0`, {
    hint: "use a virtual environment with a newer pip",
  });
}

/** What would undo the gate, or cannot be carried through it. @throws SafeInstallError naming the option */
export function refuseOptions({ options, noBinary }: PipWords): void {
  const set: readonly (readonly [boolean, string, string])[] = [
    [noBinary.length > 0, "--no-binary", "source distributions run their code to be built"],
    [options.python !== null, "--python", "name that interpreter's own pip instead: PATH/TO/python -m pip install"],
    [
      options.dry_run === true,
      "--dry-run",
      "what is locked: safe-install check; what it would bring: safe-install policy pin -- pip install NAME",
    ],
    [isSet(options.requirements_from_scripts), "--requirements-from-script", "write its dependencies into a file"],
    [isSet(options.global_options), "--global-option", "it is for building source distributions"],
    [isSet(options.only_deps), "--only-deps", "write the dependencies into a requirements file"],
    [options.json_report_file === "-", "--report -", "name a file for pip's report"],
  ];
  const refused = set.find(([isGiven]) => isGiven);
  if (refused === undefined) return;
  const [, option, hint] = refused;
  throw new SafeInstallError(
    "usage",
    "OPTION_REFUSED",
    `${option} is refused (also where the environment or a configuration file says it)`,
    {
      hint,
    },
  );
}

/** Where nobody has typed a pip, the system's own is not meant unless somebody says so. @throws SafeInstallError PIP_GLOBAL */
export function assertMeant({ isGlobal, prefix }: PipWords, { program, system }: Request): void {
  if (program !== undefined || !isGlobal || system === true) return;
  throw new SafeInstallError("usage", "PIP_GLOBAL", `the pip on PATH installs into ${prefix}: no virtual environment`, {
    hint: "activate one (python3 -m venv .venv), or, if this one is meant: safe-install --system",
  });
}

export function isSet(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
