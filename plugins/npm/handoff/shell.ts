import type { Host } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";
import { access, constants, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * npm shows its command line to lifecycle scripts as `npm_config_*`; a script that downloads would find itself offline
 * and with a cache that is about to vanish. This shell gives scripts back what they would have seen without us, then
 * becomes the user's own shell.
 * @returns its path; null where none can be had (Windows; a temporary folder that forbids execution).
 */
export async function writeScriptShell(
  settings: Readonly<Record<string, string>>,
  config: NpmConfig,
  folder: string,
  host: Host,
): Promise<string | null> {
  if (process.platform === "win32") return null;
  const path = join(folder, "script-shell");
  const keys = [...Object.keys(settings), "script-shell"];
  const lines = keys.map((key) => restore(`npm_config_${key.replaceAll("-", "_")}`, config));
  const shell = config.get("script-shell");
  const target = typeof shell === "string" && shell !== "" ? shell : "sh";
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

function restore(variable: string, { exported }: NpmConfig): string {
  const value = exported[variable];
  return value === undefined ? `unset ${variable}` : `export ${variable}=${quote(value)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
