import type { Command } from "../plugin.ts";
import { createRequire } from "node:module";
import type { Hear } from "../host.ts";
import { mayBeInside } from "./inside.ts";
import { codeOf, notStarted } from "./pass-through.ts";
import { withOwnCode } from "./program.ts";
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { closeSync, openSync } from "node:fs";
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
  const { file, args, cwd, env, log, toTheEnd = false } = command;
  if (signal.aborted && !toTheEnd) return codeOf(null, "SIGTERM");
  const descriptor = log === undefined ? null : openSync(log, "a");
  try {
    const program = start(file, args, {
      cwd,
      env: withOwnCode(env),
      stdio: descriptor === null ? ["inherit", output, "inherit"] : ["ignore", descriptor, descriptor],
      windowsHide: true,
    });
    return await endOf(program, file, toTheEnd ? null : signal);
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function start(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(file, args, options);
  } catch (error) {
    throw notStarted(file, error);
  }
}

/** Asks it to end where `signal` says so, and does not ask for long. Without us it does not go on either. */
async function endOf(program: ChildProcess, file: string, signal: AbortSignal | null): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const kill = () => program.kill("SIGKILL");
  const ask = () => {
    program.kill();
    timer = setTimeout(kill, END_MS);
  };
  signal?.addEventListener("abort", ask, { once: true });
  process.once("exit", kill);
  try {
    return await new Promise<number>((resolve, reject) => {
      program.once("error", (error) => reject(notStarted(file, error)));
      program.once("exit", (code, name) => resolve(codeOf(code, name)));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", ask);
    process.off("exit", kill);
  }
}

/** An installer that is asked to end has this long. */
const END_MS = 5000;

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
  // Its number is soon somebody else's.
  let isOver = false;
  const end = () => isOver || endGroup(program);
  let late: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    program.once("error", () => resolve());
    program.once("close", () => resolve());
    // Who left the group may hold the output for as long as it likes.
    program.once("exit", () => {
      end();
      isOver = true;
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
