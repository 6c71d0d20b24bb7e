import type { Command } from "../model/command.ts";
import { startDeadline } from "./deadline.ts";
import { withOwnCode } from "./program.ts";
import { spawn } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface FilterOptions {
  readonly input: Buffer;
  /** A private folder, in which the input is laid: a program may open `/dev/stdin`, or want its size, and a pipe has neither. */
  readonly folder: string;
  /** More of its output is not read, and it is ended. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** All that a program wrote to its output, or in words how it failed. */
export type Filtered = { readonly output: Buffer } | { readonly failed: string };

/** Starts a program without a shell, gives it bytes and takes what it writes; what it says on standard error is shown. Never throws. */
export async function filter(command: Command, options: FilterOptions): Promise<Filtered> {
  const path = join(options.folder, "input");
  await writeFile(path, options.input, { mode: 0o600 });
  const input = await open(path);
  try {
    return await exchange(command, input.fd, options);
  } finally {
    await input.close();
  }
}

async function exchange({ file, args, cwd, env }: Command, input: number, options: FilterOptions): Promise<Filtered> {
  const { maxBytes, timeoutMs, signal } = options;
  const deadline = startDeadline(timeoutMs, signal);
  const program = spawn(file, [...args], { cwd, env: withOwnCode(env), stdio: [input, "pipe", "inherit"] });
  const end = () => {
    program.kill("SIGKILL");
    // What it has started itself may keep it open.
    program.stdout?.destroy();
  };
  deadline.signal.addEventListener("abort", end, { once: true });
  if (deadline.signal.aborted) end();
  const chunks: Buffer[] = [];
  let size = 0;
  program.stdout?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) end();
    else chunks.push(chunk);
  });
  const failure = await new Promise<string | null>((resolve) => {
    program.once("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
    program.once("close", (code, killed) => resolve(code === 0 ? null : (killed ?? `exit code ${code}`)));
  });
  const isLate = deadline.signal.aborted;
  deadline.end();
  if (size > maxBytes) return { failed: `wrote more than ${maxBytes} bytes` };
  if (isLate) return { failed: signal.aborted ? "interrupted" : `took longer than ${timeoutMs / 1000} s` };
  return failure === null ? { output: Buffer.concat(chunks) } : { failed: failure };
}
