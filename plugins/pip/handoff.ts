import { normalName, SafeInstallError } from "../../src/plugin.ts";
import type { Denial, Digest } from "../../src/plugin.ts";
import { INSTALLATION } from "./programs/resolution.ts";
import { neutralEnvironment, type Python, runPython } from "./python.ts";
import type { FirstParty } from "./requirements.ts";
import { readInstalled, statedBy } from "./report.ts";
import { isSet, type PipOptions } from "./words.ts";
import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** A wheel that may be installed. */
export interface Ready {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

export interface Handoff {
  readonly python: Python;
  readonly options: PipOptions;
  /** What is proven, and the private folder that holds it and nothing else. */
  readonly ready: readonly Ready[];
  readonly wheels: string;
  /** First-party projects, each with the private folder of its proven build requirements. */
  readonly builds: readonly { readonly project: FirstParty; readonly wheels: string }[];
}

/**
 * Lets the user's pip install from the private folder: no index, no configuration, no network, every hash named,
 * whatever is installed already replaced. Then compares what pip reports with what was proven.
 * @returns pip's exit code
 */
export async function handOff(handoff: Handoff): Promise<number> {
  const { ready, builds } = handoff;
  if (ready.length > 0) {
    const code = await installWheels(handoff);
    if (code !== 0) return code;
  }
  for (const build of builds) {
    const code = await installProject(build, handoff);
    if (code !== 0) return code;
  }
  return 0;
}

async function installWheels({ python, options, ready, wheels }: Handoff): Promise<number> {
  const folder = await mkdtemp(join(python.folder, "handoff-"));
  const [locked, report] = [join(folder, "locked.txt"), join(folder, "report.json")];
  const lines = ready.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}`);
  await writeFile(locked, `${lines.join("\n")}\n`);
  const own = [...closed(wheels), "--require-hashes", "--no-deps", "--report", report, "-r", locked];
  const args = ["install", ...own, ...replacing(options), ...carried(options)];
  const { code } = await runPython(python, { source: INSTALLATION, job: { args, offline: true }, ...started(python) });
  if (code !== 0) return code;
  await assertInstalled(report, ready);
  const { json_report_file: wanted } = options;
  if (wanted !== null) await copyFile(report, resolve(python.cwd, wanted));
  return 0;
}

/** The build of a first-party project: its code runs now, with proven build requirements and without any index. */
async function installProject(
  { project, wheels }: Handoff["builds"][number],
  { python, options }: Handoff,
): Promise<number> {
  const extras = project.extras.length > 0 ? `[${project.extras.join(",")}]` : "";
  const what = [...(project.editable ? ["-e"] : []), `${project.folder}${extras}`];
  const args = ["install", ...closed(wheels), "--no-deps", ...carried(options), ...what];
  const job = { args, offline: false, children: true };
  const { code } = await runPython(python, { source: INSTALLATION, job, ...started(python) });
  return code;
}

/** Nothing but this folder counts. `--isolated` drops the environment and the user's file, the variable all files. */
function closed(wheels: string): readonly string[] {
  return [
    "--isolated",
    "--disable-pip-version-check",
    "--no-input",
    "--no-cache-dir",
    "--no-index",
    "--find-links",
    wheels,
    "--only-binary",
    ":all:",
  ];
}

function started({ host }: Python) {
  return { bare: false, env: neutralEnvironment(host.env) };
}

/** An installed package is never taken for proven: it is uninstalled and installed again, or overwritten where a place is named. */
function replacing({ target_dir: target, prefix_path: prefix, root_path: root }: PipOptions): readonly string[] {
  if (target !== null) return ["--ignore-installed", "--upgrade"];
  return prefix !== null || root !== null ? ["--ignore-installed"] : ["--force-reinstall"];
}

/** The user's wishes about where and how, said again: the effective ones, whoever said them first. */
function carried(options: PipOptions): readonly string[] {
  const values: readonly (readonly [string, string | null])[] = [
    ["--target", options.target_dir],
    ["--prefix", options.prefix_path],
    ["--root", options.root_path],
    ["--implementation", options.implementation],
    ["--python-version", options.python_version?.join(".") ?? null],
    ["--root-user-action", options.root_user_action],
    ["--progress-bar", options.progress_bar],
    ["--log", options.log],
  ];
  const switches: readonly (readonly [string, unknown])[] = [
    ["--user", options.use_user_site === true],
    ["--no-user", options.use_user_site === false],
    ["--no-compile", !options.compile],
    ["--no-warn-script-location", !options.warn_script_location],
    ["--break-system-packages", options.override_externally_managed],
    ["--ignore-requires-python", options.ignore_requires_python],
    ["--no-color", options.no_color],
    ["--debug", options.debug_mode],
  ];
  return [
    ...values.flatMap(([name, value]) => (value === null || value === "" ? [] : [`${name}=${value}`])),
    ...switches.flatMap(([name, value]) => (isSet(value) ? [name] : [])),
    ...(options.platforms ?? []).map((one) => `--platform=${one}`),
    ...(options.abis ?? []).map((one) => `--abi=${one}`),
    ...Array.from({ length: options.quiet }, () => "-q"),
    ...Array.from({ length: options.verbose }, () => "-v"),
  ];
}

/** @throws SafeInstallError INSTALLED_MISMATCH naming what differs */
async function assertInstalled(report: string, ready: readonly Ready[]): Promise<void> {
  const installed = (await readInstalled(report)).map((item) => {
    const { name, version } = item.metadata;
    return spell(normalName("pypi", name), version, sha256Of(statedBy(item)));
  });
  const proven = ready.map(({ name, version, sha256 }) => spell(name, version, sha256));
  const differences = [
    ...proven.filter((one) => !installed.includes(one)).map((one) => `${one} is missing`),
    ...installed.filter((one) => !proven.includes(one)).map((one) => `${one} was not proven`),
  ];
  if (differences.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH" satisfies Denial["code"],
    `pip installed something else than what was proven: ${differences.slice(0, 5).join("; ")}`,
    { hint: "do not use this environment: make a new one" },
  );
}

function sha256Of(digests: readonly Digest[]): string {
  return digests.find(({ algorithm }) => algorithm === "sha256")?.hex ?? "none";
}

function spell(name: string, version: string, sha256: string): string {
  return `${name}==${version} sha256:${sha256}`;
}
