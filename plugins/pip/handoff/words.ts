import { isSet, type PipOptions } from "../words.ts";

/** Nothing but this folder counts. `--isolated` drops the environment and the user's file, the variable all files. */
export function closed(wheels: string): readonly string[] {
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

/**
 * An installed package is never taken for proven: it is uninstalled and installed again, or overwritten where a place is
 * named. In a target pip leaves what it finds, unless it was told to upgrade: what stays is named in the report.
 */
export function replacing(options: PipOptions): readonly string[] {
  const { target_dir: target, prefix_path: prefix, root_path: root, upgrade } = options;
  if (target !== null) return ["--ignore-installed", ...(upgrade ? ["--upgrade"] : [])];
  return prefix !== null || root !== null ? ["--ignore-installed"] : ["--force-reinstall"];
}

/** The user's wishes about where and how, said again: the effective ones, whoever said them first. */
export function carried(options: PipOptions): readonly string[] {
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
