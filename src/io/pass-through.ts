import { SafeInstallError } from "../errors.ts";
import type { Command } from "../plugin.ts";
import { withOwnCode } from "./program.ts";
import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Starts a program with our standard streams and waits for it: nothing is judged, so nothing else is loaded.
 * @returns its exit code, 128+n where signal n ended it. @throws SafeInstallError kind "installer"
 */
export function passThrough(command: Command): Promise<number> {
  const { file, args, cwd, env } = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: withOwnCode(env), stdio: "inherit" });
    child.once("error", (error) => reject(notStarted(file, error)));
    child.once("exit", (code, signal) => resolve(codeOf(code, signal)));
  });
}

/** As shells say of a program that a signal has ended (POSIX). */
export function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

export function notStarted(file: string, error: unknown): SafeInstallError {
  const message = `${file}: ${error instanceof Error ? error.message : "could not be started"}`;
  return new SafeInstallError("installer", "INSTALLER_NOT_STARTED", message, { cause: error });
}
