import { type Host, SafeInstallError, which } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";
import { access, constants, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * npm shows its command line to lifecycle scripts as `npm_config_*`; a script that downloads would find itself offline
 * and with a cache that is about to vanish. This shell gives scripts back what they would have seen without us, then
 * becomes the user's own shell. What of the project's .npmrc does not count here is not shown either.
 * @param outside no shell comes out of this folder
 * @returns its path; null where none can be had (Windows; a temporary folder that forbids execution).
 */
export async function writeScriptShell(
  settings: Readonly<Record<string, string>>,
  config: NpmConfig,
  folder: string,
  host: Host,
  outside: string,
): Promise<string | null> {
  if (process.platform === "win32") return null;
  const path = join(folder, "script-shell");
  const keys = [...Object.keys(settings), "script-shell", ...config.dropped].map((key) => key.toLowerCase());
  const names = keys.flatMap((key) => [`npm_config_${key.replaceAll("-", "_")}`, SHOWN_AS[key] ?? []].flat());
  const lines = names.filter((name) => /^\w+$/.test(name)).map((name) => restore(name, config));
  const target = await shellOf(config, { outside, env: host.env });
  await writeFile(path, ["#!/bin/sh", ...lines, `exec ${quote(target)} "$@"`, ""].join("\n"), { mode: 0o700 });
  try {
    await access(path, constants.X_OK);
    return path;
  } catch {
    host.notice(
      "install scripts will see npm_config_offline and npm_config_cache: the temporary folder forbids execution",
    );
    return null;
  }
}

/** Further names under which npm shows a setting to what it runs. */
const SHOWN_AS: Readonly<Record<string, string>> = { "node-options": "NODE_OPTIONS", editor: "EDITOR" };

/**
 * The user's shell, by its path: npm would look up a name where the commands of dependencies are found first.
 * @throws SafeInstallError SHELL_NOT_FOUND
 */
export async function shellOf(config: NpmConfig, search: Parameters<typeof which>[1]): Promise<string> {
  const chosen = config.get("script-shell");
  const usual = process.platform === "win32" ? "cmd.exe" : "sh";
  const name = typeof chosen === "string" && chosen !== "" ? chosen : usual;
  if (/[/\\]/.test(name)) return name;
  const found = await which(process.platform === "win32" ? [name, `${name}.exe`] : [name], search);
  if (found !== null) return found.path;
  throw new SafeInstallError("installer", "SHELL_NOT_FOUND", `${name} is not on PATH outside of this project`, {
    hint: "let npm_config_script_shell name a shell by its path",
  });
}

function restore(variable: string, { exported }: NpmConfig): string {
  const value = exported[variable];
  return value === undefined ? `unset ${variable}` : `export ${variable}=${quote(value)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
