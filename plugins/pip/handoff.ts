import { keepAside } from "./aside.ts";
import { assertOnDisk, assertReported, type WheelInstall } from "./installed.ts";
import { INSTALLATION } from "./programs/resolution.ts";
import { neutralEnvironment, type Python, runPython } from "./python.ts";
import type { FirstParty } from "./first-party.ts";
import { isSet, type PipOptions } from "./words.ts";
import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export interface Handoff extends WheelInstall {
  readonly journal: string;
  /** First-party projects, each with the private folder of its proven build requirements. */
  readonly builds: readonly { readonly project: FirstParty; readonly wheels: string }[];
}

/**
 * Lets the user's pip install from the private folder: no index, no configuration, no network, every hash named,
 * whatever is installed already replaced. Then compares what pip reports, and what lies on disk, with what was proven.
 * The environment is as it was where pip fails, where they differ, or where we are interrupted.
 * @returns pip's exit code
 */
export async function handOff(handoff: Handoff): Promise<number> {
  const aside = await keepAside(handoff, handoff.journal);
  try {
    const code = await installAll(handoff);
    await (code === 0 ? aside.discard() : aside.restore());
    return code;
  } catch (error) {
    await aside.restore();
    throw error;
  }
}

async function installAll(handoff: Handoff): Promise<number> {
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

async function installWheels(handoff: Handoff): Promise<number> {
  const { python, options, ready, wheels } = handoff;
  const folder = await mkdtemp(join(python.folder, "handoff-"));
  const [locked, report] = [join(folder, "locked.txt"), join(folder, "report.json")];
  const lines = ready.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}`);
  await writeFile(locked, `${lines.join("\n")}\n`);
  const own = [...closed(wheels), "--require-hashes", "--no-deps", "--report", report, "-r", locked];
  const args = ["install", ...own, ...replacing(options), ...carried(options)];
  const { code } = await runPython(python, { source: INSTALLATION, job: { args, offline: true }, ...started(python) });
  if (code !== 0) return code;
  await assertReported(report, ready);
  await assertOnDisk(handoff);
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
