import type { Command, Hear } from "../host.ts";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

interface Options {
  readonly hear: Hear;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Exchanges lines with a program, without a shell and without our terminal; see `Host.converse`. */
export async function converse({ file, args, cwd, env }: Command, options: Options): Promise<void> {
  const { hear, timeoutMs, signal } = options;
  const program = spawn(file, [...args], { cwd, env, stdio: ["pipe", "pipe", "ignore"], windowsHide: true });
  const ended = new Promise<void>((resolve) => {
    program.once("error", () => resolve());
    program.once("close", () => resolve());
  });
  // It may end before it has read everything.
  program.stdin.on("error", () => {});
  const end = () => program.kill("SIGKILL");
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
  signal.removeEventListener("abort", end);
}

/** What was asked to end itself has this long. */
const GRACE_MS = 2000;
