import { type ErrorCode, SafeInstallError } from "../../../../src/plugin.ts";
import { npmCommand } from "../../installer.ts";
import { withoutCredentials } from "../../origin.ts";
import { renderOptions } from "../../words.ts";
import { GUARDED, writeGuard } from "./guard.ts";
import { type Copy, isUnsaved, type Staging } from "./staging.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";

/**
 * Runs the user's npm in the private copy, so that only manifests and the lock change there.
 * @throws SafeInstallError NOT_RESOLVED in npm's own words, or the code of what could not be bound anyway
 */
export async function resolveIn(copy: Copy, folder: string, staging: Staging): Promise<void> {
  const { npm, task, host } = staging;
  const flags = Object.entries(settingsOf(copy, folder, staging)).map(([key, value]) => `--${key}=${value}`);
  const words = [...task.change.split(" "), ...renderOptions(task.options), ...flags, "--", ...task.specs];
  const [log, refusals] = [join(folder, "npm.log"), join(folder, "refused")];
  const command = npmCommand(npm, words, copy.cwd, host.env);
  const args = ["--require", await writeGuard(folder, refusals, copy.archives, staging), ...command.args];
  const code = await host.run({ ...command, args, log });
  // npm goes on without an optional dependency that it could not have.
  const [refused] = (await textOf(refusals)).split("\n");
  if (refused !== undefined && refused !== "") throw notFetched(refused);
  if (code !== 0) throw notResolved(await textOf(log), code, folder);
}

type Settings = Readonly<Record<string, string>>;

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
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
    // The guard decides by the address: to npm, the archive of a package that bundles others is a URL like any other.
    ...(semver.gte(npm.version, "11.14.0") ? { "allow-remote": "all" } : {}),
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

/** As the guard wrote it down: for which package (pacote's `pkgid`) or from which address, and the address. */
function notFetched(line: string): SafeInstallError {
  const [id = "", url = ""] = line.split(" ");
  if (/^https?:/.test(id)) {
    const where = `${withoutCredentials(id)} leads to ${withoutCredentials(url)}`;
    const message = `${where}, which is nearer to this machine, or not encrypted: it was not followed`;
    const hint = "nothing was changed; name the registry by the address that it answers at";
    return new SafeInstallError("unavailable", "NOT_RESOLVED", message, { hint });
  }
  if (id.startsWith("git:"))
    return unbound(
      "GIT_DEPENDENCY",
      `${withoutCredentials(url)}: a git dependency has no archive that could be proven`,
    );
  const message = `${withoutCredentials(url)}: a dependency by URL is outside of every registry; it was not fetched`;
  return unbound("REMOTE_DEPENDENCY", message);
}

const SHOWN_LINES = 40;

function unbound(code: ErrorCode, message: string): SafeInstallError {
  return new SafeInstallError("unbound", code, message, { hint: "take it from a registry" });
}
