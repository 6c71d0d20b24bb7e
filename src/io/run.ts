import { SafeInstallError } from "../errors.ts";
import type { Command } from "../plugin.ts";
import { createRequire } from "node:module";
import { constants } from "node:os";
import type { Hear } from "../host.ts";
import { mayBeInside } from "./inside.ts";
import { withOwnCode } from "./program.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * Runs a program with our standard streams, or silently into a file, and without a shell. What it writes to its output goes to
 * the descriptor `output`: 2 where ours belongs to a report.
 * SIGINT reaches it from the terminal itself; we wait for its end instead of dying before it.
 * @returns its exit code, 128+n where signal n ended it (POSIX shells' convention).
 * @throws SafeInstallError kind "installer" where it cannot be started.
 */
export async function spawnInherit(command: Command, signal: AbortSignal, output: OutputTo = 1): Promise<number> {
  // A hundred modules, which many runs do without.
  const { execa } = await import("execa");
  const result = await execa(command.file, command.args, {
    cwd: command.cwd,
    env: withOwnCode(command.env),
    extendEnv: false,
    ...(command.log === undefined ? { stdio: ["inherit", output, "inherit"] as const } : logged(command.log)),
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

/**
 * Before anything in a folder is moved: what is loaded late would be looked for among packages that are being replaced where
 * ours is one of them, and not be found, or further up be another one.
 */
export async function loadAhead(folder: string): Promise<void> {
  for (const own of [fileURLToPath(import.meta.url), createRequire(import.meta.url).resolve("execa")])
    if (await mayBeInside(own, folder)) await import("execa");
}

/** A descriptor of ours. */
export type OutputTo = 1 | 2;

function logged(file: string) {
  return { stdin: "ignore", stdout: { file, append: true }, stderr: { file, append: true } } as const;
}

interface Options {
  readonly hear: Hear;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Exchanges lines with a program, without a shell and without our terminal; see `Host.converse`. When it has ended, or had to, what
 * it started has ended too, whoever still holds its output.
 */
export async function converse({ file, args, cwd, env }: Command, options: Options): Promise<void> {
  const { hear, timeoutMs, signal } = options;
  const program = spawn(file, [...args], {
    cwd,
    env: withOwnCode(env),
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
    // A group of its own can be ended as a whole.
    detached: process.platform !== "win32",
  });
  const end = () => endGroup(program);
  let late: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    program.once("error", () => resolve());
    program.once("close", () => resolve());
    // Its number is nobody else's yet. Who left the group may hold the output for as long as it likes.
    program.once("exit", () => {
      end();
      late = setTimeout(resolve, GRACE_MS);
    });
  });
  // It may end before it has read everything.
  program.stdin.on("error", () => {});
  const timer = setTimeout(end, timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  const lines = createInterface({ input: program.stdout });
  lines.on("line", (line) => {
    if (!hear(line, (text) => program.stdin.write(text))) return;
    lines.close();
    program.stdin.end();
    setTimeout(end, GRACE_MS).unref();
  });
  await ended;
  clearTimeout(timer);
  clearTimeout(late);
  signal.removeEventListener("abort", end);
  program.stdout.destroy();
}

function endGroup(program: ChildProcess): void {
  const { pid } = program;
  if (pid === undefined || process.platform === "win32") return void program.kill("SIGKILL");
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // There is none left.
  }
}

/** What was asked to end itself has this long. */
const GRACE_MS = 2000;
