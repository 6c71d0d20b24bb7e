import { SafeInstallError } from "../errors.ts";
import type { Command } from "../plugin.ts";
import { execa } from "execa";
import { constants } from "node:os";

/**
 * Runs a program with our standard streams, or silently into a file, and without a shell.
 * SIGINT reaches it from the terminal itself; we wait for its end instead of dying before it.
 * @returns its exit code, 128+n where signal n ended it (POSIX shells' convention).
 * @throws SafeInstallError kind "installer" where it cannot be started.
 */
export async function spawnInherit(command: Command, signal: AbortSignal): Promise<number> {
  const result = await execa(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    extendEnv: false,
    ...(command.log === undefined ? { stdio: "inherit" } : logged(command.log)),
    reject: false,
    ...(command.toTheEnd === true ? {} : { cancelSignal: signal }),
    forceKillAfterDelay: 5000,
    gracefulCancel: false,
  });
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return 128 + constants.signals[result.signal];
  throw new SafeInstallError(
    "installer",
    "INSTALLER_NOT_STARTED",
    `${command.file}: ${result.originalMessage ?? "could not be started"}`,
  );
}

function logged(file: string) {
  return { stdin: "ignore", stdout: { file, append: true }, stderr: { file, append: true } } as const;
}
