import { SafeInstallError } from "../../../../src/plugin.ts";
import { npmCommand } from "../../installer.ts";
import { configuredOrigins } from "../../origin.ts";
import { renderOptions } from "../../words.ts";
import { type Copy, isUnsaved, type Staging } from "./staging.ts";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";

/**
 * Runs the user's npm in the private copy, so that only manifests and the lock change there.
 * @throws SafeInstallError NOT_RESOLVED in npm's own words, or the code of what could not be bound anyway
 */
export async function resolveIn(copy: Copy, folder: string, staging: Staging): Promise<void> {
  const settings = settingsOf(copy, folder, staging);
  let { code, said } = await runNpm(settings, "npm.log", copy, folder, staging);
  // npm 12 takes the archive of a package that bundles others, which it has to look into, for a dependency by URL.
  // A dependency that is one is denied when the lock is judged.
  if (code !== 0 && isOwnArchive(said, staging))
    ({ code, said } = await runNpm({ ...settings, "allow-remote": "all" }, "npm-2.log", copy, folder, staging));
  if (code !== 0) throw notResolved(said, code, folder);
}

type Settings = Readonly<Record<string, string>>;

async function runNpm(
  settings: Settings,
  log: string,
  copy: Copy,
  folder: string,
  { npm, task, host }: Staging,
): Promise<{ readonly code: number; readonly said: string }> {
  const flags = Object.entries(settings).map(([key, value]) => `--${key}=${value}`);
  const words = [...task.change.split(" "), ...renderOptions(task.options), ...flags, "--", ...task.specs];
  const file = join(folder, log);
  const command = npmCommand(npm, words, copy.cwd, host.env);
  const args = ["--require", await writeGuard(folder), ...command.args];
  const code = await host.run({ ...command, args, log: file });
  return { code, said: code === 0 ? "" : await readFile(file, "utf8").catch(() => "") };
}

/** Whether npm refused an archive of a registry that npm itself is configured for. */
function isOwnArchive(said: string, { config }: Staging): boolean {
  const [, url = ""] = /\bEALLOWREMOTE\b[^]*Refusing to fetch "([^"\s]+)"/.exec(said) ?? [];
  return URL.canParse(url) && configuredOrigins(config.flat).has(new URL(url).origin);
}

/** Ours come last, where npm's parser lets the last one win. */
function settingsOf(copy: Copy, folder: string, { npm, config, host, task }: Staging): Settings {
  const cafile = config.get("cafile");
  return {
    "package-lock-only": "true",
    "ignore-scripts": "true",
    "package-lock": "true",
    "dry-run": "false",
    global: "false",
    audit: "false",
    fund: "false",
    "update-notifier": "false",
    progress: "false",
    // No program that the project's .npmrc could name, and none at all.
    git: join(folder, "no-git"),
    ...(semver.gte(npm.version, "11.9.0") ? { "allow-git": "none" } : {}),
    ...(host.offline ? { offline: "true" } : {}),
    // Without it nothing would be written down; what was there comes back after the installation.
    ...(isUnsaved(task, config) ? { save: "true" } : {}),
    // What cannot be fixed is no failure of resolving; `npm audit` says it afterwards.
    ...(task.change === "audit fix" ? { "audit-level": "none" } : {}),
    ...(typeof cafile === "string" && cafile !== "" ? { cafile } : {}),
    // npm looks for package.json upward: here that would lead out of the copy.
    ...(copy.hasManifest ? {} : { prefix: copy.project }),
  };
}

function notResolved(output: string, code: number, folder: string): SafeInstallError {
  const text = output.replaceAll(folder, "").trim();
  if (/\bEALLOWGIT\b/.test(text))
    return unbound("GIT_DEPENDENCY", "a git dependency has no archive that could be proven");
  if (text.includes(GUARDED))
    return unbound(
      "GIT_DEPENDENCY",
      "a dependency that npm starts a program to read has no archive that could be proven",
    );
  if (/\bEALLOWREMOTE\b/.test(text))
    return unbound("REMOTE_DEPENDENCY", "a dependency by URL is outside of every registry");
  const said = text.split("\n").slice(-SHOWN_LINES).join("\n");
  return new SafeInstallError(
    "unavailable",
    "NOT_RESOLVED",
    `npm could not resolve the dependencies (${code}):\n${said}`,
    {
      hint: "nothing was changed; plain npm would say the same",
    },
  );
}

const SHOWN_LINES = 40;

function unbound(code: string, message: string): SafeInstallError {
  return new SafeInstallError("unbound", code, message, { hint: "take it from a registry" });
}

/** What npm says where it wanted to start a program. */
const GUARDED = "safe-install: no program is started before the judgement";

/**
 * Loaded by node before npm: while npm resolves, nothing is started. Resolving needs no program but git, and reading a git
 * dependency may mean to prepare it, which needs neither a git program nor the consent of `ignore-scripts`.
 * @returns its path
 */
async function writeGuard(folder: string): Promise<string> {
  const path = join(folder, "guard.cjs");
  await writeFile(path, PROGRAM, { mode: 0o600 });
  // Node looks for package.json upward before it loads anything: what lies in the system's temporary folder is anybody's.
  await writeFile(join(folder, "package.json"), "{}", { mode: 0o600 });
  return path;
}

const PROGRAM = `"use strict";
const children = require("node:child_process");
function refuse() {
  throw new Error(${JSON.stringify(GUARDED)});
}
for (const name of ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync"]) children[name] = refuse;
children.ChildProcess.prototype.spawn = refuse;
`;
