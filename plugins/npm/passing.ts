import { type Plugin, SafeInstallError } from "../../src/plugin.ts";
import { passed } from "./args.ts";
import type { NpmConfig } from "./config.ts";
import { findNpm, type Installer, npmCommand } from "./installer.ts";
import { npmWords } from "./npx.ts";
import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * npm with the user's words, for what passes by the gate. What the gate asks of a project's `.npmrc` is asked here as well:
 * it sends nothing of the user's to anybody, and starts no program that nobody typed.
 * @throws SafeInstallError PROJECT_NPMRC
 */
export const passingCommand: Plugin["command"] = async (args, cwd, host, program, admitted) => {
  const npm = await findNpm(cwd, host.env);
  const words = passed(npmWords(args, program));
  if (await mayReadProject(words, cwd, host.env)) await refuseSettings(words, cwd, npm, host.env, admitted);
  return npmCommand(npm, words, cwd, host.env);
};

type Env = Parameters<Plugin["command"]>[2]["env"];

/** Where there is no such file on the way up, and no option that leads elsewhere, npm's libraries are not waited for. */
async function mayReadProject(words: readonly string[], cwd: string, env: Env): Promise<boolean> {
  if (words.some((word) => /^-+(?:C|p|no-p)/.test(word))) return true;
  const own = [env["npm_config_userconfig"], join(env["HOME"] ?? env["USERPROFILE"] ?? "/", ".npmrc")];
  for (let folder = cwd; ; folder = dirname(folder)) {
    const place = join(folder, ".npmrc");
    if (!own.includes(place) && (await lstat(place).catch(() => null)) !== null) return true;
    if (folder === dirname(folder)) return false;
  }
}

async function refuseSettings(
  words: readonly string[],
  cwd: string,
  npm: Installer,
  env: Env,
  admitted: Parameters<Plugin["command"]>[4],
): Promise<void> {
  const { loadConfig } = await import("./config.ts");
  const { refuseProjectNpmrc } = await import("./settings/project-npmrc.ts");
  const config = await loadConfig(npm, words, cwd, env);
  try {
    refuseProjectNpmrc(config, []);
  } catch {
    // A registry that only the policy names is the rare case: policies are read for it alone.
    refuseProjectNpmrc(config, await admitted(config.prefix));
  }
  const [command = ""] = config.positional;
  refuseProjectPrograms(config, PROGRAMS.get(command) ?? (OWN_SCRIPTS.has(command) ? [] : OPENS));
}

/** @throws SafeInstallError PROJECT_NPMRC: the project names a program for one of these, and nobody typed it. */
export function refuseProjectPrograms(config: NpmConfig, keys: readonly string[]): void {
  const found = keys.find((key) => config.dropped.includes(key) || config.find(key) === "project");
  if (found === undefined) return;
  throw new SafeInstallError("usage", "PROJECT_NPMRC", `the project's .npmrc: ${found} chooses what is run`, {
    hint: "remove it there, or put it into your own ~/.npmrc",
  });
}

/** By these npm shows something to a person. */
const OPENS = ["editor", "viewer", "browser", "shell"] as const;

const PROGRAMS: ReadonlyMap<string, readonly string[]> = new Map([
  ["explore", [...OPENS, "script-shell", "node-options"]],
]);

/** They run scripts of the project by intent: a program that its `.npmrc` names is no more than those. */
const OWN_SCRIPTS: ReadonlySet<string> = new Set(
  "run run-script rum urn start stop restart test t tst version verison pack publish".split(" "),
);
